#include "bench/sim/dialects/ollama_print.hpp"

#include "bench/sim/dialects/framing.hpp"
#include "bench/sim/dialects/json_view.hpp"

#include <fmt/chrono.h>

#include <ctime>
#include <utility>

namespace spillway::bench::sim {
namespace {

json::array print_calls(const said& choice) {
    json::array calls;
    for (const auto& one : choice.parts) {
        if (one.kind != part_kind::call) continue;
        calls.push_back(json::object{
            {"id", "call_" + one.id},
            {"function",
             {{"index", calls.size()}, {"name", one.name}, {"arguments", parse_json(one.text)}}}});
    }
    return calls;
}

class ollama_printer {
public:
    ollama_printer(
        const answer& made, const std::string& model, const answer_frame& frame, ollama_form form
    )
        : made_(made)
        , choice_(made.choices.front())
        , model_(model)
        , created_(fmt::format(
              "{:%Y-%m-%dT%H:%M:%S}.000001Z", fmt::gmtime(static_cast<std::time_t>(frame.created))
          ))
        , form_(form) {}

    json::object whole() const {
        const auto text = choice_.joined(part_kind::text) + choice_.joined(part_kind::refusal);
        auto body = say(text, choice_.joined(part_kind::reasoning), print_calls(choice_));
        end(body);
        return body;
    }

    std::vector<std::string> lines() const {
        std::vector<std::string> made;
        const auto add = [&](json::object line) {
            line["done"] = false;
            made.push_back(frame_line(line));
        };
        for (const auto& one : choice_.parts) {
            const bool thinks = one.kind == part_kind::reasoning;
            if (!thinks && one.kind != part_kind::text && one.kind != part_kind::refusal) continue;
            for (const auto piece : pieces_of(one))
                add(thinks ? say("", piece, {}) : say(piece, "", {}));
        }
        auto calls = print_calls(choice_);
        if (!calls.empty()) add(say("", "", std::move(calls)));
        auto last = say("", "", {});
        end(last);
        made.push_back(frame_line(last));
        return made;
    }

private:
    json::object say(std::string_view text, std::string_view thought, json::array calls) const {
        json::object line{{"model", model_}, {"created_at", created_}};
        if (form_ == ollama_form::generate) {
            line["response"] = text;
            if (!thought.empty()) line["thinking"] = thought;
            return line;
        }
        json::object message{{"role", "assistant"}, {"content", text}};
        if (!thought.empty()) message["thinking"] = thought;
        if (!calls.empty()) message["tool_calls"] = std::move(calls);
        line["message"] = std::move(message);
        return line;
    }

    // A prompt that was wholly in the cache has not been evaluated.
    void end(json::object& line) const {
        line["done"] = true;
        line["done_reason"] = choice_.finish == finish_kind::length ? "length" : "stop";
        line["total_duration"] = 3000000;
        line["load_duration"] = 1000000;
        if (made_.cached_tokens < made_.prompt_tokens) {
            line["prompt_eval_count"] = made_.prompt_tokens;
            line["prompt_eval_duration"] = 1000000;
        }
        line["eval_count"] = made_.completion_tokens;
        line["eval_duration"] = 1000000;
    }

    const answer& made_;
    const said& choice_;
    const std::string& model_;
    std::string created_;
    ollama_form form_;
};

reply start_reply(const answer& made) {
    reply started;
    started.content_type = "application/json; charset=utf-8";
    started.prompt_tokens = made.prompt_tokens;
    started.completion_tokens = made.completion_tokens;
    return started;
}

}  // namespace

reply print_ollama(
    const answer& made, const std::string& model, const answer_frame& frame, ollama_form form
) {
    auto printed = start_reply(made);
    printed.body = json::serialize(ollama_printer{made, model, frame, form}.whole());
    return printed;
}

reply stream_ollama(
    const answer& made, const std::string& model, const answer_frame& frame, ollama_form form
) {
    auto printed = start_reply(made);
    printed.is_stream = true;
    printed.content_type = "application/x-ndjson";
    printed.events = ollama_printer{made, model, frame, form}.lines();
    printed.closing = std::move(printed.events.back());
    printed.events.pop_back();
    return printed;
}

}  // namespace spillway::bench::sim
