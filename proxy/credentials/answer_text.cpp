#include "proxy/credentials/answer_text.hpp"

#include "adapters/json/text.hpp"

#include <algorithm>
#include <charconv>

namespace spillway::credentials {

std::string text_of(adapters::json::value string) {
    return adapters::json::unescaped(string.string().raw).value_or(std::string{});
}

std::string visible_text(adapters::json::value string) {
    std::string text = text_of(string);
    return is_visible(text) ? text : std::string{};
}

bool is_visible(std::string_view text) noexcept {
    return !text.empty() &&
           std::all_of(text.begin(), text.end(), [](char c) { return c > 0x20 && c < 0x7f; });
}

std::string path_of(std::string_view url) {
    const std::size_t path = url.find('/', url.find("://") + 3);
    return path == url.npos ? "/" : std::string{url.substr(path)};
}

std::optional<std::chrono::sys_seconds> read_moment(std::string_view text) noexcept {
    using namespace std::chrono;
    constexpr std::string_view form = "0000-00-00T00:00:00";
    if (text.size() <= form.size() || !text.ends_with('Z')) return std::nullopt;
    bool is_good = true;
    const auto number = [&](std::size_t at, std::size_t digits) {
        int value = 0;
        const char* const end = text.data() + at + digits;
        const auto [behind, error] = std::from_chars(text.data() + at, end, value);
        is_good = is_good && error == std::errc{} && behind == end;
        return value;
    };
    for (std::size_t i = 0; i < form.size(); ++i)
        is_good = is_good && (form[i] == '0' || form[i] == text[i]);
    const year_month_day day{
        year{number(0, 4)},
        month{static_cast<unsigned>(number(5, 2))},
        std::chrono::day{static_cast<unsigned>(number(8, 2))}};
    const auto time = hours{number(11, 2)} + minutes{number(14, 2)} + seconds{number(17, 2)};
    if (!is_good || !day.ok()) return std::nullopt;
    return sys_days{day} + time;
}

}  // namespace spillway::credentials
