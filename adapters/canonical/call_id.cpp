#include "adapters/canonical/call_id.hpp"

#include <fmt/format.h>

namespace spillway::adapters::canonical {

namespace {

// FNV-1a.
constexpr std::uint64_t basis = 0xcbf2'9ce4'8422'2325U;
constexpr std::uint64_t prime = 0x0000'0100'0000'01b3U;

std::uint64_t mixed(std::uint64_t hash, std::string_view text) noexcept {
    for (const char c : text)
        hash = (hash ^ static_cast<unsigned char>(c)) * prime;
    return hash * prime;  // the end of the text counts, too
}

}  // namespace

std::string call_id_of(std::string_view answer, std::uint32_t ordinal, std::string_view name) {
    const auto hash = (mixed(mixed(basis, answer), name) ^ ordinal) * prime;
    return fmt::format("call_{:016x}", hash);
}

}  // namespace spillway::adapters::canonical
