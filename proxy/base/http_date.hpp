// The Date field's value, made once a second. One a worker.
#pragma once

#include <array>
#include <cstdint>
#include <ctime>
#include <string_view>

namespace spillway::base {

class http_date {
public:
    // Valid until the next call.
    std::string_view text() noexcept {
        timespec now{};
        clock_gettime(CLOCK_REALTIME_COARSE, &now);
        if (now.tv_sec != second_) write(now.tv_sec);
        return {text_.data(), 29};
    }
    // Unix time of the last text().
    std::int64_t second() const noexcept { return second_; }

private:
    void write(std::time_t second) noexcept;

    std::int64_t second_ = -1;
    std::array<char, 32> text_{};
};

}  // namespace spillway::base
