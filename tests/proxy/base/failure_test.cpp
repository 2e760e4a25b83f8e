#include "proxy/base/failure.hpp"

#include <boost/test/unit_test.hpp>

#include <set>
#include <stdexcept>
#include <string>

namespace {

using namespace spillway;

}  // namespace

BOOST_AUTO_TEST_SUITE(failures)

// Labels of metrics: one each, fit for a label, and none that is taken for another.
BOOST_AUTO_TEST_CASE(every_fault_has_a_name_of_its_own) {
    std::set<std::string_view> names;
    const int last = static_cast<int>(fault::internal);
    for (int i = 0; i <= last; ++i) {
        const std::string_view name = name_of(static_cast<fault>(i));
        BOOST_TEST(name != "unknown");
        BOOST_TEST(name.find_first_not_of("abcdefghijklmnopqrstuvwxyz_") == std::string_view::npos);
        names.insert(name);
    }
    BOOST_TEST(names.size() == static_cast<std::size_t>(last) + 1);
}

BOOST_AUTO_TEST_CASE(every_side_has_a_name) {
    BOOST_TEST(name_of(side::client) == "client");
    BOOST_TEST(name_of(side::upstream) == "upstream");
    BOOST_TEST(name_of(side::internal) == "internal");
}

BOOST_AUTO_TEST_CASE(asking_a_failed_result_for_its_value_is_a_bug_that_shows) {
    const result<int> failed =
        failure{fault::reset, side::upstream, again::other_target, "closed while sending"};
    BOOST_TEST(failed.has_error());
    BOOST_TEST((failed.error().what == fault::reset));
    BOOST_TEST((failed.error().where == side::upstream));
    BOOST_TEST((failed.error().next == again::other_target));
    BOOST_CHECK_EXCEPTION((void)failed.value(), std::logic_error, [](const std::logic_error& why) {
        return std::string{why.what()}.contains("closed while sending");
    });
}

BOOST_AUTO_TEST_SUITE_END()
