#include "proxy/observe/counters.hpp"

#include <boost/test/unit_test.hpp>

#include <set>

namespace {

using namespace spillway;
using observe::counter;

}  // namespace

BOOST_AUTO_TEST_SUITE(counters)

BOOST_AUTO_TEST_CASE(every_counter_has_a_name_of_its_own) {
    std::set<std::string_view> names;
    for (std::size_t i = 0; i < observe::counter_count; ++i)
        names.insert(observe::name_of(static_cast<counter>(i)));
    BOOST_TEST(names.size() == observe::counter_count);
    BOOST_TEST(names.count("unknown") == 0U);
    BOOST_TEST(observe::name_of(static_cast<counter>(observe::counter_count)) == "unknown");
}

BOOST_AUTO_TEST_CASE(each_counter_counts_for_itself) {
    observe::counters count;
    count.add(counter::requests);
    count.add(counter::requests);
    count.add(counter::prompt_tokens, 1'000'000'000'000);
    for (std::size_t i = 0; i < observe::counter_count; ++i) {
        const auto which = static_cast<counter>(i);
        const std::uint64_t expected = which == counter::requests        ? 2
                                       : which == counter::prompt_tokens ? 1'000'000'000'000
                                                                         : 0;
        BOOST_TEST(count.value(which) == expected);
    }
}

BOOST_AUTO_TEST_CASE(faults_are_summed_over_workers) {
    observe::counters one;
    observe::counters other;
    one.add_fault("cut");
    one.add_fault("cut");
    other.add_fault("cut");
    other.add_fault("rate_limited");
    std::map<std::string, std::uint64_t, std::less<>> sum;
    one.collect_faults(sum);
    other.collect_faults(sum);
    BOOST_TEST(sum.size() == 2U);
    BOOST_TEST(sum["cut"] == 3U);
    BOOST_TEST(sum["rate_limited"] == 1U);
}

BOOST_AUTO_TEST_SUITE_END()
