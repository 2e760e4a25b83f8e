#include "tests/proxy/server/visit.hpp"
#include "tests/support/three_ways.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

namespace {

using namespace spillway;
using namespace std::chrono_literals;
using tests::visit;

const std::string health = "GET /healthz HTTP/1.1\r\nHost: h\r\n\r\n";
const std::string ready = "GET /readyz HTTP/1.1\r\nHost: h\r\n\r\n";
const std::string unknown_model =
    R"({"model":"nobody/serves","messages":[{"role":"user","content":"x"}]})";

std::string
ask(std::string_view fields, std::string_view body, std::string_view path = "/v1/chat/completions"
) {
    return "POST " + std::string{path} + " HTTP/1.1\r\nHost: h\r\n" + std::string{fields} +
           "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + std::string{body};
}
const std::string with_key = "Authorization: Bearer sk-alpha\r\n";

// Everything the client gets for `octets` when nothing follows them.
std::string answers(std::string_view octets) {
    visit at;
    at.begin();
    at.say(octets);
    at.runner.settle();
    at.other.end_writing();
    at.until_over();
    return at.got;
}
std::string status_of(std::string_view octets) {
    const std::string got = answers(octets);
    return got.size() > 12 ? got.substr(9, 3) : got;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(sessions)

BOOST_AUTO_TEST_CASE(a_connection_carries_one_request_after_another) {
    visit at;
    at.begin();
    at.say(health);
    at.until("ok\n");
    BOOST_TEST(!at.got.contains("Connection: close"));
    at.say(ready);
    at.until("ready\n");
    BOOST_TEST(at.statuses() == "200 200");
    BOOST_TEST(!at.is_over());
}

// S-H7
BOOST_AUTO_TEST_CASE(pipelined_requests_are_answered_in_order) {
    visit at;
    at.begin();
    at.say(health + ask(with_key, unknown_model) + ready + health);
    at.until("ready\n");
    at.runner.settle();
    at.until("ready\n");
    BOOST_TEST(at.statuses().starts_with("200 404 200"));
    BOOST_TEST(at.got.find("ok\n") < at.got.find("nobody/serves"));
    BOOST_TEST(at.got.find("nobody/serves") < at.got.find("ready\n"));
}

BOOST_AUTO_TEST_CASE(a_head_may_come_in_any_pieces) {
    const std::string said = testing::three_ways(health, [](const testing::pieces& pieces) {
        visit at;
        at.begin();
        for (const std::string_view piece : pieces) {
            at.say(piece);
            at.runner.settle();
        }
        at.until("ok\n");
        return at.statuses();
    });
    BOOST_TEST(said == "200");
}

BOOST_AUTO_TEST_CASE(a_body_may_come_in_any_pieces) {
    const std::string said =
        testing::three_ways(ask(with_key, unknown_model), [](const testing::pieces& pieces) {
            visit at;
            at.begin();
            for (const std::string_view piece : pieces) {
                at.say(piece);
                at.runner.settle();
            }
            at.until("nobody/serves");
            return at.statuses();
        });
    BOOST_TEST(said == "404");
}

BOOST_AUTO_TEST_CASE(behind_an_announced_end_nothing_is_read) {
    const std::string got =
        answers("GET /healthz HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n" + ready);
    BOOST_TEST(got.contains("Connection: close\r\n"));
    BOOST_TEST(got.contains("ok\n"));
    BOOST_TEST(!got.contains("ready"));
}

BOOST_AUTO_TEST_CASE(a_client_of_http_1_0_gets_one_answer) {
    const std::string got = answers("GET /healthz HTTP/1.0\r\n\r\n" + health);
    BOOST_TEST(got.contains("Connection: close\r\n"));
    BOOST_TEST(got.ends_with("ok\n"));
}

BOOST_AUTO_TEST_CASE(a_head_that_is_asked_for_alone_has_no_body) {
    const std::string got = answers("HEAD /healthz HTTP/1.1\r\nHost: h\r\n\r\n");
    BOOST_TEST(got.contains("Content-Length: 3\r\n"));
    BOOST_TEST(got.ends_with("\r\n\r\n"));
}

BOOST_AUTO_TEST_CASE(each_side_has_its_list_of_models) {
    BOOST_TEST(status_of("GET /v1/models HTTP/1.1\r\nHost: h\r\n\r\n") == "401");
    BOOST_TEST(answers("GET /v1/models HTTP/1.1\r\nHost: h\r\n" + with_key + "\r\n")
                   .ends_with("{\"openai\":1}"));
    BOOST_TEST(
        answers("GET /api/v1/models HTTP/1.1\r\nHost: h\r\n\r\n").ends_with("{\"openrouter\":1}")
    );
    const std::string missing =
        answers("GET /v1/models/a/b HTTP/1.1\r\nHost: h\r\n" + with_key + "\r\n");
    BOOST_TEST(missing.contains("The model 'a/b' does not exist."));
}

BOOST_AUTO_TEST_CASE(wrong_paths_and_methods_are_told_what_would_be_right) {
    BOOST_TEST(status_of("GET /v2/models HTTP/1.1\r\nHost: h\r\n\r\n") == "404");
    const std::string got = answers("GET /v1/chat/completions HTTP/1.1\r\nHost: h\r\n\r\n");
    BOOST_TEST(got.starts_with("HTTP/1.1 405 "));
    BOOST_TEST(got.contains("allow: POST, OPTIONS\r\n"));
    BOOST_TEST(status_of("TRACE /healthz HTTP/1.1\r\nHost: h\r\n\r\n") == "405");
    BOOST_TEST(status_of("CONNECT h:443 HTTP/1.1\r\nHost: h:443\r\n\r\n") == "405");
}

BOOST_AUTO_TEST_CASE(a_browser_may_ask_first) {
    const std::string got =
        answers("OPTIONS /v1/chat/completions HTTP/1.1\r\nHost: h\r\nOrigin: http://a\r\n"
                "Access-Control-Request-Headers: authorization, x-title\r\n\r\n");
    BOOST_TEST(got.starts_with("HTTP/1.1 204 "));
    BOOST_TEST(got.contains("access-control-allow-methods: POST, OPTIONS\r\n"));
    BOOST_TEST(got.contains("access-control-allow-headers: authorization, x-title\r\n"));
    BOOST_TEST(!got.contains("Content-Length"));
}

// S-H3, S-H4
BOOST_AUTO_TEST_CASE(a_refused_head_is_answered_and_ends_the_connection) {
    struct row {
        std::string octets;
        const char* status;
    };
    const row rows[] = {
        {"GET  / HTTP/1.1\r\nHost: h\r\n\r\n", "400"},
        {"GET / HTTP/1.1\r\n\r\n", "400"},
        {"GET / HTTP/1.1\r\nHost: h\r\n folded\r\n\r\n", "400"},
        {"GET / HTTP/3.0\r\nHost: h\r\n\r\n", "505"},
        {"GET /" + std::string(9000, 'a') + " HTTP/1.1\r\nHost: h\r\n\r\n", "414"},
        {"GET / HTTP/1.1\r\nHost: h\r\nX: " + std::string(17000, 'x') + "\r\n\r\n", "431"},
        {"POST /v1/chat/completions HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\nTransfer-Encoding: "
         "chunked\r\n\r\n",
         "400"},
        {"POST /v1/chat/completions HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\nContent-Length: "
         "1\r\n\r\n",
         "400"},
        {"POST /v1/chat/completions HTTP/1.1\r\nHost: h\r\nContent-Length: 9999999\r\n\r\n", "413"},
    };
    for (const row& one : rows) {
        BOOST_TEST_CONTEXT(one.octets.substr(0, 60)) {
            const std::string got = answers(one.octets + health);
            BOOST_TEST(got.substr(9, 3) == one.status);
            BOOST_TEST(got.contains("Connection: close\r\n"));
            BOOST_TEST(!got.contains("ok\n"));
        }
    }
}

BOOST_AUTO_TEST_CASE(a_request_without_a_key_is_refused_before_its_body) {
    visit at;
    at.begin();
    at.say("POST /v1/chat/completions HTTP/1.1\r\nHost: h\r\nExpect: "
           "100-continue\r\nContent-Length: 50\r\n\r\n");
    at.until("Missing Authentication");
    at.until_over();
    BOOST_TEST(at.statuses() == "401");  // S-H6: instead of 100
    BOOST_TEST(at.got.contains("Connection: close\r\n"));
}

BOOST_AUTO_TEST_CASE(who_waits_for_an_invitation_is_invited) {
    visit at;
    at.begin();
    const std::string request = ask(with_key + "Expect: 100-continue\r\n", unknown_model);
    const std::size_t head = request.size() - unknown_model.size();
    at.say(std::string_view{request}.substr(0, head));
    at.until("100 Continue\r\n\r\n");
    BOOST_TEST(at.statuses() == "100");
    at.say(unknown_model);
    at.until("nobody/serves");
    BOOST_TEST(at.statuses() == "100 404");
}

BOOST_AUTO_TEST_CASE(who_sends_its_body_at_once_needs_no_invitation) {
    visit at;
    at.begin();
    at.say(ask(with_key + "Expect: 100-continue\r\n", unknown_model));
    at.until("nobody/serves");
    BOOST_TEST(at.statuses() == "404");
}

BOOST_AUTO_TEST_CASE(what_is_asked_in_the_head_and_cannot_be_done_is_refused) {
    BOOST_TEST(status_of(ask(with_key + "Expect: miracles\r\n", "{}")) == "417");
    BOOST_TEST(status_of(ask(with_key + "Content-Encoding: compress\r\n", "{}")) == "415");
    BOOST_TEST(status_of(ask(with_key + "Content-Encoding: gzip, br\r\n", "{}")) == "415");
    BOOST_TEST(status_of(ask(with_key + "Content-Encoding: gzip\r\n", "{}")) == "400");
    BOOST_TEST(status_of(ask(with_key + "Content-Type: Multipart/form-data\r\n", "{}")) == "415");
    BOOST_TEST(status_of(ask(with_key + "X-Spillway-Timeout-Idle: soon\r\n", "{}")) == "400");
    BOOST_TEST(status_of(ask(with_key + "Content-Encoding: Identity\r\n", unknown_model)) == "404");
}

BOOST_AUTO_TEST_CASE(a_body_that_is_no_request_is_refused_and_the_connection_goes_on) {
    const std::string got = answers(ask(with_key, "") + ask(with_key, "[1") + health);
    BOOST_TEST(got.starts_with("HTTP/1.1 400 "));
    BOOST_TEST(got.ends_with("ok\n"));
}

// S-H5: what stands in a body that nobody wants is never taken for a request.
BOOST_AUTO_TEST_CASE(a_small_unwanted_body_is_skipped) {
    visit at;
    at.begin();
    at.say(ask("", ready, "/nowhere") + health);
    at.until("ok\n");
    BOOST_TEST(at.statuses() == "404 200");
    BOOST_TEST(!at.got.contains("ready"));
}

BOOST_AUTO_TEST_CASE(a_small_unwanted_body_is_skipped_when_it_comes_late) {
    visit at;
    at.begin();
    const std::string request = ask("", ready, "/nowhere");
    at.say(std::string_view{request}.substr(0, request.size() - ready.size()));
    at.until("HTTP/1.1 404");
    at.say(ready);
    at.say(health);
    at.until("ok\n");
    BOOST_TEST(at.statuses() == "404 200");
}

BOOST_AUTO_TEST_CASE(a_small_unwanted_body_in_chunks_is_skipped) {
    visit at;
    at.begin();
    at.say("POST /nowhere HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n");
    at.until("HTTP/1.1 404");
    at.say("0\r\n\r\n" + health);
    at.until("ok\n");
    BOOST_TEST(at.statuses() == "404 200");
}

BOOST_AUTO_TEST_CASE(a_large_unwanted_body_ends_the_connection) {
    visit at;
    at.begin();
    at.say("POST /nowhere HTTP/1.1\r\nHost: h\r\nContent-Length: 1000000\r\n\r\n" + health);
    at.until_over();
    BOOST_TEST(at.statuses() == "404");
    BOOST_TEST(at.got.contains("Connection: close\r\n"));
}

BOOST_AUTO_TEST_CASE(broken_chunks_are_refused_and_end_the_connection) {
    visit at;
    at.begin();
    at.say(
        "POST /v1/chat/completions HTTP/1.1\r\nHost: h\r\n" + with_key +
        "Transfer-Encoding: chunked\r\n\r\nxyz\r\n" + health
    );
    at.other.end_writing();
    at.until_over();
    BOOST_TEST(at.statuses() == "400");
    BOOST_TEST(at.got.contains("Connection: close\r\n"));
}

BOOST_AUTO_TEST_CASE(the_last_request_of_a_connection_is_told_so) {
    server::session_limits limits;
    limits.requests = 2;
    visit at;
    at.begin(limits);
    at.say(health + health + health);
    at.other.end_writing();
    at.until_over();
    BOOST_TEST(at.statuses() == "200 200");
    BOOST_TEST(at.got.find("Connection: close") > at.got.find("ok\n"));
}

// R-C5
BOOST_AUTO_TEST_CASE(an_idle_connection_is_closed_without_a_word) {
    server::session_limits limits;
    limits.keep_alive = 0s;
    visit at;
    at.begin(limits);
    at.until_over();
    BOOST_TEST(at.got == "");
}

// R-C3
BOOST_AUTO_TEST_CASE(a_head_that_does_not_end_is_given_up) {
    server::session_limits limits;
    limits.head = 0s;
    visit at;
    at.begin(limits);
    at.say("GET /healthz HT");
    at.until("408");
    at.other.end_writing();
    at.until_over();
    BOOST_TEST(at.statuses() == "408");
    BOOST_TEST(at.got.contains("Connection: close\r\n"));
}

// R-P9
BOOST_AUTO_TEST_CASE(a_request_there_is_no_memory_for_is_shed) {
    visit at{100};
    at.begin();
    at.say(ask(with_key, std::string(200, ' ')));
    at.until("\r\n\r\n{");
    BOOST_TEST(at.statuses() == "503");
    BOOST_TEST(at.got.contains("etry-"));
    BOOST_TEST(at.count.value(observe::counter::shed) == 1U);
    BOOST_TEST(at.memory.promised() == 0U);
}

BOOST_AUTO_TEST_CASE(memory_is_given_back_after_each_request) {
    visit at{1000};
    at.begin();
    for (int i = 0; i < 20; ++i) {
        at.got.clear();
        at.say(ask(with_key, unknown_model));
        at.until("nobody/serves");
        BOOST_TEST(at.statuses() == "404");
    }
    BOOST_TEST(at.memory.promised() == 0U);
}

BOOST_AUTO_TEST_CASE(a_connection_between_requests_ends_when_the_worker_drains) {
    visit at;
    at.begin();
    at.say(health);
    at.until("ok\n");
    at.life = server::phase::draining;
    at.session().drain();
    at.until_over();
    BOOST_TEST(at.statuses() == "200");
}

// R-P1
BOOST_AUTO_TEST_CASE(a_request_while_draining_is_answered_and_told_that_it_was_the_last) {
    visit at;
    at.begin();
    at.say(health);
    at.until("ok\n");
    at.life = server::phase::draining;
    at.say(ready + health);
    at.other.end_writing();
    at.until_over();
    BOOST_TEST(at.statuses() == "200 503");
    BOOST_TEST(at.got.contains("Connection: close\r\n"));
}

// A request that began before the drain ends after it; its connection must not wait for another one.
BOOST_AUTO_TEST_CASE(a_connection_with_a_request_ends_after_its_answer) {
    visit at;
    at.begin();
    const std::string request = ask(with_key, unknown_model);
    at.say(std::string_view{request}.substr(0, request.size() - 5));
    at.runner.settle();
    at.life = server::phase::draining;
    at.session().drain();
    at.say(std::string_view{request}.substr(request.size() - 5));
    at.until("nobody/serves");
    BOOST_TEST(at.statuses() == "404");
    BOOST_TEST(at.got.contains("Connection: close\r\n"));
    at.other.end_writing();
    at.until_over();
}

BOOST_AUTO_TEST_CASE(a_cut_ends_whatever_is_under_way) {
    visit at;
    at.begin();
    const std::string request = ask(with_key, unknown_model);
    at.say(std::string_view{request}.substr(0, request.size() - 5));
    at.runner.settle();
    at.session().cut();
    at.other.end_writing();
    at.until_over();
    BOOST_TEST(at.is_over());
}

BOOST_AUTO_TEST_SUITE_END()
