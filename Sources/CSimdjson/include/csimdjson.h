#ifndef CSIMDJSON_H
#define CSIMDJSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// A JSON parser with its buffers. Not for use by two threads at once.
typedef struct csimdjson_parser csimdjson_parser;

/// What became of a document.
typedef enum csimdjson_status {
    CSIMDJSON_OK = 0,
    CSIMDJSON_SYNTAX = 1,
    CSIMDJSON_DEPTH = 2,
    CSIMDJSON_NUMBER = 3,
    CSIMDJSON_ENCODING = 4,
    CSIMDJSON_SIZE = 5,
    CSIMDJSON_MEMORY = 6,
} csimdjson_status;

/// A parser that accepts documents of at most `max_bytes` bytes and `max_depth` levels; NULL without memory.
csimdjson_parser *csimdjson_create(size_t max_bytes, size_t max_depth);

/// Has the container at a place be read as empty in all documents from now on, which takes a fraction of the time. The place
/// is a JSON pointer (RFC 6901) to a field of nested objects, without escapes; false for anything else, and without memory.
///
/// A key counts as it is written: one with a character that is escaped without need is another one. Of what stands in the
/// container no more is found out than that it is UTF-8, that its strings end, and that it has as many closing brackets as
/// opening ones; in text that is no JSON, where a backslash outside of a string may hide a quote, not even that.
bool csimdjson_empty(csimdjson_parser *parser, const char *pointer);

void csimdjson_destroy(csimdjson_parser *parser);

/// How many bytes after the document's last one must be readable for it to be parsed where it lies.
size_t csimdjson_padding(void);

/// How many of the bytes are brackets, commas, colons, quotes and blanks: how much there is to find in a document. Parsing takes
/// 24 bytes for each of them at most, 8 for two entries of the index and 16 for two words of the tape, which a number has.
size_t csimdjson_marks(const uint8_t *bytes, size_t length);

/// Parses one document. `capacity` is the size of the memory at `bytes`: where it exceeds `length` by the padding, the
/// document is parsed in place, and otherwise from a padded copy that the parser keeps and reuses.
csimdjson_status csimdjson_parse(csimdjson_parser *parser, const uint8_t *bytes, size_t length, size_t capacity);

/// The last parsed document's tape; its word 0 is the root word, whose payload is the number of words.
const uint64_t *csimdjson_tape(const csimdjson_parser *parser);

/// The last parsed document's strings: each a 32-bit length, the bytes and a NUL.
const uint8_t *csimdjson_strings(const csimdjson_parser *parser);

/// The library's own words for what was wrong with the last document. Never NULL; static.
const char *csimdjson_error_text(const csimdjson_parser *parser);

/// The number of bytes of input for which buffers are held at present.
size_t csimdjson_held(const csimdjson_parser *parser);

/// Frees all buffers. The next document allocates anew.
void csimdjson_release(csimdjson_parser *parser);

/// Hands free heap memory back to the operating system.
void csimdjson_trim(void);

/// Has every allocation from 128 KiB on mapped for itself from now on, in the whole process: freeing it hands it back.
/// Left to itself the C library raises that size with each block that is freed, up to 32 MiB.
void csimdjson_map_large_blocks(void);

#ifdef __cplusplus
}
#endif

#endif
