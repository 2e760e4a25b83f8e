#include "adapters/json/writer.hpp"

#include <fmt/format.h>

namespace spillway::adapters::json {

namespace {

// Length of the valid UTF-8 sequence at the start of `text`, 0 if there is none.
std::size_t utf8_length(std::string_view text) noexcept {
    auto octet = [&](std::size_t i) {
        return static_cast<unsigned char>(text[i]);
    };
    auto lead = octet(0);
    std::size_t length = lead < 0x80   ? 1
                         : lead < 0xc2 ? 0
                         : lead < 0xe0 ? 2
                         : lead < 0xf0 ? 3
                         : lead < 0xf5 ? 4
                                       : 0;
    if (length < 2) return length;
    if (text.size() < length) return 0;
    for (std::size_t i = 1; i < length; ++i) {
        if ((octet(i) & 0xc0) != 0x80) return 0;
    }
    if (lead == 0xe0 && octet(1) < 0xa0) return 0;
    if (lead == 0xed && octet(1) > 0x9f) return 0;
    if (lead == 0xf0 && octet(1) < 0x90) return 0;
    if (lead == 0xf4 && octet(1) > 0x8f) return 0;
    return length;
}

void append_escape(std::string& out, char c) {
    switch (c) {
    case '"': out.append("\\\""); return;
    case '\\': out.append("\\\\"); return;
    case '\n': out.append("\\n"); return;
    case '\r': out.append("\\r"); return;
    case '\t': out.append("\\t"); return;
    default: fmt::format_to(std::back_inserter(out), "\\u{:04x}", static_cast<unsigned>(c));
    }
}

}  // namespace

void append_string(std::string& out, std::string_view text) {
    out.push_back('"');
    while (!text.empty()) {
        auto c = text.front();
        auto length = utf8_length(text);
        if (length == 0) {
            out.append("\xef\xbf\xbd");
            length = 1;
        } else if (length == 1 && (static_cast<unsigned char>(c) < 0x20 || c == '"' || c == '\\')) {
            append_escape(out, c);
        } else {
            out.append(text.substr(0, length));
        }
        text.remove_prefix(length);
    }
    out.push_back('"');
}

void append_nano(std::string& out, std::int64_t nano) {
    constexpr std::uint64_t unit = 1'000'000'000;
    auto size = nano < 0 ? ~static_cast<std::uint64_t>(nano) + 1 : static_cast<std::uint64_t>(nano);
    if (nano < 0) out.push_back('-');
    fmt::format_to(std::back_inserter(out), "{}", size / unit);
    if (size % unit == 0) return;
    fmt::format_to(std::back_inserter(out), ".{:09}", size % unit);
    while (out.back() == '0')
        out.pop_back();
}

writer& writer::number(std::int64_t value) {
    fmt::format_int text{value};
    out_.append(text.data(), text.size());
    return *this;
}

writer& writer::name(std::string_view text) {
    if (!first_) out_.push_back(',');
    first_ = false;
    out_.push_back('"');
    out_.append(text);
    out_.append("\":");
    return *this;
}

}  // namespace spillway::adapters::json
