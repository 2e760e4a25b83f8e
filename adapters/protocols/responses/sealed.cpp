#include "adapters/protocols/responses/sealed.hpp"

#include <array>

namespace spillway::adapters::responses {

using namespace canonical;

namespace {

constexpr std::array kinds{":data:", ":signature:", ":call:"};
constexpr std::array foreign{
    reasoning_format::anthropic, reasoning_format::google, reasoning_format::xai};

bool take(std::string_view& text, std::string_view prefix) noexcept {
    if (!text.starts_with(prefix)) return false;
    text.remove_prefix(prefix.size());
    return true;
}

}  // namespace

void append_seal(std::string& out, const seal& what) {
    const bool is_plain =
        what.kind == seal_kind::data &&
        (what.format == reasoning_format::openai || what.format == reasoning_format::unknown);
    if (!is_plain) {
        out.append(name_of(what.format)).append(kinds[static_cast<std::size_t>(what.kind)]);
        if (what.kind == seal_kind::call) out.append(what.call.raw).push_back(':');
    }
    out.append(what.data.raw);
}

seal seal_of(escaped content) noexcept {
    for (const auto format : {foreign[0], foreign[1], foreign[2], reasoning_format::unknown}) {
        auto text = content.raw;
        if (!take(text, name_of(format))) continue;
        for (std::size_t kind = 0; kind < kinds.size(); ++kind) {
            if (!take(text, kinds[kind])) continue;
            seal found{static_cast<seal_kind>(kind), format, {}, {text}};
            if (found.kind != seal_kind::call) return found;
            const auto colon = text.rfind(':');
            if (colon == text.npos) break;
            found.call = {text.substr(0, colon)};
            found.data = {text.substr(colon + 1)};
            return found;
        }
    }
    return {seal_kind::data, reasoning_format::openai, {}, content};
}

}  // namespace spillway::adapters::responses
