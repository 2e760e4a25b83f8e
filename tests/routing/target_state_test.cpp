#include "routing/target_state.hpp"
#include "tests/routing/small_world.hpp"

using namespace spillway::routing;
using namespace spillway::routing::test;

BOOST_AUTO_TEST_SUITE(target_state_)

BOOST_AUTO_TEST_CASE(a_thousand_faults_of_callers_leave_the_target_closed) {
    account_state account;
    auto& target = account.unnamed[0];
    for (const auto kind :
         {outcome_kind::caller_fault,
          outcome_kind::context_too_long,
          outcome_kind::content_refused,
          outcome_kind::model_missing,
          outcome_kind::client_gone}) {
        for (int i = 0; i < 1000; ++i)
            record(target, account, permit::normal, ended(kind), at(0s));
        BOOST_TEST_CONTEXT(name_of(kind)) {
            BOOST_TEST(target.health.look(at(0s)).is == standing::closed);
            BOOST_TEST(target.health.failures_in_row() == 0U);
            BOOST_TEST(!target.rate_rest.is_resting(at(0s)));
            BOOST_TEST(!account.key_rest.is_resting(at(0s)));
        }
    }
}

BOOST_AUTO_TEST_CASE(every_fault_of_the_upstream_counts_and_one_of_them_benches_nobody) {
    for (const auto kind :
         {outcome_kind::resolve_failed,
          outcome_kind::connect_failed,
          outcome_kind::tls_failed,
          outcome_kind::first_byte_timeout,
          outcome_kind::closed_early,
          outcome_kind::bad_answer,
          outcome_kind::server_fault,
          outcome_kind::cut}) {
        account_state account;
        auto& target = account.unnamed[0];
        BOOST_TEST_CONTEXT(name_of(kind)) {
            record(target, account, permit::normal, ended(kind), at(0s));
            BOOST_TEST(target.health.look(at(0s)).is == standing::closed);
            for (int i = 0; i < 4; ++i)
                record(target, account, permit::normal, ended(kind), at(0s));
            BOOST_TEST(target.health.look(at(0s)).is == standing::open);
        }
    }
}

BOOST_AUTO_TEST_CASE(streams_that_begin_well_and_are_cut_eject_all_the_same) {
    account_state account;
    auto& target = account.unnamed[0];
    for (int i = 0; i < 5; ++i) {
        record(target, account, permit::normal, ended(outcome_kind::answered), at(0s));
        record(target, account, permit::normal, ended(outcome_kind::cut), at(0s));
    }
    BOOST_TEST(target.health.look(at(0s)).is == standing::open);
}

BOOST_AUTO_TEST_CASE(a_stale_connection_says_nothing_about_health) {
    account_state account;
    auto& target = account.unnamed[0];
    for (int i = 0; i < 100; ++i)
        record(target, account, permit::normal, stale(), at(0s));
    BOOST_TEST(target.health.failures_in_row() == 0U);
}

BOOST_AUTO_TEST_CASE(a_rate_limit_rests_the_target_and_does_not_count_as_a_failure) {
    account_state account;
    auto& target = account.unnamed[0];
    for (int i = 0; i < 10; ++i)
        record(target, account, permit::normal, rate_limited(90s), at(0s));
    BOOST_TEST(target.rate_rest.remaining(at(0s)).count() == 90'000);
    BOOST_TEST(target.health.failures_in_row() == 0U);
    BOOST_TEST(!account.key_rest.is_resting(at(0s)));
}

BOOST_AUTO_TEST_CASE(a_refused_key_rests_its_account_alone) {
    account_state account;
    account_state other;
    record(account.unnamed[0], account, permit::normal, ended(outcome_kind::key_refused), at(0s));
    BOOST_TEST(account.key_rest.remaining(at(0s)).count() == 60'000);
    BOOST_TEST(!account.unnamed[0].rate_rest.is_resting(at(0s)));
    BOOST_TEST(!other.key_rest.is_resting(at(0s)));
}

BOOST_AUTO_TEST_CASE(a_good_head_feeds_the_average) {
    account_state account;
    auto& target = account.unnamed[0];
    outcome good = ended(outcome_kind::answered);
    good.latency = 1234us;
    record(target, account, permit::normal, good, at(0s));
    BOOST_TEST(*target.first_byte.value() == 1234);
}

BOOST_AUTO_TEST_CASE(the_same_name_finds_the_same_state) {
    state_registry states;
    auto& first = states.target("openai", "gpt");
    BOOST_TEST(&states.target("openai", "gpt") == &first);
    BOOST_TEST(&states.target("openai/backup", "gpt") != &first);
    BOOST_TEST(&states.target("openai", "gpt-4") != &first);
    BOOST_TEST(&states.account("openai") == &states.account("openai"));
    BOOST_TEST(&states.account("openai") != &states.account("openai/backup"));
}

BOOST_AUTO_TEST_SUITE_END()
