#include "bench/sim/dialects/checks.hpp"

#include "bench/sim/dialects/base64.hpp"

namespace spillway::bench::sim {

bool is_blank(std::string_view text) {
    return text.find_first_not_of(" \t\r\n\v\f") == std::string_view::npos;
}

bool is_name(std::string_view text, std::size_t longest, std::string_view more) {
    if (text.empty() || text.size() > longest) return false;
    for (const char c : text) {
        const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                           (c >= '0' && c <= '9') || c == '_' || c == '-';
        if (!plain && !more.contains(c)) return false;
    }
    return true;
}

std::string_view sniff_picture(std::string_view base64) {
    const auto start = decode_base64(base64.substr(0, 16));
    if (!start) return {};
    if (start->starts_with("\x89PNG")) return "image/png";
    if (start->starts_with("\xFF\xD8\xFF")) return "image/jpeg";
    if (start->starts_with("GIF8")) return "image/gif";
    return start->starts_with("RIFF") && start->substr(8, 4) == "WEBP" ? "image/webp" : "";
}

}  // namespace spillway::bench::sim
