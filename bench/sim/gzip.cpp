#include "bench/sim/gzip.hpp"

#include <boost/crc.hpp>

#include <algorithm>
#include <cstdint>

namespace spillway::bench::sim {
namespace {

void append_little_endian(std::string& out, std::uint32_t value, int octets) {
    for (int i = 0; i < octets; ++i, value >>= 8U)
        out.push_back(static_cast<char>(value & 0xFFU));
}

}  // namespace

std::string gzip_stored(std::string_view data) {
    using namespace std::string_literals;
    std::string out = "\x1f\x8b\x08\0\0\0\0\0\0\xff"s;  // RFC 1952 2.3: no name, no time
    std::string_view rest = data;
    do {  // RFC 1951 3.2.4: stored blocks of at most 65535 octets
        const auto size = std::min<std::size_t>(rest.size(), 65535);
        out.push_back(size == rest.size() ? '\1' : '\0');
        append_little_endian(out, static_cast<std::uint32_t>(size), 2);
        append_little_endian(out, static_cast<std::uint32_t>(~size), 2);
        out += rest.substr(0, size);
        rest.remove_prefix(size);
    } while (!rest.empty());
    boost::crc_32_type crc;
    crc.process_bytes(data.data(), data.size());
    append_little_endian(out, crc.checksum(), 4);
    append_little_endian(out, static_cast<std::uint32_t>(data.size()), 4);
    return out;
}

}  // namespace spillway::bench::sim
