#include "bench/sim/dialects/responses_print.hpp"

#include "bench/sim/dialects/framing.hpp"
#include "bench/sim/dialects/json_view.hpp"
#include "bench/sim/dialects/responses_items.hpp"

#include <utility>

namespace spillway::bench::sim {
namespace {

secret_wish secret_of(const json::object& request) {
    if (const auto* include = array_at(request, "include")) {
        for (const auto& one : *include)
            if (text_of(one) == "reasoning.encrypted_content") return secret_wish::included;
    }
    return secret_wish::left_out;
}

json::object print_usage(const answer& made) {
    return {
        {"input_tokens", made.prompt_tokens},
        {"input_tokens_details",
         {{"cached_tokens", made.cached_tokens},
          {"cache_write_tokens", made.cache_written_tokens}}},
        {"output_tokens", made.completion_tokens},
        {"output_tokens_details", {{"reasoning_tokens", made.reasoning_tokens}}},
        {"total_tokens", made.prompt_tokens + made.completion_tokens},
    };
}

// What was asked comes back, with defaults filled in.
void echo_settings(const json::object& request, json::object& response) {
    const json::object defaults{
        {"background", false},
        {"frequency_penalty", 0.0},
        {"instructions", nullptr},
        {"max_output_tokens", nullptr},
        {"max_tool_calls", nullptr},
        {"parallel_tool_calls", true},
        {"presence_penalty", 0.0},
        {"previous_response_id", nullptr},
        {"prompt_cache_key", nullptr},
        {"reasoning", {{"effort", nullptr}, {"summary", nullptr}}},
        {"safety_identifier", nullptr},
        {"service_tier", "default"},
        {"store", true},
        {"temperature", 1.0},
        {"text", {{"format", {{"type", "text"}}}, {"verbosity", "medium"}}},
        {"tool_choice", "auto"},
        {"tools", json::array{}},
        {"top_logprobs", 0},
        {"top_p", 1.0},
        {"truncation", "disabled"},
        {"user", nullptr},
        {"metadata", json::object{}}};
    for (const auto& member : defaults) {
        const auto* asked = value_at(request, std::string_view{member.key()});
        response[member.key()] = asked != nullptr ? *asked : member.value();
    }
    // Asked for as "auto", told as what was used.
    if (text_of(response["service_tier"]) == "auto") response["service_tier"] = "default";
}

class response_printer {
public:
    response_printer(const answer& made, const json::object& request, const answer_frame& frame)
        : made_(made)
        , request_(request)
        , frame_(frame)
        , secret_(secret_of(request))
        , items_(list_items(made.choices.front(), frame)) {}

    json::object complete() const {
        auto response = start();
        const auto finish = made_.choices.front().finish;
        response["status"] = "completed";
        if (finish == finish_kind::length || finish == finish_kind::filter) {
            response["status"] = "incomplete";
            response["incomplete_details"] = {
                {"reason", finish == finish_kind::length ? "max_output_tokens" : "content_filter"}};
        }
        json::array output;
        for (const auto& one : items_)
            output.push_back(print_item(one, item_state::complete, secret_));
        response["output"] = std::move(output);
        response["usage"] = print_usage(made_);
        if (text_of(response["status"]) == "completed") response["completed_at"] = frame_.created;
        return response;
    }

    json::object start() const {
        json::object response{
            {"id", "resp_" + frame_.id},
            {"object", "response"},
            {"created_at", frame_.created},
            {"completed_at", nullptr},
            {"status", "in_progress"},
            {"error", nullptr},
            {"incomplete_details", nullptr},
            {"model", text_at(request_, "model")},
            {"output", json::array{}},
            {"usage", nullptr}};
        echo_settings(request_, response);
        return response;
    }

    std::vector<std::string> events() {
        add("response.created", {{"response", start()}});
        add("response.in_progress", {{"response", start()}});
        for (index_ = 0; index_ < items_.size(); ++index_)
            add_item(items_[index_]);
        auto last = complete();
        const auto type = "response." + std::string{text_of(last["status"])};
        add(type, {{"response", std::move(last)}});
        return std::move(events_);
    }

private:
    void add(std::string_view type, json::object more) {
        json::object event{{"type", type}, {"sequence_number", events_.size()}};
        for (auto& member : more)
            event[member.key()] = std::move(member.value());
        events_.push_back(frame_named(event));
    }

    // An event of the item that is open.
    void add_inner(std::string_view type, json::object more) {
        json::object inner{{"item_id", items_[index_].id}, {"output_index", index_}};
        for (auto& member : more)
            inner[member.key()] = std::move(member.value());
        add(type, std::move(inner));
    }

    void add_item(const response_item& one) {
        add("response.output_item.added",
            {{"output_index", index_}, {"item", print_item(one, item_state::opened, secret_)}});
        switch (one.kind) {
        case item_kind::reasoning: add_summary(*one.source); break;
        case item_kind::message: add_message(*one.source); break;
        case item_kind::call: add_call(*one.source); break;
        case item_kind::image:
            for (const char* stage : {"in_progress", "generating", "completed"})
                add_inner(std::string{"response.image_generation_call."} + stage, {});
            break;
        }
        add("response.output_item.done",
            {{"output_index", index_}, {"item", print_item(one, item_state::complete, secret_)}});
    }

    void add_summary(const part& source) {
        if (source.kind != part_kind::reasoning || source.text.empty()) return;
        const json::object blank{{"type", "summary_text"}, {"text", ""}};
        const json::object whole{{"type", "summary_text"}, {"text", source.text}};
        add_inner("response.reasoning_summary_part.added", {{"summary_index", 0}, {"part", blank}});
        for (const auto piece : pieces_of(source))
            add_inner(
                "response.reasoning_summary_text.delta", {{"summary_index", 0}, {"delta", piece}}
            );
        add_inner(
            "response.reasoning_summary_text.done", {{"summary_index", 0}, {"text", source.text}}
        );
        add_inner("response.reasoning_summary_part.done", {{"summary_index", 0}, {"part", whole}});
    }

    void add_message(const part& source) {
        const bool refused = source.kind == part_kind::refusal;
        add_inner(
            "response.content_part.added",
            {{"content_index", 0}, {"part", print_message_part(source, item_state::opened)}}
        );
        for (const auto piece : pieces_of(source)) {
            json::object more{{"content_index", 0}, {"delta", piece}};
            if (!refused) more["logprobs"] = json::array{};
            add_inner(
                refused ? "response.refusal.delta" : "response.output_text.delta", std::move(more)
            );
        }
        for (std::size_t i = 0; i < source.citations.size(); ++i) {
            add_inner(
                "response.output_text.annotation.added",
                {{"content_index", 0},
                 {"annotation_index", i},
                 {"annotation", print_annotation(source, source.citations[i])}}
            );
        }
        if (refused)
            add_inner("response.refusal.done", {{"content_index", 0}, {"refusal", source.text}});
        else
            add_inner(
                "response.output_text.done",
                {{"content_index", 0}, {"text", source.text}, {"logprobs", json::array{}}}
            );
        add_inner(
            "response.content_part.done",
            {{"content_index", 0}, {"part", print_message_part(source, item_state::complete)}}
        );
    }

    void add_call(const part& source) {
        for (const auto piece : pieces_of(source))
            add_inner("response.function_call_arguments.delta", {{"delta", piece}});
        add_inner("response.function_call_arguments.done", {{"arguments", source.text}});
    }

    const answer& made_;
    const json::object& request_;
    const answer_frame& frame_;
    secret_wish secret_;
    std::vector<response_item> items_;
    std::size_t index_ = 0;
    std::vector<std::string> events_;
};

reply start_reply(const answer& made) {
    reply started;
    started.prompt_tokens = made.prompt_tokens;
    started.completion_tokens = made.completion_tokens;
    return started;
}

}  // namespace

reply print_response(const answer& made, const json::object& request, const answer_frame& frame) {
    auto printed = start_reply(made);
    printed.body = json::serialize(response_printer{made, request, frame}.complete());
    return printed;
}

reply stream_response(const answer& made, const json::object& request, const answer_frame& frame) {
    auto printed = start_reply(made);
    response_printer printer{made, request, frame};
    printed.is_stream = true;
    printed.content_type = event_stream_type;
    printed.opening = json::serialize(printer.start());
    printed.events = printer.events();
    printed.closing = std::move(printed.events.back());
    printed.events.pop_back();
    return printed;
}

}  // namespace spillway::bench::sim
