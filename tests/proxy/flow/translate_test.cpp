#include "adapters/inspect.hpp"
#include "proxy/flow/translate.hpp"

#include <boost/test/unit_test.hpp>

#include <cstring>
#include <set>
#include <string>
#include <vector>

namespace {

using namespace spillway;
using adapters::error_class;
using routing::outcome_kind;
using routing::refusal_step;

failure failed(fault what, side where = side::upstream) {
    return {what, where, again::other_target, "detail"};
}

// A request as inspect() sees it, and the body it views into.
class asked {
public:
    explicit asked(std::string_view body) : octets_(body.size() + adapters::padding) {
        std::memcpy(octets_.data(), body.data(), body.size());
        auto found = adapters::inspect(
            {adapters::operation::chat, adapters::face::openrouter}, {octets_.data(), body.size()}
        );
        BOOST_REQUIRE(found.has_value());
        facts = std::move(*found);
    }
    adapters::request_facts facts;

private:
    std::vector<char> octets_;
};

std::vector<std::string> texts(std::span<const std::string_view> from) {
    return {from.begin(), from.end()};
}
using words = std::vector<std::string>;

}  // namespace

BOOST_AUTO_TEST_SUITE(translations)

BOOST_AUTO_TEST_CASE(what_the_client_wants_reaches_the_planner) {
    const asked request{
        R"({"model":"a/b","models":["c/d","e"],"messages":[{"role":"user","content":"x"}],"max_tokens":77,
        "provider":{"order":["x","y"],"only":["z"],"ignore":["w"],"allow_fallbacks":false,
        "data_collection":"deny"}})"};
    const routing::request_facts facts = flow::to_routing(request.facts);
    BOOST_TEST(facts.model == "a/b");
    BOOST_TEST(texts(facts.models) == (words{"c/d", "e"}), boost::test_tools::per_element());
    BOOST_TEST(texts(facts.provider.order) == (words{"x", "y"}), boost::test_tools::per_element());
    BOOST_TEST(texts(facts.provider.only) == (words{"z"}), boost::test_tools::per_element());
    BOOST_TEST(texts(facts.provider.ignore) == (words{"w"}), boost::test_tools::per_element());
    BOOST_TEST((facts.provider.beyond == routing::fallbacks::forbidden));
    BOOST_TEST((facts.data == routing::data_floor::no_training));
    BOOST_TEST(facts.output_tokens == 77U);
}

BOOST_AUTO_TEST_CASE(what_the_client_does_not_say_asks_for_nothing) {
    const asked request{R"({"model":"a","messages":[{"role":"user","content":"x"}]})"};
    const routing::request_facts facts = flow::to_routing(request.facts);
    BOOST_TEST((facts.provider.beyond == routing::fallbacks::allowed));
    BOOST_TEST((facts.data == routing::data_floor::any));
    BOOST_TEST(facts.output_tokens == 0U);
    BOOST_TEST(facts.models.empty());
}

BOOST_AUTO_TEST_CASE(the_stricter_of_two_data_policies_holds) {
    const asked both{
        R"({"model":"a","messages":[{"role":"user","content":"x"}],"provider":{"data_collection":"deny","zdr":true}})"};
    BOOST_TEST((flow::to_routing(both.facts).data == routing::data_floor::zdr));
    const asked allowed{
        R"({"model":"a","messages":[{"role":"user","content":"x"}],"provider":{"data_collection":"allow","zdr":false,"allow_fallbacks":true}})"};
    BOOST_TEST((flow::to_routing(allowed.facts).data == routing::data_floor::any));
    BOOST_TEST((flow::to_routing(allowed.facts).provider.beyond == routing::fallbacks::allowed));
}

BOOST_AUTO_TEST_CASE(every_fault_of_an_upstream_is_an_outcome) {
    struct row {
        fault what;
        outcome_kind becomes;
    };
    const row rows[] = {
        {fault::bad_head, outcome_kind::bad_answer},
        {fault::bad_framing, outcome_kind::bad_answer},
        {fault::bad_body, outcome_kind::bad_answer},
        {fault::too_large, outcome_kind::bad_answer},
        {fault::timeout_connect, outcome_kind::connect_failed},
        {fault::timeout_tls, outcome_kind::tls_failed},
        {fault::timeout_first_byte, outcome_kind::first_byte_timeout},
        {fault::timeout_idle, outcome_kind::first_byte_timeout},
        {fault::timeout_total, outcome_kind::first_byte_timeout},
        {fault::timeout_read, outcome_kind::first_byte_timeout},
        {fault::timeout_write, outcome_kind::first_byte_timeout},
        {fault::refused, outcome_kind::connect_failed},
        {fault::resolve, outcome_kind::resolve_failed},
        {fault::tls, outcome_kind::tls_failed},
        {fault::closed, outcome_kind::closed_early},
        {fault::reset, outcome_kind::closed_early},
        {fault::cancelled, outcome_kind::client_gone},
        {fault::exhausted, outcome_kind::connect_failed},
        {fault::internal, outcome_kind::connect_failed},
    };
    BOOST_TEST(std::size(rows) == static_cast<std::size_t>(fault::internal) + 1);
    for (const row& one : rows) {
        BOOST_TEST_CONTEXT(name_of(one.what)) {
            BOOST_TEST(
                routing::name_of(flow::to_outcome(failed(one.what))) ==
                routing::name_of(one.becomes)
            );
            // Whatever happened on the client's side is no evidence about an upstream.
            BOOST_TEST(
                (flow::to_outcome(failed(one.what, side::client)) == outcome_kind::client_gone)
            );
        }
    }
}

BOOST_AUTO_TEST_CASE(every_problem_a_provider_states_is_an_outcome) {
    struct row {
        error_class what;
        std::uint16_t status;
        outcome_kind becomes;
    };
    const row rows[] = {
        {error_class::auth, 401, outcome_kind::key_refused},
        {error_class::permission, 403, outcome_kind::key_refused},
        {error_class::quota, 402, outcome_kind::quota_spent},
        {error_class::rate, 429, outcome_kind::rate_limited},
        {error_class::overload, 529, outcome_kind::overloaded},
        {error_class::overload, 503, outcome_kind::server_fault},
        {error_class::content, 400, outcome_kind::content_refused},
        {error_class::context_length, 400, outcome_kind::context_too_long},
        {error_class::bad_request, 400, outcome_kind::caller_fault},
        {error_class::too_large, 413, outcome_kind::caller_fault},
        {error_class::not_found, 404, outcome_kind::model_missing},
        {error_class::timeout, 408, outcome_kind::server_fault},
        {error_class::unavailable, 503, outcome_kind::server_fault},
        {error_class::internal, 500, outcome_kind::server_fault},
        {error_class::upstream_fault, 500, outcome_kind::server_fault},
        {error_class::upstream_fault, 499, outcome_kind::bad_answer},
        {error_class::upstream_fault, 200, outcome_kind::bad_answer},
    };
    std::set<error_class> covered;
    for (const row& one : rows) {
        BOOST_TEST_CONTEXT(adapters::name_of(one.what) << ' ' << one.status) {
            adapters::problem problem = adapters::make_problem(one.what, "text");
            problem.upstream_status = one.status;
            BOOST_TEST(
                routing::name_of(flow::to_outcome(problem)) == routing::name_of(one.becomes)
            );
            covered.insert(one.what);
        }
    }
    BOOST_TEST(covered.size() == adapters::error_class_count);
}

BOOST_AUTO_TEST_CASE(every_refusal_has_a_status_and_names_the_model) {
    struct row {
        refusal_step step;
        std::uint16_t status;
        const char* param;
        const char* text;
    };
    const row rows[] = {
        {refusal_step::no_model, 400, "model", "names no model"},
        {refusal_step::unknown_model, 404, "model", "a/b is not a valid model ID"},
        {refusal_step::no_endpoints, 404, "model", "No endpoints found for a/b."},
        {refusal_step::not_allowed_organisation,
         403,
         "model",
         "a/b is not allowed on this gateway."},
        {refusal_step::not_allowed_key, 403, "model", "This key may not use a/b."},
        {refusal_step::data_policy,
         404,
         "provider",
         "No endpoints of a/b keep to your data policy."},
        {refusal_step::provider_only, 404, "provider", "a/b (provider.only or provider.order)"},
        {refusal_step::provider_ignore, 404, "provider", "a/b (provider.ignore)"},
        {refusal_step::context_length, 400, "", "No endpoint of a/b has a maximum context length"},
        {refusal_step::resting, 429, "", "Every provider of a/b is rate-limited."},
        {refusal_step::no_room, 429, "", "Every provider of a/b is at its concurrency limit."},
    };
    BOOST_TEST(std::size(rows) == static_cast<std::size_t>(refusal_step::no_room) + 1);
    for (const row& one : rows) {
        BOOST_TEST_CONTEXT(routing::name_of(one.step)) {
            const routing::refusal why{one.step, "a/b", {}, std::chrono::milliseconds{1500}};
            const adapters::problem problem = flow::to_problem(why, adapters::face::openai);
            BOOST_TEST(problem.status == one.status);
            BOOST_TEST(problem.param == one.param);
            BOOST_TEST(problem.message.contains(one.text));
            BOOST_TEST(problem.provider == "");
            BOOST_TEST(problem.retry_after.has_value() == (problem.status == 429));
        }
    }
}

BOOST_AUTO_TEST_CASE(an_unknown_model_comes_with_suggestions) {
    const routing::refusal why{refusal_step::unknown_model, "gpt", {"gpt-4", "gpt-5"}, {}};
    const adapters::problem plain = flow::to_problem(why, adapters::face::openai);
    BOOST_TEST(plain.message == "gpt is not a valid model ID. Did you mean gpt-4 or gpt-5?");
    BOOST_TEST(plain.code == "model_not_found");
    BOOST_TEST(flow::to_problem(why, adapters::face::openrouter).status == 400);
}

BOOST_AUTO_TEST_CASE(a_wait_is_as_long_as_the_shortest_rest) {
    const routing::refusal resting{refusal_step::resting, "a", {}, std::chrono::milliseconds{1500}};
    BOOST_TEST(
        (flow::to_problem(resting, adapters::face::openai).retry_after ==
         std::chrono::milliseconds{1500})
    );
    const routing::refusal full{refusal_step::no_room, "a", {}, {}};
    BOOST_TEST(
        (flow::to_problem(full, adapters::face::openai).retry_after == std::chrono::seconds{1})
    );
}

// R-U1 to R-U10: 504 where time ran out, 502 where the upstream broke, 503 and 500 where we did.
BOOST_AUTO_TEST_CASE(every_fault_is_told_to_the_client) {
    struct row {
        fault what;
        std::uint16_t status;
    };
    const row rows[] = {
        {fault::bad_head, 502},
        {fault::bad_framing, 502},
        {fault::bad_body, 502},
        {fault::too_large, 502},
        {fault::timeout_connect, 504},
        {fault::timeout_tls, 504},
        {fault::timeout_first_byte, 504},
        {fault::timeout_idle, 504},
        {fault::timeout_total, 504},
        {fault::timeout_read, 504},
        {fault::timeout_write, 504},
        {fault::refused, 502},
        {fault::resolve, 502},
        {fault::tls, 502},
        {fault::closed, 502},
        {fault::reset, 502},
        {fault::cancelled, 503},
        {fault::exhausted, 503},
        {fault::internal, 500},
    };
    BOOST_TEST(std::size(rows) == static_cast<std::size_t>(fault::internal) + 1);
    for (const row& one : rows) {
        BOOST_TEST_CONTEXT(name_of(one.what)) {
            const adapters::problem problem = flow::to_problem(failed(one.what), "OpenAI");
            BOOST_TEST(problem.status == one.status);
            BOOST_TEST(problem.code == name_of(one.what));
            BOOST_TEST(problem.provider == "OpenAI");
            BOOST_TEST(problem.message.starts_with("OpenAI "));
            const bool shows_detail = problem.message.ends_with(": detail");
            BOOST_TEST(shows_detail == (one.what == fault::tls || one.what <= fault::too_large));
            BOOST_TEST(flow::to_problem(failed(one.what), "").message.starts_with("The provider "));
        }
    }
}

BOOST_AUTO_TEST_CASE(counts_go_over_one_by_one) {
    adapters::usage used;
    used.prompt = 1;
    used.completion = 2;
    used.cached_read = 3;
    used.cache_write = 4;
    used.reasoning = 5;
    const routing::token_counts counts = flow::to_counts(used);
    BOOST_TEST(counts.prompt == 1U);
    BOOST_TEST(counts.completion == 2U);
    BOOST_TEST(counts.cache_read == 3U);
    BOOST_TEST(counts.cache_write == 4U);
    BOOST_TEST(counts.reasoning == 5U);
    BOOST_TEST(counts.requests == 1U);
    BOOST_TEST(counts.images == 0U);
}

BOOST_AUTO_TEST_CASE(the_two_parts_of_a_cost_are_its_sum) {
    routing::price_list prices;
    prices.prompt = 2'500'000'000;       // 2.50 USD a million
    prices.completion = 10'000'000'000;  // 10 USD a million
    prices.cache_read = 1'250'000'000;
    adapters::usage used;
    used.prompt = 1000;
    used.cached_read = 400;
    used.completion = 333;
    const std::optional<adapters::cost> cost = flow::target_costs{prices}.cost_of(used);
    BOOST_REQUIRE(cost.has_value());
    BOOST_TEST(cost->prompt == 600 * 2500 + 400 * 1250);
    BOOST_TEST(cost->completion == 333 * 10'000);
    BOOST_TEST(cost->total == cost->prompt + cost->completion);
}

BOOST_AUTO_TEST_CASE(an_unknown_price_is_not_free) {
    routing::price_list prices;
    prices.prompt = 1;
    adapters::usage used;
    used.prompt = used.completion = 1;
    BOOST_TEST(!flow::target_costs{prices}.cost_of(used).has_value());
}

BOOST_AUTO_TEST_SUITE_END()
