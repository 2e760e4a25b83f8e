#include "bench/sim/dialects/responses_items.hpp"

#include "bench/sim/dialects/json_view.hpp"

#include <fmt/format.h>

#include <utility>

namespace spillway::bench::sim {
namespace {

struct kind_words {
    item_kind kind;
    std::string_view prefix;
};

kind_words words_of(part_kind kind) {
    switch (kind) {
    case part_kind::reasoning:
    case part_kind::redacted: return {item_kind::reasoning, "rs"};
    case part_kind::call: return {item_kind::call, "fc"};
    case part_kind::image: return {item_kind::image, "ig"};
    case part_kind::text:
    case part_kind::refusal: break;
    }
    return {item_kind::message, "msg"};
}

json::object print_reasoning(const response_item& one, item_state state, secret_wish secret) {
    const auto& source = *one.source;
    json::array summary;
    if (state == item_state::complete && source.kind == part_kind::reasoning &&
        !source.text.empty())
        summary.push_back(json::object{{"type", "summary_text"}, {"text", source.text}});
    json::object item{{"id", one.id}, {"type", "reasoning"}};
    item["summary"] = std::move(summary);
    if (secret == secret_wish::included) {
        item["encrypted_content"] =
            source.kind == part_kind::redacted ? source.text : source.signature;
    }
    return item;
}

}  // namespace

std::vector<response_item> list_items(const said& choice, const answer_frame& frame) {
    std::vector<response_item> items;
    for (const auto& one : choice.parts) {
        const auto words = words_of(one.kind);
        response_item item;
        item.kind = words.kind;
        item.id = fmt::format("{}_{}{:02x}", words.prefix, frame.id, items.size());
        item.source = &one;
        items.push_back(std::move(item));
    }
    const bool is_cut =
        choice.finish == finish_kind::length || choice.finish == finish_kind::filter;
    if (is_cut && !items.empty()) items.back().is_cut = true;
    return items;
}

json::object print_annotation(const part& source, const citation& cited) {
    const std::string_view text = source.text;
    return {
        {"type", "url_citation"},
        {"start_index", count_code_points(text.substr(0, cited.begin))},
        {"end_index", count_code_points(text.substr(0, cited.end))},
        {"url", citation::url},
        {"title", citation::title},
    };
}

json::object print_message_part(const part& source, item_state state) {
    const auto text = state == item_state::complete ? source.text : std::string{};
    if (source.kind == part_kind::refusal) return {{"type", "refusal"}, {"refusal", text}};
    json::array notes;
    if (state == item_state::complete) {
        for (const auto& cited : source.citations)
            notes.push_back(print_annotation(source, cited));
    }
    json::object part{{"type", "output_text"}};
    part["annotations"] = std::move(notes);
    part["logprobs"] = json::array{};
    part["text"] = text;
    return part;
}

json::object print_item(const response_item& one, item_state state, secret_wish secret) {
    if (one.kind == item_kind::reasoning) return print_reasoning(one, state, secret);
    const bool complete = state == item_state::complete;
    const char* status = !complete ? "in_progress" : one.is_cut ? "incomplete" : "completed";
    json::object item{{"id", one.id}};
    if (one.kind == item_kind::message) {
        item["type"] = "message";
        item["status"] = status;
        item["content"] =
            complete ? list_of(print_message_part(*one.source, state)) : json::array{};
        item["role"] = "assistant";
    } else if (one.kind == item_kind::call) {
        item["type"] = "function_call";
        item["status"] = status;
        item["arguments"] = complete ? one.source->text : std::string{};
        item["call_id"] = "call_" + one.source->id;
        item["name"] = one.source->name;
    } else {
        item["type"] = "image_generation_call";
        item["status"] = status;
        if (complete) item["result"] = one.source->text;
    }
    return item;
}

}  // namespace spillway::bench::sim
