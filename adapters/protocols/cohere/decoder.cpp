#include "adapters/protocols/cohere/decoder.hpp"

#include "adapters/json/text.hpp"
#include "adapters/protocols/cohere/codec.hpp"

#include <algorithm>
#include <array>

namespace spillway::adapters::cohere {

using namespace canonical;

namespace {

struct finish_row {
    std::string_view word;
    finish_reason why;
};
// TOOL_CALL becomes tool_calls where a call was made; an unknown word is a stop.
constexpr std::array<finish_row, 6> finishes{{
    {"COMPLETE", finish_reason::stop},
    {"STOP_SEQUENCE", finish_reason::stop},
    {"TOOL_CALL", finish_reason::stop},
    {"MAX_TOKENS", finish_reason::length},
    {"ERROR", finish_reason::error},
    {"TIMEOUT", finish_reason::error},
}};

finish_reason reason_of(std::string_view word) noexcept {
    const auto* row = std::ranges::find(finishes, word, &finish_row::word);
    return row == finishes.end() ? finish_reason::stop : row->why;
}

usage usage_of(json::value from) noexcept {
    usage tokens;
    const auto counted = from["tokens"] ? from["tokens"] : from["billed_units"];
    if (!counted.is_object()) return tokens;
    tokens.present = true;
    tokens.prompt = counted["input_tokens"].count().value_or(0);
    tokens.completion = counted["output_tokens"].count().value_or(0);
    tokens.total = tokens.prompt + tokens.completion;
    tokens.cached_read = std::min(from["cached_tokens"].count().value_or(0), tokens.prompt);
    return tokens;
}

std::uint32_t small(json::value count) noexcept {
    return static_cast<std::uint32_t>(std::min<std::uint64_t>(count.count().value_or(0), UINT32_MAX)
    );
}

problem broken(std::string_view message) {
    return make_problem(error_class::upstream_fault, std::string{message});
}

}  // namespace

void decoder::start(escaped id, event_sink& out) {
    event made;
    made.kind = event_kind::start;
    made.id = id;
    out.take(made);
}

void decoder::say(channel what, escaped text, event_sink& out) {
    if (text.empty()) return;
    if (open_ != what) ++parts_;
    open_ = what;
    event made;
    made.kind = what == channel::text ? event_kind::text : event_kind::reasoning;
    made.part = parts_ - 1;
    made.text = text;
    out.take(made);
}

void decoder::call_start(json::value call, event_sink& out) {
    open_ = channel::none;
    ++parts_;
    has_open_call_ = true;
    has_arguments_ = false;
    event made;
    made.kind = event_kind::tool_start;
    made.part = parts_ - 1;
    made.tool = tools_++;
    made.id = call["id"].string();
    made.name = call["function"]["name"].string();
    out.take(made);
    call_fragment(call["function"]["arguments"].string(), out);
}

// Of a call without arguments "null" may be said, or nothing.
void decoder::call_fragment(escaped fragment, event_sink& out) {
    const bool is_nothing = fragment.empty() || (!has_arguments_ && fragment.raw == "null");
    if (is_nothing || !has_open_call_) return;
    has_arguments_ = true;
    event made;
    made.kind = event_kind::tool_arguments;
    made.part = parts_ - 1;
    made.tool = tools_ - 1;
    made.text = fragment;
    out.take(made);
}

void decoder::call_end(event_sink& out) {
    if (!has_open_call_) return;
    call_fragment(has_arguments_ ? escaped{} : escaped{"{}"}, out);
    has_open_call_ = false;
    event made;
    made.kind = event_kind::tool_end;
    made.tool = tools_ - 1;
    out.take(made);
}

// Those of plans and thoughts have no place in the answer's text.
void decoder::cite(json::value citation, event_sink& out) {
    const auto type = citation["type"];
    if (!citation.is_object() || type.equals("PLAN") || type.equals("THINKING_CONTENT")) return;
    event made;
    made.kind = event_kind::citation;
    made.part = parts_ == 0 ? 0 : parts_ - 1;
    made.cited.from = small(citation["start"]);
    made.cited.to = small(citation["end"]);
    made.cited.text = citation["text"].string();
    made.cited.native = citation.text();
    for (const auto source : citation["sources"].elements()) {
        const auto document = source["document"];
        made.cited.url = document["url"].string();
        made.cited.title = document["title"].string();
        break;
    }
    out.take(made);
}

void decoder::finish(json::value from, json::value counts, event_sink& out) {
    const auto word = from["finish_reason"].string();
    const auto why = reason_of(word.raw);
    if (why == finish_reason::error || from["error"].is_string()) {
        auto failed =
            explain_inside(json::unescaped_leniently(from["error"].string().raw), provider_);
        if (word.raw == "TIMEOUT") {
            failed.what = error_class::timeout;
            failed.status = 504;
        }
        return out.fail(std::move(failed));
    }
    event made;
    made.kind = event_kind::finish;
    made.why = with_calls(why, tools_ > 0);
    made.native = word;
    out.take(made);
    made = {};
    made.kind = event_kind::usage;
    made.tokens = usage_of(counts);
    if (made.tokens.present) out.take(made);
    made = {};
    made.kind = event_kind::end;
    out.take(made);
}

void decoder::next(const frame& one, event_sink& out) {
    if (one.data.text() == "[DONE]") return;
    if (!read_.read(one.data))
        return out.fail(broken("The provider sent an event that is no JSON."));
    const auto root = read_.root();
    const auto type = root["type"];
    const auto delta = root["delta"];
    const auto message = delta["message"];
    if (type.equals("content-delta")) {
        const auto content = message["content"];
        say(channel::thought, content["thinking"].string(), out);
        return say(channel::text, content["text"].string(), out);
    }
    if (type.equals("tool-call-delta"))
        return call_fragment(message["tool_calls"]["function"]["arguments"].string(), out);
    if (type.equals("tool-plan-delta"))
        return say(channel::plan, message["tool_plan"].string(), out);
    if (type.equals("message-start")) return start(root["id"].string(), out);
    if (type.equals("content-start")) {
        open_ = channel::none;
        const auto content = message["content"];
        say(channel::thought, content["thinking"].string(), out);
        return say(channel::text, content["text"].string(), out);
    }
    if (type.equals("tool-call-start")) return call_start(message["tool_calls"], out);
    if (type.equals("tool-call-end")) return call_end(out);
    if (type.equals("citation-start")) return cite(message["citations"], out);
    if (type.equals("message-end")) return finish(delta, delta["usage"], out);
    if (!type && root["message"].is_string())
        out.fail(explain_inside(json::unescaped_leniently(root["message"].string().raw), provider_)
        );
}

void decoder::whole(padded_view body, event_sink& out) {
    if (!read_.read(body)) return out.fail(broken("The provider's answer is no JSON."));
    const auto root = read_.root();
    const auto message = root["message"];
    if (message.is_string())
        return out.fail(explain_inside(json::unescaped_leniently(message.string().raw), provider_));
    if (!message.is_object()) return out.fail(broken("The provider's answer is no message."));
    start(root["id"].string(), out);
    say(channel::plan, message["tool_plan"].string(), out);
    for (const auto one : message["content"].elements()) {
        open_ = channel::none;
        say(channel::thought, one["thinking"].string(), out);
        say(channel::text, one["text"].string(), out);
    }
    for (const auto one : message["citations"].elements())
        cite(one, out);
    for (const auto one : message["tool_calls"].elements()) {
        call_start(one, out);
        call_end(out);
    }
    finish(root, root["usage"], out);
}

std::unique_ptr<answer_decoder> make_decoder(const decode_context& context) {
    return std::make_unique<decoder>(context);
}

}  // namespace spillway::adapters::cohere
