// The life of one request, from its inspected body to the last octet of the answer. Made by the session for
// one request, lives in its coroutine, touched on the worker's thread. Reads like the picture in README.md.
#pragma once

#include "proxy/flow/attempt.hpp"
#include "proxy/flow/client_watch.hpp"
#include "proxy/flow/reply.hpp"
#include "proxy/observe/request_record.hpp"

namespace spillway::flow {

class request_flow {
public:
    // The client's side of one request. All of it outlives the flow.
    struct client {
        net::stream& stream;
        net::activity& self;
        reply& answer;
        request_buffer& buffer;
    };

    request_flow(
        surroundings& hall,
        deployment_pin pin,
        const routing::client_key& who,
        const client_request& request,
        const client& from,
        base::time_point arrived
    );

    // The whole life, in this order; the session's coroutine walks through it, since a coroutine of our own around
    // it would cost every request a frame. Afterwards the reply says whether the connection lives on.
    //
    //     if (work.enter()) co_await work.obtain();        1 to 6: an opened answer, or the problem to tell
    //     if (work.begin_answer()) co_await work.relay();  7
    //     if (work.must_refuse()) co_await work.refuse();
    //     work.settle();                                   8
    bool enter();
    net::task<> obtain();
    bool begin_answer();
    net::task<> relay();
    bool must_refuse();
    net::task<> refuse();
    void settle();

private:
    bool can_go_on(const routing::step& step, const routing::failover& machine);
    void judged(const routing::step& step, const routing::outcome& ended, base::time_point now);
    void remember_problem();
    void fail_with(adapters::problem why);
    base::time_point last_deadline(const routing::plan& plan) const;
    void give_up(const routing::failover& machine, routing::stop_reason why);

    // Step 7.
    void begin_relay();
    bool send_first();
    bool pass_on(std::string_view octets);
    bool goes_on(net::wake why);
    bool keep_alive_or_break_off();
    void break_off(const failure& why);
    void break_off_inside();
    void break_off(const adapters::problem& why);
    void client_left() noexcept;
    void stop_waiting();
    void answer_complete();

    // Step 8.
    void settle_usage(base::time_point now);

    adapters::answer_context error_context() const;
    base::time_point next_deadline() const noexcept;

    surroundings& hall_;
    deployment_pin pin_;
    const routing::client_key& who_;
    const client_request& request_;
    client client_;
    std::optional<client_watch>
        watch_;  // until the last octet of a good answer, or the last attempt
    base::time_point arrived_;
    base::time_point answered_{};
    base::time_point last_octet_{};  // from the upstream
    base::time_point last_sign_{};   // of life to the client: octets or a comment
    base::time_point deadline_{};
    std::chrono::milliseconds idle_{};
    observe::request_record record_;
    std::optional<target_costs> costs_;
    std::optional<opened_answer> answer_;
    std::unique_ptr<adapters::problem> problem_;  // of the last attempt, or why there was none
    std::vector<adapters::previous_error> previous_;
    std::optional<routing::candidate> target_;  // that answers
    std::string unnamed_model_;                 // its slug, where no table names it
    routing::failover::places places_;
    routing::gate::pass at_key_;
    routing::permit permit_ = routing::permit::normal;
    routing::outcome_kind ended_ = routing::outcome_kind::cut;
    std::size_t prompt_octets_ = 0;
    bool has_ended_ = false;  // the answer, well or not, and nothing of it is left to send
};

}  // namespace spillway::flow
