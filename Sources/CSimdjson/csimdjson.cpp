#include "csimdjson.h"

#include <malloc.h>
#include <simdjson.h>

#include <algorithm>
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

// The keys that lead to a value.
using path = std::vector<std::string>;

struct csimdjson_parser {
    simdjson::dom::parser parser;
    std::vector<path> emptied;
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
        : paths(self.emptied), max_depth(self.max_depth), bytes(bytes), length(length),
          list(self.parser.implementation->structural_indexes.get()),
          count(self.parser.implementation->n_structural_indexes) {}

    // Returns how many entries the list has left.
    size_t run() {
        if (next() == '{') object((paths_mask(1) << paths.size()) - 1, 0);
        while (in < count) keep();
        return out;
    }

    using paths_mask = uint32_t;

  private:
    const std::vector<path> &paths;
    const size_t max_depth;
    const uint8_t *const bytes;
    const size_t length;
    uint32_t *const list;
    const size_t count;
    size_t in = 0;
    size_t out = 0;

    // The byte at the next entry; none of a document at its end.
    uint8_t next() const { return in < count ? bytes[list[in]] : 0; }

    void keep() { list[out++] = list[in++]; }

    // From the opening bracket of an object at which some paths have arrived, after `level` keys, to behind its closing one;
    // false if it does not come to that. It calls itself for objects on a path, so not more often than a path has keys.
    bool object(paths_mask arrived, size_t level) {
        keep();
        for (;;) {
            if (next() == '}') {
                keep();
                return true;
            }
            if (next() != '"') return false;
            const paths_mask going_on = following(arrived, level);
            keep();
            if (next() != ':') return false;
            keep();
            if (ends(going_on, level + 1)) {
                if (!empty(level + 1)) return false;
            } else if (going_on != 0 && next() == '{') {
                if (!object(going_on, level + 1)) return false;
            } else {
                value();
            }
            if (next() == ',') keep();
            else if (next() != '}') return false;
        }
    }

    // Those of the paths whose key after `level` others is the next string, which is compared as it is written.
    paths_mask following(paths_mask arrived, size_t level) const {
        const size_t start = list[in] + size_t(1);
        paths_mask found = 0;
        for (size_t index = 0; index < paths.size(); index++) {
            if ((arrived >> index & 1) == 0) continue;
            const std::string &key = paths[index][level];
            if (length - start <= key.size()) continue;
            if (bytes[start + key.size()] == '"' && std::memcmp(bytes + start, key.data(), key.size()) == 0)
                found |= paths_mask(1) << index;
        }
        return found;
    }

    bool ends(paths_mask arrived, size_t level) const {
        for (size_t index = 0; index < paths.size(); index++)
            if ((arrived >> index & 1) != 0 && paths[index].size() == level) return true;
        return false;
    }

    // Passes over a value, to be kept.
    void value() {
        int64_t depth = 0;
        while (in < count) {
            depth += step(next());
            keep();
            if (depth <= 0) return;
        }
    }

    // Keeps of a container its brackets; false if it does not end, or has more levels than a document may have.
    bool empty(size_t level) {
        if (step(next()) <= 0) {
            value();
            return true;
        }
        size_t end = in;
        size_t depth = 0;
        do {
            if (end == count) return false;
            depth += step(bytes[list[end++]]);
            if (depth + level >= max_depth) return false;
        } while (depth > 0);
        keep();
        in = end - 1;
        keep();
        return true;
    }

    // What a byte adds to the depth. Opening brackets differ from each other, and closing ones, in one bit only.
    static int step(uint8_t byte) {
        const uint8_t either = byte | 0x20;
        return (either == '{') - (either == '}');
    }
};

static error_code index_document(csimdjson_parser &self, const uint8_t *bytes, size_t length) {
    auto &stages = *self.parser.implementation;
    if (error_code failure = stages.stage1(bytes, length, simdjson::stage1_mode::regular)) return failure;
    if (self.emptied.empty()) return simdjson::SUCCESS;
    const size_t count = emptier(self, bytes, length).run();
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
        path keys;
        while (!rest.empty()) {
            if (rest.front() != '/') return false;
            rest.remove_prefix(1);
            keys.emplace_back(rest.substr(0, rest.find('/')));
            rest.remove_prefix(keys.back().size());
        }
        if (keys.empty() || parser->emptied.size() == sizeof(emptier::paths_mask) * 8 - 1) return false;
        parser->emptied.push_back(std::move(keys));
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
