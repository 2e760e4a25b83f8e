#include "tests/proxy/flow/clients.hpp"

#include <boost/test/unit_test.hpp>

#include <optional>
#include <string>
#include <vector>

namespace {

using namespace spillway;
using namespace std::chrono_literals;
using flow::keep;
using flow::part;
using tests::client_pair;

const std::string ok = "HTTP/1.1 200 OK\r\nX: y\r\n";

struct answering : client_pair {
    explicit answering(
        wire::method asked = wire::method::post, unsigned minor = 1, keep connection = keep::open
    ) {
        reply.begin(asked, minor, connection);
    }
    // More than the socket takes at once.
    void stuff() {
        BOOST_TEST(send(large, part::more).has_value());
        BOOST_REQUIRE(reply.has_backlog());
    }
    template <class T>
    static net::task<> note(net::task<T> work, std::optional<T>& out) {
        T value = co_await work;
        out.emplace(std::move(value));
    }
    const std::string large = std::string(2U << 20, 'L');
};

}  // namespace

BOOST_AUTO_TEST_SUITE(replies)

BOOST_AUTO_TEST_CASE(a_short_answer_is_one_write_of_head_and_body) {
    answering at;
    at.reply.start(std::string{ok}, 5);
    BOOST_TEST(at.received() == "");
    BOOST_TEST(at.send("hello", part::last).has_value());
    BOOST_TEST(at.received() == ok + "Content-Length: 5\r\n\r\nhello");
    BOOST_TEST(at.reply.is_complete());
    BOOST_TEST(at.reply.keeps_connection());
    BOOST_TEST(at.reply.body_octets() == 5U);
}

BOOST_AUTO_TEST_CASE(an_answer_of_unknown_length_is_chunked_one_chunk_a_send) {
    answering at;
    at.reply.start(std::string{ok}, std::nullopt);
    const std::string_view pieces[] = {"data: ", "", "1\n\n"};
    BOOST_TEST(at.reply.send(pieces, part::more).has_value());
    BOOST_TEST(at.received() == ok + "Transfer-Encoding: chunked\r\n\r\n9\r\ndata: 1\n\n\r\n");
    BOOST_TEST(at.reply.head_has_left());
    BOOST_TEST(!at.reply.is_complete());
    BOOST_TEST(!at.reply.keeps_connection());
    BOOST_TEST(at.send(std::string(255, 'x'), part::more).has_value());
    BOOST_TEST(at.received() == "ff\r\n" + std::string(255, 'x') + "\r\n");
    BOOST_TEST(at.send("end", part::last).has_value());
    BOOST_TEST(at.received() == "3\r\nend\r\n0\r\n\r\n");
    BOOST_TEST(at.reply.keeps_connection());
    BOOST_TEST(at.reply.body_octets() == 9U + 255U + 3U);
}

BOOST_AUTO_TEST_CASE(an_empty_part_is_no_chunk_and_an_empty_last_one_is_the_end) {
    answering at;
    at.reply.start(std::string{ok}, std::nullopt);
    BOOST_TEST(at.reply.send({}, part::more).has_value());
    BOOST_TEST(at.received() == ok + "Transfer-Encoding: chunked\r\n\r\n");
    BOOST_TEST(at.send("", part::more).has_value());
    BOOST_TEST(at.received() == "");
    BOOST_TEST(at.reply.send({}, part::last).has_value());
    BOOST_TEST(at.received() == "0\r\n\r\n");
    BOOST_TEST(at.reply.is_complete());
}

BOOST_AUTO_TEST_CASE(more_pieces_than_a_write_takes_are_still_one_chunk) {
    answering at;
    at.reply.start(std::string{ok}, std::nullopt);
    const std::vector<std::string_view> pieces(200, "ab");
    BOOST_TEST(at.reply.send(pieces, part::last).has_value());
    std::string body;
    for (const std::string_view piece : pieces)
        body += piece;
    BOOST_TEST(
        at.received() == ok + "Transfer-Encoding: chunked\r\n\r\n190\r\n" + body + "\r\n0\r\n\r\n"
    );
}

BOOST_AUTO_TEST_CASE(a_client_of_http_1_0_gets_the_end_of_the_connection_for_an_end) {
    answering at{wire::method::post, 0};
    at.reply.start(std::string{ok}, std::nullopt);
    BOOST_TEST(at.send("one", part::more).has_value());
    BOOST_TEST(at.send("two", part::last).has_value());
    BOOST_TEST(at.received() == ok + "Connection: close\r\n\r\nonetwo");
    BOOST_TEST(at.reply.is_complete());
    BOOST_TEST(!at.reply.keeps_connection());
}

BOOST_AUTO_TEST_CASE(an_answer_to_head_has_its_fields_and_no_body) {
    answering at{wire::method::head};
    at.reply.start(std::string{ok}, 5);
    BOOST_TEST(at.send("hello", part::last).has_value());
    BOOST_TEST(at.received() == ok + "Content-Length: 5\r\n\r\n");
    BOOST_TEST(at.reply.keeps_connection());
    BOOST_TEST(at.reply.body_octets() == 0U);
    at.reply.begin(wire::method::head, 1, keep::open);
    at.reply.start(std::string{ok}, std::nullopt);
    BOOST_TEST(at.send("hello", part::last).has_value());
    BOOST_TEST(at.received() == ok + "Transfer-Encoding: chunked\r\n\r\n");
}

BOOST_AUTO_TEST_CASE(an_answer_without_a_body_by_its_status_has_no_length_either) {
    answering at;
    at.reply.start_bodiless("HTTP/1.1 204 No Content\r\n");
    BOOST_TEST(at.reply.send({}, part::last).has_value());
    BOOST_TEST(at.received() == "HTTP/1.1 204 No Content\r\n\r\n");
    BOOST_TEST(at.reply.keeps_connection());
}

BOOST_AUTO_TEST_CASE(an_end_that_is_known_is_said) {
    answering at{wire::method::post, 1, keep::close};
    at.reply.start(std::string{ok}, 0);
    BOOST_TEST(at.reply.send({}, part::last).has_value());
    BOOST_TEST(at.received() == ok + "Content-Length: 0\r\nConnection: close\r\n\r\n");
    BOOST_TEST(!at.reply.keeps_connection());
}

// R-U5: a body that is cut has no proper end, and the connection ends with it.
BOOST_AUTO_TEST_CASE(a_reply_that_is_given_up_does_not_keep_its_connection) {
    answering at;
    at.reply.start(std::string{ok}, std::nullopt);
    BOOST_TEST(at.send("some", part::more).has_value());
    at.reply.close_after();
    BOOST_TEST(!at.received().contains("0\r\n\r\n"));
    BOOST_TEST(!at.reply.is_complete());
    BOOST_TEST(!at.reply.keeps_connection());
}

BOOST_AUTO_TEST_CASE(a_reply_begins_anew_for_the_next_request) {
    answering at;
    at.reply.start(std::string{ok}, std::nullopt);
    at.reply.mark_event_stream();
    BOOST_TEST(at.send("one", part::last).has_value());
    (void)at.received();
    at.reply.begin(wire::method::get, 1, keep::open);
    BOOST_TEST(!at.reply.is_started());
    BOOST_TEST(!at.reply.streams_events());
    BOOST_TEST(at.reply.body_octets() == 0U);
    at.reply.start(std::string{ok}, 3);
    BOOST_TEST(at.send("two", part::last).has_value());
    BOOST_TEST(at.received() == ok + "Content-Length: 3\r\n\r\ntwo");
}

// R-C4: what the client does not take is kept, in order, and nothing more is read for it.
BOOST_AUTO_TEST_CASE(what_the_socket_does_not_take_is_flushed_later) {
    answering at;
    at.reply.start(std::string{ok}, std::nullopt);
    at.stuff();
    std::optional<result<>> flushed;
    at.runner.start(answering::note(at.reply.flush(60s), flushed));
    std::string all;
    at.runner.until([&] {
        all += at.received();
        return flushed.has_value();
    });
    BOOST_TEST(flushed->has_value());
    BOOST_TEST(!at.reply.has_backlog());
    all += at.received();
    BOOST_TEST(at.send("next", part::last).has_value());
    all += at.received();
    BOOST_TEST(
        (all == ok + "Transfer-Encoding: chunked\r\n\r\n200000\r\n" + at.large +
                    "\r\n4\r\nnext\r\n0\r\n\r\n")
    );
}

BOOST_AUTO_TEST_CASE(a_client_that_takes_nothing_is_given_up) {
    answering at;
    at.reply.start(std::string{ok}, std::nullopt);
    at.stuff();
    const result<> flushed = at.runner.run(at.reply.flush(0ms));
    BOOST_REQUIRE(flushed.has_error());
    BOOST_TEST((flushed.error().what == fault::timeout_write));
    BOOST_TEST((flushed.error().where == side::client));
}

BOOST_AUTO_TEST_CASE(a_client_that_has_gone_is_noticed_by_the_write) {
    answering at;
    at.other.close();
    at.reply.start(std::string{ok}, 5);
    const result<> sent = at.send("hello", part::last);
    BOOST_REQUIRE(sent.has_error());
    BOOST_TEST((sent.error().what == fault::closed));
    BOOST_TEST((sent.error().where == side::client));
}

BOOST_AUTO_TEST_CASE(a_client_that_goes_while_it_has_a_backlog_ends_the_flush) {
    answering at;
    at.reply.start(std::string{ok}, std::nullopt);
    at.stuff();
    std::optional<result<>> flushed;
    at.runner.start(answering::note(at.reply.flush(60s), flushed));
    at.other.close();
    at.runner.until([&] { return flushed.has_value(); });
    BOOST_REQUIRE(flushed->has_error());
    BOOST_TEST((flushed->error().where == side::client));
}

// R-C6: only a write can tell whether a client that shut its sending side down still listens.
BOOST_AUTO_TEST_CASE(a_probe_before_the_head_is_an_interim_answer) {
    answering at;
    at.reply.probe();
    BOOST_TEST(at.received() == "HTTP/1.1 100 Continue\r\n\r\n");
    at.reply.start(std::string{ok}, 2);
    BOOST_TEST(at.send("ok", part::last).has_value());
    BOOST_TEST(at.received() == ok + "Content-Length: 2\r\n\r\nok");
}

BOOST_AUTO_TEST_CASE(a_probe_between_events_is_an_empty_comment) {
    answering at;
    at.reply.start(std::string{ok}, std::nullopt);
    at.reply.mark_event_stream();
    BOOST_TEST(at.send("data: 1\n\n", part::more).has_value());
    (void)at.received();
    at.reply.probe();
    BOOST_TEST(at.received() == "3\r\n:\n\n\r\n");
}

BOOST_AUTO_TEST_CASE(a_probe_never_stands_inside_an_event) {
    answering at;
    at.reply.start(std::string{ok}, std::nullopt);
    at.reply.mark_event_stream();
    BOOST_TEST(at.send("data: {\"a\":", part::more).has_value());
    (void)at.received();
    at.reply.probe();
    BOOST_TEST(at.received() == "");
    BOOST_TEST(at.send("1}\n\n", part::more).has_value());
    (void)at.received();
    at.reply.probe();
    BOOST_TEST(at.received() == "3\r\n:\n\n\r\n");
}

BOOST_AUTO_TEST_CASE(nothing_is_probed_where_octets_would_change_the_answer) {
    answering old{wire::method::post, 0};
    old.reply.probe();
    BOOST_TEST(old.received() == "");
    answering whole;
    whole.reply.start(std::string{ok}, 10);
    BOOST_TEST(whole.send("hello", part::more).has_value());
    (void)whole.received();
    whole.reply.probe();
    BOOST_TEST(whole.received() == "");
    answering done;
    done.reply.start(std::string{ok}, 0);
    BOOST_TEST(done.reply.send({}, part::last).has_value());
    (void)done.received();
    done.reply.probe();
    BOOST_TEST(done.received() == "");
    answering full;
    full.reply.start(std::string{ok}, std::nullopt);
    full.reply.mark_event_stream();
    full.stuff();
    (void)full.received();
    full.reply.probe();
    BOOST_TEST(full.received() == "");
}

BOOST_AUTO_TEST_SUITE_END()
