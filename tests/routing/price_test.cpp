#include "routing/price.hpp"

#include <boost/test/unit_test.hpp>

#include <cstdint>

using namespace spillway::routing;

namespace {

std::int64_t nanos(const std::optional<money>& cost) {
    BOOST_REQUIRE(cost.has_value());
    return cost->nanos;
}

// 0.15, 0.60, 0.075 USD per million tokens.
constexpr price_list mini{
    .prompt = 150'000'000,
    .completion = 600'000'000,
    .cache_read = 75'000'000,
    .cache_write = {},
    .reasoning = {},
    .request = {},
    .image = {},
};

}  // namespace

BOOST_AUTO_TEST_SUITE(price)

BOOST_AUTO_TEST_CASE(tokens_cost_what_the_list_says) {
    BOOST_TEST(nanos(cost_of(mini, {.prompt = 1000, .completion = 500})) == 150'000 + 300'000);
}

BOOST_AUTO_TEST_CASE(cached_tokens_are_part_of_the_prompt) {
    const auto cost = cost_of(mini, {.prompt = 1000, .completion = 0, .cache_read = 400});
    BOOST_TEST(nanos(cost) == 600 * 150 + 400 * 75);
}

BOOST_AUTO_TEST_CASE(
    reasoning_is_part_of_the_completion_and_costs_the_same_without_a_price_of_its_own
) {
    BOOST_TEST(nanos(cost_of(mini, {.completion = 500, .reasoning = 300})) == 500 * 600);
    auto dearer = mini;
    dearer.reasoning = 1'000'000'000;
    BOOST_TEST(
        nanos(cost_of(dearer, {.completion = 500, .reasoning = 300})) == 200 * 600 + 300 * 1000
    );
}

BOOST_AUTO_TEST_CASE(writing_to_a_cache_costs_the_prompt_price_where_no_other_is_known) {
    BOOST_TEST(nanos(cost_of(mini, {.prompt = 10, .cache_write = 10})) == 10 * 150);
}

BOOST_AUTO_TEST_CASE(an_unknown_price_is_never_zero) {
    BOOST_TEST(!cost_of(price_list{}, {.prompt = 1}));
    BOOST_TEST(!cost_of(price_list{}, {}));
    price_list only_prompt;
    only_prompt.prompt = 1;
    BOOST_TEST(!cost_of(only_prompt, {.prompt = 1, .completion = 1}));
    BOOST_TEST(nanos(cost_of(only_prompt, {.prompt = 1'000'000})) == 1);
}

BOOST_AUTO_TEST_CASE(a_known_price_of_zero_is_zero) {
    price_list free;
    free.prompt = 0;
    free.completion = 0;
    BOOST_TEST(nanos(cost_of(free, {.prompt = 12345, .completion = 678})) == 0);
}

BOOST_AUTO_TEST_CASE(half_a_nano_dollar_is_rounded_up_once_at_the_end) {
    price_list odd;
    odd.prompt = 300'000;  // 0.3 nano-dollars a token
    odd.completion = 200'000;
    BOOST_TEST(nanos(cost_of(odd, {.prompt = 1})) == 0);
    BOOST_TEST(
        nanos(cost_of(odd, {.prompt = 1, .completion = 1})) == 1
    );  // 0.5; each alone would vanish
    BOOST_TEST(nanos(cost_of(odd, {.prompt = 3, .completion = 2})) == 1);  // 1.3
    BOOST_TEST(nanos(cost_of(odd, {.prompt = 5})) == 2);                   // 1.5
}

BOOST_AUTO_TEST_CASE(fees_are_charged_by_the_piece) {
    auto with_fees = mini;
    with_fees.request = 5'000'000;
    with_fees.image = 2'000;
    BOOST_TEST(nanos(cost_of(with_fees, {.images = 3})) == 5'006'000);
}

BOOST_AUTO_TEST_CASE(large_bills_are_exact_and_absurd_ones_are_refused) {
    price_list dear;
    dear.prompt = 600'000'000'000;  // 600 USD per million
    BOOST_TEST(nanos(cost_of(dear, {.prompt = 10'000'000'000})) == 6'000'000'000'000'000);
    dear.prompt = 60'000'000'000'000;
    // More nano-dollars than 64 bits hold.
    BOOST_TEST(!cost_of(dear, {.prompt = std::uint64_t{1} << 40}));
    BOOST_TEST(!cost_of(dear, {.prompt = ~std::uint64_t{0}}));
}

BOOST_AUTO_TEST_CASE(a_part_reported_larger_than_its_whole_is_charged_as_the_part) {
    BOOST_TEST(nanos(cost_of(mini, {.prompt = 10, .cache_read = 20})) == 20 * 75);
}

BOOST_AUTO_TEST_SUITE_END()
