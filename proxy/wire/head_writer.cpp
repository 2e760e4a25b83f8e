#include "proxy/wire/head_writer.hpp"

#include "proxy/base/check.hpp"
#include "proxy/wire/octets.hpp"

#include <charconv>
#include <cstring>

namespace spillway::wire {
namespace {

bool is_clean(std::string_view text) noexcept {
    return octets::find_control(text) == text.data() + text.size();
}

}  // namespace

std::string_view reason_of(unsigned status) noexcept {
    switch (status) {
    case 100: return "Continue";
    case 200: return "OK";
    case 201: return "Created";
    case 202: return "Accepted";
    case 204: return "No Content";
    case 206: return "Partial Content";
    case 301: return "Moved Permanently";
    case 302: return "Found";
    case 303: return "See Other";
    case 304: return "Not Modified";
    case 307: return "Temporary Redirect";
    case 308: return "Permanent Redirect";
    case 400: return "Bad Request";
    case 401: return "Unauthorized";
    case 402: return "Payment Required";
    case 403: return "Forbidden";
    case 404: return "Not Found";
    case 405: return "Method Not Allowed";
    case 406: return "Not Acceptable";
    case 408: return "Request Timeout";
    case 409: return "Conflict";
    case 410: return "Gone";
    case 411: return "Length Required";
    case 412: return "Precondition Failed";
    case 413: return "Content Too Large";
    case 414: return "URI Too Long";
    case 415: return "Unsupported Media Type";
    case 416: return "Range Not Satisfiable";
    case 417: return "Expectation Failed";
    case 421: return "Misdirected Request";
    case 422: return "Unprocessable Content";
    case 424: return "Failed Dependency";
    case 425: return "Too Early";
    case 428: return "Precondition Required";
    case 429: return "Too Many Requests";
    case 431: return "Request Header Fields Too Large";
    case 451: return "Unavailable For Legal Reasons";
    case 500: return "Internal Server Error";
    case 501: return "Not Implemented";
    case 502: return "Bad Gateway";
    case 503: return "Service Unavailable";
    case 504: return "Gateway Timeout";
    case 505: return "HTTP Version Not Supported";
    case 507: return "Insufficient Storage";
    default: return {};
    }
}

void head_writer::request_line(std::string_view method, std::string_view target) {
    if (!octets::are_all(method, octets::token) || !octets::are_all(target, octets::target)) {
        broken_ = true;
        return;
    }
    out_.append(method).append(" ").append(target).append(" HTTP/1.1\r\n");
}

void head_writer::status_line(unsigned status) {
    if (status < 100 || status > 599) {
        broken_ = true;
        return;
    }
    char digits[3];
    std::to_chars(digits, digits + 3, status);
    out_.append("HTTP/1.1 ").append(digits, 3).append(" ").append(reason_of(status)).append("\r\n");
}

void head_writer::add(std::string_view name, std::string_view value) {
    if (!octets::are_all(name, octets::token)) {
        broken_ = true;
        return;
    }
    put(name, value);
}

void head_writer::add(field id, std::string_view value) {
    SPILLWAY_ASSERT(id != field::unknown);
    put(name_of(id), value);
}

void head_writer::add(field id, std::uint64_t number) {
    char digits[20];
    const auto [end, error] = std::to_chars(digits, digits + sizeof(digits), number);
    add(id, std::string_view{digits, static_cast<std::size_t>(end - digits)});
}

// One growth of the string a field: four appends cost more than the octets they move.
void head_writer::put(std::string_view name, std::string_view value) {
    if (!is_clean(value)) {
        broken_ = true;
        return;
    }
    const std::size_t before = out_.size();
    const std::size_t after = before + name.size() + value.size() + 4;
    out_.resize_and_overwrite(after, [&](char* text, std::size_t) {
        char* to = text + before;
        std::memcpy(to, name.data(), name.size());
        to += name.size();
        std::memcpy(to, ": ", 2);
        std::memcpy(to + 2, value.data(), value.size());
        std::memcpy(to + 2 + value.size(), "\r\n", 2);
        return after;
    });
}

result<> head_writer::finish() {
    if (broken_) {
        out_.resize(start_);
        return failure{
            fault::internal, side::internal, again::never, "control character in an outgoing head"};
    }
    out_.append("\r\n");
    return {};
}

}  // namespace spillway::wire
