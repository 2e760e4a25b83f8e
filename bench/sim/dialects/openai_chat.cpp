#include "bench/sim/dialects/openai_chat.hpp"

#include "bench/sim/dialects/framing.hpp"
#include "bench/sim/dialects/json_view.hpp"
#include "bench/sim/dialects/openai_prompt.hpp"
#include "bench/sim/tokens.hpp"

#include <fmt/format.h>

#include <string_view>
#include <utility>

namespace spillway::bench::sim {
namespace {

json::object print_usage(const answer& made) {
    return {
        {"prompt_tokens", made.prompt_tokens},
        {"completion_tokens", made.completion_tokens},
        {"total_tokens", made.prompt_tokens + made.completion_tokens},
        {"prompt_tokens_details",
         {{"cached_tokens", made.cached_tokens},
          {"cache_write_tokens", made.cache_written_tokens},
          {"audio_tokens", 0}}},
        {"completion_tokens_details",
         {{"reasoning_tokens", made.reasoning_tokens},
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

json::object print_call(const part& call) {
    return {
        {"id", "call_" + call.id},
        {"type", "function"},
        {"function", {{"name", call.name}, {"arguments", call.text}}},
    };
}

json::array print_annotations(const said& choice) {
    json::array list;
    for (const auto& one : choice.parts) {
        for (const auto& cited : one.citations) {
            list.push_back(json::object{
                {"type", "url_citation"},
                {"url_citation",
                 {{"start_index", count_code_points(one.text.substr(0, cited.begin))},
                  {"end_index", count_code_points(one.text.substr(0, cited.end))},
                  {"title", citation::title},
                  {"url", citation::url}}}});
        }
    }
    return list;
}

json::object print_image(const part& one) {
    return {
        {"type", "image_url"},
        {"image_url", {{"url", "data:image/png;base64," + one.text}}},
    };
}

json::value text_or_null(std::string text) {
    return text.empty() ? json::value(nullptr) : json::value(text);
}

class chat_printer {
public:
    chat_printer(const json::object& request, const answer_frame& frame, const answer& made)
        : frame_(frame)
        , made_(made)
        , model_(text_at(request, "model"))
        , logprobs_(is_true(request, "logprobs"))
        , top_(count_at(request, "top_logprobs").value_or(0)) {
        const auto* options = object_at(request, "stream_options");
        include_usage_ = options != nullptr && is_true(*options, "include_usage");
    }

    reply whole() const {
        auto printed = start();
        json::array list;
        for (std::size_t i = 0; i < made_.choices.size(); ++i)
            list.push_back(print_choice(made_.choices[i], i));
        auto body = head("chat.completion");
        body["choices"] = std::move(list);
        body["usage"] = print_usage(made_);
        printed.body = json::serialize(body);
        return printed;
    }

    reply stream() const {
        auto printed = start();
        printed.is_stream = true;
        printed.content_type = event_stream_type;
        printed.closing = frame_data("[DONE]");
        for (std::size_t i = 0; i < made_.choices.size(); ++i) {
            stream_choice(made_.choices[i], i, printed.events);
            const auto finish = json::value(chat_finish(made_.choices[i]));
            add_chunk(i, {}, finish, nullptr, printed.events);
        }
        if (include_usage_) {
            auto chunk = head("chat.completion.chunk");
            chunk["choices"] = json::array{};
            chunk["usage"] = print_usage(made_);
            printed.events.push_back(frame_data(json::serialize(chunk)));
        }
        return printed;
    }

private:
    enum class opening_kind { plain, with_role };
    using event_list = std::vector<std::string>;

    reply start() const {
        reply started;
        started.prompt_tokens = made_.prompt_tokens;
        started.completion_tokens = made_.completion_tokens;
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
        const auto text = choice.joined(part_kind::text);
        json::object message{{"role", "assistant"}};
        const bool silent = choice.has(part_kind::call) || choice.has(part_kind::refusal);
        message["content"] = silent ? text_or_null(text) : json::value(text);
        const auto thought = choice.joined(part_kind::reasoning);
        if (!thought.empty()) message["reasoning_content"] = thought;
        json::array calls;
        json::array images;
        for (const auto& one : choice.parts) {
            if (one.kind == part_kind::call) calls.push_back(print_call(one));
            if (one.kind == part_kind::image) images.push_back(print_image(one));
        }
        if (!calls.empty()) message["tool_calls"] = std::move(calls);
        if (!images.empty()) message["images"] = std::move(images);
        message["refusal"] = text_or_null(choice.joined(part_kind::refusal));
        message["annotations"] = print_annotations(choice);
        return {
            {"index", index},
            {"message", std::move(message)},
            {"logprobs", text.empty() ? json::value(nullptr) : logprobs_of(text)},
            {"finish_reason", chat_finish(choice)},
        };
    }

    void add_chunk(
        std::size_t index,
        json::object delta,
        json::value finish,
        json::value logprobs,
        event_list& events
    ) const {
        auto chunk = head("chat.completion.chunk");
        json::object choice{{"index", index}};
        choice["delta"] = std::move(delta);
        choice["logprobs"] = std::move(logprobs);
        choice["finish_reason"] = std::move(finish);
        chunk["choices"] = list_of(std::move(choice));
        if (include_usage_) chunk["usage"] = nullptr;
        events.push_back(frame_data(json::serialize(chunk)));
    }

    void add_delta(std::size_t index, json::object delta, event_list& events) const {
        add_chunk(index, std::move(delta), nullptr, nullptr, events);
    }

    // A single call opens in the chunk that tells the role; all else has one of its own before it.
    void stream_choice(const said& choice, std::size_t index, event_list& events) const {
        const bool lone_call =
            choice.parts.size() == 1 && choice.parts.front().kind == part_kind::call;
        if (!lone_call) {
            json::object first{{"role", "assistant"}};
            first["content"] = nullptr;
            if (choice.has(part_kind::refusal))
                first["refusal"] = "";
            else if (!choice.has(part_kind::call)) {
                first["content"] = "";
                first["refusal"] = nullptr;
            }
            const bool logged = choice.has(part_kind::text) && !choice.has(part_kind::call);
            add_chunk(index, first, nullptr, logged ? logprobs_of("") : nullptr, events);
        }
        const auto opening = lone_call ? opening_kind::with_role : opening_kind::plain;
        std::size_t calls = 0;
        for (const auto& one : choice.parts) {
            if (one.kind == part_kind::call)
                stream_call(one, index, calls++, opening, events);
            else
                stream_part(one, index, events);
        }
        auto notes = print_annotations(choice);
        if (!notes.empty()) add_delta(index, {{"annotations", std::move(notes)}}, events);
    }

    void stream_part(const part& one, std::size_t index, event_list& events) const {
        if (one.kind == part_kind::image) {
            json::object delta;
            delta["images"] = list_of(print_image(one));
            add_delta(index, std::move(delta), events);
        }
        for (const auto piece : pieces_of(one)) {
            if (one.kind == part_kind::text)
                add_chunk(index, {{"content", piece}}, nullptr, logprobs_of(piece), events);
            if (one.kind == part_kind::reasoning)
                add_delta(index, {{"reasoning_content", piece}}, events);
            if (one.kind == part_kind::refusal) add_delta(index, {{"refusal", piece}}, events);
        }
    }

    void stream_call(
        const part& call,
        std::size_t index,
        std::size_t number,
        opening_kind opening,
        event_list& events
    ) const {
        json::object first{
            {"index", number},
            {"id", "call_" + call.id},
            {"type", "function"},
            {"function", {{"name", call.name}, {"arguments", ""}}},
        };
        json::object delta;
        if (opening == opening_kind::with_role)
            delta = {{"role", "assistant"}, {"content", nullptr}, {"refusal", nullptr}};
        delta["tool_calls"] = list_of(std::move(first));
        add_delta(index, std::move(delta), events);
        for (const auto piece : pieces_of(call)) {
            json::object fragment{{"index", number}, {"function", {{"arguments", piece}}}};
            json::object more;
            more["tool_calls"] = list_of(std::move(fragment));
            add_delta(index, std::move(more), events);
        }
    }

    const answer_frame& frame_;
    const answer& made_;
    std::string model_;
    bool logprobs_;
    bool include_usage_ = false;
    std::size_t top_;
};

}  // namespace

std::string_view chat_finish(const said& choice) {
    switch (choice.finish) {
    case finish_kind::length: return "length";
    case finish_kind::filter: return "content_filter";
    // With one function forced by name OpenAI says "stop" (recorded), else "tool_calls".
    case finish_kind::calls: return choice.is_forced_call ? "stop" : "tool_calls";
    case finish_kind::stop:
    case finish_kind::stop_sequence:
    case finish_kind::refusal: break;
    }
    return "stop";
}

reply answer_chat(const json::object& request, const answer_frame& frame) {
    const auto asked = read_chat_prompt(request);
    const auto made = decide(asked, frame);
    const chat_printer printer{request, frame, made};
    return asked.is_stream ? printer.stream() : printer.whole();
}

}  // namespace spillway::bench::sim
