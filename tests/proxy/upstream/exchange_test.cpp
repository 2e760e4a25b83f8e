#include "proxy/upstream/body_reader.hpp"
#include "proxy/upstream/exchange.hpp"
#include "tests/proxy/upstream/wired.hpp"
#include "tests/support/three_ways.hpp"

#include <boost/test/unit_test.hpp>

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace {

using namespace spillway;
using namespace std::chrono_literals;
using tests::raw_socket;
using upstream::answer_start;

constexpr std::string_view question = "POST /v1/chat/completions HTTP/1.1\r\n\r\n";

struct talk {
    tests::loop_runner runner;
    net::activity self{runner.wheel()};
    std::vector<char> scratch = std::vector<char>(64 * 1024);
    wire::response_head head;
    raw_socket other;
    std::unique_ptr<upstream::connection> connection;
    std::optional<upstream::exchange> exchange;

    explicit talk(tests::socket_pair pair = tests::tcp_pair()) : other{std::move(pair.theirs)} {
        connection = tests::connection_over(runner, pair.ours);
        exchange.emplace(*connection, self, std::span<char>{scratch}, head);
    }

    static net::task<result<>> send_all(upstream::exchange& on, net::pieces request) {
        if (on.try_send(request)) co_return result<>{};
        co_return co_await on.send(request);
    }
    // Waits for more of the body; false when the deadline of `self` came first.
    static net::task<bool>
    wait_for(upstream::connection& on, const net::io_step& step, net::activity& self) {
        co_return co_await on.stream.ready_for(step, self) == net::wake::ready;
    }
    upstream::body_step read_more(upstream::body_reader& body) {
        for (;;) {
            const upstream::body_step step = upstream::read_body(*connection, body, scratch);
            if (!step.must_wait) return step;
            BOOST_REQUIRE(runner.run(wait_for(*connection, step.io, self)));
        }
    }
    template <class T>
    static net::task<> keep(net::task<T> work, std::optional<T>& out) {
        T value = co_await work;
        out.emplace(std::move(value));
    }

    result<> send(std::string_view text = question) {
        const std::string_view piece = text;
        return runner.run(send_all(*exchange, net::pieces{&piece, 1}));
    }
    // Looks for the head as often as there is something to see.
    static net::task<result<answer_start>> receive_head(
        upstream::exchange& on, net::stream& over, net::activity& self, wire::method asked
    ) {
        using look = upstream::exchange::look;
        for (;;) {
            const look seen = on.look_for_head(asked);
            if (seen == look::complete) co_return on.start();
            if (seen == look::failed) co_return on.why();
            const net::wake why = co_await over.ready_for(on.awaited(), self);
            if (why != net::wake::ready) co_return over.broken(why, fault::timeout_first_byte);
        }
    }
    void
    receive(std::optional<result<answer_start>>& out, wire::method asked = wire::method::post) {
        runner.start(keep(receive_head(*exchange, connection->stream, self, asked), out));
    }
    // What came of the head: "200 length 5: hello", or the fault and its detail.
    std::string told(const result<answer_start>& start) const {
        if (!start) {
            BOOST_TEST((start.error().where == side::upstream));
            BOOST_TEST((start.error().next == again::other_target));
            return std::string{name_of(start.error().what)} + ": " +
                   std::string{start.error().detail};
        }
        std::string text = std::to_string(head.status());
        switch (start->framing.kind) {
        case wire::body_kind::none: text += " none"; break;
        case wire::body_kind::length:
            text += " length " + std::to_string(start->framing.length);
            break;
        case wire::body_kind::chunked: text += " chunked"; break;
        case wire::body_kind::until_close: text += " until close"; break;
        case wire::body_kind::refused: text += " refused"; break;
        }
        return text + ": " + std::string{start->rest};
    }
};

// Answers with `pieces`, the loop running between them, and tells what came of the head.
std::string answered_in(const testing::pieces& pieces, wire::method asked = wire::method::post) {
    talk at{tests::unix_pair()};
    BOOST_REQUIRE(at.send().has_value());
    std::optional<result<answer_start>> start;
    at.receive(start, asked);
    for (const std::string_view piece : pieces) {
        if (start) break;
        at.other.write(piece);
        at.runner.settle();
    }
    at.other.end_writing();
    at.runner.until([&] { return start.has_value(); });
    return at.told(*start);
}

std::string answered(std::string_view text, wire::method asked = wire::method::post) {
    return answered_in(testing::pieces{text}, asked);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(exchanges)

BOOST_AUTO_TEST_CASE(the_pieces_of_a_request_arrive_as_one_text) {
    talk at;
    const std::string body(100, 'b');
    const std::string_view pieces[] = {"POST / HTTP/1.1\r\n", "", "\r\n", body, ""};
    BOOST_TEST(at.runner.run(talk::send_all(*at.exchange, pieces)).has_value());
    BOOST_TEST(at.other.read_exactly(19 + 100) == "POST / HTTP/1.1\r\n\r\n" + body);
    BOOST_TEST(at.exchange->saw_nothing());
    BOOST_TEST(!at.exchange->answered_early());
    BOOST_TEST(at.connection->history().requests == 1U);
}

BOOST_AUTO_TEST_CASE(a_request_larger_than_the_socket_takes_goes_out_whole) {
    talk at{tests::unix_pair()};
    std::vector<std::string> parts;
    std::string all;
    for (int i = 0; i < 60; ++i) {
        parts.emplace_back(static_cast<std::size_t>(40'000 + i), static_cast<char>('a' + i % 26));
        all += parts.back();
    }
    const std::vector<std::string_view> pieces(parts.begin(), parts.end());
    std::optional<result<>> sent;
    at.runner.start(talk::keep(talk::send_all(*at.exchange, pieces), sent));
    std::string got;
    while (got.size() < all.size()) {
        got += at.other.read();
        at.runner.settle();
    }
    at.runner.until([&] { return sent.has_value(); });
    BOOST_TEST(sent->has_value());
    BOOST_TEST((got == all));
}

BOOST_AUTO_TEST_CASE(a_head_is_read_however_it_is_cut) {
    const std::string text = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nX: y\r\n\r\n";
    const std::string said = testing::three_ways(text, [](const testing::pieces& pieces) {
        return answered_in(pieces);
    });
    BOOST_TEST(said == "200 length 5: ");
}

BOOST_AUTO_TEST_CASE(octets_behind_the_head_are_handed_on) {
    BOOST_TEST(
        answered("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello") == "200 length 5: hello"
    );
    BOOST_TEST(
        answered_in({"HTTP/1.1 200 OK\r\nContent-Len", "gth: 5\r\n\r\nhel"}) == "200 length 5: hel"
    );
}

BOOST_AUTO_TEST_CASE(the_framing_of_an_answer_is_told) {
    BOOST_TEST(
        answered("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n") ==
        "200 chunked: 0\r\n"
    );
    BOOST_TEST(answered("HTTP/1.1 200 OK\r\n\r\nabc") == "200 until close: abc");
    BOOST_TEST(answered("HTTP/1.0 500 No\r\n\r\n") == "500 until close: ");
    BOOST_TEST(answered("HTTP/1.1 204 No Content\r\n\r\n") == "204 none: ");
    BOOST_TEST(
        answered("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", wire::method::head) == "200 none: "
    );
}

// R-U14: what to do with it is the attempt's business; here it is a head like any other, and nothing follows it.
BOOST_AUTO_TEST_CASE(a_redirect_is_told_and_not_followed) {
    BOOST_TEST(
        answered("HTTP/1.1 307 Elsewhere\r\nLocation: http://other/\r\nContent-Length: 0\r\n\r\n"
        ) == "307 length 0: "
    );
}

// R-U12
BOOST_AUTO_TEST_CASE(interim_answers_are_skipped_however_they_are_cut) {
    const std::string text =
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n"
        "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
    const std::string said = testing::three_ways(text, [](const testing::pieces& pieces) {
        return answered_in(pieces);
    });
    BOOST_TEST(said == "200 length 0: ");
}

BOOST_AUTO_TEST_CASE(sixteen_interim_answers_are_patience_seventeen_a_fault) {
    std::string many;
    for (int i = 0; i < 16; ++i)
        many += "HTTP/1.1 102 Processing\r\n\r\n";
    const std::string last = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
    BOOST_TEST(answered(many + last) == "200 length 0: ");
    BOOST_TEST(
        answered_in({many, "HTTP/1.1 102 Processing\r\n\r\n", last}) ==
        "bad_head: too many interim answers"
    );
    BOOST_TEST(answered(many + "HTTP/1.1 102 Processing\r\n\r\n" + last).starts_with("bad_head: "));
}

BOOST_AUTO_TEST_CASE(an_unasked_switch_of_protocols_is_a_fault) {
    BOOST_TEST(
        answered("HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n").starts_with("bad_head: ")
    );
}

BOOST_AUTO_TEST_CASE(garbage_is_no_head) {
    BOOST_TEST(answered("SSH-2.0-OpenSSH_9.0\r\n").starts_with("bad_head: "));
    BOOST_TEST(answered("HTTP/1.1 200 OK\r\nA: b\r\n folded\r\n\r\n").starts_with("bad_head: "));
    BOOST_TEST(answered("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n")
                   .starts_with("bad_framing: "));
}

// R-U12: above 64 KiB or 256 fields.
BOOST_AUTO_TEST_CASE(an_endless_head_is_a_fault) {
    const std::string field = "X-Filler: " + std::string(4000, 'f') + "\r\n";
    std::string large = "HTTP/1.1 200 OK\r\n";
    for (int i = 0; i < 20; ++i)
        large += field;
    BOOST_TEST(answered_in({std::string_view{large}.substr(0, 50'000),
                            std::string_view{large}.substr(50'000)})
                   .starts_with("bad_head: "));
    std::string many = "HTTP/1.1 200 OK\r\n";
    for (int i = 0; i < 257; ++i)
        many += "X: y\r\n";
    BOOST_TEST(answered(many + "\r\n").starts_with("bad_head: "));
}

// R-U2: nothing came, so the same request may be sent anew.
BOOST_AUTO_TEST_CASE(a_connection_that_closes_before_it_answers_has_said_nothing) {
    talk at;
    BOOST_REQUIRE(at.send().has_value());
    std::optional<result<answer_start>> start;
    at.receive(start);
    at.runner.settle();
    (void)at.other.read();
    at.other.close();
    at.runner.until([&] { return start.has_value(); });
    BOOST_TEST(at.told(*start) == "closed: closed before a whole answer head");
    BOOST_TEST(at.exchange->saw_nothing());
}

BOOST_AUTO_TEST_CASE(a_head_that_is_cut_is_no_answer_but_not_silence_either) {
    for (const bool by_reset : {false, true}) {
        talk at;
        BOOST_REQUIRE(at.send().has_value());
        std::optional<result<answer_start>> start;
        at.receive(start);
        at.other.write("HTTP/1.1 200 OK\r\nContent");
        at.runner.settle();
        (void)at.other.read();
        by_reset ? at.other.reset() : at.other.close();
        at.runner.until([&] { return start.has_value(); });
        BOOST_TEST(
            at.told(*start) ==
            (by_reset ? "reset: " : "closed: ") + std::string{"closed before a whole answer head"}
        );
        BOOST_TEST(!at.exchange->saw_nothing());
    }
}

BOOST_AUTO_TEST_CASE(a_stale_connection_fails_without_having_said_anything) {
    talk at{tests::unix_pair()};
    at.other.close();
    const result<> sent = at.send();
    BOOST_REQUIRE(sent.has_error());
    BOOST_TEST((sent.error().what == fault::reset));
    BOOST_TEST((sent.error().where == side::upstream));
    BOOST_TEST((sent.error().next == again::other_target));
    BOOST_TEST(at.exchange->saw_nothing());
}

// R-U13
BOOST_AUTO_TEST_CASE(an_answer_that_comes_before_the_request_is_sent_ends_the_sending) {
    talk at{tests::unix_pair()};
    const std::string body(4U << 20, 'b');
    std::optional<result<>> sent;
    const std::string_view piece = body;
    at.runner.start(talk::keep(talk::send_all(*at.exchange, net::pieces{&piece, 1}), sent));
    at.runner.settle();
    BOOST_TEST(!sent.has_value());
    at.other.write("HTTP/1.1 413 Too Large\r\nContent-Length: 2\r\n\r\nno");
    at.runner.until([&] { return sent.has_value(); });
    BOOST_TEST(sent->has_value());
    BOOST_TEST(at.exchange->answered_early());
    BOOST_TEST(
        at.told(at.runner.run(
            talk::receive_head(*at.exchange, at.connection->stream, at.self, wire::method::post)
        )) == "413 length 2: no"
    );
}

BOOST_AUTO_TEST_CASE(the_rest_of_an_early_answer_is_read_like_any_other) {
    talk at{tests::unix_pair()};
    const std::string body(4U << 20, 'b');
    std::optional<result<>> sent;
    const std::string_view piece = body;
    at.runner.start(talk::keep(talk::send_all(*at.exchange, net::pieces{&piece, 1}), sent));
    at.other.write("HTTP/1.1 413 Too");
    at.runner.until([&] { return sent.has_value(); });
    std::optional<result<answer_start>> start;
    at.receive(start);
    at.runner.settle();
    BOOST_TEST(!start.has_value());
    at.other.write(" Large\r\nContent-Length: 0\r\n\r\n");
    at.runner.until([&] { return start.has_value(); });
    BOOST_TEST(at.told(*start) == "413 length 0: ");
    BOOST_TEST(at.exchange->answered_early());
}

// A kept connection: the upstream has said why it closes before we send, and our write meets the reset before the loop
// tells of either.
BOOST_AUTO_TEST_CASE(an_answer_in_front_of_a_reset_is_read_though_the_write_fails_first) {
    talk at{tests::tcp_pair()};
    std::array<char, 16> room;
    BOOST_TEST((at.connection->stream.try_read(room).what == net::io_step::state::wants_read));
    at.other.write("HTTP/1.1 408 Request Timeout\r\nContent-Length: 2\r\n\r\nno");
    at.other.reset();
    BOOST_TEST(at.send(std::string(1U << 20, 'b')).has_value());
    BOOST_TEST(at.exchange->answered_early());
    BOOST_TEST(
        at.told(at.runner.run(
            talk::receive_head(*at.exchange, at.connection->stream, at.self, wire::method::post)
        )) == "408 length 2: no"
    );
}

BOOST_AUTO_TEST_CASE(silence_ends_at_the_deadline) {
    talk at;
    BOOST_REQUIRE(at.send().has_value());
    at.self.until(at.self.now());
    const auto start = at.runner.run(
        talk::receive_head(*at.exchange, at.connection->stream, at.self, wire::method::post)
    );
    BOOST_TEST(at.told(start) == "timeout_first_byte: time limit reached");
    BOOST_TEST(at.exchange->saw_nothing());
}

BOOST_AUTO_TEST_CASE(an_upstream_that_takes_nothing_is_given_up_at_the_deadline) {
    talk at{tests::unix_pair()};
    at.self.until(at.self.now());
    const result<> sent = at.send(std::string(4U << 20, 'b'));
    BOOST_REQUIRE(sent.has_error());
    BOOST_TEST((sent.error().what == fault::timeout_first_byte));
}

// R-C1
BOOST_AUTO_TEST_CASE(waiting_for_a_head_ends_when_nobody_wants_it_any_more) {
    talk at;
    BOOST_REQUIRE(at.send().has_value());
    std::optional<result<answer_start>> start;
    at.receive(start);
    at.runner.settle();
    at.self.interrupt(net::wake::client_gone);
    BOOST_REQUIRE(start.has_value());
    BOOST_REQUIRE(start->has_error());
    BOOST_TEST((start->error().where == side::client));
    BOOST_TEST((start->error().what == fault::cancelled));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(bodies_of_connections)

BOOST_AUTO_TEST_CASE(a_body_is_read_without_waiting) {
    talk at;
    upstream::body_reader body{{wire::body_kind::length, 0, 8}};
    upstream::body_step step = upstream::read_body(*at.connection, body, at.scratch);
    BOOST_TEST(step.must_wait);
    BOOST_TEST((step.io.what == net::io_step::state::wants_read));
    at.other.write("half");
    step = at.read_more(body);
    BOOST_TEST(step.octets == "half");
    BOOST_TEST((body.now() == upstream::body_reader::state::open));
}

BOOST_AUTO_TEST_CASE(an_orderly_end_is_told_from_a_reset) {
    using state = upstream::body_reader::state;
    for (const bool by_reset : {false, true}) {
        talk at;
        upstream::body_reader body{{wire::body_kind::until_close}};
        by_reset ? at.other.reset() : at.other.close();
        (void)at.read_more(body);
        BOOST_TEST((body.now() == (by_reset ? state::broken : state::whole)));
    }
}

BOOST_AUTO_TEST_SUITE_END()
