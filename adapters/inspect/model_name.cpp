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
    bool named = false;      // the part has an octet that is no dot
    std::size_t length = 0;  // of the part
    auto part_is_good = [&] {
        return named || length > 2;
    };
    for (char c : text) {
        ++length;
        switch (octet_kinds[static_cast<unsigned char>(c)]) {
        case octet_kind::refused: return false;
        case octet_kind::plain: named = true; break;
        case octet_kind::dot: break;
        case octet_kind::slash:
            --length;
            if (!part_is_good()) return false;
            named = false;
            length = 0;
        }
    }
    return part_is_good();
}

}  // namespace spillway::adapters
