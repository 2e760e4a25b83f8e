// Step 7 of request_flow: octets to the client as they come. One read, one translation, one write; no wait
// between them. Nothing is read while the client has a backlog.
#include "adapters/canonical/translate.hpp"
#include "adapters/errors.hpp"
#include "proxy/base/bytes.hpp"
#include "proxy/flow/error_reply.hpp"
#include "proxy/flow/request_flow.hpp"

#include <algorithm>

namespace spillway::flow {

// What has come already leaves at once; for most whole answers that is all there is to do.
void request_flow::begin_relay() {
    if (!send_first()) client_left();
    last_octet_ = last_sign_ = answered_;
    const bool has_left = ended_ == routing::outcome_kind::client_gone;
    has_ended_ = has_left || (answer_->is_over && !client_.answer.has_backlog());
}

net::task<> request_flow::relay() {
    for (;;) {
        if (client_.answer.has_backlog()) {
            const result<> flushed = co_await client_.answer.flush(idle_patience);
            if (!flushed) co_return client_left();
        }
        if (client_.answer.is_complete() || answer_->is_over) co_return;
        const upstream::body_step step =
            upstream::read_body(*answer_->connection, answer_->body, hall_.scratch);
        if (step.must_wait) {
            client_.self.until(next_deadline());
            const net::wake why =
                co_await answer_->connection->stream.ready_for(step.io, client_.self);
            if (!goes_on(why)) co_return;
            continue;
        }
        last_octet_ = last_sign_ = client_.self.now();
        if (!pass_on(step.octets)) co_return;
    }
}

// The head leaves together with the first octets.
bool request_flow::send_first() {
    opened_answer& answer = *answer_;
    record_.first_octet =
        std::chrono::duration_cast<std::chrono::microseconds>(answered_ - arrived_);
    record_.status = 200;
    adapters::piece_list& out = hall_.pieces;
    if (answer.is_event_stream) client_.answer.mark_event_stream();
    std::optional<std::uint64_t> length = answer.length;
    if (answer.is_over && answer.how == adapters::delivery::whole)
        length = answer.held.size() + out.octets();
    client_.answer.start(std::move(answer.head), length);
    if (!answer.held.empty()) {
        answer.held.append(out.joined());
        out.clear();
        out.push(answer.held);
    }
    if (out.empty() && !answer.is_over) out.push(answer.keepalive);
    const bool whole = answer.is_over && answer.translator->facts().complete;
    const result<> sent = client_.answer.send(out.pieces(), whole ? part::last : part::more);
    base::let_go(answer.held);
    answer.early_octets = {};
    if (!sent) return false;
    if (whole) answer_complete();
    if (answer.translator->failure() != nullptr) {
        answer.is_over = true;
        break_off_inside();
    } else if (answer.is_over && !whole) {
        break_off(failure{fault::closed, side::upstream, again::never, "cut"});
    }
    return true;
}

// False: the answer has ended, well or not.
bool request_flow::pass_on(std::string_view octets) {
    opened_answer& answer = *answer_;
    adapters::piece_list& out = hall_.pieces;
    out.clear();
    if (answer.body.now() == upstream::body_reader::state::open) {
        answer.translator->feed(octets, out);
    } else {
        end_translation(answer, octets, out);
    }
    const adapters::problem* inside = answer.translator->failure();
    const bool complete =
        answer.is_over && inside == nullptr && answer.translator->facts().complete;
    if (!out.empty() || complete) {
        const result<> sent = client_.answer.send(out.pieces(), complete ? part::last : part::more);
        if (!sent) {
            client_left();
            return false;
        }
    }
    if (complete) {
        answer_complete();
        return true;  // a backlog may be left
    }
    if (inside != nullptr) {
        break_off_inside();
        return false;
    }
    if (answer.is_over) {
        break_off(failure{fault::closed, side::upstream, again::never, "cut"});
        return false;
    }
    return true;
}

base::time_point request_flow::next_deadline() const noexcept {
    const base::time_point next = std::min(last_octet_ + idle_, deadline_);
    if (answer_->keepalive.empty() || !pin_->keepalive) return next;
    return std::min(next, last_sign_ + *pin_->keepalive);
}

// False: there will be no more.
bool request_flow::goes_on(net::wake why) {
    switch (why) {
    case net::wake::ready: return true;
    case net::wake::timeout: return keep_alive_or_break_off();
    case net::wake::client_gone: client_left(); return false;
    case net::wake::draining:
        break_off(failure{fault::cancelled, side::internal, again::never, "shutting down"});
        return false;
    }
    return false;
}

bool request_flow::keep_alive_or_break_off() {
    const base::time_point now = client_.self.now();
    if (now >= deadline_) {
        break_off(failure{fault::timeout_total, side::upstream, again::never, "time limit reached"}
        );
        return false;
    }
    if (now >= last_octet_ + idle_) {
        break_off(failure{fault::timeout_idle, side::upstream, again::never, "silent for too long"}
        );
        return false;
    }
    last_sign_ = now;
    if (answer_->keepalive.empty() || !answer_->translator->facts().at_boundary) return true;
    const result<> sent = client_.answer.send(net::pieces{&answer_->keepalive, 1}, part::more);
    if (sent) return true;
    client_left();
    return false;
}

void request_flow::break_off(const failure& why) {
    record_.fault = name_of(why.what);
    break_off(to_problem(why, target_->at->display_name));
}

// The provider reports an error in the middle of its answer. Its words may hold our key.
void request_flow::break_off_inside() {
    adapters::problem why = *answer_->translator->failure();
    const provider_account& account = pin_->at(target_->at->id);
    adapters::redact(why, account.key.reveal());
    if (account.lender) adapters::redact(why, account.lender->current(hall_.worker)->key.reveal());
    break_off(why);
}

// The answer ends here, and the client must be able to tell: an error event where one may stand, and in any case a
// body without its proper end.
void request_flow::break_off(const adapters::problem& why) {
    if (record_.fault.empty()) record_.fault = name_of(why.what);
    hall_.count.add(observe::counter::streams_truncated);
    hall_.count.add_fault("cut");
    ended_ = routing::outcome_kind::cut;
    client_.answer.close_after();
    const adapters::answer_facts& facts = answer_->translator->facts();
    if (answer_->how != adapters::delivery::streamed || !facts.at_boundary) return;
    const std::string event = adapters::canonical::render_stream_problem(why, error_context());
    const std::string_view piece = event;
    if (!client_.answer.has_backlog())
        (void)client_.answer.send(net::pieces{&piece, 1}, part::more);
}

void request_flow::answer_complete() {
    ended_ = routing::outcome_kind::completed;
}

adapters::answer_context request_flow::error_context() const {
    adapters::answer_context context;
    context.what = request_.asked.what;
    context.side = request_.asked.side;
    context.dialect = request_.asked.dialect;
    context.form = request_.asked.form;
    context.how = answer_->how;
    context.generation_id = record_.id_text();
    context.model = record_.model;
    context.provider = target_->at->display_name;
    context.created = hall_.date.second();
    context.next_event = answer_->translator->facts().next_event;
    return context;
}

}  // namespace spillway::flow
