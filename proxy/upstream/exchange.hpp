// One request and the head of its answer on a leased connection. Used by one attempt; touched on the worker's
// thread. Deadlines are the activity's. Views handed out point into the worker's scratch buffer or into this
// object and hold until the next wait.
#pragma once

#include "proxy/upstream/connection.hpp"
#include "proxy/wire/framing.hpp"
#include "proxy/wire/head_parser.hpp"

#include <span>
#include <string>
#include <string_view>

namespace spillway::upstream {

struct answer_start {
    wire::body_framing framing;
    std::string_view rest;  // what has come of the body, still framed
};

class exchange {
public:
    // `head` is the worker's; it holds the answer's fields once look_for_head() found them.
    exchange(
        connection& on, net::activity& self, std::span<char> scratch, wire::response_head& head
    ) noexcept
        : on_{on}
        , self_{self}
        , scratch_{scratch}
        , head_{head} {}

    // One write, which is all that most requests need. True: everything has gone; else send() goes on.
    bool try_send(net::pieces request);
    // Sends what is left of the pieces, or as much as the upstream takes before it answers. REQUIRES: try_send() was
    // called with the same pieces, and they stay where they are until this is over.
    net::task<result<>> send(net::pieces request);

    enum class look : std::uint8_t {
        must_wait,  // for awaited(); then look again
        complete,   // see start()
        failed,     // see why()
    };
    // Looks for the final answer's head without waiting. Interim answers are skipped, up to sixteen (R-U12).
    look look_for_head(wire::method asked);
    const net::io_step& awaited() const noexcept { return awaited_; }
    const answer_start& start() const noexcept { return start_; }
    const failure& why() const noexcept { return why_; }

    // The answer came before the request was taken whole: the connection is good for nothing else (R-U13).
    bool answered_early() const noexcept { return answered_early_; }
    // Not one octet of an answer has come.
    bool saw_nothing() const noexcept { return octets_ == 0; }

private:
    enum class glance : std::uint8_t { nothing, answer };
    enum class glance_at : std::uint8_t { news, what_is_left };
    glance look_for_early_answer(glance_at where);
    look take(std::string_view text, wire::method asked);
    look fail(const failure& why) noexcept;

    connection& on_;
    net::activity& self_;
    std::span<char> scratch_;
    wire::response_head& head_;
    answer_start start_;
    failure why_;
    net::io_step awaited_{net::io_step::state::wants_read};
    std::string pending_;      // a head that did not come in one read
    std::size_t octets_ = 0;   // of the answer, received
    std::size_t written_ = 0;  // of the request, by try_send()
    unsigned interim_ = 0;
    bool answered_early_ = false;
    bool has_unread_ = false;  // pending_ holds octets nobody has looked at
};

}  // namespace spillway::upstream
