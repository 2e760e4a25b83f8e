// The life of one request, from its inspected body to the last octet of the answer. Made by the session for one
// request and owned by it, touched on the worker's thread. Reads like the picture in README.md.
//
// It holds what lasts as long as the answer streams, and nothing else: the client's request, its body and the beginning
// of the answer are lent to obtain() and begin_answer() and are gone before the stream goes on.
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
    };

    request_flow(
        surroundings& hall,
        deployment_pin pin,
        const routing::client_key& who,
        const adapters::question& asked,
        const client& from,
        base::time_point arrived
    );

    request_flow(const request_flow&) = delete;
    request_flow& operator=(const request_flow&) = delete;

    static void* operator new(std::size_t octets) { return net::frame_cache::take(octets); }
    static void operator delete(void* memory, std::size_t octets) noexcept {
        net::frame_cache::give_back(memory, octets);
    }

    // The whole life, in this order; the session's coroutines walk through it, since a coroutine of our own around it
    // would cost every request a frame. Afterwards the reply says whether the connection lives on.
    //
    //     if (work.enter()) co_await work.obtain(request, first);       1 to 6: an opened answer, or the problem to tell
    //     if (work.begin_answer(first)) {                               7
    //         while (work.goes_on()) work.relay(co_await work.more());
    //     }
    //     if (work.must_refuse()) co_await work.refuse();
    //     work.settle();                                                8
    bool enter();
    net::task<> obtain(const client_request& request, answer_beginning& first);

    // Sends what has come of an answer. True: there is more to come.
    bool begin_answer(answer_beginning& first);
    // Until the answer has ended, well or not, and nothing of it is left to send.
    bool goes_on() const noexcept { return !has_ended_; }
    // A slow client: nothing is read before it took what it was sent.
    bool has_backlog() const noexcept { return client_.answer.has_backlog(); }
    net::task<> flush();
    // More of the answer, or a reason to look after it. REQUIRES: no backlog.
    net::activity::awaiter more() {
        return answer_->connection->stream.ready_for(awaited_, client_.self);
    }
    void relay(net::wake why);

    bool must_refuse();
    net::task<> refuse();
    void settle();

private:
    bool can_go_on(const routing::step& step, const routing::failover& machine);
    bool judged(const routing::step& step, const routing::outcome& ended, base::time_point now);
    void accepted(const routing::candidate& target, const asked_limits& limits);
    void remember_problem();
    void fail_with(adapters::problem why);
    base::time_point last_deadline(const routing::plan& plan, const asked_limits& limits) const;
    void give_up(const routing::failover& machine, routing::stop_reason why);

    // Step 7.
    bool send_first(answer_beginning& first);
    void read_on();
    bool pass_on(std::string_view octets);
    bool look_after(net::wake why);
    bool keep_alive_or_break_off();
    void break_off(const failure& why);
    void break_off_inside();
    void break_off(const adapters::problem& why);
    void client_left() noexcept;
    void stop_waiting();
    void answer_complete();

    // Step 8.
    observe::request_record record() const;
    void settle_usage(observe::request_record& about, base::time_point now);

    adapters::answer_context error_context() const;
    base::time_point next_deadline() const noexcept;

    surroundings& hall_;
    deployment_pin pin_;
    const routing::client_key& who_;
    adapters::question asked_;  // but for the model its path names
    client client_;
    std::optional<client_watch>
        watch_;  // until the last octet of a good answer, or the last attempt
    base::time_point arrived_;
    base::time_point last_octet_{};  // from the upstream
    base::time_point last_sign_{};   // of life to the client: octets or a comment
    base::time_point deadline_{};
    std::chrono::milliseconds idle_{};
    std::chrono::microseconds first_octet_{};
    observe::generation_id id_;
    std::uint16_t status_ = 0;  // what the client was told
    std::uint16_t attempts_ = 0;
    bool streamed_ = false;   // was asked for
    bool has_ended_ = false;  // the answer, well or not, and nothing of it is left to send
    routing::permit permit_ = routing::permit::normal;
    routing::outcome_kind ended_ = routing::outcome_kind::cut;
    net::io_step awaited_{net::io_step::state::wants_read};
    std::string asked_model_;    // as the client spelled it
    std::string unnamed_model_;  // the slug that serves, where no table names it
    std::string_view model_;     // the slug that serves
    std::string_view fault_;     // why it failed; empty when it did not
    std::optional<target_costs> costs_;
    std::optional<opened_answer> answer_;
    const routing::account* at_ = nullptr;  // whose target answers
    routing::target_state* target_ = nullptr;
    std::unique_ptr<adapters::problem> problem_;  // of the last attempt, or why there was none
    std::vector<adapters::previous_error> previous_;
    routing::failover::places places_;
    routing::gate::pass at_key_;
    std::size_t prompt_octets_ = 0;
};

}  // namespace spillway::flow
