#include "adapters/member_eraser.hpp"

#include <algorithm>
#include <array>

namespace spillway::adapters {

bool is_the_gateways(std::string_view name) noexcept {
    constexpr std::array<std::string_view, 10> names{
        "models",
        "provider",
        "route",
        "plugins",
        "transforms",
        "preset",
        "session_id",
        "trace",
        "debug",
        "usage",
    };
    return std::ranges::find(names, name) != names.end();
}

// As long as everything in front of a member is gone too, the comma behind it goes; after that, the one before it.
void member_eraser::erase(const member_span& which) {
    constexpr std::string_view space = " \t\r\n";
    const auto body = facts_.body();
    std::size_t from = which.begin;
    std::size_t to = which.end;
    if (which.ordinal == erased_) {
        const auto behind = body.find_first_not_of(space, to);
        if (body[behind] == ',') to = behind + 1;
    } else {
        from = body.find_last_not_of(space, from - 1);
    }
    ++erased_;
    edits_.erase(from, to - from);
}

void member_eraser::put_in_front(std::string members) {
    if (members.empty()) return;
    if (erased_ == facts_.all_members()) members.pop_back();
    edits_.insert(facts_.open_brace() + 1, members);
}

}  // namespace spillway::adapters
