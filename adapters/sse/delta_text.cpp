#include "adapters/sse/delta_text.hpp"

namespace spillway::adapters::sse {

namespace {

// Of the closing quote, for a string whose opening quote is in front of `at`.
std::size_t string_end(std::string_view json, std::size_t at) noexcept {
    for (;;) {
        at = json.find_first_of("\"\\", at);
        if (at == json.npos || json[at] == '"') return at;
        at += 2;
    }
}

}  // namespace

delta_text find_delta_text(std::string_view json, std::size_t open) noexcept {
    delta_text found;
    std::size_t depth = 1;
    for (auto at = open; at < json.size(); ++at) {
        switch (json[at]) {
        case '{':
        case '[': ++depth; break;
        case '}':
        case ']':
            if (--depth > 0) break;
            found.close = at;
            return found;
        case '"': {
            const auto begin = at + 1;
            at = string_end(json, begin);
            if (at == json.npos) return found;
            const auto behind = json.find_first_not_of(" \t", at + 1);
            const bool is_name = behind != json.npos && json[behind] == ':';
            if (!is_name && (at > begin || found.begin == found.end)) {
                found.begin = begin;
                found.end = at;
            }
            break;
        }
        default: break;
        }
    }
    return found;
}

}  // namespace spillway::adapters::sse
