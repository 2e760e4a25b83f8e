#include "proxy/flow/admission.hpp"
#include "proxy/wire/head_parser.hpp"
#include "tests/proxy/flow/plans.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

namespace {

using namespace spillway;
using namespace std::chrono_literals;

struct gate {
    tests::world world;
    flow::admission admission;
    wire::request_head head;
    std::string text;

    gate() {
        world.add_key("alpha", "sk-alpha");
        world.add_key("beta", "sk-beta");
    }

    // The name of the key that is let in, or "!" and what is told.
    std::string ask(const flow::deployment& plan, const std::string& fields) {
        text = "GET / HTTP/1.1\r\nHost: h\r\n" + fields + "\r\n";
        head.reset();
        const wire::head_verdict verdict = wire::parse_request(text, head);
        BOOST_REQUIRE((verdict.state == wire::head_state::complete));
        const auto who = admission.admit(head, plan, flow::query_key::refused);
        if (who) return (*who)->name;
        BOOST_TEST((who.error().what == adapters::error_class::auth));
        BOOST_TEST(who.error().status == 401);
        BOOST_TEST(who.error().code == "invalid_api_key");
        return '!' + who.error().message;
    }
    std::string ask(const std::string& fields) { return ask(world.plan(), fields); }
};

const std::string unknown = "!Invalid API key.";
const std::string several = "!Send exactly one API key.";
const std::string missing =
    "!Missing Authentication header. Send your key as 'Authorization: Bearer <key>'.";

}  // namespace

BOOST_AUTO_TEST_SUITE(admissions)

BOOST_AUTO_TEST_CASE(a_known_key_is_let_in_under_its_name) {
    gate at;
    BOOST_TEST(at.ask("Authorization: Bearer sk-alpha\r\n") == "alpha");
    BOOST_TEST(at.ask("Authorization: bEARER  \t sk-beta\r\n") == "beta");
    BOOST_TEST(at.ask("X-Api-Key: sk-beta\r\n") == "beta");
    BOOST_TEST(at.ask("Api-Key: sk-alpha\r\n") == "alpha");
}

BOOST_AUTO_TEST_CASE(no_key_is_told_how_to_send_one) {
    gate at;
    BOOST_TEST(at.ask("") == missing);
    BOOST_TEST(at.ask("Authorization: Basic c2stYWxwaGE=\r\n") == missing);
    BOOST_TEST(at.ask("Authorization: Bearer\r\n") == missing);
    BOOST_TEST(at.ask("Authorization: sk-alpha\r\n") == missing);
    BOOST_TEST(at.ask("Cookie: key=sk-alpha\r\n") == missing);
}

// S-K4
BOOST_AUTO_TEST_CASE(two_credentials_are_refused_even_when_they_agree) {
    gate at;
    BOOST_TEST(at.ask("Authorization: Bearer sk-alpha\r\nX-Api-Key: sk-alpha\r\n") == several);
    BOOST_TEST(at.ask("X-Api-Key: sk-alpha\r\nApi-Key: sk-alpha\r\n") == several);
    BOOST_TEST(
        at.ask("Authorization: Bearer sk-alpha\r\nAuthorization: Bearer sk-alpha\r\n") == several
    );
    BOOST_TEST(at.ask("Authorization: Basic x\r\nApi-Key: sk-alpha\r\n") == several);
}

BOOST_AUTO_TEST_CASE(unknown_expired_and_endless_keys_are_told_alike) {
    gate at;
    at.world.plain.keys[1].expires = std::chrono::system_clock::now() - 1h;
    BOOST_TEST(at.ask("Authorization: Bearer sk-gamma\r\n") == unknown);
    BOOST_TEST(at.ask("Authorization: Bearer sk-beta\r\n") == unknown);
    BOOST_TEST(at.ask("Authorization: Bearer " + std::string(600, 'k') + "\r\n") == unknown);
    at.world.plain.keys[1].expires = std::chrono::system_clock::now() + 1h;
    BOOST_TEST(at.ask("Authorization: Bearer sk-beta\r\n") == "beta");
}

BOOST_AUTO_TEST_CASE(the_remembered_key_opens_only_for_itself) {
    gate at;
    const flow::deployment plan = at.world.plan();
    BOOST_TEST(at.ask(plan, "Authorization: Bearer sk-alpha\r\n") == "alpha");
    BOOST_TEST(at.ask(plan, "Authorization: Bearer sk-alpha\r\n") == "alpha");
    BOOST_TEST(at.ask(plan, "Authorization: Bearer sk-alph\r\n") == unknown);
    BOOST_TEST(at.ask(plan, "Authorization: Bearer sk-alpha2\r\n") == unknown);
    BOOST_TEST(at.ask(plan, "") == missing);
    BOOST_TEST(at.ask(plan, "Authorization: Bearer sk-beta\r\n") == "beta");
    BOOST_TEST(at.ask(plan, "Authorization: Bearer sk-beta\r\n") == "beta");
    BOOST_TEST(at.ask(plan, "Api-Key: sk-alpha\r\n") == "alpha");
}

BOOST_AUTO_TEST_CASE(a_remembered_key_expires_like_any_other) {
    gate at;
    at.world.plain.keys[0].expires = std::chrono::system_clock::now() + 200ms;
    const flow::deployment plan = at.world.plan();
    std::string said = at.ask(plan, "Authorization: Bearer sk-alpha\r\n");
    while (said == "alpha")
        said = at.ask(plan, "Authorization: Bearer sk-alpha\r\n");
    BOOST_TEST(said == unknown);
}

BOOST_AUTO_TEST_CASE(a_reload_forgets_a_key_that_it_took_away) {
    gate at;
    const flow::deployment before = at.world.plan(1);
    BOOST_TEST(at.ask(before, "Authorization: Bearer sk-alpha\r\n") == "alpha");
    at.world.plain.keys.erase(at.world.plain.keys.begin());
    const flow::deployment after = at.world.plan(2);
    BOOST_TEST(at.ask(after, "Authorization: Bearer sk-alpha\r\n") == unknown);
    BOOST_TEST(at.ask(after, "Authorization: Bearer sk-beta\r\n") == "beta");
}

BOOST_AUTO_TEST_CASE(without_keys_everybody_is_let_in_as_nobody) {
    gate at;
    flow::deployment plan = at.world.plan();
    plan.auth = flow::auth_mode::off;
    BOOST_TEST(at.ask(plan, "") == "");
    BOOST_TEST(at.ask(plan, "Authorization: Bearer a\r\nApi-Key: b\r\n") == "");
}

BOOST_AUTO_TEST_SUITE_END()
