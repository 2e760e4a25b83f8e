// Writes short texts and numbers into room that was made before. Nothing is checked and hardly anything is called:
// most texts of heads and log lines are shorter than sixteen octets, where a call of memcpy costs more than the copy.
// Lives on the stack of whoever writes. REQUIRES: there is room for everything that is written.
#pragma once

#include <array>
#include <bit>
#include <concepts>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace spillway::base {

class pen {
public:
    explicit pen(char* at) noexcept : at_{at} {}

    template <std::size_t Size>
    void word(const char (&literal)[Size]) noexcept {
        std::memcpy(at_, literal, Size - 1);
        at_ += Size - 1;
    }

    [[gnu::always_inline]] void text(std::string_view what) noexcept {
        const std::size_t size = what.size();
        if (size > 32) {
            std::memcpy(at_, what.data(), size);
        } else if (size >= 16) {
            copy_ends<16>(what);
        } else if (size >= 8) {
            copy_ends<8>(what);
        } else if (size >= 4) {
            copy_ends<4>(what);
        } else {
            for (std::size_t i = 0; i < size; ++i)
                at_[i] = what[i];
        }
        at_ += size;
    }

    void number(std::unsigned_integral auto value) noexcept {
        if (value < 10) {
            *at_++ = static_cast<char>('0' + value);
        } else {
            at_ = write(at_, value);
        }
    }
    void number(std::signed_integral auto value) noexcept {
        auto size = static_cast<std::uint64_t>(value);
        if (value < 0) {
            *at_++ = '-';
            size = 0 - size;
        }
        number(size);
    }

    // Two digits, for those who have many: '00' to '99'.
    static const char* two_digits(std::size_t value) noexcept { return digits.data() + value * 2; }

    char* at() const noexcept { return at_; }

private:
    // The first and the last octets; what lies between is in both.
    template <std::size_t Size>
    void copy_ends(std::string_view what) noexcept {
        struct block {
            char octets[Size];
        };
        block first;
        block last;
        std::memcpy(&first, what.data(), Size);
        std::memcpy(&last, what.data() + what.size() - Size, Size);
        std::memcpy(at_, &first, Size);
        std::memcpy(at_ + what.size() - Size, &last, Size);
    }

    static constexpr std::size_t count_digits(std::uint64_t value) noexcept {
        // 1233 / 4096 is a little more than the logarithm of 2: at most one too many.
        const auto guess = static_cast<std::size_t>(std::bit_width(value)) * 1233 >> 12;
        return guess + (value >= powers[guess] ? 1 : 0);
    }
    static char* write(char* to, std::uint64_t value) noexcept {
        char* const end = to + count_digits(value);
        char* at = end;
        for (; value >= 100; value /= 100)
            std::memcpy(at -= 2, two_digits(value % 100), 2);
        if (value >= 10) {
            std::memcpy(at - 2, two_digits(value), 2);
        } else {
            at[-1] = static_cast<char>('0' + value);
        }
        return end;
    }

    static constexpr std::array<std::uint64_t, 20> powers = [] {
        std::array<std::uint64_t, 20> out{1};
        for (std::size_t i = 1; i < out.size(); ++i)
            out[i] = out[i - 1] * 10;
        return out;
    }();
    static constexpr std::string_view digits = "00010203040506070809"
                                               "10111213141516171819"
                                               "20212223242526272829"
                                               "30313233343536373839"
                                               "40414243444546474849"
                                               "50515253545556575859"
                                               "60616263646566676869"
                                               "70717273747576777879"
                                               "80818283848586878889"
                                               "90919293949596979899";

    char* at_;
};

}  // namespace spillway::base
