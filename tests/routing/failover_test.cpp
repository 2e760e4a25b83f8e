#include "routing/failover.hpp"
#include "tests/routing/small_world.hpp"

#include <optional>

using namespace spillway::routing;
using namespace spillway::routing::test;

namespace {

// One request, told as a dialogue: what the machine says is text, what it hears is recorded as the hall does.
class dialogue {
public:
    dialogue(world& w, const request_facts& asked, time_point now, failover_limits limits = {})
        : plan_{*w.plan_for(asked, now)}
        , machine_{plan_, limits, budget_, 99} {}
    dialogue(
        world& w,
        std::string_view model = "m/one",
        time_point now = at(0s),
        failover_limits limits = {}
    )
        : dialogue{w, asks(model), now, limits} {}

    std::string first(time_point now = at(0s)) { return say(machine_.first(now)); }
    std::string hears(const outcome& told, time_point now = at(0s)) {
        record(*last_.target->state, *last_.target->at->state, last_.with, told, now);
        return say(machine_.next(told, now));
    }
    std::string hears(outcome_kind kind, time_point now = at(0s)) {
        return hears(ended(kind), now);
    }
    std::string resume(time_point now) { return say(machine_.resume(now)); }

    const step& last() const { return last_; }
    const failover& machine() const { return machine_; }
    retry_budget& budget() { return budget_; }

    static request_facts asks(std::string_view model) {
        request_facts asked;
        asked.model = model;
        return asked;
    }

private:
    std::string say(const step& said) {
        last_ = said;
        switch (said.what) {
        case action::try_target: {
            std::string text = "try " + said.target->at->name;
            if (said.connection == connection_choice::fresh) text += " fresh";
            if (said.with == permit::trial) text += " trial";
            if (said.with == permit::least_bad) text += " least_bad";
            return text;
        }
        case action::wait: return "wait";
        case action::accept: return "accept " + said.target->at->name;
        case action::give_up: return "give_up " + std::string{name_of(said.why)};
        }
        return "?";
    }

    retry_budget budget_;
    plan plan_;
    failover machine_;
    step last_{};
};

description ranked(std::initializer_list<std::string> accounts) {
    auto plain = everybody_serves(accounts);
    std::uint32_t priority = 0;
    for (auto& each : plain.accounts)
        each.priority = priority++;
    return plain;
}

constexpr outcome_kind upstream_faults[]{
    outcome_kind::resolve_failed,
    outcome_kind::connect_failed,
    outcome_kind::tls_failed,
    outcome_kind::first_byte_timeout,
    outcome_kind::closed_early,
    outcome_kind::bad_answer,
    outcome_kind::server_fault,
    outcome_kind::rate_limited,
    outcome_kind::overloaded,
    outcome_kind::key_refused,
    outcome_kind::quota_spent,
    outcome_kind::cut,
};

}  // namespace

BOOST_AUTO_TEST_SUITE(failover_)

BOOST_AUTO_TEST_CASE(a_good_answer_is_accepted) {
    world w{ranked({"a", "b"})};
    dialogue talk{w};
    BOOST_TEST(talk.first() == "try a");
    BOOST_TEST(talk.hears(outcome_kind::answered) == "accept a");
    BOOST_TEST(talk.machine().attempts() == 1U);
}

BOOST_AUTO_TEST_CASE(every_fault_of_an_upstream_goes_to_the_next_target) {
    for (const auto fault : upstream_faults) {
        world w{ranked({"a", "b"})};
        dialogue talk{w};
        BOOST_TEST_CONTEXT(name_of(fault)) {
            BOOST_TEST(talk.first() == "try a");
            BOOST_TEST(talk.hears(fault) == "try b");
            BOOST_TEST(talk.hears(outcome_kind::answered) == "accept b");
        }
    }
}

BOOST_AUTO_TEST_CASE(with_nobody_left_the_last_outcome_is_told) {
    world w{ranked({"a", "b"})};
    dialogue talk{w};
    talk.first();
    BOOST_TEST(talk.hears(outcome_kind::connect_failed) == "try b");
    BOOST_TEST(talk.hears(outcome_kind::first_byte_timeout) == "give_up no_target_left");
    BOOST_TEST(talk.machine().last_outcome()->kind == outcome_kind::first_byte_timeout);
}

BOOST_AUTO_TEST_CASE(three_attempts_are_enough) {
    world w{ranked({"a", "b", "c", "d"})};
    dialogue talk{w};
    talk.first();
    BOOST_TEST(talk.hears(outcome_kind::server_fault) == "try b");
    BOOST_TEST(talk.hears(outcome_kind::server_fault) == "try c");
    BOOST_TEST(talk.hears(outcome_kind::server_fault) == "give_up attempts_spent");
    BOOST_TEST(talk.machine().attempts() == 3U);
}

BOOST_AUTO_TEST_CASE(nothing_is_tried_after_the_deadline) {
    world w{ranked({"a", "b"})};
    dialogue talk{w, "m/one", at(0s), {.deadline = at(10s)}};
    BOOST_TEST(talk.first() == "try a");
    BOOST_TEST((talk.last().until == at(10s)));
    BOOST_TEST(talk.hears(outcome_kind::first_byte_timeout, at(10s)) == "give_up deadline_passed");
}

BOOST_AUTO_TEST_CASE(a_stale_connection_is_tried_once_more_over_a_fresh_one) {
    world w{ranked({"a", "b"})};
    dialogue talk{w};
    BOOST_TEST(talk.first() == "try a");
    BOOST_TEST(talk.hears(stale()) == "try a fresh");
    BOOST_TEST(w.target("a", "one-at-a").health.failures_in_row() == 0U);
    BOOST_TEST(talk.machine().attempts() == 1U);
    BOOST_TEST(talk.hears(outcome_kind::closed_early) == "try b");
    BOOST_TEST(w.target("a", "one-at-a").health.failures_in_row() == 1U);
    BOOST_TEST(talk.hears(stale()) == "try b fresh");
    BOOST_TEST(talk.hears(outcome_kind::answered) == "accept b");
}

BOOST_AUTO_TEST_CASE(a_reused_connection_that_had_answered_octets_is_not_stale) {
    world w{ranked({"a", "b"})};
    dialogue talk{w};
    talk.first();
    auto torn = stale();
    torn.octets_seen = 17;
    BOOST_TEST(talk.hears(torn) == "try b");
}

BOOST_AUTO_TEST_CASE(a_fault_of_the_caller_is_answered_at_once) {
    world w{ranked({"a", "b"})};
    dialogue talk{w};
    talk.first();
    BOOST_TEST(talk.hears(outcome_kind::caller_fault) == "give_up final_answer");
}

BOOST_AUTO_TEST_CASE(what_one_model_cannot_do_the_next_may) {
    for (const auto kind :
         {outcome_kind::context_too_long,
          outcome_kind::content_refused,
          outcome_kind::model_missing}) {
        auto plain = ranked({"a", "b", "c"});
        plain.models.push_back(model_named("m/two", {endpoint_at("c", "two")}));
        world w{plain};
        auto asked = dialogue::asks("m/one");
        const std::vector<std::string_view> chain{"m/two"};
        asked.models = chain;
        dialogue talk{w, asked, at(0s)};
        BOOST_TEST_CONTEXT(name_of(kind)) {
            BOOST_TEST(talk.first() == "try a");
            BOOST_TEST(talk.hears(kind) == "try c");
            BOOST_TEST(talk.last().target->model == "m/two");
            BOOST_TEST(talk.hears(kind) == "give_up final_answer");
        }
    }
}

BOOST_AUTO_TEST_CASE(without_another_model_such_an_answer_is_final) {
    world w{ranked({"a", "b"})};
    dialogue talk{w};
    talk.first();
    BOOST_TEST(talk.hears(outcome_kind::context_too_long) == "give_up final_answer");
}

BOOST_AUTO_TEST_CASE(a_fault_of_the_caller_ends_even_a_chain) {
    auto plain = ranked({"a"});
    plain.models.push_back(model_named("m/two", {endpoint_at("a", "two")}));
    world w{plain};
    auto asked = dialogue::asks("m/one");
    const std::vector<std::string_view> chain{"m/two"};
    asked.models = chain;
    dialogue talk{w, asked, at(0s)};
    talk.first();
    BOOST_TEST(talk.hears(outcome_kind::caller_fault) == "give_up final_answer");
}

BOOST_AUTO_TEST_CASE(after_the_first_octet_to_the_client_nothing_is_tried_again) {
    for (const auto fault : upstream_faults) {
        world w{ranked({"a", "b"})};
        dialogue talk{w};
        talk.first();
        BOOST_TEST(talk.hears(outcome_kind::answered) == "accept a");
        auto late = ended(fault);
        late.to_client = relayed::begun;
        BOOST_TEST(talk.hears(late) == "give_up already_begun");
    }
    world w{ranked({"a"})};
    dialogue talk{w};
    talk.first();
    auto late = stale();
    late.to_client = relayed::begun;
    BOOST_TEST(talk.hears(late) == "give_up already_begun");
}

BOOST_AUTO_TEST_CASE(a_buffered_answer_that_is_cut_before_anything_was_relayed_goes_to_the_next) {
    world w{ranked({"a", "b"})};
    dialogue talk{w};
    talk.first();
    talk.hears(outcome_kind::answered);
    BOOST_TEST(talk.hears(outcome_kind::cut) == "try b");
}

BOOST_AUTO_TEST_CASE(a_client_that_left_ends_it) {
    world w{ranked({"a", "b"})};
    dialogue talk{w};
    talk.first();
    BOOST_TEST(talk.hears(outcome_kind::client_gone) == "give_up client_left");
    BOOST_TEST(w.target("a", "one-at-a").health.failures_in_row() == 0U);
}

BOOST_AUTO_TEST_CASE(a_rate_limit_rests_the_pair_and_the_next_request_starts_at_the_next) {
    world w{ranked({"a", "b"})};
    dialogue one{w};
    BOOST_TEST(one.first() == "try a");
    BOOST_TEST(one.hears(rate_limited(90s)) == "try b");
    BOOST_TEST(!one.machine().smallest_rest(at(0s)).has_value());
    dialogue two{w};
    BOOST_TEST(two.first() == "try b");
    BOOST_TEST(two.hears(rate_limited(30s)) == "give_up no_target_left");
    BOOST_TEST(two.machine().smallest_rest(at(10s))->count() == 20'000);
}

BOOST_AUTO_TEST_CASE(a_candidate_that_began_to_rest_meanwhile_is_passed_over) {
    world w{ranked({"a", "b", "c"})};
    dialogue talk{w};
    talk.first();
    w.target("b", "one-at-b").rate_rest.rest(60s, at(0s));
    BOOST_TEST(talk.hears(outcome_kind::server_fault) == "try c");
}

BOOST_AUTO_TEST_CASE(the_last_healthy_target_is_not_benched_by_one_error) {
    world w{ranked({"a"})};
    for (int i = 0; i < 4; ++i) {
        dialogue talk{w};
        BOOST_TEST(talk.first() == "try a");
        BOOST_TEST(talk.hears(outcome_kind::server_fault) == "give_up no_target_left");
    }
    dialogue refused{w};
    refused.first();
    refused.hears(outcome_kind::key_refused);
    dialogue after{w};
    BOOST_TEST(after.first() == "try a");
}

BOOST_AUTO_TEST_CASE(when_all_are_ejected_one_of_them_is_asked_and_only_one) {
    world w{ranked({"a", "b"})};
    w.eject(w.target("a", "one-at-a"), at(0s));
    w.eject(w.target("b", "one-at-b"), at(0s));
    dialogue talk{w};
    BOOST_TEST(talk.first().ends_with(" least_bad"));
    BOOST_TEST(talk.hears(outcome_kind::connect_failed) == "give_up no_target_left");
}

BOOST_AUTO_TEST_CASE(an_ejected_target_that_serves_as_the_least_bad_is_back) {
    world w{ranked({"a"})};
    w.eject(w.target("a", "one-at-a"), at(0s));
    dialogue talk{w};
    BOOST_TEST(talk.first() == "try a least_bad");
    BOOST_TEST(talk.hears(outcome_kind::answered) == "accept a");
    dialogue after{w};
    BOOST_TEST(after.first() == "try a");
}

BOOST_AUTO_TEST_CASE(one_request_is_the_trial_and_the_others_pass_by) {
    world w{ranked({"a", "b"})};
    w.eject(w.target("a", "one-at-a"), at(0s));
    dialogue one{w, "m/one", at(30s)};
    dialogue two{w, "m/one", at(30s)};
    BOOST_TEST(one.first(at(30s)) == "try a trial");
    BOOST_TEST(two.first(at(30s)) == "try b");
    BOOST_TEST(one.hears(outcome_kind::server_fault, at(31s)) == "try b");
    BOOST_TEST(w.target("a", "one-at-a").health.look(at(31s)).remaining.count() == 60'000);
}

BOOST_AUTO_TEST_CASE(a_trial_over_a_stale_connection_is_still_the_trial) {
    world w{ranked({"a", "b"})};
    w.eject(w.target("a", "one-at-a"), at(0s));
    dialogue talk{w, "m/one", at(30s)};
    BOOST_TEST(talk.first(at(30s)) == "try a trial");
    BOOST_TEST(talk.hears(stale(), at(30s)) == "try a fresh trial");
    BOOST_TEST(talk.hears(outcome_kind::answered, at(30s)) == "accept a");
    BOOST_TEST(w.target("a", "one-at-a").health.look(at(30s)).is == standing::closed);
}

BOOST_AUTO_TEST_CASE(places_in_the_gates_are_held_until_the_end_and_given_back) {
    auto plain = ranked({"a", "b"});
    plain.accounts[0].concurrency_limit = 1;
    world w{plain};
    const auto& gate_a = w.account_at("a").state->in_flight;
    {
        dialogue one{w};
        BOOST_TEST(one.first() == "try a");
        BOOST_TEST(one.hears(outcome_kind::answered) == "accept a");
        BOOST_TEST(gate_a.inside() == 1U);
        BOOST_TEST(w.target("a", "one-at-a").in_flight.inside() == 1U);
        dialogue two{w};
        BOOST_TEST(two.first() == "try b");
    }
    BOOST_TEST(gate_a.inside() == 0U);
    BOOST_TEST(w.target("a", "one-at-a").in_flight.inside() == 0U);
    dialogue three{w};
    three.first();
    three.hears(outcome_kind::server_fault);
    BOOST_TEST(gate_a.inside() == 0U);
}

BOOST_AUTO_TEST_CASE(a_place_that_was_lost_between_plan_and_try_is_refused_as_no_room) {
    auto plain = ranked({"a"});
    plain.accounts[0].concurrency_limit = 1;
    world w{plain};
    dialogue talk{w};
    const auto taken = w.account_at("a").state->in_flight.try_enter(1);
    BOOST_TEST(talk.first() == "give_up no_room");
    BOOST_TEST(!talk.machine().last_outcome().has_value());
}

BOOST_AUTO_TEST_CASE(a_retry_waits_for_the_budget_and_goes_when_there_is_room) {
    world w{ranked({"a", "b"})};
    dialogue talk{w};
    std::vector<gate::pass> others;
    while (auto one = talk.budget().try_retry())
        others.push_back(std::move(one));
    talk.first();
    BOOST_TEST(talk.hears(outcome_kind::server_fault) == "wait");
    BOOST_TEST((talk.last().until >= at(5ms)));
    BOOST_TEST((talk.last().until <= at(25ms)));
    BOOST_TEST(talk.resume(talk.last().until) == "wait");
    others.clear();
    BOOST_TEST(talk.resume(talk.last().until) == "try b");
    BOOST_TEST(talk.budget().retrying() == 1U);
    BOOST_TEST(talk.hears(outcome_kind::answered) == "accept b");
    BOOST_TEST(talk.budget().retrying() == 0U);
}

BOOST_AUTO_TEST_CASE(patience_with_the_budget_ends) {
    world w{ranked({"a", "b"})};
    dialogue talk{w};
    std::vector<gate::pass> others;
    while (auto one = talk.budget().try_retry())
        others.push_back(std::move(one));
    talk.first();
    auto said = talk.hears(outcome_kind::server_fault);
    while (said == "wait")
        said = talk.resume(talk.last().until);
    BOOST_TEST(said == "give_up retries_spent");
    BOOST_TEST((talk.last().what == action::give_up));
}

BOOST_AUTO_TEST_CASE(nobody_waits_for_the_budget_when_all_others_are_ejected) {
    world w{ranked({"a", "b"})};
    dialogue talk{w};
    std::vector<gate::pass> others;
    while (auto one = talk.budget().try_retry())
        others.push_back(std::move(one));
    talk.first();
    w.eject(w.target("b", "one-at-b"), at(0s));
    BOOST_TEST(talk.hears(outcome_kind::server_fault) == "give_up no_target_left");
}

BOOST_AUTO_TEST_CASE(spilling_over_after_a_rate_limit_does_not_need_the_budget) {
    world w{ranked({"a", "b"})};
    dialogue talk{w};
    std::vector<gate::pass> others;
    while (auto one = talk.budget().try_retry())
        others.push_back(std::move(one));
    talk.first();
    BOOST_TEST(talk.hears(outcome_kind::rate_limited) == "try b");
}

BOOST_AUTO_TEST_SUITE_END()
