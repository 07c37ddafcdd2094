#include "csimdjson.h"

#include <malloc.h>
#include <simdjson.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <memory>
#include <new>
#include <string>
#include <string_view>
#include <vector>

using simdjson::SIMDJSON_PADDING;
using simdjson::error_code;

// Buffers are sized in powers of two from here up, so that a stream of slightly growing documents does not reallocate
// for each of them. A usual review fits the first size.
static constexpr size_t smallest_capacity = 32 * 1024;

// A value in nested objects, and what of it is emptied.
struct place {
    std::string key;
    bool is_emptied = false;
    std::vector<place> inside;
};

struct csimdjson_parser {
    simdjson::dom::parser parser;
    place root;
    std::unique_ptr<uint8_t[]> copy;
    size_t copy_capacity = 0;
    size_t max_bytes;
    size_t max_depth;
    error_code last = simdjson::SUCCESS;

    csimdjson_parser(size_t bytes, size_t depth) : parser(bytes), max_bytes(bytes), max_depth(depth) {}
};

static csimdjson_status status_of(error_code code) {
    switch (code) {
    case simdjson::SUCCESS: return CSIMDJSON_OK;
    case simdjson::DEPTH_ERROR: return CSIMDJSON_DEPTH;
    case simdjson::NUMBER_ERROR: return CSIMDJSON_NUMBER;
    case simdjson::UTF8_ERROR: return CSIMDJSON_ENCODING;
    case simdjson::CAPACITY: return CSIMDJSON_SIZE;
    case simdjson::MEMALLOC: return CSIMDJSON_MEMORY;
    default: return CSIMDJSON_SYNTAX;
    }
}

static size_t capacity_for(const csimdjson_parser &self, size_t length) {
    size_t capacity = smallest_capacity;
    while (capacity < length) capacity *= 2;
    return std::min(capacity, std::max(self.max_bytes, length));
}

// Takes what stands inside some containers out of the list of brackets, commas, colons and starts of values that simdjson's
// first stage makes of a document, and its second stage a tape. What is taken out was found to be UTF-8, with strings that
// end and as many brackets that close as open; nothing else is known of it.
//
// Whatever is not as expected is left as it is, for the second stage to refuse.
class emptier {
  public:
    emptier(const csimdjson_parser &self, const uint8_t *bytes, size_t length)
        : max_depth(self.max_depth), bytes(bytes), length(length),
          list(self.parser.implementation->structural_indexes.get()),
          count(self.parser.implementation->n_structural_indexes) {}

    // Returns how many entries the list has left.
    size_t run(const place &root) {
        if (byte(0) == '{') object(0, root, 1);
        keep(count);
        return kept;
    }

  private:
    static constexpr size_t nowhere = SIZE_MAX;

    const size_t max_depth;
    const uint8_t *const bytes;
    const size_t length;
    uint32_t *const list;
    const size_t count;
    // Where the entries end that stay, and where those begin that were not moved there yet.
    size_t kept = 0;
    size_t next = 0;

    void keep(size_t end) {
        if (kept != next) std::memmove(list + kept, list + next, (end - next) * sizeof *list);
        kept += end - next;
        next = end;
    }

    // The byte of an entry; none of a document behind the last.
    uint8_t byte(size_t at) const { return at < count ? bytes[list[at]] : 0; }

    // From the opening bracket of an object to behind its closing one; nowhere if it does not come to that. It calls itself
    // for what is inside of places, so not more often than there are keys on the way to one.
    size_t object(size_t at, const place &here, size_t level) {
        at++;
        for (;;) {
            if (byte(at) == '}') return at + 1;
            if (byte(at) != '"' || byte(at + 1) != ':') return nowhere;
            const place *inside = find(list[at] + size_t(1), here);
            at += 2;
            if (inside == nullptr || steps[byte(at)] <= 0) at = behind(at);
            else if (inside->is_emptied) at = empty(at, level);
            else if (byte(at) == '{') at = object(at, *inside, level + 1);
            else at = behind(at);
            if (byte(at) == ',') at++;
            else if (byte(at) != '}') return nowhere;
        }
    }

    // The place that a key leads to, which is compared as it is written.
    const place *find(size_t start, const place &here) const {
        for (const place &inside : here.inside) {
            const size_t size = inside.key.size();
            if (length - start > size && bytes[start + size] == '"' &&
                std::memcmp(bytes + start, inside.key.data(), size) == 0)
                return &inside;
        }
        return nullptr;
    }

    // From an opening bracket to behind the closing one, the two of which stay; nowhere if there is none, or if a document
    // may not have as many levels.
    size_t empty(size_t at, size_t level) {
        const size_t end = behind(at);
        if (end == nowhere || is_deeper(at, end, max_depth - 1 - level)) return nowhere;
        keep(at + 1);
        next = end - 1;
        return end;
    }

    // Behind a value; nowhere if it does not end. Nearly all the time that this takes is spent in this loop.
    size_t behind(size_t at) const {
        ptrdiff_t depth = 0;
        const uint32_t *entry = list + at;
        for (const uint32_t *const end = list + count; entry != end;) {
            depth += steps[bytes[*entry++]];
            if (depth <= 0) return entry - list;
        }
        return nowhere;
    }

    // Whether a container has more than so many levels, each of which takes two entries.
    bool is_deeper(size_t at, size_t end, size_t levels) const {
        if (end - at <= 2 * levels) return false;
        for (size_t depth = 0; at < end; at++)
            if ((depth += steps[bytes[list[at]]]) > levels) return true;
        return false;
    }

    // What a byte adds to the depth.
    static constexpr auto steps = [] {
        std::array<int8_t, 256> steps{};
        steps['{'] = steps['['] = 1;
        steps['}'] = steps[']'] = -1;
        return steps;
    }();
};

static error_code index_document(csimdjson_parser &self, const uint8_t *bytes, size_t length) {
    auto &stages = *self.parser.implementation;
    if (error_code failure = stages.stage1(bytes, length, simdjson::stage1_mode::regular)) return failure;
    if (self.root.inside.empty()) return simdjson::SUCCESS;
    const size_t count = emptier(self, bytes, length).run(self.root);
    // The list is followed by the length, twice, and 0, as the first stage leaves it.
    stages.structural_indexes[count] = stages.structural_indexes[count + 1] = uint32_t(length);
    stages.structural_indexes[count + 2] = 0;
    stages.n_structural_indexes = uint32_t(count);
    return simdjson::SUCCESS;
}

static error_code parse(csimdjson_parser &self, const uint8_t *bytes, size_t length, size_t capacity) {
    if (length > self.max_bytes) return simdjson::CAPACITY;
    if (length == 0) return simdjson::EMPTY;
    if (self.parser.capacity() < length || self.parser.doc.capacity() < length) {
        const size_t wanted = capacity_for(self, length);
        if (error_code failure = self.parser.allocate(wanted, self.max_depth)) return failure;
        if (error_code failure = self.parser.doc.allocate(wanted)) return failure;
    }
    if (capacity < length || capacity - length < SIMDJSON_PADDING) {
        if (self.copy_capacity < length) {
            const size_t wanted = capacity_for(self, length);
            self.copy_capacity = 0;
            self.copy.reset(new (std::nothrow) uint8_t[wanted + SIMDJSON_PADDING]);
            if (!self.copy) return simdjson::MEMALLOC;
            self.copy_capacity = wanted;
        }
        std::memcpy(self.copy.get(), bytes, length);
        std::memset(self.copy.get() + length, 0, SIMDJSON_PADDING);
        bytes = self.copy.get();
    }
    if (error_code failure = index_document(self, bytes, length)) return failure;
    return self.parser.implementation->stage2(self.parser.doc);
}

csimdjson_parser *csimdjson_create(size_t max_bytes, size_t max_depth) {
    try {
        return new csimdjson_parser(max_bytes, max_depth);
    } catch (...) {
        return nullptr;
    }
}

bool csimdjson_empty(csimdjson_parser *parser, const char *pointer) {
    std::string_view rest = pointer;
    try {
        place *here = &parser->root;
        do {
            if (rest.empty() || rest.front() != '/') return false;
            rest.remove_prefix(1);
            const std::string_view key = rest.substr(0, rest.find('/'));
            if (key.find_first_of("~\"\\") != key.npos) return false;
            rest.remove_prefix(key.size());
            auto &places = here->inside;
            auto known = std::find_if(places.begin(), places.end(), [&](const place &each) { return each.key == key; });
            here = known == places.end() ? &places.emplace_back() : &*known;
            here->key = key;
        } while (!rest.empty());
        here->is_emptied = true;
        return true;
    } catch (...) {
        return false;
    }
}

void csimdjson_destroy(csimdjson_parser *parser) { delete parser; }

size_t csimdjson_padding(void) { return SIMDJSON_PADDING; }

csimdjson_status csimdjson_parse(csimdjson_parser *parser, const uint8_t *bytes, size_t length, size_t capacity) {
    try {
        parser->last = parse(*parser, bytes, length, capacity);
    } catch (...) {
        parser->last = simdjson::MEMALLOC;
    }
    return status_of(parser->last);
}

const uint64_t *csimdjson_tape(const csimdjson_parser *parser) { return parser->parser.doc.tape.get(); }

const uint8_t *csimdjson_strings(const csimdjson_parser *parser) { return parser->parser.doc.string_buf.get(); }

const char *csimdjson_error_text(const csimdjson_parser *parser) { return simdjson::error_message(parser->last); }

size_t csimdjson_held(const csimdjson_parser *parser) {
    return std::max(parser->parser.capacity(), parser->copy_capacity);
}

void csimdjson_release(csimdjson_parser *parser) {
    try {
        parser->parser = simdjson::dom::parser(parser->max_bytes);
    } catch (...) {
        // The old parser stays as it is: nothing is freed, nothing is lost.
    }
    parser->copy.reset();
    parser->copy_capacity = 0;
}

void csimdjson_trim(void) { malloc_trim(0); }

void csimdjson_map_large_blocks(void) { mallopt(M_MMAP_THRESHOLD, 128 * 1024); }
