#include "proxy/net/resolver.hpp"
#include "tests/support/loop_runner.hpp"

#include <boost/test/unit_test.hpp>

#include <condition_variable>
#include <map>
#include <mutex>
#include <vector>

namespace {

using namespace spillway;
using namespace std::chrono_literals;
using outcome = net::lookup_answer::outcome;

net::lookup_answer found(const char* literal) {
    net::lookup_answer answer;
    answer.what = outcome::found;
    answer.addresses.add(net::address::parse(literal, 0).value());
    return answer;
}

net::lookup_answer without_address(outcome what) {
    net::lookup_answer answer;
    answer.what = what;
    return answer;
}

// What the system would say, by script. Names can be made to hang until they are let go.
class script {
public:
    ~script() { let_go(); }

    void say(const std::string& host, net::lookup_answer answer) {
        const std::lock_guard lock{mutex_};
        answers_[host] = std::move(answer);
    }
    void hang() {
        const std::lock_guard lock{mutex_};
        hanging_ = true;
    }
    void let_go() {
        const std::lock_guard lock{mutex_};
        hanging_ = false;
        changed_.notify_all();
    }
    std::size_t questions() const {
        const std::lock_guard lock{mutex_};
        return questions_;
    }

    net::lookup_answer answer(const std::string& host) {
        std::unique_lock lock{mutex_};
        ++questions_;
        changed_.wait(lock, [this] { return !hanging_; });
        const auto found_answer = answers_.find(host);
        if (found_answer == answers_.end()) return without_address(outcome::no_such_name);
        return found_answer->second;
    }

private:
    mutable std::mutex mutex_;
    std::condition_variable changed_;
    std::map<std::string, net::lookup_answer> answers_;
    bool hanging_ = false;
    std::size_t questions_ = 0;
};

// Long enough that nothing grows old while a test looks at something else.
const net::resolver_limits slow{1h, 2h, 1h, 1h};
// Old at once: the wheel turns every 16 ms.
const net::resolver_limits quick{40ms, 1h, 20ms, 1h};

struct asking {
    explicit asking(net::resolver_limits limits = slow)
        : resolver{runner.loop(), runner.wheel(), pool, limits} {}

    result<net::address_list> resolve(std::string_view host) {
        return runner.run(resolver.resolve(host, 443, self));
    }
    // The address that is handed out, as text.
    std::string ask(std::string_view host) {
        const auto list = resolve(host);
        return list && !list->empty() ? (*list)[0].text() : "";
    }
    std::optional<fault> fault_of(std::string_view host) {
        const auto list = resolve(host);
        if (list) return std::nullopt;
        return list.error().what;
    }

    // Shared with the pool's threads, which may outlive us for a moment.
    std::shared_ptr<script> names = std::make_shared<script>();
    tests::loop_runner runner;
    net::activity self{runner.wheel()};
    net::lookup_pool pool{[script = names](const std::string& host) {
        return script->answer(host);
    }};
    net::resolver resolver;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(resolver)

BOOST_AUTO_TEST_CASE(literals_and_localhost_are_never_looked_up) {
    asking at;
    at.names->hang();
    BOOST_TEST(at.ask("192.0.2.7") == "192.0.2.7:443");
    BOOST_TEST(at.ask("::1") == "[::1]:443");
    BOOST_TEST(at.ask("[2001:db8::1]") == "[2001:db8::1]:443");
    const auto both = at.resolve("LocalHost");
    BOOST_REQUIRE(both.has_value());
    BOOST_TEST(both->size() == 2U);
    BOOST_TEST((*both)[0].text() == "127.0.0.1:443");
    BOOST_TEST((*both)[1].text() == "[::1]:443");
    BOOST_TEST(at.names->questions() == 0U);
}

BOOST_AUTO_TEST_CASE(a_warm_name_is_asked_once) {
    asking at;
    at.names->say("api.example", found("192.0.2.1"));
    for (int i = 0; i < 5; ++i)
        BOOST_TEST(at.ask("api.example") == "192.0.2.1:443");
    BOOST_TEST(at.names->questions() == 1U);
}

BOOST_AUTO_TEST_CASE(every_way_to_have_no_address_is_a_resolve_fault) {
    asking at;
    at.names->say("servfail.example", without_address(outcome::failed));
    at.names->say("empty.example", without_address(outcome::no_such_name));
    for (const char* name : {"nxdomain.example", "servfail.example", "empty.example"}) {
        BOOST_TEST_CONTEXT(name) {
            const auto list = at.resolve(name);
            BOOST_REQUIRE(list.has_error());
            BOOST_TEST((list.error().what == fault::resolve));
            BOOST_TEST((list.error().next == again::other_target));
        }
    }
}

BOOST_AUTO_TEST_CASE(a_refusal_is_remembered_for_a_while) {
    asking at;
    BOOST_TEST((at.fault_of("nxdomain.example") == fault::resolve));
    BOOST_TEST((at.fault_of("nxdomain.example") == fault::resolve));
    BOOST_TEST(at.names->questions() == 1U);
}

BOOST_AUTO_TEST_CASE(a_refusal_is_forgotten_after_its_time) {
    asking at{quick};
    BOOST_TEST((at.fault_of("late.example") == fault::resolve));
    at.names->say("late.example", found("192.0.2.1"));
    at.runner.until([&] { return at.ask("late.example") == "192.0.2.1:443"; });
}

BOOST_AUTO_TEST_CASE(simultaneous_questions_become_one) {
    asking at;
    at.names->say("api.example", found("192.0.2.1"));
    at.names->hang();
    int answered = 0;
    const auto one = [](asking& by, int& count) -> net::task<> {
        net::activity self{by.runner.wheel()};
        const auto list = co_await by.resolver.resolve("api.example", 443, self);
        if (list) ++count;
    };
    for (int i = 0; i < 10; ++i)
        at.runner.start(one(at, answered));
    at.runner.settle();
    BOOST_TEST(answered == 0);
    at.names->let_go();
    at.runner.until([&] { return answered == 10; });
    BOOST_TEST(at.names->questions() == 1U);
}

BOOST_AUTO_TEST_CASE(two_workers_share_one_question) {
    asking at;
    net::resolver other{at.runner.loop(), at.runner.wheel(), at.pool, slow};
    at.names->say("api.example", found("192.0.2.1"));
    at.names->hang();
    int answered = 0;
    const auto one = [](net::resolver& by, asking& in, int& count) -> net::task<> {
        net::activity self{in.runner.wheel()};
        const auto list = co_await by.resolve("api.example", 443, self);
        if (list) ++count;
    };
    at.runner.start(one(at.resolver, at, answered));
    at.runner.start(one(other, at, answered));
    at.names->let_go();
    at.runner.until([&] { return answered == 2; });
    BOOST_TEST(at.names->questions() == 1U);
}

BOOST_AUTO_TEST_CASE(a_lookup_that_hangs_ends_with_the_deadline_and_blocks_no_other_name) {
    asking at;
    at.names->say("warm.example", found("192.0.2.1"));
    BOOST_TEST(at.ask("warm.example") != "");
    at.names->hang();
    at.self.until(at.runner.wheel().now() + 50ms);
    const auto list = at.resolve("hangs.example");
    BOOST_REQUIRE(list.has_error());
    BOOST_TEST((list.error().what == fault::resolve));
    BOOST_TEST(list.error().detail == "name resolution took too long");
    BOOST_TEST(at.ask("warm.example") == "192.0.2.1:443");
}

BOOST_AUTO_TEST_CASE(a_waiter_that_is_interrupted_leaves_the_others_waiting) {
    asking at;
    at.names->say("api.example", found("192.0.2.1"));
    at.names->hang();
    std::vector<std::optional<fault>> ends(2);
    int ended = 0;
    net::activity first{at.runner.wheel()};
    net::activity second{at.runner.wheel()};
    const auto one = [](asking& by, net::activity& self, std::optional<fault>& end, int& count
                     ) -> net::task<> {
        const auto list = co_await by.resolver.resolve("api.example", 443, self);
        if (!list) end = list.error().what;
        ++count;
    };
    at.runner.start(one(at, first, ends[0], ended));
    at.runner.start(one(at, second, ends[1], ended));
    first.interrupt(net::wake::client_gone);
    BOOST_TEST(ended == 1);
    BOOST_TEST((ends[0] == fault::cancelled));
    at.names->let_go();
    at.runner.until([&] { return ended == 2; });
    BOOST_TEST((ends[1] == std::nullopt));
}

BOOST_AUTO_TEST_CASE(a_change_of_address_is_noticed_while_the_name_is_in_use) {
    asking at{quick};
    at.names->say("api.example", found("192.0.2.1"));
    BOOST_TEST(at.ask("api.example") == "192.0.2.1:443");
    at.names->say("api.example", found("192.0.2.2"));
    // Refreshed by the wheel: nobody asks in between.
    at.runner.until([&] { return at.names->questions() >= 3; });
    BOOST_TEST(at.ask("api.example") == "192.0.2.2:443");
}

BOOST_AUTO_TEST_CASE(the_last_good_answer_serves_while_the_resolver_is_down) {
    asking at{quick};
    at.names->say("api.example", found("192.0.2.1"));
    BOOST_TEST(at.ask("api.example") == "192.0.2.1:443");
    at.names->say("api.example", without_address(outcome::failed));
    const std::size_t before = at.names->questions();
    at.runner.until([&] { return at.names->questions() >= before + 4; });
    BOOST_TEST(at.ask("api.example") == "192.0.2.1:443");
    at.names->say("api.example", found("192.0.2.2"));
    at.runner.until([&] { return at.ask("api.example") == "192.0.2.2:443"; });
}

BOOST_AUTO_TEST_CASE(the_last_good_answer_serves_while_a_refresh_hangs) {
    asking at{quick};
    at.names->say("api.example", found("192.0.2.1"));
    BOOST_TEST(at.ask("api.example") == "192.0.2.1:443");
    at.names->hang();
    const std::size_t before = at.names->questions();
    at.runner.until([&] { return at.names->questions() > before; });
    const auto old = base::clock::now() + 2 * quick.fresh;
    at.runner.until([&] { return base::clock::now() > old; });
    BOOST_TEST(at.ask("api.example") == "192.0.2.1:443");
}

BOOST_AUTO_TEST_CASE(the_last_good_answer_does_not_serve_for_ever) {
    net::resolver_limits brief = quick;
    brief.usable = 100ms;
    asking at{brief};
    at.names->say("api.example", found("192.0.2.1"));
    BOOST_TEST(at.ask("api.example") == "192.0.2.1:443");
    at.names->say("api.example", without_address(outcome::failed));
    at.runner.until([&] { return at.fault_of("api.example") == fault::resolve; });
}

BOOST_AUTO_TEST_CASE(a_name_that_is_gone_is_gone_at_once) {
    asking at{quick};
    at.names->say("api.example", found("192.0.2.1"));
    BOOST_TEST(at.ask("api.example") == "192.0.2.1:443");
    at.names->say("api.example", without_address(outcome::no_such_name));
    at.runner.until([&] { return at.fault_of("api.example") == fault::resolve; });
}

BOOST_AUTO_TEST_CASE(a_name_nobody_uses_is_not_refreshed_and_asked_anew_later) {
    net::resolver_limits brief = quick;
    brief.in_use = 0ms;
    asking at{brief};
    at.names->say("api.example", found("192.0.2.1"));
    BOOST_TEST(at.ask("api.example") == "192.0.2.1:443");
    const auto old = base::clock::now() + 3 * brief.fresh;
    at.runner.until([&] { return base::clock::now() > old; });
    BOOST_TEST(at.names->questions() == 1U);
    at.names->say("api.example", found("192.0.2.2"));
    BOOST_TEST(at.ask("api.example") == "192.0.2.2:443");
}

BOOST_AUTO_TEST_CASE(a_resolver_may_go_while_its_question_is_under_way) {
    asking at;
    at.names->hang();
    {
        net::resolver brief{at.runner.loop(), at.runner.wheel(), at.pool, slow};
        net::activity self{at.runner.wheel()};
        self.until(at.runner.wheel().now() + 20ms);
        const auto list = at.runner.run(brief.resolve("hangs.example", 443, self));
        BOOST_TEST(list.has_error());
    }
    at.names->let_go();
    BOOST_TEST((at.fault_of("hangs.example") == fault::resolve));
}

BOOST_AUTO_TEST_CASE(the_system_knows_literals_and_refuses_reserved_names) {
    const auto known = net::look_up_by_system("127.0.0.1");
    BOOST_TEST((known.what == outcome::found));
    BOOST_TEST(known.addresses.size() == 1U);
    BOOST_TEST((net::look_up_by_system("no-such-name.invalid").what != outcome::found));
}

BOOST_AUTO_TEST_SUITE_END()
