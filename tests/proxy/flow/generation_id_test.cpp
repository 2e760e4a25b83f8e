#include "proxy/flow/generation_id.hpp"

#include <boost/test/unit_test.hpp>

#include <set>
#include <string>

namespace {

using namespace spillway;

std::string text_of(const observe::generation_id& id) {
    return {id.data(), id.size()};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(generation_ids)

BOOST_AUTO_TEST_CASE(an_id_has_the_form_clients_know) {
    base::random_source random{1};
    const std::string id = text_of(flow::make_generation_id(1'700'000'123, random));
    BOOST_TEST(id.starts_with("gen-1700000123-"));
    BOOST_TEST(id.size() == 35U);
    const std::string letters = id.substr(15);
    BOOST_TEST(letters.size() == 20U);
    for (const char c : letters)
        BOOST_TEST((c >= '0' && c <= '9') + (c >= 'A' && c <= 'Z') + (c >= 'a' && c <= 'z') == 1);
    BOOST_TEST(text_of(flow::make_generation_id(5, random)).starts_with("gen-0000000005-"));
}

BOOST_AUTO_TEST_CASE(ids_of_one_second_differ_and_use_every_letter) {
    base::random_source random{7};
    std::set<std::string> ids;
    std::set<char> letters;
    for (int i = 0; i < 10'000; ++i) {
        const std::string id = text_of(flow::make_generation_id(1'700'000'123, random));
        letters.insert(id.begin() + 15, id.end());
        ids.insert(id);
    }
    BOOST_TEST(ids.size() == 10'000U);
    BOOST_TEST(letters.size() == 62U);
}

BOOST_AUTO_TEST_SUITE_END()
