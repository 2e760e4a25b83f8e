#include "proxy/flow/error_reply.hpp"
#include "tests/proxy/flow/clients.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <string>

namespace {

using namespace spillway;
using namespace std::chrono_literals;
using adapters::error_class;

struct told {
    std::string head;
    std::string body;
    bool has(std::string_view line) const { return head.contains(std::string{line} + "\r\n"); }
};

told tell(
    const adapters::problem& why,
    const observe::request_record& about = {},
    std::string_view allowed = {},
    adapters::protocol dialect = adapters::protocol::chat
) {
    tests::client_pair client;
    base::http_date date;
    client.reply.begin(wire::method::post, 1, flow::keep::open);
    adapters::question asked;
    asked.dialect = dialect;
    const std::string body = flow::start_problem(client.reply, why, asked, about, date, allowed);
    BOOST_TEST(client.send(body, flow::part::last).has_value());
    const std::string all = client.received();
    const std::size_t end = all.find("\r\n\r\n");
    BOOST_REQUIRE(end != std::string::npos);
    BOOST_TEST(all.substr(end + 4) == body);
    return {all.substr(0, end + 2), body};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(error_replies)

BOOST_AUTO_TEST_CASE(a_problem_is_json_with_its_status_and_length) {
    const told got = tell(adapters::make_problem(error_class::bad_request, "No good.", "model"));
    BOOST_TEST(got.head.starts_with("HTTP/1.1 400 "));
    BOOST_TEST(got.head.contains("application/json\r\n"));
    BOOST_TEST(got.head.contains("ontent-Length: " + std::to_string(got.body.size()) + "\r\n"));
    BOOST_TEST(got.body.contains("No good."));
    BOOST_TEST(!got.head.contains("x-generation-id"));
    BOOST_TEST(!got.head.contains("x-spillway-attempts"));
    BOOST_TEST(!got.head.contains("etry-"));
}

BOOST_AUTO_TEST_CASE(what_was_tried_is_said) {
    observe::request_record about;
    std::ranges::fill(about.id, 'i');
    about.attempts = 3;
    const told got = tell(adapters::make_problem(error_class::upstream_fault, "Broken."), about);
    BOOST_TEST(got.head.starts_with("HTTP/1.1 502 "));
    BOOST_TEST(got.has("x-generation-id: " + std::string(35, 'i')));
    BOOST_TEST(got.has("x-spillway-attempts: 3"));
}

// The clients of Anthropic, OpenAI and Amazon show these to whoever reports a fault.
BOOST_AUTO_TEST_CASE(the_id_stands_where_clients_of_the_dialect_look) {
    observe::request_record about;
    std::ranges::fill(about.id, 'i');
    const std::string id(35, 'i');
    const auto why = adapters::make_problem(error_class::rate, "Later.");
    const auto told_to = [&](adapters::protocol dialect) {
        return tell(why, about, {}, dialect);
    };
    const told claude = told_to(adapters::protocol::messages);
    BOOST_TEST(claude.has("request-id: " + id));
    BOOST_TEST(claude.body.contains("\"request_id\":\"" + id + "\""));
    BOOST_TEST(told_to(adapters::protocol::chat).has("x-request-id: " + id));
    BOOST_TEST(told_to(adapters::protocol::converse).has("x-amzn-requestid: " + id));
    BOOST_TEST(!told_to(adapters::protocol::ollama).head.contains("request"));
}

// R-L2, R-U8: whole seconds rounded up, and never none.
BOOST_AUTO_TEST_CASE(a_wait_is_told_in_seconds_and_milliseconds) {
    struct row {
        std::chrono::milliseconds wait;
        const char* seconds;
        const char* milliseconds;
    };
    for (const row& one :
         {row{1500ms, ": 2\r\n", ": 1500\r\n"},
          row{1000ms, ": 1\r\n", ": 1000\r\n"},
          row{0ms, ": 1\r\n", ": 1\r\n"},
          row{-5ms, ": 1\r\n", ": 1\r\n"}}) {
        adapters::problem why = adapters::make_problem(error_class::rate, "Later.");
        why.retry_after = one.wait;
        std::string head = tell(why).head;
        std::ranges::transform(head, head.begin(), [](char c) {
            return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
        });
        BOOST_TEST(head.starts_with("http/1.1 429 "));
        BOOST_TEST(head.contains(std::string{"\r\nretry-after"} + one.seconds));
        BOOST_TEST(head.contains(std::string{"\r\nretry-after-ms"} + one.milliseconds));
    }
}

BOOST_AUTO_TEST_CASE(a_wait_is_told_only_where_coming_back_helps) {
    adapters::problem why = adapters::make_problem(error_class::bad_request, "No.");
    why.retry_after = 1s;
    BOOST_TEST(!tell(why).head.contains("etry-"));
}

BOOST_AUTO_TEST_CASE(the_status_brings_the_fields_that_belong_to_it) {
    adapters::problem why = adapters::make_problem(error_class::bad_request, "Other methods.");
    why.status = 405;
    BOOST_TEST(tell(why, {}, "POST, OPTIONS").has("allow: POST, OPTIONS"));
    BOOST_TEST(
        tell(adapters::make_problem(error_class::auth, "Who?")).head.contains("Bearer realm=")
    );
}

BOOST_AUTO_TEST_SUITE_END()
