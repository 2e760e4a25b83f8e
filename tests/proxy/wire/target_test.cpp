#include "proxy/wire/target.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

namespace spillway::wire {
namespace {

BOOST_AUTO_TEST_SUITE(targets)

BOOST_AUTO_TEST_CASE(a_target_is_split_at_the_first_question_mark) {
    BOOST_TEST(split_target("/a?b?c").path == "/a");
    BOOST_TEST(split_target("/a?b?c").query == "b?c");
    BOOST_TEST(split_target("/a").query == "");
    BOOST_TEST(split_target("").path == "/");
    BOOST_TEST(split_target("?a=b").path == "/");
    BOOST_TEST(split_target("?a=b").query == "a=b");
}

BOOST_AUTO_TEST_CASE(a_plain_path_is_not_copied) {
    std::string scratch;
    const std::string_view path = "/v1/models";
    const path_verdict verdict = check_path(path, scratch);
    BOOST_TEST(verdict.status == 0);
    BOOST_TEST((verdict.path.data() == path.data()));
    BOOST_TEST(scratch.empty());
}

BOOST_AUTO_TEST_CASE(every_encoded_octet_is_either_plain_or_refused) {
    const std::string plain =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_~!$&'()*+,=:@";
    for (int octet = 0; octet < 256; ++octet) {
        constexpr std::string_view digits = "0123456789abcdef";
        std::string path = "/a%";
        path += digits[static_cast<std::size_t>(octet / 16)];
        path += digits[static_cast<std::size_t>(octet % 16)];
        std::string scratch;
        const char c = static_cast<char>(octet);
        const path_verdict verdict = check_path(path, scratch);
        const bool accepted = verdict.status == 0;
        BOOST_TEST(accepted == (plain.find(c) != std::string::npos), path);
        if (accepted) BOOST_TEST(verdict.path == std::string{"/a"} + c);
    }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace spillway::wire
