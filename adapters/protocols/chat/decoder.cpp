#include "adapters/protocols/chat/decoder.hpp"

#include "adapters/canonical/media.hpp"
#include "adapters/protocols/chat/chunk.hpp"
#include "adapters/protocols/chat/codec.hpp"
#include "adapters/protocols/chat/errors.hpp"
#include "adapters/protocols/chat/usage.hpp"

#include <array>

namespace spillway::adapters::chat {

using namespace canonical;

namespace {

constexpr std::uint32_t most_choices = 128;

// Something is there and it is not another word for nothing.
bool is_worth(json::value found) noexcept {
    return found && !found.is_false() && found.raw() != "\"\"" && found.raw() != "{}";
}

// The names under which servers tell the thought as one text. Where two are there they say the same.
escaped thought_of(json::value from) noexcept {
    for (const auto one :
         {from["reasoning_content"], from["reasoning"], from["reasoning_text"], from["thinking"]}) {
        if (const auto thought = one.string(); !thought.empty()) return thought;
    }
    return {};
}

bool is_failure(json::value root) noexcept {
    if (is_worth(root["error"])) return true;
    if (root["choices"].is_array()) return false;
    if (root["object"].equals("error") || root["detail"] || root["errors"]) return true;
    const auto status = root["base_resp"]["status_code"];
    return status && status.raw() != "0";
}

finish_reason finish_of(std::string_view native) noexcept {
    const auto word = normalised_finish(native);
    for (const auto why :
         {finish_reason::length,
          finish_reason::tool_calls,
          finish_reason::content_filter,
          finish_reason::error}) {
        if (word == name_of(why)) return why;
    }
    return finish_reason::stop;
}

bool is_done(std::string_view data) noexcept {
    const auto from = data.find_first_not_of(" \t\r\n");
    return from != data.npos && data.substr(from).starts_with("[DONE]");
}

}  // namespace

decoder::choice_state& decoder::state_of(std::uint32_t index) {
    while (choices_.size() <= index)
        choices_.emplace_back();
    return choices_[index];
}

event decoder::in_part(event_kind kind, std::uint32_t index) {
    choice_state& state = state_of(index);
    if (state.open != kind) {
        state.open = kind;
        state.part = state.next_part++;
    }
    event made;
    made.kind = kind;
    made.choice = index;
    made.part = state.part;
    return made;
}

void decoder::broken(padded_view text, std::string_view message, event_sink& out) {
    out.fail(broken_answer(text.text(), message, context_.provider));
}

void decoder::whole(padded_view body, event_sink& out) {
    if (!read_.read(body) || !read_.root().is_object())
        return broken(body, "The provider's answer is not JSON.", out);
    const auto root = read_.root();
    if (is_failure(root))
        return out.fail(explain_inside(body.text(), context_.row, context_.provider));
    if (!root["choices"].is_array() || root["choices"].is_empty())
        return broken(body, "The provider's answer holds no choices.", out);
    if (object(root, shape::message, out)) end(out);
}

void decoder::next(const frame& one, event_sink& out) {
    if (is_done(one.data.text())) {
        if (!has_started_)
            return broken(one.data, "The provider's stream ended before it began.", out);
        return end(out);
    }
    if (one.data.text().find_first_not_of(" \t\r\n") == std::string_view::npos) return;
    if (!read_.read(one.data) || !read_.root().is_object()) {
        // Behind the finish nothing is missing any more.
        if (!has_finish_) broken(one.data, "The provider sent an event that is not JSON.", out);
        return;
    }
    if (one.name == "error" || is_failure(read_.root())) {
        return out.fail(explain_inside(one.data.text(), context_.row, context_.provider));
    }
    static_cast<void>(object(read_.root(), shape::delta, out));
}

void decoder::body_ended(event_sink& out) {
    if (has_finish_ && context_.row.finish == finish_rule::finish_or_done) end(out);
}

bool decoder::object(json::value root, shape form, event_sink& out) {
    made_.clear();
    const auto choices = root["choices"];
    if (!has_started_ && choices.is_array()) {
        has_started_ = true;
        event begun;
        begun.kind = event_kind::start;
        begun.id = root["id"].string();
        begun.name = root["model"].string();
        out.take(begun);
    }
    std::uint32_t position = 0;
    for (const auto one : choices.elements()) {
        if (!choice(one, position++, form, out)) return false;
    }
    if (has_finish_ && !has_sources_) sources(root, 0, out);
    usage(root, choices, out);
    return true;
}

bool decoder::choice(json::value one, std::uint32_t position, shape form, event_sink& out) {
    const auto said = one["index"].count().value_or(position);
    if (said >= most_choices) return true;
    const auto index = static_cast<std::uint32_t>(said);
    if (const auto error = one["error"]; is_worth(error)) {
        out.fail(explain_inside(error.raw(), context_.row, context_.provider));
        return false;
    }
    const auto delta = one["delta"];
    const bool is_message = form == shape::message || !delta.is_object();
    body(is_message ? one["message"] : delta, index, out);
    logprobs(one["logprobs"], index, out);
    const auto finish = one["finish_reason"];
    if (!finish.is_string()) return true;
    choice_state& state = state_of(index);
    if (finish.string().empty() && form == shape::delta) return true;
    state.calls.end_all(index, out);
    const auto native = one["native_finish_reason"].string().raw;
    state.finish = finish.string().raw;
    if (state.finish.empty()) state.finish = state.calls.has_calls() ? "tool_calls" : "stop";
    // OpenRouter has put the word into one of five already; its own word says no less.
    if (!native.empty() && finish_of(native) == finish_of(state.finish)) state.finish = native;
    has_finish_ = true;
    return true;
}

void decoder::body(json::value from, std::uint32_t index, event_sink& out) {
    if (!from.is_object()) return;
    reasoning(from, index, out);
    content(from["content"], index, out);
    if (const auto refused = from["refusal"].string(); !refused.empty()) {
        event made = in_part(event_kind::refusal, index);
        made.text = refused;
        out.take(made);
    }
    choice_state& state = state_of(index);
    std::size_t position = 0;
    for (const auto call : from["tool_calls"].elements()) {
        state.calls.fragment(call, position++, index, state.next_part, out);
        state.open = event_kind::tool_start;
    }
    if (const auto call = from["function_call"]; call.is_object()) {
        state.calls.function_call(call, index, state.next_part, out);
        state.open = event_kind::tool_start;
    }
    media(from, index, out);
    annotations(from["annotations"], index, out);
}

void decoder::reasoning(json::value from, std::uint32_t index, event_sink& out) {
    if (const auto details = from["reasoning_details"]; details.is_array() && !details.is_empty()) {
        for (const auto one : details.elements())
            detail(one, index, out);
        return;
    }
    const auto thought = thought_of(from);
    if (thought.empty()) return;
    event made = in_part(event_kind::reasoning, index);
    made.text = thought;
    out.take(made);
}

void decoder::detail(json::value one, std::uint32_t index, event_sink& out) {
    choice_state& state = state_of(index);
    const auto type = one["type"];
    const bool is_encrypted = type.equals("reasoning.encrypted");
    const bool is_summary = type.equals("reasoning.summary");
    if (!is_encrypted && !is_summary && !type.equals("reasoning.text")) return;
    const auto thought = is_summary ? reasoning_kind::summary : reasoning_kind::text;
    const bool is_other = state.detail_index != one["index"].raw() || state.thought != thought;
    if (is_encrypted || is_other) state.open = event_kind::start;
    state.thought = thought;
    state.detail_index = one["index"].raw();
    event made = in_part(is_encrypted ? event_kind::encrypted : event_kind::reasoning, index);
    made.thought = is_encrypted ? reasoning_kind::encrypted : thought;
    made.format = format_named(one["format"].string().raw);
    made.id = one["id"].string();
    made.text = one[is_encrypted ? "data" : is_summary ? "summary" : "text"].string();
    const auto signature = one["signature"].string();
    // A thought may be nothing but its signature; the part has to be there all the same.
    if (!made.text.empty() || (is_other && !is_encrypted)) out.take(made);
    if (signature.empty()) return;
    made.kind = event_kind::signature;
    made.text = signature;
    out.take(made);
}

void decoder::content(json::value from, std::uint32_t index, event_sink& out) {
    for (const auto one : from.elements())
        content_part(one, index, out);
    if (const auto text = from.string(); !text.empty()) {
        event made = in_part(event_kind::text, index);
        made.text = text;
        out.take(made);
    }
}

// Mistral, Databricks: content as a list of parts.
void decoder::content_part(json::value one, std::uint32_t index, event_sink& out) {
    const auto type = one["type"];
    if (type.equals("image_url")) return image(one["image_url"], index, out);
    const bool is_thought = type.equals("thinking") || type.equals("reasoning");
    const auto give = [&](escaped text) {
        if (text.empty()) return;
        event made = in_part(is_thought ? event_kind::reasoning : event_kind::text, index);
        made.text = text;
        out.take(made);
    };
    if (type.equals("text")) return give(one["text"].string());
    if (!is_thought) return;
    const auto thought = one["thinking"] ? one["thinking"] : one["summary"];
    give(thought.string());
    for (const auto piece : thought.elements())
        give(piece["text"].string());
}

void decoder::image(json::value url, std::uint32_t index, event_sink& out) {
    const auto text = (url.is_object() ? url["url"] : url).string();
    choice_state& state = state_of(index);
    state.open = event_kind::start;
    event made = in_part(event_kind::image, index);
    if (!text.empty() && read_url(text, made.source, made_)) out.take(made);
}

void decoder::media(json::value from, std::uint32_t index, event_sink& out) {
    for (const auto one : from["images"].elements())
        image(one["image_url"], index, out);
    const auto voice = from["audio"];
    if (!voice.is_object()) return;
    event made = in_part(event_kind::audio, index);
    made.id = voice["id"].string();
    made.text = voice["transcript"].string();
    made.source.data = voice["data"].string();
    if (!made.source.data.empty()) made.source.kind = source_kind::base64;
    out.take(made);
}

void decoder::annotations(json::value list, std::uint32_t index, event_sink& out) {
    for (const auto one : list.elements()) {
        const auto nested = one["url_citation"];
        const auto said = nested.is_object() ? nested : one;
        if (!said["url"].is_string()) continue;
        event made;
        made.kind = event_kind::citation;
        made.choice = index;
        made.part = state_of(index).part;
        made.cited.url = said["url"].string();
        made.cited.title = said["title"].string();
        made.cited.text = said["content"].string();
        made.cited.from = static_cast<std::uint32_t>(said["start_index"].count().value_or(0));
        made.cited.to = static_cast<std::uint32_t>(said["end_index"].count().value_or(0));
        made.cited.native = one.text();
        out.take(made);
    }
}

// Perplexity repeats its sources on each chunk; they are told once.
void decoder::sources(json::value root, std::uint32_t index, event_sink& out) {
    const auto found = root["search_results"];
    const auto list = found.is_array() ? found : root["citations"];
    for (const auto one : list.elements()) {
        event made;
        made.kind = event_kind::citation;
        made.choice = index;
        made.part = state_of(index).part;
        made.cited.url = (one.is_string() ? one : one["url"]).string();
        made.cited.title = one["title"].string();
        made.cited.native = one.text();
        if (made.cited.url.empty()) continue;
        has_sources_ = true;
        out.take(made);
    }
}

void decoder::logprobs(json::value from, std::uint32_t index, event_sink& out) {
    const auto list = from["content"];
    if (!list.is_array() || list.is_empty()) return;
    event made;
    made.kind = event_kind::logprobs;
    made.choice = index;
    made.part = state_of(index).part;
    made.value = {list.raw().substr(1, list.raw().size() - 2)};
    out.take(made);
}

// Top level, or where Groq and Moonshot put it. Cumulative: only what is new is told.
void decoder::usage(json::value root, json::value choices, event_sink& out) {
    auto found = root["usage"];
    if (!found.is_object()) found = root["x_groq"]["usage"];
    for (const auto one : choices.elements()) {
        if (!found.is_object()) found = one["usage"];
    }
    if (!found.is_object()) return;
    const auto raw = found.raw();
    const auto told = settled(read_usage({raw.data(), raw.size()}), context_.row.total);
    if (!told.present || told == last_usage_) return;
    last_usage_ = told;
    event made;
    made.kind = event_kind::usage;
    made.tokens = told;
    out.take(made);
}

void decoder::end(event_sink& out) {
    if (choices_.empty()) choices_.emplace_back();
    for (std::uint32_t index = 0; index < choices_.size(); ++index) {
        choice_state& state = choices_[index];
        state.calls.end_all(index, out);
        event made;
        made.kind = event_kind::finish;
        made.choice = index;
        made.why = with_calls(finish_of(state.finish), state.calls.has_calls());
        made.native = {state.finish};
        out.take(made);
    }
    event made;
    made.kind = event_kind::end;
    out.take(made);
}

std::unique_ptr<answer_decoder> make_decoder(const decode_context& context) {
    return std::make_unique<decoder>(context);
}

}  // namespace spillway::adapters::chat
