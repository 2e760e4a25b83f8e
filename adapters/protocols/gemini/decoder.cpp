#include "adapters/protocols/gemini/decoder.hpp"

#include "adapters/canonical/call_id.hpp"
#include "adapters/json/writer.hpp"
#include "adapters/protocols/gemini/codec.hpp"
#include "adapters/protocols/gemini/finish.hpp"
#include "adapters/protocols/gemini/grounding.hpp"
#include "adapters/protocols/gemini/logprobs.hpp"
#include "adapters/protocols/gemini/usage.hpp"
#include "adapters/protocols/gemini/wave.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace spillway::adapters::gemini {

using namespace canonical;

namespace {

event event_of(event_kind kind, std::uint32_t choice) noexcept {
    event out;
    out.kind = kind;
    out.choice = choice;
    return out;
}

}  // namespace

void decoder::broken(std::string_view message, event_sink& out) {
    has_failed_ = true;
    out.fail(make_problem(error_class::upstream_fault, std::string{message}));
}

void decoder::whole(padded_view body, event_sink& out) {
    form_ = form::whole;
    if (!read_.read(body)) return broken("The provider's answer is not valid JSON.", out);
    const auto root = read_.root();
    if (const auto total = root["totalTokens"]; total.count()) {
        event counted = event_of(event_kind::usage, 0);
        counted.tokens.prompt = counted.tokens.total = *total.count();
        counted.tokens.cached_read = root["cachedContentTokenCount"].count().value_or(0);
        counted.tokens.present = true;
        out.take(counted);
        return out.take(event_of(event_kind::end, 0));
    }
    // Where nobody asked for events, a stream is a list of its chunks.
    if (root.is_array()) {
        for (const auto one : root.elements())
            chunk(one, out);
    } else {
        chunk(root, out);
    }
    if (!has_failed_ && candidates_.empty())
        return broken("The provider's answer holds no candidates.", out);
    for (candidate& one : candidates_) {
        if (!one.is_finished && !has_failed_) finish(one, {}, {}, out);
    }
    body_ended(out);
}

void decoder::next(const frame& one, event_sink& out) {
    if (has_failed_) return;
    if (!read_.read(one.data)) return broken("The provider's stream holds invalid JSON.", out);
    chunk(read_.root(), out);
}

void decoder::body_ended(event_sink& out) {
    if (!has_failed_ && is_complete()) out.take(event_of(event_kind::end, 0));
}

bool decoder::is_complete() const noexcept {
    return !candidates_.empty() && std::ranges::all_of(candidates_, &candidate::is_finished);
}

void decoder::chunk(json::value root, event_sink& out) {
    if (has_failed_) return;
    if (root.is_array() && !root.is_empty()) root = *root.elements().begin();
    if (const auto error = root["error"]; error) {
        has_failed_ = true;
        return out.fail(explain_inside(root.raw(), provider_));
    }
    start(root, out);
    usage(root["usageMetadata"], out);
    for (const auto one : root["candidates"].elements()) {
        candidate_chunk(one, out);
        if (has_failed_) return;
    }
    if (candidates_.empty()) static_cast<void>(blocked(root["promptFeedback"], out));
}

void decoder::start(json::value root, event_sink& out) {
    if (has_started_) return;
    has_started_ = true;
    answer_id_ = root["responseId"].string().raw;
    event begins = event_of(event_kind::start, 0);
    begins.id = {answer_id_};
    begins.name = root["modelVersion"].string();
    out.take(begins);
}

// A prompt that was refused has an answer without candidates.
bool decoder::blocked(json::value feedback, event_sink& out) {
    const auto reason = feedback["blockReason"];
    if (!reason.is_string()) return false;
    candidate& only = candidate_of({});
    only.is_finished = true;
    event ends = event_of(event_kind::finish, only.index);
    ends.why = finish_reason::content_filter;
    ends.native = reason.string();
    out.take(ends);
    return true;
}

void decoder::usage(json::value metadata, event_sink& out) {
    if (!metadata.is_object()) return;
    event counted = event_of(event_kind::usage, 0);
    counted.tokens = usage_of(metadata);
    if (counted.tokens.present) out.take(counted);
}

decoder::candidate& decoder::candidate_of(json::value index) {
    const auto number =
        static_cast<std::uint32_t>(std::min<std::uint64_t>(index.count().value_or(0), UINT32_MAX));
    const auto found = std::ranges::find(candidates_, number, &candidate::index);
    if (found != candidates_.end()) return *found;
    candidate& made = candidates_.emplace_back();
    made.index = number;
    return made;
}

void decoder::candidate_chunk(json::value from, event_sink& out) {
    candidate& of = candidate_of(from["index"]);
    if (of.is_finished) return;
    const auto parts = from["content"]["parts"];
    for (const auto one : parts.elements())
        part(of, one, out);
    logprobs(of, from["logprobsResult"], out);
    if (const auto grounding = from["groundingMetadata"]; grounding.is_object())
        of.grounding = grounding.raw();
    if (const auto reason = from["finishReason"]; reason.is_string())
        finish(of, from, reason.string().raw, out);
}

std::uint32_t decoder::part_number(candidate& of, open_part kind) {
    const bool goes_on = kind != open_part::none && of.open == kind;
    of.open = kind;
    if (!goes_on) ++of.parts;
    return of.parts - 1;
}

void decoder::part(candidate& of, json::value one, event_sink& out) {
    const auto signed_by = one["thoughtSignature"].string();
    if (one["text"].is_string()) return text(of, one, out);
    if (const auto from = one["functionCall"]; from.is_object())
        return call(of, from, signed_by, out);
    if (const auto blob = one["inlineData"]; blob.is_object()) {
        if (!one["thought"].is_true()) media(of, blob, out);  // drafts are no answer
    } else {
        code(of, one, out);
    }
}

void decoder::text(candidate& of, json::value one, event_sink& out) {
    const auto words = one["text"].string();
    const auto signed_by = one["thoughtSignature"].string();
    if (!words.empty()) {
        if (one["thought"].is_true()) {
            event says = event_of(event_kind::reasoning, of.index);
            says.part = part_number(of, open_part::thought);
            says.format = reasoning_format::google;
            says.text = words;
            out.take(says);
        } else {
            say_text(of, words, out);
        }
    }
    if (!signed_by.empty()) signature(of, signed_by, out);
}

void decoder::say_text(candidate& of, escaped words, event_sink& out) {
    event says = event_of(event_kind::text, of.index);
    says.part = part_number(of, open_part::text);
    says.text = words;
    of.has_content = true;
    of.text.append(words.raw);
    out.take(says);
}

// Of the text that stands before it, or of an empty text of its own. Signed and unsigned parts do not mix.
void decoder::signature(candidate& of, escaped signed_by, event_sink& out) {
    event says = event_of(event_kind::signature, of.index);
    says.part = part_number(of, of.open == open_part::none ? open_part::text : of.open);
    says.format = reasoning_format::google;
    says.text = signed_by;
    of.open = open_part::none;
    out.take(says);
}

void decoder::call(candidate& of, json::value from, escaped signed_by, event_sink& out) {
    const bool goes_on = from["willContinue"].is_true();
    const auto name = from["name"];
    if (name.is_string() && !name.string().empty()) {
        close_pieces(of, out);
        start_call(of, from, out);
        of.kept_signature = signed_by.raw;
        of.is_call_open = true;
    }
    if (!of.is_call_open) return;
    of.arguments.take(from["partialArgs"]);
    if (goes_on) return;
    const auto whole_object = from["args"];
    if (whole_object.is_object()) {
        static_cast<void>(of.arguments.take_object());
        end_call(of, whole_object.raw(), out);
    } else {
        close_pieces(of, out);
    }
}

void decoder::start_call(candidate& of, json::value from, event_sink& out) {
    event begins = event_of(event_kind::tool_start, of.index);
    begins.part = part_number(of, open_part::none);
    begins.tool = of.calls++;
    begins.name = from["name"].string();
    begins.id = from["id"].string();
    std::string minted;
    if (begins.id.empty()) {
        minted = call_id_of(answer_id_, begins.tool, begins.name.raw);
        begins.id = {minted};
    }
    of.has_content = true;
    out.take(begins);
}

void decoder::end_call(candidate& of, std::string_view arguments, event_sink& out) {
    event says = event_of(event_kind::tool_arguments, of.index);
    says.part = of.parts - 1;
    says.tool = of.calls - 1;
    made_.clear();
    json::append_inside(made_, arguments);
    says.text = {made_};
    out.take(says);
    if (!of.kept_signature.empty()) {
        says.kind = event_kind::signature;
        says.format = reasoning_format::google;
        says.text = {of.kept_signature};
        out.take(says);
    }
    says.kind = event_kind::tool_end;
    says.text = {};
    out.take(says);
    of.kept_signature.clear();
    of.is_call_open = false;
}

// A call whose last piece never says that it is the last is over when something else comes.
void decoder::close_pieces(candidate& of, event_sink& out) {
    if (of.is_call_open) end_call(of, of.arguments.take_object(), out);
}

void decoder::media(candidate& of, json::value blob, event_sink& out) {
    const auto type = blob["mimeType"].string();
    const bool is_audio = type.raw.starts_with("audio/");
    event shows = event_of(is_audio ? event_kind::audio : event_kind::image, of.index);
    shows.part = part_number(of, open_part::none);
    shows.source.kind = source_kind::base64;
    shows.source.type = type;
    shows.source.data = blob["data"].string();
    of.has_content = true;
    if (is_audio && form_ == form::whole && is_raw_sound(type.raw)) {
        made_ = wave_of(type.raw, shows.source.data.raw);
        shows.source.type = {"audio/wav"};
        shows.source.data = {made_};
    }
    out.take(shows);
}

// What the model ran, and what it gave, is part of the answer's text.
void decoder::code(candidate& of, json::value carrier, event_sink& out) {
    const auto source = carrier["executableCode"]["code"];
    const auto output = carrier["codeExecutionResult"]["output"];
    const auto shown = source.is_string() ? source : output;
    if (!shown.is_string()) return;
    made_.assign(source.is_string() ? "```python\\n" : "```\\n");
    made_.append(shown.string().raw).append("\\n```\\n");
    say_text(of, {made_}, out);
}

void decoder::logprobs(candidate& of, json::value result, event_sink& out) {
    if (!result.is_object()) return;
    made_.clear();
    append_openai_logprobs(result, made_);
    if (made_.empty()) return;
    event says = event_of(event_kind::logprobs, of.index);
    says.value = {made_};
    out.take(says);
}

void decoder::finish(candidate& of, json::value from, std::string_view reason, event_sink& out) {
    close_pieces(of, out);
    const auto meaning = meaning_of(reason.empty() ? "FINISH_REASON_UNSPECIFIED" : reason);
    if (meaning.is_fault_if_empty && !of.has_content) {
        const auto words = from["finishMessage"].string();
        return broken(
            fmt::format(
                "The provider's answer is empty: {}{}{}.",
                reason.empty() ? "no reason was given" : reason,
                words.empty() ? "" : ", ",
                words.raw
            ),
            out
        );
    }
    of.is_finished = true;
    const padded_text sources{of.grounding};
    if (json::document grounding; !of.grounding.empty() && grounding.read(sources.view()))
        tell_grounding(grounding.root(), of.text, of.index, out);
    event ends = event_of(event_kind::finish, of.index);
    ends.why = with_calls(meaning.why, of.calls > 0);
    ends.native = {reason};
    out.take(ends);
}

std::unique_ptr<answer_decoder> make_decoder(const decode_context& context) {
    return std::make_unique<decoder>(context);
}

}  // namespace spillway::adapters::gemini
