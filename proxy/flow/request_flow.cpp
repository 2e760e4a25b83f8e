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
    const adapters::question& asked,
    const client& from,
    base::time_point arrived
)
    : hall_{hall}
    , pin_{std::move(pin)}
    , who_{who}
    , asked_{asked}
    , client_{from}
    , arrived_{arrived} {
    asked_.model = {};
    (void)hall_.date.text();
    id_ = make_generation_id(hall_.date.second(), hall_.random);
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

net::task<> request_flow::obtain(const client_request& request, answer_beginning& first) {
    adapters::request_facts facts;
    if (std::optional<adapters::problem> why =
            adapters::inspect(request.asked, request.body, facts)) {
        co_return fail_with(std::move(*why));
    }
    facts.betas = request.betas;
    asked_model_ =
        facts.model.empty() && !facts.models().empty() ? facts.models().front() : facts.model;
    streamed_ = facts.stream;
    prompt_octets_ = facts.prompt_octets;
    net::activity& self = client_.self;
    base::time_point now = arrived_;
    const routing::result<routing::plan> plan =
        routing::make_plan(*pin_->routes, to_routing(facts), who_, now, hall_.random());
    if (!plan) {
        co_return fail_with(to_problem(plan.error(), asked_.side));
    }
    routing::failover_limits limits;
    limits.max_attempts = pin_->routes->max_attempts();
    limits.deadline = last_deadline(*plan, request.limits);
    routing::failover machine{*plan, limits, hall_.retries, hall_.random()};
    const attempt::order order{
        hall_,
        *pin_,
        request,
        facts,
        {id_.data(), id_.size()},
        answer_,
        first,
        costs_,
        unnamed_model_,
        problem_,
        arrived_,
        last_octet_,
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
        now = answer_ ? last_octet_ : self.now();
        if (judged(step, ended, now)) accepted(*step.target, request.limits);
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
    attempts_ = static_cast<std::uint16_t>(machine.attempts());
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
base::time_point
request_flow::last_deadline(const routing::plan& plan, const asked_limits& limits) const {
    std::chrono::milliseconds longest{0};
    for (const routing::candidate& who : plan.candidates())
        longest = std::max(longest, pin_->at(who.at->id).limits.total);
    return arrived_ + std::min(longest, limits.total.value_or(longest));
}

// Tells the target's state how the attempt ended. True: with an answer.
bool request_flow::judged(
    const routing::step& step, const routing::outcome& ended, base::time_point now
) {
    const routing::candidate& target = *step.target;
    routing::record(*target.state, *target.at->state, step.with, ended, now);
    permit_ = step.with;
    if (answer_) return true;
    fault_ = routing::name_of(ended.kind);
    hall_.count.add_fault(fault_);
    return false;
}

// Keeps what matters of the target that answers; the plan it belongs to goes.
void request_flow::accepted(const routing::candidate& target, const asked_limits& limits) {
    fault_ = {};
    at_ = target.at;
    target_ = target.state;
    model_ =
        target.target->upstream_model.empty() ? std::string_view{unnamed_model_} : target.model;
    const time_limits& configured = pin_->at(target.at->id).limits;
    idle_ = std::min(configured.idle, limits.idle.value_or(configured.idle));
    deadline_ = arrived_ + std::min(configured.total, limits.total.value_or(configured.total));
}

void request_flow::give_up(const routing::failover& machine, routing::stop_reason why) {
    const std::optional<std::chrono::milliseconds> rest = machine.smallest_rest(client_.self.now());
    using routing::refusal_step;
    if (why == routing::stop_reason::no_room) {
        fail_with(to_problem({refusal_step::no_room, asked_model_, {}, {}}, asked_.side));
    } else if (!problem_) {
        fail_with(to_problem({refusal_step::resting, asked_model_, {}, rest}, asked_.side));
    } else if (problem_->what == adapters::error_class::rate && rest) {
        problem_->retry_after = rest;
    }
}

bool request_flow::must_refuse() {
    watch_.reset();
    return problem_ && !client_.answer.is_started();
}

net::task<> request_flow::refuse() {
    problem_->previous = std::move(previous_);
    const std::string body = start_problem(client_.answer, *problem_, asked_, record(), hall_.date);
    status_ = problem_->status;
    if (fault_.empty()) fault_ = name_of(problem_->what);
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
    fault_ = "client_gone";
    status_ = 499;
    ended_ = routing::outcome_kind::client_gone;
    client_.answer.close_after();
    hall_.count.add(observe::counter::clients_gone);
}

observe::request_record request_flow::record() const {
    observe::request_record about;
    about.id = id_;
    about.key = who_.name;
    about.operation = name_of(asked_.what);
    about.face =
        asked_.dialect == adapters::protocol::chat ? name_of(asked_.side) : name_of(asked_.dialect);
    about.asked_model = asked_model_;
    about.model = model_;
    if (at_ != nullptr) about.provider = at_->name;
    about.fault = fault_;
    about.status = status_;
    about.attempts = attempts_;
    about.streamed = streamed_;
    about.first_octet = first_octet_;
    return about;
}

void request_flow::settle() {
    const base::time_point now = base::clock::now();
    observe::request_record about = record();
    if (answer_) settle_usage(about, now);
    about.octets_sent = client_.answer.body_octets();
    about.duration = std::chrono::duration_cast<std::chrono::microseconds>(now - arrived_);
    observe::counters& count = hall_.count;
    if (about.status < 300) {
        count.add(observe::counter::answers_2xx);
    } else {
        count.add(
            about.status < 500 ? observe::counter::answers_4xx : observe::counter::answers_5xx
        );
    }
    count.add(observe::counter::octets_sent, about.octets_sent);
    if (hall_.log != nullptr) hall_.log->write(about);
}

// What the answer cost, and how it ended, for the target's state and the about.
void request_flow::settle_usage(observe::request_record& about, base::time_point now) {
    const adapters::answer_facts& facts = answer_->translator->facts();
    adapters::usage used = facts.tokens;
    if (!used.present) used = adapters::estimate_usage(prompt_octets_, facts, answer_->how);
    about.prompt_tokens = used.prompt;
    about.completion_tokens = used.completion;
    about.cached_tokens = used.cached_read;
    about.reasoning_tokens = used.reasoning;
    about.usage_estimated = used.estimated;
    if (const std::optional<adapters::cost> cost = costs_->cost_of(used))
        about.cost_nanos = cost->total;
    observe::counters& count = hall_.count;
    count.add(observe::counter::prompt_tokens, used.prompt);
    count.add(observe::counter::completion_tokens, used.completion);
    if (about.cost_nanos)
        count.add(observe::counter::cost_nano_usd, static_cast<std::uint64_t>(*about.cost_nanos));

    routing::outcome outcome{ended_};
    outcome.to_client = routing::relayed::begun;
    routing::record(*target_, *at_->state, permit_, outcome, now);
    if (ended_ == routing::outcome_kind::completed && answer_->reusable &&
        !answer_->body.had_surplus() &&
        answer_->body.now() == upstream::body_reader::state::whole) {
        answer_->connection.give_back();
    }
}

}  // namespace spillway::flow
