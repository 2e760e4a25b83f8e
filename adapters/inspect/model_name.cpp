#include "adapters/inspect.hpp"

namespace spillway::adapters {

namespace {

constexpr std::size_t max_model_octets = 256;

enum class octet_kind : std::uint8_t { refused, plain, dot, slash };

constexpr auto octet_kinds = [] {
    std::array<octet_kind, 256> kinds{};
    for (unsigned char c = '0'; c <= '9'; ++c)
        kinds[c] = octet_kind::plain;
    for (unsigned char c = 'a'; c <= 'z'; ++c)
        kinds[c] = kinds[c - 32U] = octet_kind::plain;
    for (unsigned char c : {'_', '-', ':', '@', '~', '+'})
        kinds[c] = octet_kind::plain;
    kinds['.'] = octet_kind::dot;
    kinds['/'] = octet_kind::slash;
    return kinds;
}();

}  // namespace

bool is_model_name(std::string_view text) noexcept {
    if (text.empty() || text.size() > max_model_octets) return false;
    const char* part = text.data();  // where it begins
    const char* const end = part + text.size();
    bool is_named = false;  // the part has an octet that is no dot
    const auto part_is_good = [&](const char* at) {
        return is_named || at - part > 2;
    };
    for (const char* at = part; at != end; ++at) {
        const auto kind = octet_kinds[static_cast<unsigned char>(*at)];
        if (kind == octet_kind::plain) {
            is_named = true;
        } else if (kind == octet_kind::slash) {
            if (!part_is_good(at)) return false;
            is_named = false;
            part = at + 1;
        } else if (kind == octet_kind::refused) {
            return false;
        }
    }
    return part_is_good(end);
}

}  // namespace spillway::adapters
