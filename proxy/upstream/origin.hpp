// The identity of a group of upstream connections: everything that must be equal for one connection to serve
// another request. Built from the configuration only, never from a request. Immutable, shared by all workers.
#pragma once

#include <cstdint>
#include <string>

namespace spillway::upstream {

// Dense and stable over reloads: the same origin keeps its number, so pools are plain arrays.
enum class origin_id : std::uint32_t {};

enum class scheme : std::uint8_t { http, https };

struct origin {
    origin_id id{};
    upstream::scheme scheme = upstream::scheme::https;
    std::string host;  // as in the URL, without brackets
    std::uint16_t port = 443;
    std::string ca_file;    // empty: the system's authorities
    std::string authority;  // what the Host field says

    // Equal for two origins whose connections may be shared.
    std::string identity() const;
};

// Splits "https://host[:port]/base/path". The URL was validated with the flags; nothing else is accepted.
origin parse_origin(std::string_view url, std::string ca_file);

}  // namespace spillway::upstream
