// Owns the few texts a translation has to make: an object out of a string, a string out of an object, a name
// another protocol allows. Texts stay where they are until the arena goes. One a request or an answer.
#pragma once

#include "adapters/canonical/text.hpp"

#include <forward_list>
#include <string>
#include <string_view>

namespace spillway::adapters::canonical {

class arena {
public:
    arena() = default;
    arena(const arena&) = delete;
    arena& operator=(const arena&) = delete;

    [[nodiscard]] std::string_view keep(std::string text) {
        return texts_.emplace_front(std::move(text));
    }
    // The text with its escapes resolved; U+FFFD where a surrogate stands alone. No copy if there are none.
    [[nodiscard]] std::string_view plain(escaped text);
    // Any octets as the inside of a JSON string. No copy if nothing needs escaping.
    [[nodiscard]] escaped quoted(std::string_view plain);
    void clear() noexcept { texts_.clear(); }

private:
    std::forward_list<std::string> texts_;  // most translations make none
};

}  // namespace spillway::adapters::canonical
