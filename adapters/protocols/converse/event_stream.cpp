#include "adapters/protocols/converse/event_stream.hpp"

#include "adapters/protocols/converse/crc32.hpp"

#include <bit>
#include <cstring>

namespace spillway::adapters::converse {

namespace {

constexpr std::uint32_t big(std::uint32_t value) noexcept {
    return std::endian::native == std::endian::big ? value : std::byteswap(value);
}

std::uint32_t big_endian(std::string_view octets, std::size_t at) noexcept {
    std::uint32_t value = 0;
    std::memcpy(&value, octets.data() + at, sizeof value);
    return big(value);
}

void put_big_endian(std::string& out, std::size_t at, std::uint32_t value) noexcept {
    value = big(value);
    std::memcpy(out.data() + at, &value, sizeof value);
}

// Octets of a value behind its type; of octets and text those of the length, which stands in front.
constexpr std::array<std::uint8_t, 10> value_octets{0, 0, 1, 2, 4, 8, 2, 2, 8, 16};

constexpr bool has_length(header_type type) noexcept {
    return type == header_type::octets || type == header_type::text;
}

// The headers that tell what a message is, in one walk over all of them.
bool read_headers(message_view& into) noexcept {
    header one;
    for (std::string_view rest = into.headers; !rest.empty();) {
        if (!next_header(rest, one)) return false;
        if (one.type != header_type::text || !one.name.starts_with(':')) continue;
        if (one.name == ":message-type") into.type = one.value;
        if (one.name == ":event-type" || one.name == ":exception-type") into.name = one.value;
    }
    return true;
}

// What stands around the name in what we write.
struct frame_text {
    std::string_view front;
    std::string_view back;
};
using namespace std::string_view_literals;
constexpr frame_text event_text{
    "\x0b:event-type\x07\0"sv,
    "\x0d:content-type\x07\0\x10"
    "application/json"
    "\x0d:message-type\x07\0\x05"
    "event"sv};
constexpr frame_text exception_text{
    "\x0f:exception-type\x07\0"sv,
    "\x0d:content-type\x07\0\x10"
    "application/json"
    "\x0d:message-type\x07\0\x09"
    "exception"sv};

}  // namespace

std::string_view message_view::text_of(std::string_view label) const noexcept {
    header one;
    for (std::string_view rest = headers; next_header(rest, one);) {
        if (one.name == label)
            return one.type == header_type::text ? one.value : std::string_view{};
    }
    return {};
}

bool next_header(std::string_view& headers, header& out) noexcept {
    if (headers.empty()) return false;
    const std::size_t name_size = static_cast<unsigned char>(headers[0]);
    std::size_t at = 1 + name_size;
    if (name_size == 0 || headers.size() <= at) return false;
    const auto type = static_cast<unsigned char>(headers[at++]);
    if (type >= value_octets.size()) return false;
    out.name = headers.substr(1, name_size);
    out.type = static_cast<header_type>(type);
    std::size_t size = value_octets[type];
    if (headers.size() - at < size) return false;
    if (has_length(out.type)) {
        size = static_cast<std::size_t>(static_cast<unsigned char>(headers[at])) << 8 |
               static_cast<unsigned char>(headers[at + 1]);
        at += 2;
        if (headers.size() - at < size) return false;
    }
    out.value = headers.substr(at, size);
    headers.remove_prefix(at + size);
    return true;
}

std::optional<std::size_t> message_size(std::string_view begin) noexcept {
    const std::size_t total = big_endian(begin, 0);
    const std::size_t headers = big_endian(begin, 4);
    if (crc32(begin.substr(0, 8)) != big_endian(begin, 8)) return std::nullopt;
    if (headers > most_header_octets || total < least_message_octets + headers) return std::nullopt;
    if (total - headers - least_message_octets > most_payload_octets) return std::nullopt;
    return total;
}

std::optional<message_view> read_message(std::string_view octets) noexcept {
    const std::size_t headers = big_endian(octets, 4);
    const std::string_view summed = octets.substr(0, octets.size() - 4);
    if (crc32(summed) != big_endian(octets, summed.size())) return std::nullopt;
    message_view read;
    read.headers = summed.substr(prelude_octets, headers);
    read.payload = summed.substr(prelude_octets + headers);
    if (!read_headers(read)) return std::nullopt;
    return read;
}

std::size_t open_message(std::string& out, message_type type, std::string_view name) {
    const std::size_t begin = out.size();
    const frame_text& around = type == message_type::event ? event_text : exception_text;
    out.append(prelude_octets, '\0').append(around.front);
    out.push_back(static_cast<char>(name.size()));
    out.append(name).append(around.back);
    put_big_endian(out, begin + 4, static_cast<std::uint32_t>(out.size() - begin - prelude_octets));
    return begin;
}

void close_message(std::string& out, std::size_t begin) {
    put_big_endian(out, begin, static_cast<std::uint32_t>(out.size() - begin + 4));
    put_big_endian(out, begin + 8, crc32(std::string_view{out}.substr(begin, 8)));
    const std::uint32_t sum = crc32(std::string_view{out}.substr(begin));
    out.append(4, '\0');
    put_big_endian(out, out.size() - 4, sum);
}

}  // namespace spillway::adapters::converse
