#include "proxy/flow/attempt.hpp"

#include "adapters/canonical/translate.hpp"
#include "adapters/errors.hpp"
#include "adapters/registry.hpp"
#include "proxy/base/bytes.hpp"
#include "proxy/wire/head_writer.hpp"

#include <algorithm>

namespace spillway::flow {

namespace {

constexpr std::size_t most_error_octets = 64 * 1024;
// A whole answer is kept back up to here, so that one that turns out to be cut can still be asked for elsewhere.
constexpr std::size_t most_held_octets = 64 * 1024;
// Of an answer's head, with what the reply adds: room for it is made once.
constexpr std::size_t usual_head = 512;

std::chrono::milliseconds
lower(std::chrono::milliseconds configured, std::optional<std::chrono::milliseconds> asked) {
    return asked ? std::min(configured, *asked) : configured;
}

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
constexpr failure cut{fault::closed, side::upstream, again::other_target, "cut"};

}  // namespace

void end_translation(
    opened_answer& answer, std::string_view last_octets, adapters::piece_list& out
) {
    const bool whole = answer.body.now() == upstream::body_reader::state::whole;
    answer.translator->finish(
        last_octets, whole ? adapters::ending::complete : adapters::ending::cut, out
    );
    answer.is_over = true;
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
    adapters::redact(*what_.problem, account_.key.reveal());
    return outcome;
}

// ---------------------------------------------------------------------------------------------------------
// Saying and sending it

attempt::state attempt::begin() {
    const adapters::result<adapters::dropped_names> prepared =
        account_.adapter->prepare(what_.facts, target_.upstream_model, edits_);
    if (!prepared) return over(failed(prepared.error()));
    dropped_ = *prepared;
    return take_warm() ? send() : state::dials;
}

net::task<attempt::state> attempt::go_on(state from) {
    switch (from) {
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

attempt::state attempt::send() {
    const adapters::call call{
        what_.request.asked.what,
        what_.facts.stream ? adapters::delivery::streamed : adapters::delivery::whole,
        what_.request.asked.dialect};
    text_.emplace(account_, what_.request, call, target_.upstream_model, edits_);
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

// ---------------------------------------------------------------------------------------------------------
// The answer

// Makes the answer's translator and gives it what came with the head.
attempt::verdict attempt::open(const upstream::answer_start& start) {
    const wire::response_head& head = what_.hall.answer_head;
    const client_request& request = what_.request;
    opened_answer& answer =
        what_.answer.emplace(std::move(leased_), upstream::body_reader{start.framing});
    const adapters::framing frames = adapters::framing_of(head.value(wire::field::content_type));
    answer.how = frames == adapters::framing::none ? adapters::delivery::whole
                                                   : adapters::delivery::streamed;
    answer.reusable =
        head.keep_alive() && !exchange_->answered_early() && answer.body.is_self_delimiting();
    const adapters::canonical::stream_face shown =
        adapters::canonical::stream_face_of(request.asked);
    if (answer.how == adapters::delivery::streamed) {
        answer.keepalive = shown.keepalive;
        answer.is_event_stream = shown.is_event_stream;
    }
    answer.head = answer_head(answer.how, shown.type);
    what_.costs.emplace(target_.target->price);

    adapters::answer_context context;
    context.what = request.asked.what;
    context.side = request.asked.side;
    context.dialect = what_.facts.dialect;
    context.form = what_.facts.form;
    context.how = answer.how;
    context.frames = frames;
    context.usage_asked = what_.facts.usage_asked;
    context.generation_id = what_.generation_id;
    context.model = lasting_model();
    context.provider = target_.at->display_name;
    context.costs = &*what_.costs;
    context.prompt_octets = what_.facts.prompt_octets;
    context.created = what_.hall.date.second();
    answer.translator = account_.adapter->make_answer(context);
    // A stream may lose its usage or gain its [DONE] on the way, and must be able to end badly.
    const bool is_verbatim = request.asked.side == adapters::face::openai &&
                             request.asked.dialect == adapters::protocol::chat &&
                             account_.adapter->row().speaks == adapters::protocol::chat;
    if (is_verbatim && answer.how == adapters::delivery::whole &&
        start.framing.kind == wire::body_kind::length) {
        answer.length = start.framing.length;
    }
    return feed(answer.body.take(writable(start.rest, answer)));
}

// The slug of a model no table names is a view of the request, which goes before its answer does.
std::string_view attempt::lasting_model() const {
    if (!target_.target->upstream_model.empty()) return target_.model;
    what_.unnamed_model = target_.model;
    return what_.unnamed_model;
}

// Head fields of our answer; those of the upstream's that a client may see are spelled anew.
std::string attempt::answer_head(adapters::delivery how, std::string_view stream_type) const {
    const wire::response_head& from = what_.hall.answer_head;
    std::string text;
    text.reserve(usual_head + account_.answer_fields.size());
    wire::head_writer head{text};
    head.status_line(from.status());
    head.add(wire::field::date, what_.hall.date.text());
    const bool is_foreign =
        account_.adapter->speaks_to(what_.request.asked.dialect) != what_.request.asked.dialect;
    std::string_view type = from.value(wire::field::content_type);
    const bool is_array = what_.request.asked.form == adapters::stream_form::array;
    if (type.empty() || is_foreign || is_array)
        type = how == adapters::delivery::streamed ? stream_type : "application/json";
    head.add(wire::field::content_type, type);
    static constexpr wire::field_set passed{
        wire::field::content_encoding,
        wire::field::x_request_id,
        wire::field::openai_processing_ms,
        wire::field::openai_version};
    if (from.has_any_of(passed)) {
        for (const wire::field id : passed.members) {
            if (from.has(id)) head.add(id, from.value(id));
        }
    }
    if (how == adapters::delivery::streamed) {
        head.add(wire::field::cache_control, "no-cache");
        head.add_fixed("x-accel-buffering", "no");
    }
    head.add_fixed("x-generation-id", what_.generation_id);
    if (number_ > 1) head.add_fixed("x-spillway-attempts", std::to_string(number_));
    if (!dropped_.empty()) head.add_fixed("x-spillway-dropped", dropped_.joined());
    if (!head.finish_open()) return {};
    text.append(account_.answer_fields);
    return text;
}

// Gives the translator what has come. When that fails, ended_ says how.
attempt::verdict attempt::feed(std::string_view octets) {
    using body_state = upstream::body_reader::state;
    opened_answer& answer = *what_.answer;
    adapters::piece_list& out = what_.hall.pieces;
    out.clear();
    if (answer.body.now() == body_state::open) {
        answer.translator->feed(octets, out);
    } else {
        end_translation(answer, octets, out);
    }
    const adapters::answer_facts& facts = answer.translator->facts();
    const adapters::problem* inside = answer.translator->failure();
    if (inside != nullptr && !facts.content_started) {
        ended_ = failed(*inside);
        return verdict::failed;
    }
    const bool is_stream = answer.how == adapters::delivery::streamed;
    if (answer.is_over && !facts.complete && (!is_stream || out.empty())) {
        ended_ = failed(cut);
        return verdict::failed;
    }
    if (answer.is_over) return verdict::accept;
    if (is_stream) return out.empty() ? verdict::go_on : verdict::accept;
    if (answer.held.size() + out.octets() > most_held_octets) return verdict::accept;
    for (const std::string_view piece : out.pieces())
        answer.held.append(piece);
    out.clear();
    return verdict::go_on;
}

// What came with the head, as octets that may be moved: in the scratch buffer, or, behind a head that came in
// several reads, in a copy that stays with the answer.
std::span<char> attempt::writable(std::string_view rest, opened_answer& answer) const {
    const std::span<char> scratch = what_.hall.scratch;
    if (!rest.empty() && rest.data() >= scratch.data() &&
        rest.data() < scratch.data() + scratch.size()) {
        return scratch.subspan(static_cast<std::size_t>(rest.data() - scratch.data()), rest.size());
    }
    answer.early_octets.assign(rest.begin(), rest.end());
    return answer.early_octets;
}

// Until octets may leave, or the answer has ended. An event stream that stays silent for the keep-alive interval
// is accepted as it is: its head then leaves with a comment.
net::task<attempt::state> attempt::first_output() {
    opened_answer& answer = *what_.answer;
    for (;;) {
        const result<std::string_view> more = co_await more_octets(answer);
        if (!more) co_return over(failed(more.error()));
        if (more->empty() && answer.body.now() == upstream::body_reader::state::open) {
            what_.hall.pieces.clear();
            co_return over(accepted());
        }
        const verdict now = feed(*more);
        if (now == verdict::failed) co_return state::over;
        if (now == verdict::accept) co_return over(accepted());
    }
}

// Empty while the body is open: an event stream said nothing for the keep-alive interval.
net::task<result<std::string_view>> attempt::more_octets(opened_answer& answer) {
    const std::chrono::milliseconds idle = lower(account_.limits.idle, what_.request.limits.idle);
    const bool may_go_silent =
        !answer.keepalive.empty() && what_.plan.keepalive.value_or(idle) < idle;
    until(may_go_silent ? *what_.plan.keepalive : idle, std::nullopt);
    for (;;) {
        const upstream::body_step step =
            upstream::read_body(*answer.connection, answer.body, what_.hall.scratch);
        const bool ended = answer.body.now() != upstream::body_reader::state::open;
        if (!step.octets.empty() || ended) co_return step.octets;
        if (!step.must_wait) continue;
        const net::wake why = co_await answer.connection->stream.ready_for(step.io, what_.self);
        if (why == net::wake::ready) continue;
        if (why == net::wake::timeout && may_go_silent && what_.self.now() < deadline_)
            co_return std::string_view{};
        co_return answer.connection->stream.broken(why, fault::timeout_idle);
    }
}

routing::outcome attempt::accepted() const {
    routing::outcome outcome{routing::outcome_kind::answered};
    outcome.connection = age_;
    outcome.octets_seen = octets_seen_;
    what_.answered = base::clock::now();
    outcome.latency =
        std::chrono::duration_cast<std::chrono::microseconds>(what_.answered - began_);
    return outcome;
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
    co_return over(failed(account_.adapter->explain(kept.head(), content, account_.key.reveal())));
}

}  // namespace spillway::flow
