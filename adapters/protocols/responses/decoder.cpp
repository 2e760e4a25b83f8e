#include "adapters/protocols/responses/decoder.hpp"

#include "adapters/canonical/free_text.hpp"
#include "adapters/protocols/chat/errors.hpp"
#include "adapters/protocols/responses/codec.hpp"
#include "adapters/protocols/responses/sealed.hpp"
#include "adapters/protocols/responses/usage.hpp"

#include <algorithm>

namespace spillway::adapters::responses {

using namespace canonical;

namespace {

constexpr std::size_t most_items = 4096;

std::size_t place_of(json::value root) noexcept {
    return root["output_index"].count().value_or(0);
}

}  // namespace

decoder::item_state& decoder::state_of(std::size_t at) {
    while (items_.size() <= std::min(at, most_items))
        items_.emplace_back();
    return items_[std::min(at, most_items)];
}

void decoder::whole(padded_view body, event_sink& out) {
    const auto broken = [&](std::string_view message) {
        out.fail(chat::broken_answer(body.text(), message, context_.provider));
    };
    if (!read_.read(body) || !read_.root().is_object())
        return broken("The provider's answer is not JSON.");
    const auto root = read_.root();
    const auto status = root["status"];
    if (root["error"]) return failed(root["error"], out);
    if (!root["output"].is_array() || status.equals("failed") || status.equals("cancelled"))
        return broken("The provider's answer holds no output.");
    if (status.equals("queued") || status.equals("in_progress"))
        return broken("The provider's answer is not finished.");
    begin(root, out);
    finished(root, out);
}

void decoder::next(const frame& one, event_sink& out) {
    const auto data = one.data.text();
    const auto from = data.find_first_not_of(" \t\r\n");
    if (from == data.npos || data.substr(from).starts_with("[DONE]")) return;
    if (!read_.read(one.data) || !read_.root().is_object()) {
        return out.fail(chat::broken_answer(
            data, "The provider sent an event that is not JSON.", context_.provider
        ));
    }
    const auto root = read_.root();
    const auto type = root["type"].string().raw;
    if (type == "error" || one.name == "error" || (type.empty() && root["error"]))
        return failed(root["error"].is_object() ? root["error"] : root, out);
    stream_event(root, type, out);
}

void decoder::stream_event(json::value root, std::string_view type, event_sink& out) {
    const auto at = place_of(root);
    if (type == "response.output_text.delta") {
        text(
            text_kind::text,
            at,
            root["content_index"].count().value_or(0),
            root["delta"].string(),
            out
        );
        return logprobs(root["logprobs"], out);
    }
    if (type == "response.function_call_arguments.delta" ||
        type == "response.custom_tool_call_input.delta") {
        return arguments(state_of(at), root["delta"].string(), out);
    }
    if (type == "response.reasoning_summary_text.delta") {
        const auto piece = root["summary_index"].count().value_or(0);
        return text(text_kind::summary, at, piece, root["delta"].string(), out);
    }
    if (type == "response.reasoning_text.delta") {
        const auto piece = root["content_index"].count().value_or(0);
        return text(text_kind::thought, at, piece, root["delta"].string(), out);
    }
    if (type == "response.refusal.delta")
        return text(
            text_kind::refusal,
            at,
            root["content_index"].count().value_or(0),
            root["delta"].string(),
            out
        );
    if (type == "response.created" || type == "response.in_progress")
        return begin(root["response"], out);
    if (type == "response.completed" || type == "response.incomplete" || type == "response.done")
        return finished(root["response"], out);
    if (type == "response.failed") return failed(root["response"]["error"], out);
    item_event(root, type, out);
}

void decoder::item_event(json::value root, std::string_view type, event_sink& out) {
    const auto at = place_of(root);
    item_state& state = state_of(at);
    if (type == "response.output_item.added") {
        call_begins(state, root["item"], out);
    } else if (type == "response.output_item.done") {
        item(at, root["item"], out);
    } else if (type == "response.output_text.annotation.added") {
        citation(root["annotation"], out);
    } else if (type == "response.function_call_arguments.done") {
        if (!state.has_contents) arguments(state, root["arguments"].string(), out);
    } else if (type == "response.custom_tool_call_input.done") {
        if (!state.has_contents) arguments(state, root["input"].string(), out);
    }
}

void decoder::begin(json::value response, event_sink& out) {
    if (has_begun_) return;
    has_begun_ = true;
    event made;
    made.kind = event_kind::start;
    made.id = response["id"].string();
    made.name = response["model"].string();
    out.take(made);
}

void decoder::failed(json::value error, event_sink& out) {
    if (!error) {
        return out.fail(chat::broken_answer(
            read_.root().raw(), "The provider reported a failure.", context_.provider
        ));
    }
    out.fail(chat::explain_inside(error.raw(), context_.row, context_.provider));
}

void decoder::finished(json::value response, event_sink& out) {
    begin(response, out);
    if (response["status"].equals("failed") || response["error"])
        return failed(response["error"], out);
    std::size_t at = 0;
    for (const auto one : response["output"].elements())
        item(at++, one, out);
    if (const auto tokens = read_usage(response["usage"]); tokens.present) {
        event made;
        made.kind = event_kind::usage;
        made.tokens = tokens;
        out.take(made);
    }
    if (!response["status"].equals("incomplete")) return end(finish_reason::stop, "completed", out);
    const auto reason = response["incomplete_details"]["reason"].string().raw;
    const bool is_filtered = reason == "content_filter";
    end(is_filtered ? finish_reason::content_filter : finish_reason::length,
        reason.empty() ? "incomplete" : reason,
        out);
}

void decoder::end(finish_reason why, std::string_view native, event_sink& out) {
    event made;
    made.kind = event_kind::finish;
    made.why = with_calls(why, tools_ != 0);
    made.native = {native};
    out.take(made);
    event over;
    over.kind = event_kind::end;
    out.take(over);
}

void decoder::item(std::size_t at, json::value one, event_sink& out) {
    item_state& state = state_of(at);
    if (state.has_ended) return;
    const auto type = one["type"];
    if (type.equals("message")) {
        message(state, at, one, out);
    } else if (type.equals("reasoning")) {
        reasoning(state, at, one, out);
    } else if (type.equals("function_call") || type.equals("custom_tool_call")) {
        call_begins(state, one, out);
        call_ends(state, one, out);
    } else if (type.equals("image_generation_call")) {
        image(one, out);
    }
    state.has_ended = true;
}

void decoder::message(item_state& state, std::size_t at, json::value one, event_sink& out) {
    if (state.has_contents) return;
    std::uint64_t piece = 0;
    for (const auto each : one["content"].elements()) {
        if (each["type"].equals("refusal")) {
            text(text_kind::refusal, at, piece, each["refusal"].string(), out);
        } else {
            text(text_kind::text, at, piece, each["text"].string(), out);
            logprobs(each["logprobs"], out);
            for (const auto cited : each["annotations"].elements())
                citation(cited, out);
        }
        ++piece;
    }
}

void decoder::reasoning(item_state& state, std::size_t at, json::value one, event_sink& out) {
    if (!state.has_contents) {
        std::uint64_t piece = 0;
        for (const auto each : one["summary"].elements())
            text(text_kind::summary, at, piece++, each["text"].string(), out);
        for (const auto each : one["content"].elements())
            text(text_kind::thought, at, piece++, each["text"].string(), out);
    }
    const auto sealed = seal_of(one["encrypted_content"].string());
    if (sealed.data.empty()) return;
    part_key_ = UINT64_MAX;
    event made;
    made.kind = event_kind::encrypted;
    made.part = next_part_++;
    made.thought = reasoning_kind::encrypted;
    made.format = sealed.format;
    made.id = one["id"].string();
    made.text = sealed.data;
    out.take(made);
}

void decoder::image(json::value one, event_sink& out) {
    const auto data = one["result"].string();
    if (data.empty()) return;
    part_key_ = UINT64_MAX;
    event made;
    made.kind = event_kind::image;
    made.part = next_part_++;
    made.source.kind = source_kind::base64;
    const auto format = one["output_format"];
    made.source.type = {
        format.equals("jpeg")   ? "image/jpeg"
        : format.equals("webp") ? "image/webp"
                                : "image/png"};
    made.source.data = data;
    out.take(made);
}

void decoder::call_begins(item_state& state, json::value one, event_sink& out) {
    const auto type = one["type"];
    const bool is_custom = type.equals("custom_tool_call");
    if (state.is_call || !(is_custom || type.equals("function_call"))) return;
    state.is_call = true;
    state.is_free_text = is_custom;
    state.part = next_part_++;
    state.tool = tools_++;
    part_key_ = UINT64_MAX;
    event made;
    made.kind = event_kind::tool_start;
    made.part = state.part;
    made.tool = state.tool;
    made.id = one["call_id"] ? one["call_id"].string() : one["id"].string();
    made.name = one["name"].string();
    made.is_free_text = is_custom;
    out.take(made);
    if (is_custom) give_arguments(state, {free_text_open}, out);
}

void decoder::call_ends(item_state& state, json::value one, event_sink& out) {
    if (!state.has_contents)
        arguments(state, one[state.is_free_text ? "input" : "arguments"].string(), out);
    if (state.is_free_text) {
        give_arguments(state, {free_text_close}, out);
    } else if (!state.has_contents) {
        give_arguments(state, {"{}"}, out);
    }
    event made;
    made.kind = event_kind::tool_end;
    made.part = state.part;
    made.tool = state.tool;
    made.is_free_text = state.is_free_text;
    out.take(made);
}

void decoder::arguments(item_state& state, escaped said, event_sink& out) {
    if (!state.is_call || said.empty()) return;
    state.has_contents = true;
    if (!state.is_free_text) return give_arguments(state, said, out);
    scratch_.clear();
    wrap_free_text(scratch_, said);
    give_arguments(state, {scratch_}, out);
}

void decoder::give_arguments(const item_state& state, escaped said, event_sink& out) {
    event made;
    made.kind = event_kind::tool_arguments;
    made.part = state.part;
    made.tool = state.tool;
    made.text = said;
    made.is_free_text = state.is_free_text;
    out.take(made);
}

void decoder::text(
    text_kind kind, std::size_t at, std::uint64_t piece, escaped said, event_sink& out
) {
    if (said.empty()) return;
    state_of(at).has_contents = true;
    // Which part it is: item, piece and kind in one number.
    const auto key =
        (static_cast<std::uint64_t>(at) << 24) + (piece << 4) + static_cast<std::uint64_t>(kind);
    if (key != part_key_) {
        part_key_ = key;
        part_ = next_part_++;
    }
    event made;
    made.kind = kind == text_kind::text      ? event_kind::text
                : kind == text_kind::refusal ? event_kind::refusal
                                             : event_kind::reasoning;
    made.thought = kind == text_kind::summary ? reasoning_kind::summary : reasoning_kind::text;
    made.format = reasoning_format::openai;
    made.part = part_;
    made.text = said;
    out.take(made);
}

void decoder::logprobs(json::value list, event_sink& out) {
    if (!list.is_array() || list.is_empty()) return;
    event made;
    made.kind = event_kind::logprobs;
    made.part = part_;
    made.value = {list.raw().substr(1, list.raw().size() - 2)};
    out.take(made);
}

void decoder::citation(json::value one, event_sink& out) {
    if (!one["url"].is_string()) return;
    event made;
    made.kind = event_kind::citation;
    made.part = part_;
    made.cited.url = one["url"].string();
    made.cited.title = one["title"].string();
    made.cited.from = static_cast<std::uint32_t>(one["start_index"].count().value_or(0));
    made.cited.to = static_cast<std::uint32_t>(one["end_index"].count().value_or(0));
    made.cited.native = one.text();
    out.take(made);
}

std::unique_ptr<answer_decoder> make_decoder(const decode_context& context) {
    return std::make_unique<decoder>(context);
}

}  // namespace spillway::adapters::responses
