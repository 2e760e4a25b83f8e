#include "routing/price.hpp"

#include <limits>

namespace spillway::routing {

namespace {

__extension__ using wide = __int128;

constexpr std::uint64_t absurd_count = std::uint64_t{1} << 40;
constexpr wide tokens_per_price = 1'000'000;

bool is_absurd(const token_counts& used) {
    return used.prompt > absurd_count || used.completion > absurd_count ||
           used.cache_read > absurd_count || used.cache_write > absurd_count ||
           used.reasoning > absurd_count || used.images > absurd_count ||
           used.requests > absurd_count;
}

// Adds up in nano-dollars times a million; remembers whether a needed price was missing.
class sum {
public:
    void add(std::uint64_t count, const std::optional<std::int64_t>& price) {
        if (count == 0) return;
        if (!price)
            is_missing_ = true;
        else
            total_ += static_cast<wide>(count) * *price;
    }
    void add_fee(std::uint64_t count, const std::optional<std::int64_t>& price) {
        if (price) total_ += static_cast<wide>(count) * *price * tokens_per_price;
    }

    std::optional<money> rounded() const {
        if (is_missing_) return std::nullopt;
        const wide nanos = (total_ + tokens_per_price / 2) / tokens_per_price;
        if (nanos > std::numeric_limits<std::int64_t>::max()) return std::nullopt;
        return money{static_cast<std::int64_t>(nanos)};
    }

private:
    wide total_ = 0;
    bool is_missing_ = false;
};

std::uint64_t rest_of(std::uint64_t whole, std::uint64_t part) {
    // An upstream that reports a part larger than its whole is charged for the part.
    return whole > part ? whole - part : 0;
}

}  // namespace

bool price_list::is_known() const {
    return prompt || completion || cache_read || cache_write || reasoning || request || image;
}

std::optional<money> cost_of(const price_list& prices, const token_counts& used) {
    if (!prices.is_known() || is_absurd(used)) return std::nullopt;
    const auto or_else = [](const auto& own, const auto& usual) {
        return own ? own : usual;
    };
    sum bill;
    bill.add(rest_of(used.prompt, used.cache_read + used.cache_write), prices.prompt);
    bill.add(used.cache_read, or_else(prices.cache_read, prices.prompt));
    bill.add(used.cache_write, or_else(prices.cache_write, prices.prompt));
    bill.add(rest_of(used.completion, used.reasoning), prices.completion);
    bill.add(used.reasoning, or_else(prices.reasoning, prices.completion));
    bill.add_fee(used.requests, prices.request);
    bill.add_fee(used.images, prices.image);
    return bill.rounded();
}

}  // namespace spillway::routing
