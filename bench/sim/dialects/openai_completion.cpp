#include "bench/sim/dialects/openai_completion.hpp"

#include "bench/sim/dialects/framing.hpp"
#include "bench/sim/dialects/json_view.hpp"
#include "bench/sim/dialects/openai_prompt.hpp"
#include "bench/sim/tokens.hpp"

#include <algorithm>
#include <string_view>

namespace spillway::bench::sim {
namespace {

// What is said, and how it ends.
struct completed {
    std::string text;
    std::string_view finish = "stop";
};

std::string first_prompt(const json::object& request) {
    const auto* prompt = request.if_contains("prompt");
    if (prompt != nullptr && prompt->is_array() && !prompt->get_array().empty()) {
        prompt = &prompt->get_array().front();
    }
    return prompt != nullptr && prompt->is_string() ? std::string{prompt->get_string()}
                                                    : std::string{};
}

json::object print_head(const json::object& request, const answer_frame& frame) {
    return {
        {"id", "cmpl-" + frame.id},
        {"object", "text_completion"},
        {"created", frame.created},
        {"model", request.at("model")},
    };
}

json::object print_choice(std::string_view text, json::value finish) {
    return {{"text", text}, {"index", 0}, {"logprobs", nullptr}, {"finish_reason", finish}};
}

json::object with_choice(json::object head, json::object choice) {
    json::array choices;
    choices.push_back(std::move(choice));
    head["choices"] = std::move(choices);
    return head;
}

json::object print_usage(const reply& made) {
    return {
        {"prompt_tokens", made.prompt_tokens},
        {"completion_tokens", made.completion_tokens},
        {"total_tokens", made.prompt_tokens + made.completion_tokens},
    };
}

void print_stream(
    const json::object& request, const answer_frame& frame, const completed& choice, reply& made
) {
    const auto* options = request.if_contains("stream_options");
    const bool with_usage = options != nullptr && options->is_object() &&
                            is_true(options->get_object(), "include_usage");
    const auto add = [&](std::string_view text, json::value finish) {
        auto chunk = with_choice(print_head(request, frame), print_choice(text, std::move(finish)));
        if (with_usage) chunk["usage"] = nullptr;
        made.events.push_back(frame_data(json::serialize(chunk)));
    };
    made.is_stream = true;
    made.content_type = event_stream_type;
    made.closing = frame_data("[DONE]");
    for (const auto piece : split_tokens(choice.text))
        add(piece, nullptr);
    add("", json::value(choice.finish));
    if (!with_usage) return;
    auto last = print_head(request, frame);
    last["choices"] = json::array{};
    last["usage"] = print_usage(made);
    made.events.push_back(frame_data(json::serialize(last)));
}

}  // namespace

reply answer_completion(const json::object& request, const answer_frame& frame) {
    const auto prompt = first_prompt(request);
    completed choice;
    choice.text = "Echo: " + prompt;
    while (choice.text.size() < frame.least_bytes)
        choice.text += " and so on";
    cut_at_stop(read_stops(value_at(request, "stop")), choice.text);
    const auto limit = count_at(request, "max_tokens");
    if (limit && cut_at_limit(*limit, choice.text)) choice.finish = "length";
    const auto tokens = count_tokens(choice.text);
    if (is_true(request, "echo")) choice.text = prompt + choice.text;
    reply made;
    made.prompt_tokens = std::max<std::size_t>(1, count_tokens(prompt));
    made.completion_tokens = tokens;
    if (is_true(request, "stream")) {
        print_stream(request, frame, choice, made);
        return made;
    }
    auto body = with_choice(
        print_head(request, frame), print_choice(choice.text, json::value(choice.finish))
    );
    body["usage"] = print_usage(made);
    made.body = json::serialize(body);
    return made;
}

}  // namespace spillway::bench::sim
