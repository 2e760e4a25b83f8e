// What an attempt does with the answer it got: from the head to the first octets that may leave.
#include "adapters/canonical/translate.hpp"
#include "adapters/registry.hpp"
#include "proxy/flow/attempt.hpp"
#include "proxy/flow/generation_id.hpp"
#include "proxy/wire/head_writer.hpp"

#include <algorithm>
#include <charconv>

namespace spillway::flow {

namespace {

// A whole answer is kept back up to here, so that one that turns out to be cut can still be asked for elsewhere.
constexpr std::size_t most_held_octets = 64 * 1024;
// Of an answer's head, with what the reply adds: room for it is made once.
constexpr std::size_t usual_head = 512;

constexpr failure cut{fault::closed, side::upstream, again::other_target, "cut"};

// Amazon tells of some models' tokens in the head alone.
std::optional<std::uint64_t> counted_prompt(const wire::response_head& head) noexcept {
    const std::string_view text = head.value("x-amzn-bedrock-input-token-count");
    std::uint64_t count = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), count);
    if (read.ec != std::errc{} || read.ptr != text.data() + text.size()) return std::nullopt;
    return count;
}

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
    what_.first.head = answer_head(answer.how, shown.type);
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
    context.asked = &what_.facts;
    if (request.asked.what != adapters::operation::chat)
        context.prompt_tokens = counted_prompt(head);
    context.thoughts = wishes_.thoughts;
    context.settings = wishes_.settings;
    context.free_texts = wishes_.free_texts;
    answer.translator = account_.adapter->make_answer(context);
    // A stream may lose its usage or gain its [DONE] on the way, and must be able to end badly.
    if (answer.translator->keeps_length() && start.framing.kind == wire::body_kind::length)
        what_.first.length = start.framing.length;
    return feed(answer.body.take(writable(start.rest)));
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
    std::string_view type = from.value(wire::field::content_type);
    const bool is_array = what_.request.asked.form == adapters::stream_form::array;
    if (type.empty() || is_translated() || is_array)
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
    const bool is_named = from.has(wire::field::x_request_id);
    const auto named = is_named ? named_by::upstream : named_by::nobody;
    add_generation_id(head, what_.request.asked.dialect, what_.generation_id, named);
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
    std::string& held = what_.first.held;
    if (held.size() + out.octets() > most_held_octets) return verdict::accept;
    for (const std::string_view piece : out.pieces())
        held.append(piece);
    out.clear();
    return verdict::go_on;
}

// What came with the head, as octets that may be moved: in the scratch buffer, or, behind a head that came in
// several reads, in a copy that stays until it has left.
std::span<char> attempt::writable(std::string_view rest) const {
    const std::span<char> scratch = what_.hall.scratch;
    if (!rest.empty() && rest.data() >= scratch.data() &&
        rest.data() < scratch.data() + scratch.size()) {
        return scratch.subspan(static_cast<std::size_t>(rest.data() - scratch.data()), rest.size());
    }
    what_.first.early_octets.assign(rest.begin(), rest.end());
    return what_.first.early_octets;
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

}  // namespace spillway::flow
