#include "adapters/protocols/ollama/encoder.hpp"

#include "adapters/json/writer.hpp"
#include "adapters/protocols/ollama/codec.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

namespace spillway::adapters::ollama {

using namespace canonical;

namespace {

// RFC 3339, as Ollama writes its times.
void append_time(std::string& out, std::int64_t seconds) {
    using namespace std::chrono;
    const sys_seconds when{std::chrono::seconds{seconds}};
    const auto day = floor<days>(when);
    const year_month_day date{day};
    const hh_mm_ss clock{when - day};
    fmt::format_to(
        std::back_inserter(out),
        "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z",
        static_cast<int>(date.year()),
        static_cast<unsigned>(date.month()),
        static_cast<unsigned>(date.day()),
        clock.hours().count(),
        clock.minutes().count(),
        clock.seconds().count()
    );
}

}  // namespace

encoder::encoder(const answer_context& context) : context_{context} {
    front_.append("{\"model\":");
    json::append_string(front_, context.model);
    front_.append(",\"created_at\":\"");
    append_time(front_, context.created);
    front_.append("\",");
}

void encoder::take(const event& one) {
    if (one.choice != 0) return;  // the protocol has one answer
    switch (one.kind) {
    case event_kind::start:
    case event_kind::signature:
    case event_kind::encrypted:
    case event_kind::audio:
    case event_kind::citation: return;
    case event_kind::text:
    case event_kind::refusal: return say(one, "content");
    case event_kind::reasoning: return say(one, "thinking");
    case event_kind::image: return show(one);
    case event_kind::tool_start: {
        open_call& made = calls_.emplace_back();
        made.tool = one.tool;
        made.id = one.id.raw;
        made.name = one.name.raw;
        return;
    }
    case event_kind::tool_arguments:
        if (auto* call = call_of(one.tool)) call->arguments.append(one.text.raw);
        return;
    case event_kind::tool_end:
        if (auto* call = call_of(one.tool)) end_call(*call);
        return;
    case event_kind::logprobs:
        probabilities_.append(probabilities_.empty() ? "" : ",").append(one.value.raw);
        return;
    case event_kind::finish:
        end_calls();
        why_ = one.why;
        return;
    case event_kind::usage: tokens_ = one.tokens; return;
    case event_kind::end: return end();
    }
}

encoder::open_call* encoder::call_of(std::uint32_t tool) noexcept {
    const auto found = std::ranges::find(calls_, tool, &open_call::tool);
    return found == calls_.end() ? nullptr : &*found;
}

void encoder::open_line(std::string_view content) {
    text_.append(front_);
    if (generates()) {
        text_.append("\"response\":\"").append(content).push_back('"');
    } else {
        text_.append("\"message\":{\"role\":\"assistant\",\"content\":\"").append(content);
        text_.push_back('"');
    }
}

void encoder::close_line() {
    text_.append(generates() ? ",\"done\":false}\n" : "},\"done\":false}\n");
}

void encoder::say(const event& one, std::string_view member) {
    if (one.text.empty()) return;
    const bool is_thought = member == "thinking";
    if (is_whole()) {
        (is_thought ? thinking_ : content_).append(one.text.raw);
        return;
    }
    open_line(is_thought ? std::string_view{} : one.text.raw);
    if (is_thought) text_.append(",\"thinking\":\"").append(one.text.raw).push_back('"');
    close_line();
}

void encoder::show(const event& one) {
    if (one.source.kind != source_kind::base64) return;
    if (is_whole()) {
        images_.append(images_.empty() ? "\"" : ",\"").append(one.source.data.raw).push_back('"');
        return;
    }
    open_line({});
    text_.append(",\"images\":[\"").append(one.source.data.raw).append("\"]");
    close_line();
}

// A call stands in one line, and its arguments are an object.
void encoder::end_call(open_call& call) {
    canonical::part made;
    made.arguments = {call.arguments};
    std::string inside{"{\"id\":\""};
    inside.append(call.id).append("\",\"function\":{\"index\":");
    inside.append(fmt::format_int{call.tool}.str()).append(",\"name\":\"").append(call.name);
    inside.append("\",\"arguments\":").append(arguments_object(made, made_).raw).append("}}");
    made_.clear();
    calls_.erase(calls_.begin() + (&call - calls_.data()));
    if (is_whole()) {
        call_list_.append(call_list_.empty() ? "" : ",").append(inside);
        return;
    }
    if (generates()) return;  // there are no tools
    open_line({});
    text_.append(",\"tool_calls\":[").append(inside).push_back(']');
    close_line();
}

void encoder::end_calls() {
    while (!calls_.empty())
        end_call(calls_.front());
}

// Durations are not known here, and clients compute rates from them: zero says so.
void encoder::append_counts() {
    fmt::format_to(
        std::back_inserter(text_),
        R"("done":true,"done_reason":"{}","total_duration":0,"load_duration":0,)"
        R"("prompt_eval_count":{},"prompt_eval_duration":0,"eval_count":{},"eval_duration":0}})",
        why_ == finish_reason::length ? "length" : "stop",
        tokens_.prompt,
        tokens_.completion
    );
}

void encoder::end() {
    end_calls();
    open_line(content_);
    const auto list = [this](std::string_view name, const std::string& inside) {
        if (!inside.empty())
            text_.append(",\"").append(name).append("\":[").append(inside).append("]");
    };
    if (!thinking_.empty()) text_.append(",\"thinking\":\"").append(thinking_).push_back('"');
    list("images", images_);
    if (!generates()) list("tool_calls", call_list_);
    if (!generates()) text_.push_back('}');
    list("logprobs", probabilities_);
    text_.push_back(',');
    append_counts();
    if (!is_whole()) text_.push_back('\n');
}

std::unique_ptr<answer_encoder> make_encoder(const answer_context& context) {
    return std::make_unique<encoder>(context);
}

}  // namespace spillway::adapters::ollama
