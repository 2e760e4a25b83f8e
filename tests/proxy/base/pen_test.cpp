#include "proxy/base/pen.hpp"

#include <boost/test/unit_test.hpp>

#include <cstdint>
#include <limits>
#include <string>

using namespace spillway;

namespace {

template <class Write>
std::string written(Write write) {
    std::string room(200, '?');
    base::pen pen{room.data()};
    write(pen);
    const auto size = static_cast<std::size_t>(pen.at() - room.data());
    BOOST_TEST(room.substr(size) == std::string(room.size() - size, '?'));
    return room.substr(0, size);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(pens)

BOOST_AUTO_TEST_CASE(texts_of_every_length_are_copied_and_nothing_behind_them_is_touched) {
    std::string text;
    for (std::size_t size = 0; size <= 100; ++size) {
        BOOST_TEST(written([&](base::pen& pen) { pen.text(text); }) == text);
        text += static_cast<char>('a' + size % 26);
    }
    const std::string both = written([](base::pen& pen) {
        pen.word("one ");
        pen.text("two");
    });
    BOOST_TEST(both == "one two");
}

BOOST_AUTO_TEST_CASE(numbers_are_those_of_the_library) {
    const auto agree = [](auto value) {
        BOOST_TEST(written([&](base::pen& pen) { pen.number(value); }) == std::to_string(value));
    };
    for (std::uint64_t power = 1; power < UINT64_MAX / 10; power *= 10) {
        for (const std::uint64_t value : {power - 1, power, power + 1, power * 9, power * 5 + 7})
            agree(value);
        agree(static_cast<std::int64_t>(power) * -1);
    }
    agree(UINT64_MAX);
    agree(std::numeric_limits<std::int64_t>::min());
    agree(std::numeric_limits<std::int64_t>::max());
    agree(std::uint16_t{65'535});
    agree(0);
}

BOOST_AUTO_TEST_SUITE_END()
