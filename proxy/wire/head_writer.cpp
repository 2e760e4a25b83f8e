#include "proxy/wire/head_writer.hpp"

#include "proxy/base/check.hpp"
#include "proxy/wire/octets.hpp"

#include <algorithm>

namespace spillway::wire {
namespace {

// Room made at once: the usual head of an answer, with the fields of ours.
constexpr std::size_t first_room = 512;
// What stands around the texts of a line, at most.
constexpr std::size_t line_marks = 24;

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

head_writer::head_writer(std::string& out) : out_{out}, start_{out.size()} {
    at_ = end_ = out_.data() + start_;
    grow(first_room);
}

void head_writer::grow(std::size_t octets) {
    const auto size = static_cast<std::size_t>(at_ - out_.data());
    const std::size_t wanted = std::max({size + octets, out_.capacity(), 2 * size});
    out_.resize_and_overwrite(wanted, [](char*, std::size_t room) { return room; });
    at_ = out_.data() + size;
    end_ = out_.data() + out_.size();
}

void head_writer::request_line(std::string_view method, std::string_view target) {
    if (!octets::are_all(method, octets::token) || !octets::are_all(target, octets::target)) {
        broken_ = true;
        return;
    }
    base::pen line = make_room(method.size() + target.size() + line_marks);
    line.text(method);
    line.word(" ");
    line.text(target);
    line.word(" HTTP/1.1\r\n");
    wrote_up_to(line);
}

void head_writer::status_line(unsigned status) {
    if (status < 100 || status > 599) {
        broken_ = true;
        return;
    }
    const std::string_view reason = reason_of(status);
    base::pen line = make_room(reason.size() + line_marks);
    line.word("HTTP/1.1 ");
    line.number(status);
    line.word(" ");
    line.text(reason);
    line.word("\r\n");
    wrote_up_to(line);
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
    base::pen line{digits};
    line.number(number);
    add(id, std::string_view{digits, static_cast<std::size_t>(line.at() - digits)});
}

void head_writer::put(std::string_view name, std::string_view value) {
    if (octets::holds_control(value)) [[unlikely]] {
        broken_ = true;
        return;
    }
    base::pen line = make_room(name.size() + value.size() + line_marks);
    line.text(name);
    line.word(": ");
    line.text(value);
    line.word("\r\n");
    wrote_up_to(line);
}

result<> head_writer::finish() {
    base::pen line = make_room(2);
    line.word("\r\n");
    wrote_up_to(line);
    return finish_open();
}

result<> head_writer::finish_open() {
    if (broken_) {
        out_.resize(start_);
        return failure{
            fault::internal, side::internal, again::never, "control character in an outgoing head"};
    }
    out_.resize(static_cast<std::size_t>(at_ - out_.data()));
    return {};
}

}  // namespace spillway::wire
