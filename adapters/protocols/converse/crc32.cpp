#include "adapters/protocols/converse/crc32.hpp"

#include <array>
#include <bit>
#include <cstddef>
#include <cstring>

namespace spillway::adapters::converse {

namespace {

constexpr std::size_t step = 8;
using table = std::array<std::uint32_t, 256>;

// tables[n][v]: what the octet v does to the sum when n octets follow it in the same step.
constexpr std::array<table, step> make_tables() {
    constexpr std::uint32_t reflected_polynomial = 0xedb8'8320U;
    std::array<table, step> made{};
    for (std::uint32_t octet = 0; octet < 256; ++octet) {
        std::uint32_t sum = octet;
        for (int bit = 0; bit < 8; ++bit)
            sum = sum >> 1 ^ ((sum & 1U) != 0 ? reflected_polynomial : 0U);
        made[0][octet] = sum;
    }
    for (std::size_t n = 1; n < step; ++n) {
        for (std::size_t octet = 0; octet < 256; ++octet) {
            const std::uint32_t sum = made[n - 1][octet];
            made[n][octet] = sum >> 8 ^ made[0][sum & 0xffU];
        }
    }
    return made;
}

constexpr std::array<table, step> tables = make_tables();

std::uint32_t little_endian(const char* at) noexcept {
    std::uint32_t word = 0;
    std::memcpy(&word, at, sizeof word);
    return std::endian::native == std::endian::little ? word : std::byteswap(word);
}

}  // namespace

std::uint32_t crc32(std::string_view octets, std::uint32_t before) noexcept {
    std::uint32_t sum = ~before;
    // Written out: compilers do not unroll this at -O2, and the sums are a quarter of a small message's price.
    const auto& t = tables;
    for (; octets.size() >= step; octets.remove_prefix(step)) {
        const std::uint32_t low = little_endian(octets.data()) ^ sum;
        const std::uint32_t high = little_endian(octets.data() + 4);
        sum = t[7][low & 0xffU] ^ t[6][low >> 8 & 0xffU] ^ t[5][low >> 16 & 0xffU] ^
              t[4][low >> 24] ^ t[3][high & 0xffU] ^ t[2][high >> 8 & 0xffU] ^
              t[1][high >> 16 & 0xffU] ^ t[0][high >> 24];
    }
    for (const char octet : octets)
        sum = sum >> 8 ^ tables[0][(sum ^ static_cast<unsigned char>(octet)) & 0xffU];
    return ~sum;
}

}  // namespace spillway::adapters::converse
