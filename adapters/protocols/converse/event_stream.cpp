#include "adapters/protocols/converse/event_stream.hpp"

#include "adapters/protocols/converse/crc32.hpp"

namespace spillway::adapters::converse {

namespace {

std::uint32_t big_endian(std::string_view octets, std::size_t at) noexcept {
    std::uint32_t value = 0;
    for (std::size_t i = at; i < at + 4; ++i)
        value = value << 8 | static_cast<unsigned char>(octets[i]);
    return value;
}

void put_big_endian(std::string& out, std::size_t at, std::uint32_t value) noexcept {
    for (std::size_t i = at + 4; i-- > at; value >>= 8)
        out[i] = static_cast<char>(value & 0xffU);
}

// Octets of a value behind its type; of octets and text those of the length, which stands in front.
constexpr std::array<std::uint8_t, 10> value_octets{0, 0, 1, 2, 4, 8, 2, 2, 8, 16};

constexpr bool has_length(header_type type) noexcept {
    return type == header_type::octets || type == header_type::text;
}

bool are_headers(std::string_view headers) noexcept {
    header one;
    while (!headers.empty()) {
        if (!next_header(headers, one)) return false;
    }
    return true;
}

void append_text_header(std::string& out, std::string_view name, std::string_view value) {
    out.push_back(static_cast<char>(name.size()));
    out.append(name);
    out.push_back(static_cast<char>(header_type::text));
    out.push_back(static_cast<char>(value.size() >> 8 & 0xffU));
    out.push_back(static_cast<char>(value.size() & 0xffU));
    out.append(value);
}

}  // namespace

std::string_view message_view::text_of(std::string_view name) const noexcept {
    header one;
    for (std::string_view rest = headers; next_header(rest, one);) {
        if (one.name == name) return one.type == header_type::text ? one.value : std::string_view{};
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
    const message_view read{
        summed.substr(prelude_octets, headers), summed.substr(prelude_octets + headers)};
    if (!are_headers(read.headers)) return std::nullopt;
    return read;
}

std::size_t open_message(std::string& out, message_type type, std::string_view name) {
    const std::size_t begin = out.size();
    const bool is_event = type == message_type::event;
    out.append(prelude_octets, '\0');
    append_text_header(out, is_event ? ":event-type" : ":exception-type", name);
    append_text_header(out, ":content-type", "application/json");
    append_text_header(out, ":message-type", is_event ? "event" : "exception");
    // Until the message is closed: where its headers end.
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
