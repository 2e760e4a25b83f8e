// Step 7 of request_flow: octets to the client as they come. One read, one translation, one write; no wait
// between them. Nothing is read while the client has a backlog.
#include "adapters/canonical/translate.hpp"
#include "adapters/errors.hpp"
#include "proxy/base/bytes.hpp"
#include "proxy/flow/error_reply.hpp"
#include "proxy/flow/request_flow.hpp"

#include <algorithm>

namespace spillway::flow {

// No attempt can follow any more. What has come already leaves at once; for most whole answers that is all there is.
bool request_flow::begin_answer(answer_beginning& first) {
    if (!answer_) return false;
    const base::time_point answered = last_octet_;
    first_octet_ = std::chrono::duration_cast<std::chrono::microseconds>(answered - arrived_);
    last_sign_ = answered;
    if (!send_first(first)) client_left();
    has_ended_ = ended_ == routing::outcome_kind::client_gone ||
                 (answer_->is_over && !client_.answer.has_backlog());
    if (!has_ended_ && !client_.answer.has_backlog()) read_on();
    return !has_ended_;
}

net::task<> request_flow::flush() {
    const result<> flushed = co_await client_.answer.flush(idle_patience);
    if (!flushed) {
        client_left();
        has_ended_ = true;
    } else {
        read_on();
    }
}

void request_flow::relay(net::wake why) {
    if (why == net::wake::ready || look_after(why)) return read_on();
    has_ended_ = true;
}

// Passes on what there is, until the upstream has no more for now, the client has a backlog or the answer has ended.
void request_flow::read_on() {
    while (!client_.answer.has_backlog()) {
        has_ended_ = client_.answer.is_complete() || answer_->is_over;
        if (has_ended_) return;
        const upstream::body_step step =
            upstream::read_body(*answer_->connection, answer_->body, hall_.scratch);
        if (step.must_wait) {
            awaited_ = step.io;
            return client_.self.until(next_deadline());
        }
        last_octet_ = last_sign_ = client_.self.now();
        has_ended_ = !pass_on(step.octets);
        if (has_ended_) return;
    }
}

// The head leaves together with the first octets.
bool request_flow::send_first(answer_beginning& first) {
    opened_answer& answer = *answer_;
    status_ = 200;
    adapters::piece_list& out = hall_.pieces;
    if (answer.is_event_stream) client_.answer.mark_event_stream();
    std::optional<std::uint64_t> length = first.length;
    if (answer.is_over && answer.how == adapters::delivery::whole)
        length = first.held.size() + out.octets();
    client_.answer.start(std::move(first.head), length);
    if (!first.held.empty()) {
        first.held.append(out.joined());
        out.clear();
        out.push(first.held);
    }
    if (out.empty() && !answer.is_over) out.push(answer.keepalive);
    const bool whole = answer.is_over && answer.translator->facts().complete;
    const result<> sent = client_.answer.send(out.pieces(), whole ? part::last : part::more);
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

// A wait ended, but not with octets. False: there will be no more.
bool request_flow::look_after(net::wake why) {
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
    fault_ = name_of(why.what);
    break_off(to_problem(why, at_->display_name));
}

// The provider reports an error in the middle of its answer. Its words may hold our key.
void request_flow::break_off_inside() {
    adapters::problem why = *answer_->translator->failure();
    const provider_account& account = pin_->at(at_->id);
    adapters::redact(why, account.key.reveal());
    if (account.lender) adapters::redact(why, account.lender->current(hall_.worker)->key.reveal());
    break_off(why);
}

// The answer ends here, and the client must be able to tell: an error event where one may stand, and in any case a
// body without its proper end.
void request_flow::break_off(const adapters::problem& why) {
    if (fault_.empty()) fault_ = name_of(why.what);
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
    context.what = asked_.what;
    context.side = asked_.side;
    context.dialect = asked_.dialect;
    context.form = asked_.form;
    context.how = answer_->how;
    context.generation_id = {id_.data(), id_.size()};
    context.model = model_;
    context.provider = at_->display_name;
    context.created = hall_.date.second();
    context.next_event = answer_->translator->facts().next_event;
    return context;
}

}  // namespace spillway::flow
