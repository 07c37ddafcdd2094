#include "csimdjson.h"
#include "emptier.hpp"

#include <malloc.h>
#include <simdjson.h>

#include <algorithm>
#include <cstring>
#include <memory>
#include <new>

using simdjson::SIMDJSON_PADDING;
using simdjson::error_code;

// Buffers are sized in powers of two from here up, so that a stream of slightly growing documents does not reallocate
// for each of them. A usual review fits the first size.
static constexpr size_t smallest_capacity = 32 * 1024;

struct csimdjson_parser {
    simdjson::dom::parser parser;
    emptied_place root;
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

static error_code index_document(csimdjson_parser &self, const uint8_t *bytes, size_t length) {
    auto &stages = *self.parser.implementation;
    if (error_code failure = stages.stage1(bytes, length, simdjson::stage1_mode::regular)) return failure;
    if (self.root.inside.empty()) return simdjson::SUCCESS;
    const size_t count = emptier(stages, self.max_depth, bytes, length).run(self.root);
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
    try {
        return parser->root.add(pointer);
    } catch (...) {
        return false;
    }
}

void csimdjson_destroy(csimdjson_parser *parser) { delete parser; }

size_t csimdjson_padding(void) { return SIMDJSON_PADDING; }

// In blocks whose count fits a byte, so that the compiler counts many bytes at once.
size_t csimdjson_marks(const uint8_t *bytes, size_t length) {
    static constexpr size_t block = 128;
    size_t marks = 0;
    while (length > 0) {
        const size_t part = std::min(length, block);
        uint8_t found = 0;
        for (size_t i = 0; i < part; i++) {
            const uint8_t byte = bytes[i], folded = byte | 0x20; // [ and { differ in that bit, as ] and } do
            found += (folded == '{') | (folded == '}') | (byte == ',') | (byte == ':') | (byte == '"') | (byte <= ' ');
        }
        marks += found;
        bytes += part;
        length -= part;
    }
    return marks;
}

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
