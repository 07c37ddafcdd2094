#ifndef EMPTIER_HPP
#define EMPTIER_HPP

#include <simdjson.h>

#include <array>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

// A value in nested objects that is read as empty, or has such values inside.
struct emptied_place {
    std::string key;
    bool is_emptied = false;
    std::vector<emptied_place> inside;

    // Adds the place of a JSON pointer (RFC 6901); false where it is none to a field, or one with escapes. Throws without
    // memory.
    bool add(std::string_view pointer) {
        emptied_place *here = this;
        do {
            if (pointer.empty() || pointer.front() != '/') return false;
            pointer.remove_prefix(1);
            const std::string_view key = pointer.substr(0, pointer.find('/'));
            if (key.find_first_of("~\"\\") != key.npos) return false;
            pointer.remove_prefix(key.size());
            here = &here->child(key);
        } while (!pointer.empty());
        here->is_emptied = true;
        return true;
    }

  private:
    emptied_place &child(std::string_view key) {
        for (emptied_place &each : inside)
            if (each.key == key) return each;
        emptied_place &added = inside.emplace_back();
        added.key = key;
        return added;
    }
};

// Takes what stands inside some containers out of the list of brackets, commas, colons and starts of values that simdjson's
// first stage makes of a document, and its second stage a tape. What is taken out was found to be UTF-8, with strings that
// end and as many brackets that close as open; nothing else is known of it.
//
// Whatever is not as expected is left as it is, for the second stage to refuse.
class emptier {
  public:
    emptier(simdjson::internal::dom_parser_implementation &stages, size_t max_depth, const uint8_t *bytes, size_t length)
        : max_depth(max_depth), bytes(bytes), length(length), list(stages.structural_indexes.get()),
          count(stages.n_structural_indexes) {}

    // Returns how many entries the list has left.
    size_t run(const emptied_place &root) {
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
    size_t object(size_t at, const emptied_place &here, size_t level) {
        at++;
        for (;;) {
            if (byte(at) == '}') return at + 1;
            if (byte(at) != '"' || byte(at + 1) != ':') return nowhere;
            const emptied_place *inside = find(list[at] + size_t(1), here);
            at += 2;
            if (inside != nullptr && inside->is_emptied && steps[byte(at)] > 0) at = empty(at, level);
            else if (inside != nullptr && byte(at) == '{') at = object(at, *inside, level + 1);
            else at = behind(at);
            if (byte(at) == ',') at++;
            else if (byte(at) != '}') return nowhere;
        }
    }

    // The place that a key leads to, which is compared as it is written.
    const emptied_place *find(size_t start, const emptied_place &here) const {
        for (const emptied_place &inside : here.inside) {
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

#endif
