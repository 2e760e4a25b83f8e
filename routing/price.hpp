// Prices and money, in integers. A price is nano-dollars per million tokens (or per unit); money is
// nano-dollars. A price that is not known stays unknown all the way: it never becomes zero.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>

namespace spillway::routing {

struct money {
    std::int64_t nanos = 0;  // 1 USD = 1,000,000,000

    friend constexpr auto operator<=>(money, money) = default;
    friend constexpr money operator+(money a, money b) { return {a.nanos + b.nanos}; }
    friend constexpr money operator-(money a, money b) { return {a.nanos - b.nanos}; }
};

// Nano-dollars per million tokens, except `request` and `image`: nano-dollars per unit.
// `prompt` and `completion` have no substitute. Without their own price, tokens read from or written to a
// cache cost what prompt tokens cost and reasoning costs what completion costs: no discount is known. Without
// a price, a request and an image carry no fee of their own (their tokens are counted above).
struct price_list {
    std::optional<std::int64_t> prompt;
    std::optional<std::int64_t> completion;
    std::optional<std::int64_t> cache_read;
    std::optional<std::int64_t> cache_write;
    std::optional<std::int64_t> reasoning;
    std::optional<std::int64_t> request;
    std::optional<std::int64_t> image;

    bool is_known() const;
    friend bool operator==(const price_list&, const price_list&) = default;
};

// What one request used. `cache_read` and `cache_write` are part of `prompt`; `reasoning` is part of
// `completion`.
struct token_counts {
    std::uint64_t prompt = 0;
    std::uint64_t completion = 0;
    std::uint64_t cache_read = 0;
    std::uint64_t cache_write = 0;
    std::uint64_t reasoning = 0;
    std::uint64_t images = 0;
    std::uint64_t requests = 1;
};

// Exact in 128 bits, rounded half up once, at the end. Nothing when a price that is needed is unknown, or when the
// counts are absurd (above 2^40 of a kind, or money beyond 64 bits).
// REQUIRES: no price is negative (the table builder refuses such lists).
std::optional<money> cost_of(const price_list& prices, const token_counts& used);

}  // namespace spillway::routing
