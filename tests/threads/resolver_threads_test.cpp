#include "proxy/net/lookup_pool.hpp"
#include "proxy/net/resolver.hpp"
#include "tests/support/loop_runner.hpp"
#include "tests/threads/racing.hpp"

#include <boost/test/unit_test.hpp>

#include <atomic>
#include <string>

using namespace spillway;
using spillway::test::race;

namespace {

// Names end in a digit, which is the last part of the address.
net::lookup_answer answer_for(const std::string& host) {
    net::lookup_answer answer;
    answer.what = net::lookup_answer::outcome::found;
    answer.addresses.add(net::address::parse("192.0.2." + host.substr(host.size() - 1), 0).value());
    return answer;
}

struct counting_asker final : net::lookup_pool::asker {
    void answered(const std::string&, const net::lookup_answer&) override { ++answers; }
    std::atomic<int> answers{0};
};

}  // namespace

BOOST_AUTO_TEST_SUITE(resolver_threads)

BOOST_AUTO_TEST_CASE(workers_share_a_pool_and_each_gets_the_right_answer) {
    net::lookup_pool pool{answer_for};
    std::atomic<int> right{0};
    race(3, [&](std::size_t) {
        for (int round = 0; round < 20; ++round) {
            tests::loop_runner runner;
            net::activity self{runner.wheel()};
            net::resolver resolver{runner.loop(), runner.wheel(), pool};
            for (int i = 0; i < 10; ++i) {
                const std::string host = "host" + std::to_string(i);
                const auto found = runner.run(resolver.resolve(host, 443, self));
                if (found && (*found)[0].text() == "192.0.2." + std::to_string(i) + ":443") ++right;
            }
        }
    });
    BOOST_TEST(right == 3 * 20 * 10);
}

BOOST_AUTO_TEST_CASE(nobody_is_answered_once_he_is_forgotten) {
    net::lookup_pool pool{answer_for};
    std::atomic<int> late{0};
    race(4, [&](std::size_t who) {
        for (int i = 0; i < 500; ++i) {
            counting_asker asker;
            pool.ask("host" + std::to_string((static_cast<int>(who) + i) % 10), asker);
            pool.forget(asker);
            const int before = asker.answers;
            if (before > 1) ++late;
            std::this_thread::yield();
            if (asker.answers != before) ++late;
        }
    });
    BOOST_TEST(late == 0);
}

BOOST_AUTO_TEST_SUITE_END()
