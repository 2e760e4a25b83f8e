// Request targets in origin-form: path and query, and the one spelling of a path that routes may compare. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace spillway::wire {

struct target_parts {
    std::string_view path;
    std::string_view query;  // without '?'
};

// An empty path, as an absolute-form target may leave it, is "/".
target_parts split_target(std::string_view target) noexcept;

// `status` is 0 when the path may be routed, else what a server answers (400, 404), with `reason` as static text.
struct path_verdict {
    std::uint16_t status = 0;
    std::string_view path{};
    std::string_view reason{};
};

// Decodes the path, strictly: routing, authorisation and what goes upstream must see the same path, so everything
// that another reader could take for a separator, a dot segment or an end is refused, not cleaned up. `path` of
// the answer is the input itself, or lies in `scratch` when something had to be decoded.
path_verdict check_path(std::string_view path, std::string& scratch);

}  // namespace spillway::wire
