// Many requests at once against upstreams that fail, as a simulation over a queue of events: what the upstreams
// see and what is in flight, without a socket or a clock.
#include "tests/routing/small_world.hpp"

#include <algorithm>
#include <functional>
#include <queue>

using namespace spillway::routing;
using namespace spillway::routing::test;

namespace {

// How long an account takes to answer and what.
struct behaviour {
    milliseconds takes;
    outcome_kind ends;
};
using upstreams = std::function<behaviour(std::string_view account, time_point now)>;

class simulation {
public:
    simulation(world& w, upstreams answers) : world_{w}, answers_{std::move(answers)} {}

    void run(int per_second, std::chrono::seconds length) {
        const auto gap = std::chrono::nanoseconds{1s} / per_second;
        for (int i = 0; i < per_second * length.count(); ++i) {
            later(at(0s) + i * gap, [this](time_point now) { arrive(now); });
        }
        while (!events_.empty()) {
            auto next = events_.top();
            events_.pop();
            next.what(next.when);
        }
    }

    int requests = 0;
    int attempts = 0;
    int served = 0;
    int failed = 0;
    int over_budget = 0;  // moments with more retries in flight than the budget allows
    std::vector<std::pair<std::string, time_point>> seen;  // by the upstreams

private:
    struct event {
        time_point when;
        std::uint64_t order;
        std::function<void(time_point)> what;
        bool operator<(const event& other) const {
            return std::tie(when, order) > std::tie(other.when, other.order);
        }
    };
    struct request {
        plan targets;
        std::optional<failover> machine;
    };

    void later(time_point when, std::function<void(time_point)> what) {
        events_.push({when, order_++, std::move(what)});
    }

    void arrive(time_point now) {
        ++requests;
        request_facts asked;
        asked.model = "m/one";
        const auto made = world_.plan_for(asked, now, order_ * 0x9e3779b97f4a7c15U);
        if (!made) {
            ++failed;
            return;
        }
        auto one = std::make_shared<request>();
        one->targets = *made;
        one->machine.emplace(
            one->targets, failover_limits{.deadline = now + 60s}, budget_, order_ + 1
        );
        act(one, one->machine->first(now), now);
    }

    void act(const std::shared_ptr<request>& one, const step& said, time_point now) {
        switch (said.what) {
        case action::accept: ++served; return;
        case action::give_up: ++failed; return;
        case action::wait:
            later(said.until, [=, this](time_point then) {
                act(one, one->machine->resume(then), then);
            });
            return;
        case action::try_target: break;
        }
        ++attempts;
        seen.emplace_back(said.target->at->name, now);
        if (budget_.retrying() > std::max(retry_budget::least, budget_.active() / 5)) ++over_budget;
        const auto does = answers_(said.target->at->name, now);
        later(now + does.takes, [=, this](time_point then) {
            const auto told = ended(does.ends);
            record(*said.target->state, *said.target->at->state, said.with, told, then);
            act(one, one->machine->next(told, then), then);
        });
    }

    world& world_;
    upstreams answers_;
    retry_budget budget_;
    std::priority_queue<event> events_;
    std::uint64_t order_ = 0;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(failover_outage)

BOOST_AUTO_TEST_CASE(a_total_outage_that_refuses_at_once_sends_at_most_a_fifth_more) {
    world w{everybody_serves({"a", "b", "c"})};
    simulation sim{w, [](auto, auto) {
                       return behaviour{0ms, outcome_kind::connect_failed};
                   }};
    sim.run(500, 60s);
    BOOST_TEST(sim.requests == 30'000);
    BOOST_TEST(sim.attempts >= sim.requests);
    BOOST_TEST(sim.attempts <= sim.requests * 12 / 10);
    BOOST_TEST_MESSAGE("amplification " << double(sim.attempts) / sim.requests);
}

BOOST_AUTO_TEST_CASE(a_total_outage_that_answers_5xx_slowly_sends_at_most_a_fifth_more) {
    world w{everybody_serves({"a", "b", "c"})};
    simulation sim{w, [](auto, auto) {
                       return behaviour{400ms, outcome_kind::server_fault};
                   }};
    sim.run(500, 60s);
    BOOST_TEST(sim.attempts <= sim.requests * 12 / 10);
    BOOST_TEST(sim.over_budget == 0);
    BOOST_TEST_MESSAGE("amplification " << double(sim.attempts) / sim.requests);
}

BOOST_AUTO_TEST_CASE(a_total_outage_that_hangs_sends_at_most_a_fifth_more) {
    world w{everybody_serves({"a", "b"})};
    simulation sim{w, [](auto, auto) {
                       return behaviour{2s, outcome_kind::first_byte_timeout};
                   }};
    sim.run(500, 60s);
    BOOST_TEST(sim.attempts <= sim.requests * 12 / 10);
    BOOST_TEST(sim.over_budget == 0);
    BOOST_TEST_MESSAGE("amplification " << double(sim.attempts) / sim.requests);
}

BOOST_AUTO_TEST_CASE(a_dead_upstream_beside_a_healthy_one_costs_no_request_and_is_soon_left_alone) {
    world w{everybody_serves({"dead", "well"})};
    simulation sim{w, [](std::string_view who, auto) {
                       return who == "dead" ? behaviour{1ms, outcome_kind::connect_failed}
                                            : behaviour{300ms, outcome_kind::answered};
                   }};
    sim.run(200, 20s);
    BOOST_TEST(sim.failed == 0);
    BOOST_TEST(sim.served == sim.requests);
    const auto to_dead =
        std::ranges::count(sim.seen, "dead", &std::pair<std::string, time_point>::first);
    BOOST_TEST(to_dead <= 10);
}

BOOST_AUTO_TEST_CASE(an_upstream_that_dies_with_a_hundred_requests_on_it_costs_none_of_them) {
    world w{everybody_serves({"dying", "well"})};
    simulation sim{w, [](std::string_view who, time_point) {
                       return who == "dying" ? behaviour{1s, outcome_kind::closed_early}
                                             : behaviour{300ms, outcome_kind::answered};
                   }};
    sim.run(200, 1s);
    BOOST_TEST(sim.requests == 200);
    BOOST_TEST(sim.failed == 0);
    BOOST_TEST(sim.over_budget == 0);
}

BOOST_AUTO_TEST_CASE(an_upstream_that_comes_back_is_found_by_its_trial) {
    world w{everybody_serves({"back", "well"})};
    simulation sim{
        w, [](std::string_view who, time_point now) {
            const bool is_dead = who == "back" && now < at(10s);
            return behaviour{50ms, is_dead ? outcome_kind::server_fault : outcome_kind::answered};
        }};
    sim.run(100, 60s);
    BOOST_TEST(sim.failed == 0);
    const auto late = std::ranges::count_if(sim.seen, [](const auto& s) {
        return s.first == "back" && s.second > at(35s);
    });
    BOOST_TEST(late > 800);  // of about 2,500: half of them again
    const auto during = std::ranges::count_if(sim.seen, [](const auto& s) {
        return s.first == "back" && s.second > at(1s) && s.second < at(30s);
    });
    BOOST_TEST(during == 0);
}

BOOST_AUTO_TEST_CASE(when_one_of_two_ejected_upstreams_recovers_it_is_found_at_once) {
    world w{everybody_serves({"a", "b"})};
    simulation sim{
        w, [](std::string_view who, time_point now) {
            const bool is_well = who == "b" && now > at(3s);
            return behaviour{1ms, is_well ? outcome_kind::answered : outcome_kind::connect_failed};
        }};
    sim.run(100, 10s);
    BOOST_TEST(sim.served > 650);  // of the 700 that came after the recovery
}

BOOST_AUTO_TEST_SUITE_END()
