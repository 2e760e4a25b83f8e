// One attempt: steps 4 to 6 of a request for one target. Says it the provider's way, sends it, judges what
// came. Ends with an opened answer of which nothing has left yet, or with a problem. Lives in the request's
// coroutine; touched on the worker's thread. attempt.cpp asks, attempt_answer.cpp opens what came.
#pragma once

#include "proxy/flow/client_request.hpp"
#include "proxy/flow/deployment.hpp"
#include "proxy/flow/request_text.hpp"
#include "proxy/flow/surroundings.hpp"
#include "proxy/flow/translate.hpp"
#include "proxy/upstream/body_reader.hpp"
#include "proxy/upstream/exchange.hpp"
#include "routing/failover.hpp"

namespace spillway::flow {

// A good answer has begun. This is what lasts as long as the answer streams.
struct opened_answer {
    opened_answer(upstream::lease connection_, const upstream::body_reader& body_) noexcept
        : connection{std::move(connection_)}
        , body{body_} {}

    upstream::lease connection;
    upstream::body_reader body;
    std::unique_ptr<adapters::answer_translator> translator;
    std::string_view keepalive;  // what may stand between two frames of a silent stream; or nothing
    adapters::delivery how = adapters::delivery::whole;
    bool is_event_stream = false;  // as the client gets it
    bool is_over = false;          // the translator has been told of the end
    bool reusable = true;          // the connection, once the body is whole
};

// What of an opened answer leaves first; gone before its stream goes on. What the translator gave so far lies in the
// worker's piece list, or in `held` for a whole answer that came in several reads; both must leave before the next wait.
struct answer_beginning {
    std::string head;  // of our answer, framing and end still missing
    std::string held;
    std::vector<char> early_octets;  // of the body, when they could not stay in the scratch buffer
    std::optional<std::uint64_t> length;  // of the whole body, where it is known
};

// Gives the translator the body's last octets; `out` then holds all that is left to send.
void end_translation(
    opened_answer& answer, std::string_view last_octets, adapters::piece_list& out
);

class attempt {
public:
    // What of the request every attempt needs. All of it outlives the attempt.
    struct order {
        surroundings& hall;
        const deployment& plan;
        const client_request& request;
        const adapters::request_facts& facts;
        std::string_view generation_id;
        // What comes of it: an answer, with the prices of its target and its slug where no table names the model, …
        std::optional<opened_answer>& answer;
        answer_beginning& first;
        std::optional<target_costs>& costs;
        std::string& unnamed_model;
        // … or why there is none.
        std::unique_ptr<adapters::problem>& problem;
        base::time_point arrived;
        base::time_point& answered;  // when the first octets of the answer were there
        net::activity& self;
    };

    attempt(const order& what, const routing::step& step, std::uint32_t number) noexcept;

    // What the attempt has come to. The usual one waits for the head of its answer and for nothing else, so that
    // wait is its user's own; every other step is a coroutine of its own, go_on().
    //
    //     attempt::state at = tried.begin();
    //     while (at != over)
    //         at = at == awaits_head ? tried.look_for_head(co_await tried.head()) : co_await tried.go_on(at);
    //     tried.ended()
    enum class state : std::uint8_t {
        lacks_lent,     // the account's credentials change with time, and none are valid now
        dials,          // there was no warm connection
        sends,          // the upstream has not taken all of the request
        awaits_head,    // of the answer
        refused,        // an answer that says why not; its body has to be read
        awaits_output,  // an answer has begun, but nothing of it may leave yet
        over,           // an opened answer, or a problem
    };
    state begin();
    net::activity::awaiter head() {
        return leased_->stream.ready_for(exchange_->awaited(), what_.self);
    }
    state look_for_head(net::wake why);
    // REQUIRES: neither awaits_head nor over.
    net::task<state> go_on(state from);
    const routing::outcome& ended() const noexcept { return ended_; }

private:
    enum class verdict : std::uint8_t { go_on, accept, failed };

    bool borrow();
    state go();
    net::task<state> wait_for_lent();
    net::task<bool> borrow_newer(std::uint64_t than);
    std::string_view secret() const noexcept;
    bool take_warm();
    net::task<state> dial();
    // The provider speaks another protocol than the client.
    bool is_translated() const noexcept;
    state send();
    net::task<state> send_rest();
    state look();
    verdict open(const upstream::answer_start& start);
    net::task<state> first_output();
    net::task<result<std::string_view>> more_octets(opened_answer& answer);
    net::task<state> read_problem();

    std::span<char> writable(std::string_view rest) const;
    std::string_view lasting_model() const;
    std::string answer_head(adapters::delivery how, std::string_view stream_type) const;
    routing::outcome accepted() const;
    state over(const routing::outcome& how);
    routing::outcome failed(const failure& why);
    routing::outcome failed(const adapters::problem& why);
    verdict feed(std::string_view octets);
    static std::chrono::milliseconds lower(
        std::chrono::milliseconds configured, std::optional<std::chrono::milliseconds> asked
    ) noexcept;
    void
    until(std::chrono::milliseconds configured, std::optional<std::chrono::milliseconds> asked);

    const order& what_;
    const routing::candidate& target_;
    const provider_account& account_;
    routing::connection_choice choice_;
    std::uint32_t number_;
    base::time_point began_;
    base::time_point deadline_;
    adapters::dropped_names dropped_;
    adapters::answer_wishes wishes_;
    routing::connection_age age_ = routing::connection_age::fresh;
    bool has_renewed_ = false;
    std::uint64_t octets_seen_ = 0;
    routing::outcome ended_{routing::outcome_kind::bad_answer};
    std::optional<credentials::lender::pin>
        lent_;  // where the account's credentials change with time
    adapters::edit_list edits_;
    upstream::lease leased_;            // until an answer takes it over
    std::optional<request_text> text_;  // views the edits
    std::optional<upstream::exchange> exchange_;
};

}  // namespace spillway::flow
