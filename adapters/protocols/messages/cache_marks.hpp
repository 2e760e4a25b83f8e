// The four prompt-cache breakpoints a request may have, dealt out over tools, system and messages in the order they
// are written: of too many the earliest messages' go, and an hour never stands behind five minutes.
#pragma once

#include "adapters/canonical/request.hpp"
#include "adapters/json/writer.hpp"

#include <cstddef>

namespace spillway::adapters::messages {

struct wanted_marks {
    std::size_t in_front = 0;  // on tools and system
    std::size_t on_messages = 0;
    std::size_t on_request = 0;  // the automatic one at the top
};

class cache_marks {
public:
    explicit cache_marks(const wanted_marks& wanted) noexcept;

    // Writes cache_control if the mark is among those that stay. Called once a mark, in order.
    void put_in_front(json::writer& out, canonical::cache_mark mark) {
        put(out, mark, skip_front_);
    }
    void put_on_message(json::writer& out, canonical::cache_mark mark) {
        put(out, mark, skip_messages_);
    }
    [[nodiscard]] bool all_stay() const noexcept { return all_stay_; }

private:
    void put(json::writer& out, canonical::cache_mark mark, std::size_t& skip);

    std::size_t skip_front_ = 0;
    std::size_t skip_messages_ = 0;
    bool all_stay_ = true;
    bool has_short_one_ = false;
};

// The value of a cache_control.
[[nodiscard]] std::string_view control_of(canonical::cache_mark mark) noexcept;

}  // namespace spillway::adapters::messages
