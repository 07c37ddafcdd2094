// Counts the allocations of a process: glibc lets a program define malloc itself, and keeps its own under another name.
#ifndef MALLOC_COUNTER_H
#define MALLOC_COUNTER_H

#include <stdbool.h>

/// Calls of malloc, calloc, realloc and the aligned variants so far, of all threads.
unsigned long malloc_counter(void);

/// False under a sanitizer, which has a malloc of its own: the number is then 0.
bool malloc_is_counted(void);

#endif
