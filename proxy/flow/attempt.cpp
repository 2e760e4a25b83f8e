#include "proxy/flow/attempt.hpp"

#include "adapters/registry.hpp"
#include "proxy/base/bytes.hpp"
#include "proxy/wire/head_writer.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace spillway::flow {

namespace {

constexpr std::size_t most_error_octets = 64 * 1024;
// A whole answer is kept back up to here, so that one that turns out to be cut can still be asked for elsewhere.
constexpr std::size_t most_held_octets = 64 * 1024;

std::chrono::milliseconds
lower(std::chrono::milliseconds configured, std::optional<std::chrono::milliseconds> asked) {
    return asked ? std::min(configured, *asked) : configured;
}

bool is_event_stream(std::string_view content_type) noexcept {
    constexpr std::string_view wanted = "text/event-stream";
    return content_type.size() >= wanted.size() &&
           base::equals_ignoring_case(content_type.substr(0, wanted.size()), wanted);
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

}  // namespace

void end_translation(opened_answer& answer, adapters::piece_list& out) {
    // What feed() gave is good until the translator is called again.
    for (const std::string_view piece : out.pieces()) {
        answer.last_octets.insert(answer.last_octets.end(), piece.begin(), piece.end());
    }
    out.clear();
    out.push({answer.last_octets.data(), answer.last_octets.size()});
    const bool whole = answer.body.now() == upstream::body_reader::state::whole;
    answer.translator->finish(whole ? adapters::ending::complete : adapters::ending::cut, out);
    answer.is_over = true;
}

attempt::attempt(const order& what, const routing::step& step, std::uint32_t number) noexcept
    : what_{what}
    , target_{*step.target}
    , account_{what.plan.at(step.target->at->id)}
    , choice_{step.connection}
    , number_{number}
    , began_{base::clock::now()}
    , deadline_{what.arrived + lower(account_.limits.total, what.request.limits.total)} {}

void attempt::until(
    std::chrono::milliseconds configured, std::optional<std::chrono::milliseconds> asked
) {
    what_.self.until(std::min(what_.self.now() + lower(configured, asked), deadline_));
}

attempt_end attempt::failed(const failure& why) const {
    routing::outcome outcome{to_outcome(why)};
    outcome.connection = age_;
    outcome.octets_seen = octets_seen_;
    attempt_end end{outcome};
    end.problem = to_problem(why, target_.at->display_name);
    return end;
}

attempt_end attempt::failed(const adapters::problem& why) const {
    routing::outcome outcome{to_outcome(why)};
    outcome.connection = age_;
    outcome.octets_seen = octets_seen_;
    outcome.retry_after = why.retry_after;
    attempt_end end{outcome};
    end.problem = why;
    return end;
}

net::task<attempt_end> attempt::run() {
    adapters::edit_list edits{what_.facts.body()};
    const adapters::result<adapters::dropped_names> prepared =
        account_.adapter->prepare(what_.facts, target_.upstream_model, edits);
    if (!prepared) co_return failed(prepared.error());
    dropped_ = *prepared;

    result<upstream::lease> leased = co_await lease();
    if (!leased) co_return failed(leased.error());

    const std::string head = request_head(edits.size());
    adapters::piece_list request;
    request.push(head);
    edits.pieces(request);
    co_return co_await exchange_on(std::move(*leased), request.pieces());
}

net::task<result<upstream::lease>> attempt::lease() {
    upstream::pool& pool = what_.hall.pool;
    if (choice_ == routing::connection_choice::any) {
        if (std::unique_ptr<upstream::connection> warm = pool.take(account_.origin.id)) {
            age_ = routing::connection_age::reused;
            co_return upstream::lease{pool, std::move(warm)};
        }
    }
    const client_request& request = what_.request;
    const upstream::dial_limits limits{
        lower(account_.limits.connect, request.limits.connect),
        lower(account_.limits.tls, request.limits.tls),
        deadline_};
    result<std::unique_ptr<upstream::connection>> fresh =
        co_await what_.hall.dialer.dial(account_.origin, limits, what_.self);
    if (!fresh) co_return fresh.error();
    co_return upstream::lease{pool, std::move(*fresh)};
}

std::string attempt::request_head(std::size_t body_size) const {
    std::string head = account_.request_head(what_.request.what, target_.upstream_model);
    std::array<char, 20> digits;
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), body_size).ptr;
    head.append(what_.request.forwarded);
    if (account_.adapter->row().takes_openrouter_members) head.append(what_.request.attribution);
    head.append("Content-Length: ").append(digits.data(), end).append("\r\n\r\n");
    return head;
}

net::task<attempt_end> attempt::exchange_on(upstream::lease leased, net::pieces request) {
    surroundings& hall = what_.hall;
    upstream::exchange exchange{*leased, what_.self, hall.scratch, hall.answer_head};
    until(account_.limits.first_octet, what_.request.limits.first_octet);
    const result<> sent = co_await exchange.send(request);
    if (!sent) co_return failed(sent.error());
    const result<upstream::answer_start> start = co_await exchange.receive_head(wire::method::post);
    octets_seen_ = exchange.saw_nothing() ? 0 : 1;
    if (!start) co_return failed(start.error());

    const unsigned status = hall.answer_head.status();
    if (status >= 300 && status < 400) {
        co_return failed(failure{
            fault::bad_head,
            side::upstream,
            again::other_target,
            "a redirect, which is never followed"});
    }
    const early_answer early = exchange.answered_early() ? early_answer::yes : early_answer::no;
    if (status >= 400) co_return co_await read_problem(std::move(leased), *start, early);
    co_return co_await open(std::move(leased), *start, early);
}

net::task<attempt_end>
attempt::open(upstream::lease leased, upstream::answer_start start, early_answer when) {
    const wire::response_head& head = what_.hall.answer_head;
    const client_request& request = what_.request;
    opened_answer answer{std::move(leased), upstream::body_reader{start.framing}};
    answer.how = is_event_stream(head.value(wire::field::content_type))
                     ? adapters::delivery::streamed
                     : adapters::delivery::whole;
    answer.reusable =
        head.keep_alive() && when == early_answer::no && answer.body.is_self_delimiting();
    answer.head = answer_head(answer.how);
    what_.costs.emplace(target_.target->price);

    adapters::answer_context context;
    context.what = request.what;
    context.side = request.side;
    context.how = answer.how;
    context.usage_asked = what_.facts.usage_asked;
    context.generation_id = what_.generation_id;
    context.model = lasting_model();
    context.provider = target_.at->display_name;
    context.costs = &*what_.costs;
    context.prompt_octets = what_.facts.prompt_octets;
    context.created = what_.hall.date.second();
    answer.translator = account_.adapter->make_answer(context);
    if (request.side == adapters::face::openai && start.framing.kind == wire::body_kind::length) {
        answer.length = start.framing.length;
    }
    co_return co_await first_output(std::move(answer), start.rest);
}

// The slug of a model no table names is a view of the request, which goes before its answer does.
std::string_view attempt::lasting_model() const {
    if (!target_.target->upstream_model.empty()) return target_.model;
    what_.unnamed_model = target_.model;
    return what_.unnamed_model;
}

// Head fields of our answer; those of the upstream's that a client may see are spelled anew.
std::string attempt::answer_head(adapters::delivery how) const {
    const wire::response_head& from = what_.hall.answer_head;
    std::string text;
    text.reserve(512);
    wire::head_writer head{text};
    head.status_line(from.status());
    head.add(wire::field::date, what_.hall.date.text());
    const std::string_view type = from.value(wire::field::content_type);
    head.add(wire::field::content_type, type.empty() ? "application/json" : type);
    for (const wire::field id :
         {wire::field::content_encoding,
          wire::field::x_request_id,
          wire::field::openai_processing_ms,
          wire::field::openai_version}) {
        if (from.has(id)) head.add(id, from.value(id));
    }
    if (how == adapters::delivery::streamed) {
        head.add(wire::field::cache_control, "no-cache");
        head.add("x-accel-buffering", "no");
    }
    head.add("x-generation-id", what_.generation_id);
    head.add("x-provider-name", target_.at->display_name);
    if (number_ > 1) head.add("x-spillway-attempts", std::to_string(number_));
    if (!dropped_.names().empty()) head.add("x-spillway-dropped", dropped_.joined());
    head.add("access-control-allow-origin", "*");
    if (!head.finish()) return {};
    text.resize(text.size() - 2);  // framing fields follow
    return text;
}

// Gives the translator what has come. Sets `end` when the attempt has ended, one way or the other.
attempt::verdict
attempt::feed(opened_answer& answer, std::string_view octets, std::optional<attempt_end>& end) {
    using state = upstream::body_reader::state;
    adapters::piece_list& out = what_.hall.pieces;
    answer.translator->feed(octets, out);
    if (answer.translator->failure() == nullptr && answer.body.now() != state::open) {
        end_translation(answer, out);
    }
    const adapters::answer_facts& facts = answer.translator->facts();
    if (const adapters::problem* inside = answer.translator->failure();
        inside != nullptr && !facts.content_started) {
        end = failed(*inside);
        return verdict::failed;
    }
    if (answer.is_over && !facts.complete &&
        (answer.how == adapters::delivery::whole || out.empty())) {
        end = failed(failure{fault::closed, side::upstream, again::other_target, "cut"});
        return verdict::failed;
    }
    if (answer.how == adapters::delivery::streamed)
        return out.empty() && !answer.is_over ? verdict::go_on : verdict::accept;
    if (answer.is_over) return verdict::accept;
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
net::task<attempt_end> attempt::first_output(opened_answer answer, std::string_view rest) {
    surroundings& hall = what_.hall;
    std::optional<attempt_end> end;
    std::string_view octets = answer.body.take(writable(rest, answer));
    for (;;) {
        hall.pieces.clear();
        const verdict now = feed(answer, octets, end);
        if (now == verdict::failed) co_return std::move(*end);
        if (now == verdict::accept) break;
        const result<std::string_view> more = co_await more_octets(answer);
        if (!more) co_return failed(more.error());
        octets = *more;
        if (octets.empty() && answer.body.now() == upstream::body_reader::state::open) break;
    }
    co_return accepted(std::move(answer));
}

// Empty while the body is open: an event stream said nothing for the keep-alive interval.
net::task<result<std::string_view>> attempt::more_octets(opened_answer& answer) {
    const std::chrono::milliseconds idle = lower(account_.limits.idle, what_.request.limits.idle);
    const bool may_go_silent =
        answer.how == adapters::delivery::streamed && what_.plan.keepalive < idle;
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

attempt_end attempt::accepted(opened_answer answer) const {
    routing::outcome outcome{routing::outcome_kind::answered};
    outcome.connection = age_;
    outcome.octets_seen = octets_seen_;
    outcome.latency =
        std::chrono::duration_cast<std::chrono::microseconds>(base::clock::now() - began_);
    attempt_end end{outcome};
    end.answer.emplace(std::move(answer));
    return end;
}

net::task<attempt_end>
attempt::read_problem(upstream::lease leased, upstream::answer_start start, early_answer when) {
    using state = upstream::body_reader::state;
    surroundings& hall = what_.hall;
    upstream::body_reader body{start.framing};
    const bool reusable =
        hall.answer_head.keep_alive() && when == early_answer::no && body.is_self_delimiting();
    const kept_head kept{hall.answer_head};
    std::string content{start.rest};
    content = std::string{body.take(content)};
    while (body.now() == state::open && content.size() < most_error_octets) {
        const upstream::body_step step = upstream::read_body(*leased, body, hall.scratch);
        content.append(step.octets);
        if (!step.must_wait) continue;
        const net::wake why = co_await leased->stream.ready_for(step.io, what_.self);
        if (why == net::wake::ready) continue;
        if (why != net::wake::timeout)
            co_return failed(leased->stream.broken(why, fault::timeout_first_byte));
        break;  // what has come must do
    }
    if (content.size() > most_error_octets) content.resize(most_error_octets);
    if (reusable && body.now() == state::whole && !body.had_surplus()) leased.give_back();
    co_return failed(account_.adapter->explain(kept.head(), content, account_.key.reveal()));
}

}  // namespace spillway::flow
