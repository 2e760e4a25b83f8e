#include "bench/sim/chat.hpp"

#include "bench/sim/said.hpp"
#include "bench/sim/tokens.hpp"

#include <boost/json.hpp>
#include <fmt/format.h>

#include <string_view>

namespace spillway::bench::sim {
namespace {

namespace json = boost::json;

bool is_true(const json::object& object, const char* name) {
    const auto* found = object.if_contains(name);
    return found != nullptr && found->is_bool() && found->get_bool();
}

json::object print_usage(std::size_t prompt, std::size_t completion) {
    return {
        {"prompt_tokens", prompt},
        {"completion_tokens", completion},
        {"total_tokens", prompt + completion},
        {"prompt_tokens_details", {{"cached_tokens", 0}, {"audio_tokens", 0}}},
        {"completion_tokens_details",
         {{"reasoning_tokens", 0},
          {"audio_tokens", 0},
          {"accepted_prediction_tokens", 0},
          {"rejected_prediction_tokens", 0}}},
    };
}

json::object print_logprob(std::string_view text, std::size_t top) {
    json::array bytes;
    for (const char c : text)
        bytes.emplace_back(static_cast<unsigned char>(c));
    json::object entry{{"token", text}, {"logprob", -0.125}, {"bytes", bytes}};
    json::array alternatives;
    for (std::size_t i = 0; i < top; ++i) {
        const auto other = i == 0 ? std::string{text} : fmt::format("alt{}", i);
        alternatives.push_back(json::object{
            {"token", other},
            {"logprob", -0.125 - static_cast<double>(i)},
            {"bytes", nullptr},
        });
    }
    entry["top_logprobs"] = std::move(alternatives);
    return entry;
}

class chat_printer {
public:
    chat_printer(const json::object& request, const answer_frame& frame)
        : frame_(frame)
        , model_(request.at("model").get_string())
        , logprobs_(is_true(request, "logprobs"))
        , prompt_tokens_(count_prompt_tokens(request)) {
        const auto* top = request.if_contains("top_logprobs");
        if (top != nullptr && top->is_number()) top_ = top->to_number<std::size_t>();
        const auto* options = request.if_contains("stream_options");
        if (options != nullptr && options->is_object()) {
            include_usage_ = is_true(options->get_object(), "include_usage");
        }
    }

    reply whole(const std::vector<said>& choices) const {
        auto printed = start(choices);
        json::array list;
        for (std::size_t i = 0; i < choices.size(); ++i)
            list.push_back(print_choice(choices[i], i));
        auto body = head("chat.completion");
        body["choices"] = std::move(list);
        body["usage"] = print_usage(prompt_tokens_, printed.completion_tokens);
        printed.body = json::serialize(body);
        return printed;
    }

    reply stream(const std::vector<said>& choices) const {
        auto printed = start(choices);
        printed.is_stream = true;
        for (std::size_t i = 0; i < choices.size(); ++i) {
            if (choices[i].calls.empty())
                stream_text(choices[i], i, printed.events);
            else
                stream_calls(choices[i], i, printed.events);
            add_chunk(i, {}, json::value(choices[i].finish_reason), nullptr, printed.events);
        }
        if (include_usage_) {
            auto chunk = head("chat.completion.chunk");
            chunk["choices"] = json::array{};
            chunk["usage"] = print_usage(prompt_tokens_, printed.completion_tokens);
            printed.events.push_back(json::serialize(chunk));
        }
        return printed;
    }

private:
    reply start(const std::vector<said>& choices) const {
        reply started;
        started.prompt_tokens = prompt_tokens_;
        for (const auto& choice : choices)
            started.completion_tokens += choice.tokens;
        return started;
    }

    json::object head(std::string_view object) const {
        return {
            {"id", "chatcmpl-" + frame_.id},
            {"object", object},
            {"created", frame_.created},
            {"model", model_},
            {"service_tier", "default"},
            {"system_fingerprint", "fp_spillwaysim"},
        };
    }

    json::value logprobs_of(std::string_view text) const {
        if (!logprobs_) return nullptr;
        json::array content;
        for (const auto token : split_tokens(text))
            content.push_back(print_logprob(token, top_));
        return json::object{{"content", std::move(content)}, {"refusal", nullptr}};
    }

    json::object print_choice(const said& choice, std::size_t index) const {
        json::object message{{"role", "assistant"}};
        if (choice.calls.empty()) {
            message["content"] = choice.text;
        } else {
            message["content"] = nullptr;
            json::array calls;
            for (const auto& call : choice.calls)
                calls.push_back(print_call(call));
            message["tool_calls"] = std::move(calls);
        }
        message["refusal"] = nullptr;
        message["annotations"] = json::array{};
        return {
            {"index", index},
            {"message", std::move(message)},
            {"logprobs", choice.calls.empty() ? logprobs_of(choice.text) : json::value(nullptr)},
            {"finish_reason", choice.finish_reason},
        };
    }

    static json::object print_call(const tool_call& call) {
        return {
            {"id", call.id},
            {"type", "function"},
            {"function", {{"name", call.name}, {"arguments", call.arguments}}},
        };
    }

    void add_chunk(
        std::size_t index,
        json::object delta,
        json::value finish,
        json::value logprobs,
        std::vector<std::string>& events
    ) const {
        auto chunk = head("chat.completion.chunk");
        json::object choice{{"index", index}};
        choice["delta"] = std::move(delta);
        choice["logprobs"] = std::move(logprobs);
        choice["finish_reason"] = std::move(finish);
        json::array choices;
        choices.push_back(std::move(choice));
        chunk["choices"] = std::move(choices);
        if (include_usage_) chunk["usage"] = nullptr;
        events.push_back(json::serialize(chunk));
    }

    void
    stream_text(const said& choice, std::size_t index, std::vector<std::string>& events) const {
        json::object first{{"role", "assistant"}, {"content", ""}, {"refusal", nullptr}};
        add_chunk(index, std::move(first), nullptr, logprobs_of(""), events);
        for (const auto token : split_tokens(choice.text)) {
            add_chunk(index, {{"content", token}}, nullptr, logprobs_of(token), events);
        }
    }

    void
    stream_calls(const said& choice, std::size_t index, std::vector<std::string>& events) const {
        const bool parallel = choice.calls.size() > 1;
        if (parallel) {
            add_chunk(
                index, {{"role", "assistant"}, {"content", nullptr}}, nullptr, nullptr, events
            );
        }
        for (std::size_t i = 0; i < choice.calls.size(); ++i) {
            const auto& call = choice.calls[i];
            json::object opening{
                {"index", i},
                {"id", call.id},
                {"type", "function"},
                {"function", {{"name", call.name}, {"arguments", ""}}},
            };
            json::object delta;
            if (!parallel)
                delta = {{"role", "assistant"}, {"content", nullptr}, {"refusal", nullptr}};
            json::array calls;
            calls.push_back(std::move(opening));
            delta["tool_calls"] = std::move(calls);
            add_chunk(index, std::move(delta), nullptr, nullptr, events);
            for (const auto token : split_tokens(call.arguments)) {
                json::array fragment;
                fragment.push_back(json::object{{"index", i}, {"function", {{"arguments", token}}}}
                );
                json::object piece;
                piece["tool_calls"] = std::move(fragment);
                add_chunk(index, std::move(piece), nullptr, nullptr, events);
            }
        }
    }

    const answer_frame& frame_;
    std::string model_;
    bool logprobs_;
    bool include_usage_ = false;
    std::size_t top_ = 0;
    std::size_t prompt_tokens_;
};

}  // namespace

reply answer_chat(const json::object& request, const answer_frame& frame) {
    const auto choices = decide_chat(request, frame.id, frame.least_bytes);
    const chat_printer printer{request, frame};
    return is_true(request, "stream") ? printer.stream(choices) : printer.whole(choices);
}

}  // namespace spillway::bench::sim
