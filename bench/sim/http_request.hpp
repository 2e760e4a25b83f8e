// One HTTP/1.1 request as the simulator needs it: a tolerant parser for test equipment, not a gateway's.
// All views point into the buffer handed to parse_head() and die with its next change.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace spillway::bench::sim {

struct http_head {
    std::string_view method;
    std::string_view path;    // without the query
    std::string_view query;   // behind the question mark
    std::string_view fields;  // all field lines
    std::string_view bearer;  // of Authorization, or the api-key, x-api-key or x-goog-api-key field
    std::string_view client_request_id;
    std::size_t size = 0;  // octets up to and including the empty line
    std::size_t content_length = 0;
    bool is_chunked = false;
    bool keep_alive = true;
    bool expects_continue = false;
};

// The first field of that name; empty when there is none. For what only some dialects look at.
std::string_view find_field(const http_head& head, std::string_view name);

// The value of `name=value` in a query or form; percent-encoding is left as it is.
std::string_view find_parameter(std::string_view query, std::string_view name);

// Takes percent-encoding back.
std::string decode_percent(std::string_view text);

enum class head_state { need_more, complete, broken };

head_state parse_head(std::string_view buffer, http_head& head);

// Takes a chunked body apart. `encoded` starts after the head.
struct dechunked {
    head_state state = head_state::need_more;
    std::size_t encoded_size = 0;
    std::string body;
};

dechunked dechunk(std::string_view encoded);

}  // namespace spillway::bench::sim
