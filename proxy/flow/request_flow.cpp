#include "proxy/flow/request_flow.hpp"

#include "adapters/inspect.hpp"
#include "proxy/flow/error_reply.hpp"
#include "proxy/flow/generation_id.hpp"
#include "proxy/net/pause.hpp"

#include <algorithm>

namespace spillway::flow {

request_flow::request_flow(
    surroundings& hall,
    deployment_pin pin,
    const routing::client_key& who,
    const client_request& request,
    const client& from,
    base::time_point arrived
)
    : hall_{hall}
    , pin_{std::move(pin)}
    , who_{who}
    , request_{request}
    , client_{from}
    , arrived_{arrived} {
    (void)hall_.date.text();
    record_.id = make_generation_id(hall_.date.second(), hall_.random);
    record_.key = who_.name;
    record_.operation = name_of(request_.asked.what);
    const adapters::question& asked = request_.asked;
    record_.face =
        asked.dialect == adapters::protocol::chat ? name_of(asked.side) : name_of(asked.dialect);
}

// The rest of step 2: has this client's key room for one more?
bool request_flow::enter() {
    hall_.count.add(observe::counter::requests);
    watch_.emplace(client_.stream, client_.answer, client_.self);
    const key_limit limit = pin_->limit_of(who_);
    if (limit.in_flight == nullptr) return true;
    at_key_ = limit.in_flight->try_enter(limit.most);
    if (at_key_) return true;
    adapters::problem full = adapters::make_problem(
        adapters::error_class::rate, "This key has as many requests in flight as it may have."
    );
    full.retry_after = std::chrono::seconds{1};
    fail_with(std::move(full));
    return false;
}

net::task<> request_flow::obtain() {
    adapters::request_facts facts;
    if (std::optional<adapters::problem> why =
            adapters::inspect(request_.asked, request_.body, facts)) {
        co_return fail_with(std::move(*why));
    }
    facts.betas = request_.betas;
    record_.asked_model =
        facts.model.empty() && !facts.models().empty() ? facts.models().front() : facts.model;
    record_.streamed = facts.stream;
    prompt_octets_ = facts.prompt_octets;
    net::activity& self = client_.self;
    base::time_point now = arrived_;
    const routing::result<routing::plan> plan =
        routing::make_plan(*pin_->routes, to_routing(facts), who_, now, hall_.random());
    if (!plan) {
        co_return fail_with(to_problem(plan.error(), request_.asked.side));
    }
    routing::failover_limits limits;
    limits.max_attempts = pin_->routes->max_attempts();
    limits.deadline = last_deadline(*plan);
    routing::failover machine{*plan, limits, hall_.retries, hall_.random()};
    const attempt::order order{
        hall_,
        *pin_,
        request_,
        facts,
        record_.id_text(),
        answer_,
        costs_,
        unnamed_model_,
        problem_,
        arrived_,
        answered_,
        self};
    for (routing::step step = machine.first(now); can_go_on(step, machine);) {
        if (step.what == routing::action::wait) {
            net::pause rest{hall_.wheel};
            self.until_told();
            const net::wake why = co_await rest.for_a(step.until - self.now(), self);
            if (why != net::wake::ready) co_return stop_waiting();
            step = machine.resume(self.now());
            continue;
        }
        attempt tried{order, step, machine.attempts()};
        attempt::state at = tried.begin();
        while (at != attempt::state::over) {
            if (at == attempt::state::awaits_head) {
                at = tried.look_for_head(co_await tried.head());
            } else {
                at = co_await tried.go_on(at);
            }
        }
        const routing::outcome& ended = tried.ended();
        now = answer_ ? answered_ : self.now();
        judged(step, ended, now);
        if (ended.kind == routing::outcome_kind::client_gone) co_return stop_waiting();
        step = machine.next(ended, now);
        if (step.what == routing::action::accept) places_ = machine.take_places();
    }
}

void request_flow::fail_with(adapters::problem why) {
    problem_ = std::make_unique<adapters::problem>(std::move(why));
}

// False: there is an answer, or there will be none.
bool request_flow::can_go_on(const routing::step& step, const routing::failover& machine) {
    switch (step.what) {
    case routing::action::wait: return true;
    case routing::action::accept: return false;
    case routing::action::give_up: give_up(machine, step.why); return false;
    case routing::action::try_target: break;
    }
    record_.attempts = static_cast<std::uint16_t>(machine.attempts());
    hall_.count.add(observe::counter::attempts);
    remember_problem();
    return true;
}

// The next attempt's problem takes this one's place; the client is told of both.
void request_flow::remember_problem() {
    if (!problem_) return;
    previous_.push_back({problem_->status, problem_->message, problem_->provider});
    problem_.reset();
}

// The moment after which none of the plan's providers may be waited for.
base::time_point request_flow::last_deadline(const routing::plan& plan) const {
    std::chrono::milliseconds longest{0};
    for (const routing::candidate& who : plan.candidates())
        longest = std::max(longest, pin_->at(who.at->id).limits.total);
    return arrived_ + std::min(longest, request_.limits.total.value_or(longest));
}

// Tells the target's state how the attempt ended and keeps what matters of it.
void request_flow::judged(
    const routing::step& step, const routing::outcome& ended, base::time_point now
) {
    const routing::candidate& target = *step.target;
    routing::record(*target.state, *target.at->state, step.with, ended, now);
    if (!answer_) {
        record_.fault = routing::name_of(ended.kind);
        hall_.count.add_fault(record_.fault);
        return;
    }
    record_.fault = {};
    target_ = target;
    permit_ = step.with;
    record_.model =
        target.target->upstream_model.empty() ? std::string_view{unnamed_model_} : target.model;
    record_.provider = target.at->name;
    const time_limits& limits = pin_->at(target.at->id).limits;
    idle_ = std::min(limits.idle, request_.limits.idle.value_or(limits.idle));
    deadline_ = arrived_ + std::min(limits.total, request_.limits.total.value_or(limits.total));
}

void request_flow::give_up(const routing::failover& machine, routing::stop_reason why) {
    const std::optional<std::chrono::milliseconds> rest = machine.smallest_rest(client_.self.now());
    using routing::refusal_step;
    if (why == routing::stop_reason::no_room) {
        fail_with(
            to_problem({refusal_step::no_room, record_.asked_model, {}, {}}, request_.asked.side)
        );
    } else if (!problem_) {
        fail_with(
            to_problem({refusal_step::resting, record_.asked_model, {}, rest}, request_.asked.side)
        );
    } else if (problem_->what == adapters::error_class::rate && rest) {
        problem_->retry_after = rest;
    }
}

// No attempt can follow any more. What has come of an answer leaves; true: there is more to come.
bool request_flow::begin_answer() {
    client_.buffer.release();
    if (answer_) begin_relay();
    return answer_ && !has_ended_;
}

bool request_flow::must_refuse() {
    watch_.reset();
    return problem_ && !client_.answer.is_started();
}

net::task<> request_flow::refuse() {
    problem_->previous = std::move(previous_);
    const std::string body =
        start_problem(client_.answer, *problem_, request_.asked, record_, hall_.date);
    record_.status = problem_->status;
    if (record_.fault.empty()) record_.fault = name_of(problem_->what);
    const std::string_view piece = body;
    const result<> sent = client_.answer.send(net::pieces{&piece, 1}, part::last);
    if (!sent) co_return client_.answer.close_after();
    if (client_.answer.has_backlog()) {
        const result<> flushed = co_await client_.answer.flush(idle_patience);
        if (!flushed) client_.answer.close_after();
    }
}

// Before an answer began: the client has gone, or the process stops and tells it so.
void request_flow::stop_waiting() {
    if (client_.self.interrupted() != net::wake::draining) return client_left();
    const failure why{fault::cancelled, side::internal, again::never, "shutting down"};
    problem_ = std::make_unique<adapters::problem>(to_problem(why, {}));
    client_.answer.close_after();
}

void request_flow::client_left() noexcept {
    problem_.reset();
    record_.fault = "client_gone";
    record_.status = 499;
    ended_ = routing::outcome_kind::client_gone;
    client_.answer.close_after();
    hall_.count.add(observe::counter::clients_gone);
}

void request_flow::settle() {
    const base::time_point now = base::clock::now();
    if (answer_) settle_usage(now);
    record_.octets_sent = client_.answer.body_octets();
    record_.duration = std::chrono::duration_cast<std::chrono::microseconds>(now - arrived_);
    observe::counters& count = hall_.count;
    if (record_.status < 300) {
        count.add(observe::counter::answers_2xx);
    } else {
        count.add(
            record_.status < 500 ? observe::counter::answers_4xx : observe::counter::answers_5xx
        );
    }
    count.add(observe::counter::octets_sent, record_.octets_sent);
    if (hall_.log != nullptr) hall_.log->write(record_);
}

// What the answer cost, and how it ended, for the target's state and the record.
void request_flow::settle_usage(base::time_point now) {
    const adapters::answer_facts& facts = answer_->translator->facts();
    adapters::usage used = facts.tokens;
    if (!used.present) used = adapters::estimate_usage(prompt_octets_, facts, answer_->how);
    record_.prompt_tokens = used.prompt;
    record_.completion_tokens = used.completion;
    record_.cached_tokens = used.cached_read;
    record_.reasoning_tokens = used.reasoning;
    record_.usage_estimated = used.estimated;
    if (const std::optional<adapters::cost> cost = costs_->cost_of(used))
        record_.cost_nanos = cost->total;
    observe::counters& count = hall_.count;
    count.add(observe::counter::prompt_tokens, used.prompt);
    count.add(observe::counter::completion_tokens, used.completion);
    if (record_.cost_nanos)
        count.add(observe::counter::cost_nano_usd, static_cast<std::uint64_t>(*record_.cost_nanos));

    routing::outcome outcome{ended_};
    outcome.to_client = routing::relayed::begun;
    routing::record(*target_->state, *target_->at->state, permit_, outcome, now);
    if (ended_ == routing::outcome_kind::completed && answer_->reusable &&
        !answer_->body.had_surplus() &&
        answer_->body.now() == upstream::body_reader::state::whole) {
        answer_->connection.give_back();
    }
}

}  // namespace spillway::flow
