#include "adapters/protocols/ollama/decoder.hpp"

#include "adapters/canonical/call_id.hpp"
#include "adapters/json/writer.hpp"
#include "adapters/protocols/ollama/codec.hpp"

namespace spillway::adapters::ollama {

using namespace canonical;

namespace {

event event_of(event_kind kind) noexcept {
    event out;
    out.kind = kind;
    return out;
}

}  // namespace

void decoder::broken(std::string_view message, event_sink& out) {
    is_over_ = true;
    out.fail(make_problem(error_class::upstream_fault, std::string{message}));
}

void decoder::whole(padded_view body, event_sink& out) {
    if (!read_.read(body)) return broken("The provider's answer is not valid JSON.", out);
    line(read_.root(), out);
    if (!is_over_) broken("The provider's answer is not done.", out);
}

void decoder::next(const frame& one, event_sink& out) {
    if (is_over_) return;
    if (!read_.read(one.data)) return broken("The provider's stream holds invalid JSON.", out);
    line(read_.root(), out);
}

void decoder::line(json::value root, event_sink& out) {
    if (!root.is_object()) return broken("The provider's answer is no object.", out);
    if (const auto error = root["error"]; error) {
        is_over_ = true;
        return out.fail(explain_inside(root.raw(), provider_));
    }
    start(root, out);
    const auto message = root["message"];
    say(event_kind::reasoning, open_part::thought, message["thinking"].string(), out);
    say(event_kind::text, open_part::text, message["content"].string(), out);
    // /api/generate
    say(event_kind::reasoning, open_part::thought, root["thinking"].string(), out);
    say(event_kind::text, open_part::text, root["response"].string(), out);
    images(message["images"], out);
    for (const auto one : message["tool_calls"].elements())
        call(one, out);
    if (root["done"].is_true()) done(root, out);
}

void decoder::start(json::value root, event_sink& out) {
    if (has_started_) return;
    has_started_ = true;
    began_ = root["created_at"].string().raw;
    event begins = event_of(event_kind::start);
    begins.name = root["model"].string();
    out.take(begins);
}

void decoder::say(event_kind kind, open_part part, escaped words, event_sink& out) {
    if (words.empty()) return;
    if (open_ != part) ++parts_;
    open_ = part;
    event says = event_of(kind);
    says.part = parts_ - 1;
    says.text = words;
    out.take(says);
}

void decoder::images(json::value list, event_sink& out) {
    for (const auto one : list.elements()) {
        if (!one.is_string()) continue;
        open_ = open_part::none;
        event shows = event_of(event_kind::image);
        shows.part = parts_++;
        shows.source.kind = source_kind::base64;
        shows.source.data = one.string();
        out.take(shows);
    }
}

// A call is whole in one line; most servers give it no id.
void decoder::call(json::value one, event_sink& out) {
    const auto function = one["function"];
    const auto arguments = function["arguments"];
    event says = event_of(event_kind::tool_start);
    open_ = open_part::none;
    says.part = parts_++;
    says.tool = calls_++;
    says.name = function["name"].string();
    std::string minted;
    says.id = one["id"].string();
    if (says.id.empty()) {
        minted = call_id_of(began_, says.tool, says.name.raw);
        says.id = {minted};
    }
    out.take(says);
    made_.clear();
    if (arguments.is_string()) {
        made_.append(arguments.string().raw);
    } else {
        json::append_inside(made_, arguments ? arguments.raw() : "{}");
    }
    says.kind = event_kind::tool_arguments;
    says.text = {made_};
    out.take(says);
    says.kind = event_kind::tool_end;
    says.text = {};
    out.take(says);
}

// A prompt that was in the cache may not be counted at all: then nothing is known of its tokens.
void decoder::done(json::value root, event_sink& out) {
    is_over_ = true;
    event ends = event_of(event_kind::finish);
    const auto reason = root["done_reason"];
    const bool is_cut = reason.equals("length");
    ends.why = with_calls(is_cut ? finish_reason::length : finish_reason::stop, calls_ > 0);
    ends.native = reason.string();
    out.take(ends);
    const auto prompt = root["prompt_eval_count"].count();
    const auto answer = root["eval_count"].count();
    if (prompt && answer) {
        event counted = event_of(event_kind::usage);
        counted.tokens.prompt = *prompt;
        counted.tokens.completion = *answer;
        counted.tokens.total = *prompt + *answer;
        counted.tokens.present = true;
        out.take(counted);
    }
    out.take(event_of(event_kind::end));
}

std::unique_ptr<answer_decoder> make_decoder(const decode_context& context) {
    return std::make_unique<decoder>(context);
}

}  // namespace spillway::adapters::ollama
