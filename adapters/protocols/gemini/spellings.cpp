#include "adapters/protocols/gemini/spellings.hpp"

namespace spillway::adapters::gemini {

std::string camel_case(std::string_view name) {
    std::string out;
    bool is_raised = false;
    for (const char c : name) {
        if (c == '_' && !out.empty()) {
            is_raised = true;
            continue;
        }
        out.push_back(is_raised && c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c);
        is_raised = false;
    }
    return out;
}

std::string snake_case(std::string_view name) {
    std::string out;
    for (const char c : name) {
        const bool is_capital = c >= 'A' && c <= 'Z';
        if (is_capital) out.push_back('_');
        out.push_back(is_capital ? static_cast<char>(c + 32) : c);
    }
    return out;
}

json::value member_of(json::value object, std::string_view camel) {
    if (const auto found = object[camel]; found.kind() != json::kind::absent) return found;
    for (const char c : camel) {
        if (c >= 'A' && c <= 'Z') return object[snake_case(camel)];
    }
    return {};
}

}  // namespace spillway::adapters::gemini
