#define BOOST_TEST_MODULE proxy_options
#include "proxy/options/value.hpp"

#include <boost/test/unit_test.hpp>

using namespace spillway::settings;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(options_value)

BOOST_AUTO_TEST_CASE(a_duration_is_a_whole_number_and_a_unit) {
    BOOST_TEST((*parse_duration("250ms") == 250ms));
    BOOST_TEST((*parse_duration("10s") == 10s));
    BOOST_TEST((*parse_duration("5m") == 5min));
    BOOST_TEST((*parse_duration("1h") == 1h));
    BOOST_TEST((*parse_duration("7d") == 168h));
    BOOST_TEST((*parse_duration_or_zero("0") == 0ms));
    BOOST_TEST((*parse_duration_or_zero("0s") == 0ms));
    for (const char* wrong :
         {"",
          "10",
          "s",
          "0s",
          "-1s",
          "+1s",
          " 1s",
          "1 s",
          "1.5s",
          "1S",
          "1w",
          "1h30m",
          "367d",
          "9223372036854775807d",
          "99999999999999999999s"}) {
        BOOST_TEST(!parse_duration(wrong), wrong);
    }
    BOOST_TEST(parse_duration("0.5s").error().advice.contains("250ms"));
}

BOOST_AUTO_TEST_CASE(a_size_is_octets_or_has_a_binary_unit) {
    BOOST_TEST(*parse_size("4096") == 4096U);
    BOOST_TEST(*parse_size("64KiB") == 65536U);
    BOOST_TEST(*parse_size("10MiB") == 10485760U);
    BOOST_TEST(*parse_size("2GiB") == 2147483648U);
    for (const char* wrong :
         {"", "0", "64K", "64kb", "64 KiB", "-1", "1.5MiB", "9223372036854775807GiB", "KiB"}) {
        BOOST_TEST(!parse_size(wrong), wrong);
    }
}

BOOST_AUTO_TEST_CASE(a_percentage_has_its_sign_and_ends_at_a_hundred) {
    BOOST_TEST(*parse_percent("20%") == 20U);
    BOOST_TEST(*parse_percent("0%") == 0U);
    BOOST_TEST(*parse_percent("100%") == 100U);
    for (const char* wrong : {"20", "101%", "-1%", "%", "0.5%", "20%%"})
        BOOST_TEST(!parse_percent(wrong), wrong);
}

BOOST_AUTO_TEST_CASE(a_count_stays_within_its_bounds) {
    BOOST_TEST(*parse_count("1", 1, 10) == 1U);
    BOOST_TEST(*parse_count("10", 1, 10) == 10U);
    for (const char* wrong : {"0", "11", "1x", "", "-1", "18446744073709551617"}) {
        BOOST_TEST(!parse_count(wrong, 1, 10), wrong);
    }
    BOOST_TEST(parse_count("x", 1, 10).error().advice == "write a whole number from 1 to 10");
}

BOOST_AUTO_TEST_CASE(money_is_exact) {
    BOOST_TEST(*parse_decimal("0.0375", 9) == 37'500'000);
    BOOST_TEST(*parse_decimal("0.1", 9) == 100'000'000);
    BOOST_TEST(*parse_decimal("15", 9) == 15'000'000'000);
    BOOST_TEST(*parse_decimal("0.000000001", 9) == 1);
    BOOST_TEST(*parse_decimal("2.500000000000", 9) == 2'500'000'000);
    BOOST_TEST(*parse_decimal("0.00000015", 15) == 150'000'000);
    BOOST_TEST(*parse_decimal("1.5e-7", 15) == 150'000'000);
    BOOST_TEST(*parse_decimal("1E2", 2) == 10'000);
    BOOST_TEST(*parse_decimal("000", 9) == 0);
    BOOST_TEST(*parse_decimal("0e9999", 9) == 0);
    BOOST_TEST(
        *parse_decimal("9223372036.854775807", 9) == std::numeric_limits<std::int64_t>::max()
    );
}

BOOST_AUTO_TEST_CASE(money_that_cannot_be_kept_exactly_is_refused) {
    for (const char* wrong :
         {"",
          ".",
          "1.",
          ".5",
          "-1",
          "+1",
          "1,5",
          "1$",
          " 1",
          "1e",
          "1e+",
          "1e12345",
          "0x1",
          "nan",
          "inf",
          "1.2.3"}) {
        BOOST_TEST(!parse_decimal(wrong, 9), wrong);
    }
    BOOST_TEST(
        parse_decimal("0.0000000001", 9).error().what.contains("more digits than can be kept")
    );
    BOOST_TEST(parse_decimal("9223372036.854775808", 9).error().what.contains("too large"));
    BOOST_TEST(parse_decimal("1e9999", 9).error().what.contains("too large"));
}

BOOST_AUTO_TEST_CASE(decimal_text_is_what_parse_decimal_reads) {
    for (const std::int64_t value :
         {std::int64_t{0},
          std::int64_t{1},
          std::int64_t{37'500'000},
          std::int64_t{15'000'000'000},
          std::int64_t{1'000'000'001},
          std::numeric_limits<std::int64_t>::max()}) {
        BOOST_TEST(*parse_decimal(decimal_text(value, 9), 9) == value);
    }
    BOOST_TEST(decimal_text(37'500'000, 9) == "0.0375");
    BOOST_TEST(decimal_text(2'000'000'000, 9) == "2");
}

BOOST_AUTO_TEST_CASE(a_listener_is_an_address_a_path_or_a_descriptor) {
    const auto is = [](std::string_view text, const listener& expected) {
        const parsed<listener> got = parse_listener(text);
        return got && *got == expected;
    };
    BOOST_TEST(is("127.0.0.1:8080", tcp_address{"127.0.0.1", 8080}));
    BOOST_TEST(is("0.0.0.0:0", tcp_address{"0.0.0.0", 0}));
    BOOST_TEST(is("localhost:65535", tcp_address{"127.0.0.1", 65535}));
    BOOST_TEST(is("[::1]:8080", tcp_address{"::1", 8080}));
    BOOST_TEST(is("[0:0::0:1]:80", tcp_address{"::1", 80}));
    BOOST_TEST(is("unix:/run/spillway.sock", unix_path{"/run/spillway.sock"}));
    BOOST_TEST(is("fd:3", inherited_descriptor{3}));
    for (const char* wrong :
         {"",
          "8080",
          "127.0.0.1",
          "127.0.0.1:",
          "127.0.0.1:65536",
          "127.0.0.1:-1",
          "::1:80",
          "[::1]",
          "[::1:80",
          "1.2.3:80",
          "256.1.1.1:80",
          "example.com:80",
          "unix:",
          "fd:",
          "fd:x",
          "fd:-1",
          "127.0.0.1:000080"}) {
        BOOST_TEST(!parse_listener(wrong), wrong);
    }
    BOOST_TEST(!parse_listener("unix:/" + std::string(107, 'a')));
    BOOST_TEST(
        parse_listener(":8080").error().advice ==
        "write 0.0.0.0:8080 for every IPv4 address or [::]:8080 for every address"
    );
}

BOOST_AUTO_TEST_CASE(listener_text_is_what_parse_listener_reads) {
    for (const char* text : {"127.0.0.1:8080", "[::1]:80", "unix:/run/a.sock", "fd:3"}) {
        BOOST_TEST(listener_text(*parse_listener(text)) == text);
    }
}

BOOST_AUTO_TEST_CASE(a_base_url_has_a_web_scheme_a_host_and_no_secrets) {
    BOOST_TEST(*parse_url("https://api.example.com/v1/") == "https://api.example.com/v1");
    BOOST_TEST(*parse_url("http://127.0.0.1:9000") == "http://127.0.0.1:9000");
    BOOST_TEST(*parse_url("https://[::1]:9000/v1") == "https://[::1]:9000/v1");
    for (const char* wrong :
         {"",
          "api.example.com",
          "ftp://a",
          "https://",
          "https:///v1",
          "https://:80",
          "https://a:",
          "https://a:0",
          "https://a:x",
          "https://a:65536",
          "https://[::1",
          "https://[x]/",
          "https://a b/",
          "https://a/\n",
          "https://[::1]x"}) {
        BOOST_TEST(!parse_url(wrong), wrong);
    }
    const problem user = parse_url("https://me:hunter22@example.com/").error();
    BOOST_TEST(!user.what.contains("hunter22"));
    BOOST_TEST(user.advice == "write a base URL such as https://api.example.com/v1");
    BOOST_TEST(!parse_url("https://example.com/?key=hunter22").error().what.contains("hunter22"));
    BOOST_TEST(!parse_url("https://example.com/#x"));
}

BOOST_AUTO_TEST_CASE(a_date_is_a_day_or_a_second_in_utc) {
    using namespace std::chrono;
    const sys_seconds day = sys_days{year{2027} / 1 / 31};
    BOOST_TEST((*parse_date("2027-01-31") == day));
    BOOST_TEST((*parse_date("2027-01-31T18:00:01Z") == day + 18h + 1s));
    BOOST_TEST((*parse_date("2028-02-29") == sys_days{year{2028} / 2 / 29}));
    BOOST_TEST(date_text(day) == "2027-01-31");
    BOOST_TEST(date_text(day + 18h + 1s) == "2027-01-31T18:00:01Z");
    for (const char* wrong :
         {"",
          "2027",
          "2027-02-29",
          "2027-13-01",
          "2027-1-31",
          "31.01.2027",
          "2027-01-31T24:00:00Z",
          "2027-01-31T18:60:00Z",
          "2027-01-31T18:00:60Z",
          "2027-01-31 18:00:00Z",
          "2027-01-31T18:00:00+",
          "20x7-01-31",
          "2027-01-31T18:00"}) {
        BOOST_TEST(!parse_date(wrong), wrong);
    }
}

BOOST_AUTO_TEST_CASE(a_header_keeps_out_of_framing_and_secrets) {
    BOOST_TEST((*parse_header("X-Team:  blue ") == extra_header{"X-Team", "blue"}));
    BOOST_TEST((*parse_header("X-Empty:") == extra_header{"X-Empty", ""}));
    for (const char* wrong :
         {"",
          "X-Team",
          ":x",
          "X Team:x",
          "X-Team :x",
          "X:a\nb",
          "Host:a",
          "content-length:3",
          "Transfer-Encoding:chunked",
          "Connection:close"}) {
        BOOST_TEST(!parse_header(wrong), wrong);
    }
    const problem why = parse_header("Authorization:Bearer sk-hunter22").error();
    BOOST_TEST(why.advice == "use key=SECRET");
    BOOST_TEST(!why.what.contains("hunter22"));
}

BOOST_AUTO_TEST_CASE(names_have_their_letters) {
    BOOST_TEST(parse_provider_name("openai").has_value());
    BOOST_TEST(parse_provider_name("0x.ai_2-b").has_value());
    for (const char* wrong : {"", "OpenAI", "-a", "a b", "a/b", "a,b", "ä"})
        BOOST_TEST(!parse_provider_name(wrong), wrong);
    BOOST_TEST(!parse_provider_name(std::string(65, 'a')));
    BOOST_TEST(parse_provider_reference("openai/eu").has_value());
    for (const char* wrong : {"openai/", "/eu", "a/b/c"})
        BOOST_TEST(!parse_provider_reference(wrong), wrong);
    BOOST_TEST(parse_label("Team-1").has_value());
    BOOST_TEST(!parse_label("a b"));
    BOOST_TEST(parse_model_name("openai/gpt-4o:free").has_value());
    for (const char* wrong : {"", "a b", "a,b", "a=b", "a\"b"})
        BOOST_TEST(!parse_model_name(wrong), wrong);
    BOOST_TEST(parse_upstream_name("accounts/x/models/y=z,w").has_value());
    BOOST_TEST(!parse_upstream_name("a b"));
    BOOST_TEST(!parse_path(""));
    BOOST_TEST(!parse_path(std::string_view{"a\0b", 3}));
    BOOST_TEST((*parse_list("a+b") == std::vector<std::string>{"a", "b"}));
    for (const char* wrong : {"", "+", "a+", "+a", "a++b"})
        BOOST_TEST(!parse_list(wrong), wrong);
}

BOOST_AUTO_TEST_CASE(the_nearest_name_is_near) {
    constexpr std::string_view names[] = {"listen", "max-body", "max-head", "workers"};
    BOOST_TEST(nearest("lisen", names) == "listen");
    BOOST_TEST(nearest("maxbody", names) == "max-body");
    BOOST_TEST(nearest("wrokers", names) == "workers");
    BOOST_TEST(nearest("zebra", names) == "");
    BOOST_TEST(nearest("", names) == "");
    BOOST_TEST(nearest(std::string(100'000, 'a'), names) == "");
}

BOOST_AUTO_TEST_CASE(loopback_is_recognised_in_every_spelling) {
    for (const char* host :
         {"127.0.0.1", "127.9.9.9", "::1", "[::1]", "localhost", "::ffff:127.0.0.1"}) {
        BOOST_TEST(is_loopback_host(host), host);
    }
    for (const char* host : {"0.0.0.0", "::", "10.0.0.1", "127.example.com", "example.com", ""}) {
        BOOST_TEST(!is_loopback_host(host), host);
    }
}

BOOST_AUTO_TEST_CASE(shown_text_cannot_start_a_line_or_flood_one) {
    BOOST_TEST(shown("a\nb\x1b") == "a?b?");
    BOOST_TEST(shown(std::string(200, 'x')).size() == 83U);
}

BOOST_AUTO_TEST_SUITE_END()
