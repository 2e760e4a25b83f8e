// A name pattern of an allow or deny list: `*` stands for any run of characters, `?` for one; everything else
// matches itself, ASCII letters in any case. Immutable.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace spillway::routing {

class glob {
public:
    // Nothing when the pattern is empty or holds a blank, a control character or an octet above 126.
    static std::optional<glob> parse(std::string_view pattern);

    bool matches(std::string_view name) const noexcept;
    std::string_view text() const noexcept { return pattern_; }

private:
    explicit glob(std::string pattern) : pattern_{std::move(pattern)} {}

    std::string pattern_;
};

bool matches_any(std::span<const glob> patterns, std::string_view name) noexcept;

// ASCII letters compare equal in any case.
bool same_name(std::string_view a, std::string_view b) noexcept;

}  // namespace spillway::routing
