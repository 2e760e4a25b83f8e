#include "bench/sim/dialects/event_frame.hpp"

#include <boost/crc.hpp>

#include <cstdint>

namespace spillway::bench::sim {
namespace {

constexpr char text_header = 7;

void put_number(std::string& out, std::uint32_t number) {
    for (int shift = 24; shift >= 0; shift -= 8)
        out += static_cast<char>(number >> static_cast<unsigned>(shift) & 0xFFU);
}

void put_header(std::string& out, std::string_view name, std::string_view value) {
    out += static_cast<char>(name.size());
    out += name;
    out += text_header;
    out += static_cast<char>(value.size() >> 8U);
    out += static_cast<char>(value.size() & 0xFFU);
    out += value;
}

std::uint32_t checksum(std::string_view bytes) {
    boost::crc_32_type crc;
    crc.process_bytes(bytes.data(), bytes.size());
    return crc.checksum();
}

std::string frame(
    std::string_view kind,
    std::string_view type_name,
    std::string_view type,
    std::string_view payload
) {
    std::string headers;
    put_header(headers, type_name, type);
    put_header(headers, ":content-type", "application/json");
    put_header(headers, ":message-type", kind);
    constexpr std::size_t overhead = 16;
    std::string message;
    put_number(message, static_cast<std::uint32_t>(overhead + headers.size() + payload.size()));
    put_number(message, static_cast<std::uint32_t>(headers.size()));
    put_number(message, checksum(message));
    message += headers;
    message += payload;
    put_number(message, checksum(message));
    return message;
}

}  // namespace

std::string frame_aws_event(std::string_view type, std::string_view payload) {
    return frame("event", ":event-type", type, payload);
}

std::string frame_aws_exception(std::string_view type, std::string_view payload) {
    return frame("exception", ":exception-type", type, payload);
}

}  // namespace spillway::bench::sim
