#include "proxy/wire/authority.hpp"

#include "proxy/wire/octets.hpp"

#include <charconv>
#include <cstdint>

namespace spillway::wire {
namespace {

constexpr std::size_t max_host_size = 255;

bool is_port(std::string_view text) noexcept {
    std::uint64_t port = 0;
    if (text.size() > 5 || !octets::read_decimal(text, port)) return false;
    return port != 0 && port <= 65535;
}

// 1 to 3 digits, at most 255, four times; it may end an IPv6 address.
bool is_ipv4(std::string_view text) noexcept {
    for (int part = 0; part < 4; ++part) {
        const std::size_t dot = text.find('.');
        const std::string_view digits = text.substr(0, dot);
        if (digits.size() > 3 || !octets::are_all(digits, octets::digit)) return false;
        std::uint32_t value = 0;
        std::from_chars(digits.data(), digits.data() + digits.size(), value);
        if (value > 255) return false;
        if (dot == std::string_view::npos) return part == 3;
        text.remove_prefix(dot + 1);
    }
    return false;
}

// Number of 16-bit groups in a colon separated run; -1 if malformed. An IPv4 tail counts as two.
int count_groups(std::string_view text) noexcept {
    if (text.empty()) return 0;
    int groups = 0;
    for (;;) {
        const std::size_t colon = text.find(':');
        const std::string_view group = text.substr(0, colon);
        if (colon == std::string_view::npos && group.find('.') != std::string_view::npos) {
            return is_ipv4(group) ? groups + 2 : -1;
        }
        if (group.size() > 4 || !octets::are_all(group, octets::hex)) return -1;
        ++groups;
        if (colon == std::string_view::npos) return groups;
        text.remove_prefix(colon + 1);
    }
}

bool is_ipv6(std::string_view text) noexcept {
    const std::size_t gap = text.find("::");
    if (gap == std::string_view::npos) return count_groups(text) == 8;
    const std::string_view left = text.substr(0, gap);
    const std::string_view right = text.substr(gap + 2);
    // The dotted form may only stand at the very end.
    if (left.find('.') != std::string_view::npos) return false;
    const int before = count_groups(left);
    const int after = count_groups(right);
    return before >= 0 && after >= 0 && before + after <= 7;
}

}  // namespace

bool is_authority(std::string_view text, const char* floor) noexcept {
    if (text.empty()) return false;
    std::string_view rest;
    if (text.front() == '[') {
        const std::size_t close = text.find(']');
        if (close == std::string_view::npos || !is_ipv6(text.substr(1, close - 1))) return false;
        rest = text.substr(close + 1);
    } else {
        const char* const begin = text.data();
        const char* stop = octets::find_outside<octets::host>(begin, begin + text.size(), floor);
        const auto size = static_cast<std::size_t>(stop - begin);
        if (size == 0 || size > max_host_size) return false;
        rest = text.substr(size);
    }
    if (rest.empty()) return true;
    return rest.front() == ':' && is_port(rest.substr(1));
}

}  // namespace spillway::wire
