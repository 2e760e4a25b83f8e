#include "proxy/net/executor.hpp"

#include <boost/test/unit_test.hpp>

#include <array>
#include <thread>
#include <vector>

BOOST_AUTO_TEST_SUITE(mailboxes)

BOOST_AUTO_TEST_CASE(commands_of_many_threads_run_once_and_in_order_on_the_loop) {
    using namespace spillway;
    constexpr int senders = 4;
    constexpr int commands = 5000;
    net::loop loop;
    std::array<int, senders> next{};
    int done = 0;
    bool in_order = true;
    const auto owner = std::this_thread::get_id();
    bool on_owner = true;
    std::vector<std::thread> threads;
    for (int sender = 0; sender < senders; ++sender) {
        threads.emplace_back([&, sender] {
            for (int i = 0; i < commands; ++i) {
                loop.send([&, sender, i] {
                    in_order = in_order && next[static_cast<std::size_t>(sender)]++ == i;
                    on_owner = on_owner && std::this_thread::get_id() == owner;
                    if (++done == senders * commands) loop.stop();
                });
            }
        });
    }
    loop.run();
    for (std::thread& one : threads)
        one.join();
    BOOST_TEST(done == senders * commands);
    BOOST_TEST(in_order);
    BOOST_TEST(on_owner);
}

BOOST_AUTO_TEST_CASE(a_command_sent_before_the_loop_runs_is_not_lost) {
    using namespace spillway;
    net::loop loop;
    bool ran = false;
    loop.send([&] {
        ran = true;
        loop.stop();
    });
    loop.run();
    BOOST_TEST(ran);
}

BOOST_AUTO_TEST_SUITE_END()
