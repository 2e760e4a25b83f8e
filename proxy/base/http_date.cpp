#include "proxy/base/http_date.hpp"

#include <cstring>

namespace spillway::base {

// Not strftime: its names of days and months follow the locale.
void http_date::write(std::time_t second) noexcept {
    static constexpr char days[] = "SunMonTueWedThuFriSat";
    static constexpr char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    std::tm at{};
    gmtime_r(&second, &at);
    char* to = text_.data();
    const auto put_digits = [&to](int value, int count) {
        for (int i = count - 1; i >= 0; --i, value /= 10)
            to[i] = static_cast<char>('0' + value % 10);
        to += count;
    };
    const auto put_text = [&to](const char* from, std::size_t count) {
        std::memcpy(to, from, count);
        to += count;
    };
    put_text(days + static_cast<std::ptrdiff_t>(at.tm_wday) * 3, 3);
    put_text(", ", 2);
    put_digits(at.tm_mday, 2);
    put_text(" ", 1);
    put_text(months + static_cast<std::ptrdiff_t>(at.tm_mon) * 3, 3);
    put_text(" ", 1);
    put_digits(at.tm_year + 1900, 4);
    put_text(" ", 1);
    put_digits(at.tm_hour, 2);
    put_text(":", 1);
    put_digits(at.tm_min, 2);
    put_text(":", 1);
    put_digits(at.tm_sec, 2);
    put_text(" GMT", 4);
    second_ = second;
}

}  // namespace spillway::base
