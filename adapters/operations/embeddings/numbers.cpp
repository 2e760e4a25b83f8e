#include "adapters/operations/embeddings/numbers.hpp"

#include "adapters/base64.hpp"

#include <fmt/format.h>

#include <bit>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <iterator>
#include <limits>
#include <optional>

namespace spillway::adapters::embeddings {

static_assert(std::endian::native == std::endian::little, "floats are copied as they are");
static_assert(std::numeric_limits<float>::is_iec559);

namespace {

// Behind the number at `from`. What is smaller than every float is rounded by way of a double.
std::optional<float> read_float(const char*& from, const char* end) noexcept {
    float value = 0;
    const auto read = std::from_chars(from, end, value);
    if (read.ec == std::errc{}) {
        from = read.ptr;
        return value;
    }
    double wide = 0;
    const auto again = std::from_chars(from, end, wide);
    if (again.ec != std::errc{} || std::abs(wide) > std::numeric_limits<float>::max())
        return std::nullopt;
    from = again.ptr;
    return static_cast<float>(wide);
}

// Calls on_float for each number of the list. False: one is none that a float can hold.
template <class OnFloat>
bool each_float(std::string_view list, OnFloat&& on_float) {
    constexpr std::string_view between = "[], \t\r\n";
    const char* at = list.data();
    const char* const end = at + list.size();
    for (;;) {
        while (at != end && between.contains(*at))
            ++at;
        if (at == end) return true;
        const auto value = read_float(at, end);
        if (!value) return false;
        on_float(*value);
    }
}

}  // namespace

bool append_base64_of(std::string& out, std::string_view list) {
    std::string octets;
    octets.reserve(list.size() / 2);
    const bool is_good = each_float(list, [&](float value) {
        char four[sizeof(float)];
        std::memcpy(four, &value, sizeof four);
        octets.append(four, sizeof four);
    });
    if (is_good) append_base64(out, octets);
    return is_good;
}

bool append_list_of(std::string& out, std::string_view base64) {
    std::string octets;
    if (!append_from_base64(octets, base64) || octets.size() % sizeof(float) != 0) return false;
    out.push_back('[');
    for (std::size_t at = 0; at < octets.size(); at += sizeof(float)) {
        float value = 0;
        std::memcpy(&value, octets.data() + at, sizeof value);
        if (!std::isfinite(value)) return false;
        if (at != 0) out.push_back(',');
        fmt::format_to(std::back_inserter(out), "{}", value);
    }
    out.push_back(']');
    return true;
}

bool append_unit_list(std::string& out, std::string_view list) {
    constexpr double close_enough = 0.001;
    double square = 0;
    if (!each_float(list, [&](float value) { square += double{value} * double{value}; }))
        return false;
    const double length = std::sqrt(square);
    if (length == 0 || std::abs(length - 1) < close_enough) {
        out.append(list);
        return true;
    }
    out.push_back('[');
    const auto append = [&](float value) {
        fmt::format_to(std::back_inserter(out), "{},", static_cast<float>(value / length));
    };
    static_cast<void>(each_float(list, append));
    out.back() = ']';
    return true;
}

}  // namespace spillway::adapters::embeddings
