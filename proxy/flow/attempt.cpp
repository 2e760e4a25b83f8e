#include "proxy/flow/attempt.hpp"

#include "adapters/errors.hpp"
#include "adapters/registry.hpp"
#include "proxy/base/bytes.hpp"

#include <algorithm>

namespace spillway::flow {

namespace {

constexpr std::size_t most_error_octets = 64 * 1024;

// We ask for identity; what comes coded all the same can be neither read nor watched.
bool is_coded(std::string_view content_encoding) noexcept {
    return !content_encoding.empty() && !base::equals_ignoring_case(content_encoding, "identity");
}

// The head of a failed answer, copied: the worker's own does not survive the wait for the body.
class kept_head {
public:
    explicit kept_head(const wire::response_head& from) {
        for (std::size_t i = 0; i < from.size(); ++i) {
            fields_.push_back({std::string{from[i].name}, std::string{from[i].value}});
        }
        for (const adapters::head_field& one : fields_)
            views_.push_back({one.name, one.value});
        head_.status = static_cast<std::uint16_t>(from.status());
        head_.fields = views_;
        head_.now = std::chrono::system_clock::now();
    }

    const adapters::answer_head& head() const noexcept { return head_; }

private:
    std::vector<adapters::head_field> fields_;
    std::vector<adapters::head_field_view> views_;
    adapters::answer_head head_;
};

constexpr failure redirected{
    fault::bad_head, side::upstream, again::other_target, "a redirect, which is never followed"};
constexpr failure coded{
    fault::bad_head, side::upstream, again::other_target, "a content coding nobody asked for"};

}  // namespace

std::chrono::milliseconds attempt::lower(
    std::chrono::milliseconds configured, std::optional<std::chrono::milliseconds> asked
) noexcept {
    return asked ? std::min(configured, *asked) : configured;
}

attempt::attempt(const order& what, const routing::step& step, std::uint32_t number) noexcept
    : what_{what}
    , target_{*step.target}
    , account_{what.plan.at(step.target->at->id)}
    , choice_{step.connection}
    , number_{number}
    , began_{number == 1 ? what.arrived : base::clock::now()}
    , deadline_{what.arrived + lower(account_.limits.total, what.request.limits.total)}
    , edits_{what.facts.body()} {}

void attempt::until(
    std::chrono::milliseconds configured, std::optional<std::chrono::milliseconds> asked
) {
    what_.self.until(std::min(what_.self.now() + lower(configured, asked), deadline_));
}

routing::outcome attempt::failed(const failure& why) {
    what_.answer.reset();
    what_.first = {};
    what_.problem = std::make_unique<adapters::problem>(to_problem(why, target_.at->display_name));
    routing::outcome outcome{to_outcome(why)};
    outcome.connection = age_;
    outcome.octets_seen = octets_seen_;
    return outcome;
}

routing::outcome attempt::failed(const adapters::problem& why) {
    routing::outcome outcome{to_outcome(why)};
    outcome.connection = age_;
    outcome.octets_seen = octets_seen_;
    outcome.retry_after = why.retry_after;
    what_.problem = std::make_unique<adapters::problem>(why);
    what_.answer.reset();  // `why` may have been part of it
    what_.first = {};
    adapters::redact(*what_.problem, secret());
    return outcome;
}

// ---------------------------------------------------------------------------------------------------------
// Saying and sending it

attempt::state attempt::begin() {
    adapters::result<adapters::dropped_names> prepared =
        account_.adapter->prepare(what_.facts, target_.upstream_model, edits_, wishes_);
    if (!prepared) return over(failed(prepared.error()));
    dropped_ = std::move(*prepared);
    if (account_.lender && !borrow()) return state::lacks_lent;
    return go();
}

attempt::state attempt::go() {
    age_ = routing::connection_age::fresh;
    return take_warm() ? send() : state::dials;
}

net::task<attempt::state> attempt::go_on(state from) {
    switch (from) {
    case state::lacks_lent: return wait_for_lent();
    case state::dials: return dial();
    case state::sends: return send_rest();
    case state::awaits_output: return first_output();
    case state::refused:
    case state::awaits_head:
    case state::over: break;
    }
    return read_problem();
}

bool attempt::take_warm() {
    if (choice_ != routing::connection_choice::any) return false;
    std::unique_ptr<upstream::connection> warm = what_.hall.pool.take(account_.origin.id);
    if (!warm) return false;
    age_ = routing::connection_age::reused;
    leased_ = upstream::lease{what_.hall.pool, std::move(warm)};
    return true;
}

net::task<attempt::state> attempt::dial() {
    const client_request& request = what_.request;
    const upstream::dial_limits limits{
        lower(account_.limits.connect, request.limits.connect),
        lower(account_.limits.tls, request.limits.tls),
        deadline_};
    result<std::unique_ptr<upstream::connection>> fresh =
        co_await what_.hall.dialer.dial(account_.origin, limits, what_.self);
    if (!fresh) co_return over(failed(fresh.error()));
    leased_ = upstream::lease{what_.hall.pool, std::move(*fresh)};
    co_return send();
}

bool attempt::is_translated() const noexcept {
    const adapters::protocol dialect = what_.request.asked.dialect;
    return account_.adapter->speaks_to(dialect) != dialect;
}

attempt::state attempt::send() {
    const adapters::question& asked = what_.request.asked;
    // A completion that is translated becomes a chat; so does Ollama's generate, which is one without a history.
    const bool becomes_chat = asked.what == adapters::operation::completions && is_translated();
    const adapters::call call{
        becomes_chat ? adapters::operation::chat : asked.what,
        what_.facts.stream ? adapters::delivery::streamed : adapters::delivery::whole,
        asked.dialect};
    const credentials::issued* const lent = lent_ ? &**lent_ : nullptr;
    text_.emplace(account_, what_.request, call, target_.upstream_model, edits_, lent);
    exchange_.emplace(*leased_, what_.self, what_.hall.scratch, what_.hall.answer_head);
    until(account_.limits.first_octet, what_.request.limits.first_octet);
    return exchange_->try_send(text_->pieces()) ? look() : state::sends;
}

net::task<attempt::state> attempt::send_rest() {
    const result<> sent = co_await exchange_->send(text_->pieces());
    if (!sent) co_return over(failed(sent.error()));
    co_return look();
}

attempt::state attempt::look_for_head(net::wake why) {
    octets_seen_ = exchange_->saw_nothing() ? 0 : 1;
    if (why != net::wake::ready)
        return over(failed(leased_->stream.broken(why, fault::timeout_first_byte)));
    return look();
}

attempt::state attempt::look() {
    using seen = upstream::exchange::look;
    const seen found = exchange_->look_for_head(wire::method::post);
    if (found == seen::must_wait) return state::awaits_head;
    octets_seen_ = exchange_->saw_nothing() ? 0 : 1;
    if (found == seen::failed) return over(failed(exchange_->why()));
    const wire::response_head& head = what_.hall.answer_head;
    if (head.status() >= 400) return state::refused;
    if (head.status() >= 300) return over(failed(redirected));
    if (is_coded(head.value(wire::field::content_encoding))) return over(failed(coded));
    switch (open(exchange_->start())) {
    case verdict::accept: return over(accepted());
    case verdict::failed: return state::over;
    case verdict::go_on: break;
    }
    return state::awaits_output;
}

attempt::state attempt::over(const routing::outcome& how) {
    ended_ = how;
    return state::over;
}

net::task<attempt::state> attempt::read_problem() {
    using body_state = upstream::body_reader::state;
    surroundings& hall = what_.hall;
    const upstream::answer_start& start = exchange_->start();
    upstream::body_reader body{start.framing};
    const bool reusable =
        hall.answer_head.keep_alive() && !exchange_->answered_early() && body.is_self_delimiting();
    const kept_head kept{hall.answer_head};
    std::string content{start.rest};
    content = std::string{body.take(content)};
    while (body.now() == body_state::open && content.size() < most_error_octets) {
        const upstream::body_step step = upstream::read_body(*leased_, body, hall.scratch);
        content.append(step.octets);
        if (!step.must_wait) continue;
        const net::wake why = co_await leased_->stream.ready_for(step.io, what_.self);
        if (why == net::wake::ready) continue;
        if (why != net::wake::timeout)
            co_return over(failed(leased_->stream.broken(why, fault::timeout_first_byte)));
        break;  // what has come must do
    }
    if (content.size() > most_error_octets) content.resize(most_error_octets);
    if (reusable && body.now() == body_state::whole && !body.had_surplus()) leased_.give_back();
    const adapters::problem why = account_.adapter->explain(kept.head(), content, secret());
    // Lent credentials may have been taken back before their time: others are asked for, once.
    if (why.what == adapters::error_class::auth && lent_ && !has_renewed_) {
        has_renewed_ = true;
        leased_.close();
        if (co_await borrow_newer((*lent_)->number)) co_return go();
    }
    co_return over(failed(why));
}

// ---------------------------------------------------------------------------------------------------------
// Credentials that change with time

std::string_view attempt::secret() const noexcept {
    return lent_ ? (*lent_)->key.reveal() : account_.key.reveal();
}

// False: there are none now.
bool attempt::borrow() {
    lent_.emplace(account_.lender->current(what_.hall.worker));
    return (*lent_)->is_there();
}

net::task<attempt::state> attempt::wait_for_lent() {
    if (co_await borrow_newer(0)) co_return go();
    if (what_.self.interrupted() != net::wake::ready) {
        co_return over(failed(failure{fault::cancelled, side::client, again::never, "given up"}));
    }
    adapters::problem why = adapters::make_problem(
        adapters::error_class::unavailable, "The provider's credentials could not be obtained."
    );
    why.provider = target_.at->display_name;
    co_return over(failed(why));
}

// Waits for what the keeper of credentials gets, or does not get. False: nothing newer.
net::task<bool> attempt::borrow_newer(std::uint64_t than) {
    auto ticket = std::make_shared<credentials::ticket>();
    account_.lender->ask_for_newer(than, what_.hall.loop, ticket);
    until(account_.limits.first_octet, what_.request.limits.first_octet);
    const net::wake why = co_await ticket->called(what_.self);
    co_return why == net::wake::ready&& borrow() && (*lent_)->number > than;
}

}  // namespace spillway::flow
