#include "proxy/flow/client_watch.hpp"
#include "tests/proxy/flow/clients.hpp"

#include <boost/test/unit_test.hpp>

#include <optional>
#include <string>

namespace {

using namespace spillway;
using tests::client_pair;

struct watched : client_pair {
    net::activity work{runner.wheel()};
    std::optional<flow::client_watch> watch;

    watched() : client_pair{tests::tcp_pair()} {
        reply.begin(wire::method::post, 1, flow::keep::open);
        // As the session leaves it: everything that came was taken.
        std::array<char, 16> room;
        BOOST_TEST((ours.try_read(room).what == net::io_step::state::wants_read));
    }
    void begin() { watch.emplace(ours, reply, work); }
    void until_gone() {
        runner.until([&] { return work.interrupted() != net::wake::ready; });
        BOOST_TEST((work.interrupted() == net::wake::client_gone));
    }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(client_watches)

BOOST_AUTO_TEST_CASE(a_silent_client_is_left_alone) {
    watched at;
    at.begin();
    at.runner.settle();
    at.runner.settle();
    BOOST_TEST((at.work.interrupted() == net::wake::ready));
    BOOST_TEST(at.received() == "");
}

BOOST_AUTO_TEST_CASE(a_client_that_resets_ends_the_work_for_it) {
    watched at;
    at.begin();
    at.runner.settle();
    at.other.reset();
    at.until_gone();
}

BOOST_AUTO_TEST_CASE(a_client_that_had_gone_before_is_noticed_at_once) {
    watched at;
    at.other.reset();
    at.begin();
    at.until_gone();
}

// R-C6: it may still listen, so it is asked once, and its answer goes on.
BOOST_AUTO_TEST_CASE(a_half_closed_client_is_asked_once) {
    watched at;
    at.begin();
    at.other.end_writing();
    std::string got;
    at.runner.until([&] {
        got += at.received();
        return !got.empty();
    });
    at.runner.settle();
    got += at.received();
    BOOST_TEST(got == "HTTP/1.1 100 Continue\r\n\r\n");
    BOOST_TEST((at.work.interrupted() == net::wake::ready));
}

// R-C2: close() of an ordinary client is a half-close first; the probe brings the reset.
BOOST_AUTO_TEST_CASE(a_client_that_closed_is_found_out_by_the_question) {
    watched at;
    at.begin();
    at.runner.settle();
    at.other.close();
    at.until_gone();
}

BOOST_AUTO_TEST_CASE(the_next_request_is_no_reason_to_stop) {
    watched at;
    at.begin();
    at.other.write("POST /v1/chat/completions HTTP/1.1\r\n");
    at.runner.settle();
    BOOST_TEST((at.work.interrupted() == net::wake::ready));
    at.watch.reset();
    std::array<char, 64> room;
    const net::io_step step = at.ours.try_read(room);
    BOOST_TEST((step.what == net::io_step::state::moved));
    BOOST_TEST(step.octets == 36U);
}

BOOST_AUTO_TEST_CASE(a_client_that_closes_behind_octets_of_its_next_request_is_noticed) {
    watched at;
    at.begin();
    at.other.write("POST /v1/chat/completions HTTP/1.1\r\n");
    at.runner.settle();
    BOOST_TEST((at.work.interrupted() == net::wake::ready));
    at.other.close();
    at.until_gone();
}

BOOST_AUTO_TEST_CASE(nobody_is_woken_once_the_watch_is_over) {
    watched at;
    at.begin();
    at.runner.settle();
    at.watch.reset();
    at.other.reset();
    at.runner.settle();
    BOOST_TEST((at.work.interrupted() == net::wake::ready));
}

BOOST_AUTO_TEST_SUITE_END()
