// A padded copy of a text for as long as one call reads it: on the stack if it is short, which most are. One text at a
// time; the view ends with the room or with the next text.
#pragma once

#include "adapters/json/padded.hpp"

#include <memory>

namespace spillway::adapters::json {

class padded_room {
public:
    padded_room() noexcept {}
    padded_room(const padded_room&) = delete;
    padded_room& operator=(const padded_room&) = delete;
    ~padded_room() = default;

    [[nodiscard]] padded_view hold(std::string_view text) {
        char* to = near_;
        if (text.size() > near_size) {
            far_ = std::make_unique_for_overwrite<char[]>(text.size() + padding);
            to = far_.get();
        }
        text.copy(to, text.size());
        std::memset(to + text.size(), 0, padding);
        return {to, text.size()};
    }

private:
    static constexpr std::size_t near_size = 4096;
    char near_[near_size + padding];  // not initialised
    std::unique_ptr<char[]> far_;
};

}  // namespace spillway::adapters::json
