#include "bench/sim/http_request.hpp"

#include "proxy/base/bytes.hpp"

#include <charconv>

namespace spillway::bench::sim {
namespace {

using base::equals_ignoring_case;

bool read_request_line(std::string_view line, http_head& head) {
    const auto first = line.find(' ');
    const auto last = line.rfind(' ');
    if (first == std::string_view::npos || last == first) return false;
    if (!line.substr(last + 1).starts_with("HTTP/1.")) return false;
    head.method = line.substr(0, first);
    head.path = line.substr(first + 1, last - first - 1);
    if (const auto mark = head.path.find('?'); mark != std::string_view::npos) {
        head.query = head.path.substr(mark + 1);
        head.path = head.path.substr(0, mark);
    }
    head.keep_alive = line.substr(last + 1) != "HTTP/1.0";
    return !head.path.empty();
}

bool read_length(std::string_view value, http_head& head) {
    const auto [end, error] =
        std::from_chars(value.data(), value.data() + value.size(), head.content_length);
    return error == std::errc{} && end == value.data() + value.size();
}

std::string_view without_scheme(std::string_view credentials) {
    const auto space = credentials.find(' ');
    return space == std::string_view::npos ? credentials : base::trim(credentials.substr(space));
}

// Sorted out by length first: the request path compares two or three names, not nine.
bool read_field(std::string_view name, std::string_view value, http_head& head) {
    switch (name.size()) {
    case 6:
        if (equals_ignoring_case(name, "expect")) head.expects_continue = true;
        break;
    case 7:
        if (equals_ignoring_case(name, "api-key")) head.bearer = value;
        break;
    case 9:
        if (equals_ignoring_case(name, "x-api-key")) head.bearer = value;
        break;
    case 10:
        if (equals_ignoring_case(name, "connection")) {
            if (equals_ignoring_case(value, "close")) head.keep_alive = false;
            if (equals_ignoring_case(value, "keep-alive")) head.keep_alive = true;
        }
        break;
    case 12:
        if (equals_ignoring_case(name, "x-request-id")) head.client_request_id = value;
        break;
    case 13:
        if (equals_ignoring_case(name, "authorization")) head.bearer = without_scheme(value);
        break;
    case 14:
        if (equals_ignoring_case(name, "content-length")) return read_length(value, head);
        if (equals_ignoring_case(name, "x-goog-api-key")) head.bearer = value;
        break;
    case 17:
        if (equals_ignoring_case(name, "transfer-encoding")) head.is_chunked = true;
        break;
    default: break;
    }
    return true;
}

int hex_digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

}  // namespace

std::string_view find_field(const http_head& head, std::string_view name) {
    auto rest = head.fields;
    while (!rest.empty()) {
        const auto line_end = base::find(rest, "\r\n");
        const auto line = rest.substr(0, line_end);
        rest.remove_prefix(line_end + 2);
        const auto colon = line.find(':');
        if (colon == name.size() && equals_ignoring_case(line.substr(0, colon), name)) {
            return base::trim(line.substr(colon + 1));
        }
    }
    return {};
}

std::string_view find_parameter(std::string_view query, std::string_view name) {
    while (!query.empty()) {
        const auto end = query.find('&');
        const auto pair = query.substr(0, end);
        query.remove_prefix(end == std::string_view::npos ? query.size() : end + 1);
        if (pair.substr(0, pair.find('=')) != name) continue;
        return pair.size() > name.size() ? pair.substr(name.size() + 1) : std::string_view{};
    }
    return {};
}

std::string decode_percent(std::string_view text) {
    std::string decoded;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const int high = i + 2 < text.size() && text[i] == '%' ? hex_digit(text[i + 1]) : -1;
        const int low = high >= 0 ? hex_digit(text[i + 2]) : -1;
        if (low < 0) {
            decoded += text[i];
            continue;
        }
        decoded += static_cast<char>(high * 16 + low);
        i += 2;
    }
    return decoded;
}

head_state parse_head(std::string_view buffer, http_head& head) {
    const auto end = base::find(buffer, "\r\n\r\n");
    if (end == base::not_found) {
        return buffer.size() > 256 * 1024 ? head_state::broken : head_state::need_more;
    }
    head = http_head{};
    head.size = end + 4;
    auto rest = buffer.substr(0, end + 2);
    auto line_end = base::find(rest, "\r\n");
    if (!read_request_line(rest.substr(0, line_end), head)) return head_state::broken;
    rest.remove_prefix(line_end + 2);
    head.fields = rest;
    while (!rest.empty()) {
        line_end = base::find(rest, "\r\n");
        const auto line = rest.substr(0, line_end);
        rest.remove_prefix(line_end + 2);
        const auto colon = line.find(':');
        if (colon == std::string_view::npos) return head_state::broken;
        const auto value = base::trim(line.substr(colon + 1));
        if (!read_field(line.substr(0, colon), value, head)) return head_state::broken;
    }
    return head_state::complete;
}

dechunked dechunk(std::string_view encoded) {
    dechunked result;
    std::size_t at = 0;
    for (;;) {
        const auto line_end = base::find(encoded.substr(at), "\r\n");
        if (line_end == base::not_found) return result;
        std::size_t size = 0;
        const char* first = encoded.data() + at;
        const auto [end, error] = std::from_chars(first, first + line_end, size, 16);
        if (error != std::errc{} || end == first) {
            result.state = head_state::broken;
            return result;
        }
        at += line_end + 2;
        if (size == 0) {  // trailers are read and dropped
            const auto tail = encoded.substr(at - 2);
            const auto last = base::find(tail, "\r\n\r\n");
            if (last == base::not_found) return result;
            result.encoded_size = at - 2 + last + 4;
            result.state = head_state::complete;
            return result;
        }
        if (encoded.size() - at < size + 2) return result;
        result.body.append(encoded.substr(at, size));
        at += size + 2;
    }
}

}  // namespace spillway::bench::sim
