#include "adapters/protocols/gemini/codec.hpp"
#include "tests/adapters/support/json_tree.hpp"

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <string_view>

namespace {

using namespace spillway::adapters;
using namespace std::chrono_literals;
using error_class = spillway::adapters::error_class;

problem
told(std::uint16_t status, std::string_view body, std::chrono::system_clock::time_point now) {
    answer_head head;
    head.status = status;
    head.now = now;
    return gemini::explain(head, body, *find_row("google-ai-studio"), "Acme");
}
problem told(std::uint16_t status, std::string_view body) {
    return told(status, body, {});
}

std::string
error(std::string_view status, std::string_view message, std::string_view details = "") {
    return std::string{R"({"error":{"code":1,"message":")"}.append(message) + R"(","status":")" +
           std::string{status} + R"(","details":[)" + std::string{details} + "]}}";
}

}  // namespace

BOOST_AUTO_TEST_SUITE(gemini_errors)

BOOST_AUTO_TEST_CASE(each_error_of_the_table_has_its_class) {
    struct row {
        std::uint16_t status;
        std::string body;
        error_class what;
    };
    const row rows[] = {
        {400, error("INVALID_ARGUMENT", "bad"), error_class::bad_request},
        {400,
         error("INVALID_ARGUMENT", "API key not valid. Please pass a valid API key."),
         error_class::auth},
        {400,
         error("INVALID_ARGUMENT", "x", R"({"@type":"ErrorInfo","reason":"API_KEY_INVALID"})"),
         error_class::auth},
        {400,
         error(
             "INVALID_ARGUMENT",
             "The input token count (9) exceeds the maximum number of tokens allowed (8)."
         ),
         error_class::context_length},
        {400,
         error("FAILED_PRECONDITION", "User location is not supported"),
         error_class::permission},
        {401, error("UNAUTHENTICATED", "x"), error_class::auth},
        {403, error("PERMISSION_DENIED", "x"), error_class::permission},
        {404, error("NOT_FOUND", "x"), error_class::not_found},
        {413, "<html>too large</html>", error_class::too_large},
        {429, error("RESOURCE_EXHAUSTED", "You exceeded your current quota"), error_class::rate},
        {499, error("CANCELLED", "x"), error_class::unavailable},
        {500, error("INTERNAL", "x"), error_class::upstream_fault},
        {502, "<html>", error_class::unavailable},
        {503, error("UNAVAILABLE", "The model is overloaded."), error_class::overload},
        {504, error("DEADLINE_EXCEEDED", "x"), error_class::timeout},
    };
    for (const auto& one : rows) {
        const auto why = told(one.status, one.body);
        BOOST_TEST((why.what == one.what), one.body << " is " << name_of(why.what));
        BOOST_TEST(why.upstream_status == one.status);
        BOOST_TEST(why.raw == one.body);
    }
    BOOST_TEST((told(404, "[" + error("NOT_FOUND", "gone") + "]").message == "gone"));
}

BOOST_AUTO_TEST_CASE(trap_51_waits_are_read_from_the_details_and_from_the_words) {
    const std::string_view info =
        R"({"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"34.4s"})";
    BOOST_TEST((told(429, error("RESOURCE_EXHAUSTED", "x", info)).retry_after == 34'400ms));
    BOOST_TEST(
        (told(429, error("RESOURCE_EXHAUSTED", "Please retry in 2.0001s.")).retry_after == 2'001ms)
    );
    BOOST_TEST(!told(429, error("RESOURCE_EXHAUSTED", "Resource exhausted")).retry_after);
    BOOST_TEST(!told(429, error("RESOURCE_EXHAUSTED", "retry in -5s")).retry_after);
}

BOOST_AUTO_TEST_CASE(a_quota_of_the_day_is_over_at_midnight_in_los_angeles) {
    using namespace std::chrono;
    const auto body = error(
        "RESOURCE_EXHAUSTED",
        "x",
        R"({"violations":[{"quotaId":"GenerateRequestsPerDayPerProject"}]},{"retryDelay":"3s"})"
    );
    const auto at = [](sys_days day, minutes when) {
        return system_clock::time_point{day} + when;
    };
    // In winter midnight is 08:00 UTC, in summer 07:00.
    BOOST_TEST((told(429, body, at(2026y / January / 10, 7h)).retry_after == 1h));
    BOOST_TEST((told(429, body, at(2026y / January / 10, 8h)).retry_after == 24h));
    BOOST_TEST((told(429, body, at(2026y / July / 10, 6h)).retry_after == 1h));
    BOOST_TEST((told(429, body, at(2026y / July / 10, 7h + 30min)).retry_after == 23h + 30min));
    const auto never = told(
        429,
        error("RESOURCE_EXHAUSTED", "x", R"({"violations":[{"quotaValue":"0"}]})"),
        at(2026y / July / 10, 6h)
    );
    BOOST_TEST((never.what == error_class::quota));
    BOOST_TEST((never.retry_after == 1h));
}

BOOST_AUTO_TEST_CASE(a_problem_is_googles_envelope_with_the_wait_in_the_details) {
    auto why = make_problem(error_class::rate, "slow \"down\"", "contents");
    why.retry_after = 34'400ms;
    const auto tree = spillway::testing::parse_json(gemini::render_problem(why, face::openai));
    BOOST_REQUIRE(tree.has_value());
    BOOST_TEST(tree->word("error.code") == "429");
    BOOST_TEST(tree->word("error.status") == "RESOURCE_EXHAUSTED");
    BOOST_TEST(tree->word("error.message") == "slow \"down\"");
    BOOST_TEST(tree->word("error.details.0.retryDelay") == "34.400s");
    BOOST_TEST(tree->word("error.details.1.fieldViolations.0.field") == "contents");
    auto broke = make_problem(error_class::quota, "pay");
    broke.status = 402;
    const auto poor = spillway::testing::parse_json(gemini::render_problem(broke, face::openai));
    BOOST_TEST(poor->word("error.code") == "403");
    BOOST_TEST(poor->word("error.status") == "PERMISSION_DENIED");
    answer_context context;
    const auto framed = gemini::render_stream_problem(why, context);
    BOOST_TEST(framed.starts_with("data: {\"error\":"));
    BOOST_TEST(framed.ends_with("}}\r\n\r\n"));
}

BOOST_AUTO_TEST_SUITE_END()
