#include "adapters/protocols/converse/decoder.hpp"

#include "adapters/protocols/converse/codec.hpp"
#include "adapters/protocols/converse/media_formats.hpp"
#include "adapters/protocols/converse/stop_reasons.hpp"
#include "adapters/protocols/converse/text_delta.hpp"
#include "adapters/protocols/converse/usage.hpp"
#include "adapters/protocols/messages/tool_names.hpp"

#include <algorithm>

namespace spillway::adapters::converse {

using namespace canonical;

namespace {

event event_of(event_kind kind) noexcept {
    event one;
    one.kind = kind;
    return one;
}

// Code points of a text as JSON spells it: an escape is one, and so is a pair of surrogates.
std::uint64_t code_points(escaped text) noexcept {
    std::uint64_t count = 0;
    for (std::size_t i = 0; i < text.raw.size(); ++i) {
        const char c = text.raw[i];
        if ((static_cast<unsigned char>(c) & 0xc0) == 0x80) continue;
        ++count;
        if (c != '\\' || ++i >= text.raw.size() || text.raw[i] != 'u') continue;
        const std::string_view digits = text.raw.substr(i + 1, 4);
        const bool is_second_half = digits.size() == 4 && (digits[0] == 'd' || digits[0] == 'D') &&
                                    std::string_view{"cdefCDEF"}.contains(digits[1]);
        if (is_second_half) --count;
        i += digits.size();
    }
    return count;
}

// Signed thoughts are Claude's: nobody else behind Bedrock signs.
constexpr reasoning_format signed_format = reasoning_format::anthropic;

}  // namespace

decoder::decoder(const decode_context& context) noexcept
    : provider_{context.provider}
    , format_{context.model.contains("claude") ? signed_format : reasoning_format::unknown} {}

std::unique_ptr<answer_decoder> make_decoder(const decode_context& context) {
    return std::make_unique<decoder>(context);
}

void decoder::next(const frame& one, event_sink& out) {
    if (has_ended_) return;
    if (one.is_exception) return out.fail(explain_inside(one.name, one.data.text(), provider_));
    if (one.name == "contentBlockDelta") {
        if (const std::optional<text_delta> delta = read_text_delta(one.data)) {
            start(out);
            return say_text(opened(delta->index, block_kind::text), delta->text, out);
        }
    }
    if (!read_.read(one.data) || !read_.root().is_object()) {
        return out.fail(make_problem(
            error_class::upstream_fault, "The provider's stream holds an event that is no JSON."
        ));
    }
    made_.clear();
    if (!one.name.empty()) return take(one.name, read_.root(), out);
    // Framed otherwise, an event stands in a member of its name.
    for (const auto [name, event] : read_.root().members())
        take(name, event, out);
}

void decoder::take(std::string_view name, json::value event, event_sink& out) {
    if (name == "contentBlockDelta") {
        block_delta(event, out);
    } else if (name == "contentBlockStart") {
        block_start(event, out);
    } else if (name == "contentBlockStop") {
        block_stop(event["contentBlockIndex"].count().value_or(0), out);
    } else if (name == "messageStart") {
        start(out);
    } else if (name == "messageStop") {
        message_stop(event, out);
    } else if (name == "metadata") {
        metadata(event, out);
    } else if (name.ends_with("Exception")) {
        out.fail(explain_inside(name, event.raw(), provider_));
    }
}

void decoder::start(event_sink& out) {
    if (!has_started_) out.take(event_of(event_kind::start));
    has_started_ = true;
}

decoder::block* decoder::find(std::uint64_t index) noexcept {
    const auto known = std::ranges::find(blocks_, index, &block::index);
    return known == blocks_.end() ? nullptr : &*known;
}

decoder::block& decoder::opened(std::uint64_t index, block_kind kind) {
    if (block* const known = find(index); known != nullptr) {
        if (known->kind == block_kind::unknown) known->kind = kind;
        return *known;
    }
    block& made = blocks_.emplace_back();
    made.index = index;
    made.kind = kind;
    made.part = next_part_++;
    made.text_from = text_points_;
    return made;
}

void decoder::block_start(json::value event, event_sink& out) {
    start(out);
    const std::uint64_t index = event["contentBlockIndex"].count().value_or(0);
    const json::value what = event["start"];
    // A block that begins again under its number has lost its stop.
    block_stop(index, out);
    if (const json::value call = what["toolUse"]) {
        block& in = opened(index, block_kind::tool);
        open_tool(in, call, out);
    } else if (const json::value image = what["image"]) {
        opened(index, block_kind::image).image_format = image["format"].string().raw;
    }
}

void decoder::block_delta(json::value event, event_sink& out) {
    start(out);
    const std::uint64_t index = event["contentBlockIndex"].count().value_or(0);
    const json::value delta = event["delta"];
    for (const auto [name, value] : delta.members()) {
        if (name == "text") {
            say_text(opened(index, block_kind::text), value.string(), out);
        } else if (name == "toolUse") {
            if (block* const in = find(index)) tool_delta(*in, value, out);
        } else if (name == "reasoningContent") {
            reasoning_delta(opened(index, block_kind::reasoning), value, out);
        } else if (name == "citation") {
            say_citation(opened(index, block_kind::text), value, out);
        } else if (name == "image") {
            say_image(opened(index, block_kind::image), value, out);
        }
    }
}

void decoder::reasoning_delta(block& in, json::value delta, event_sink& out) {
    event one;
    one.part = in.part;
    for (const auto [name, value] : delta.members()) {
        one.text = value.string();
        if (name == "text") {
            one.kind = event_kind::reasoning;
            one.format = format_;
        } else if (name == "signature") {
            one.kind = event_kind::signature;
            one.format = signed_format;
        } else if (name == "redactedContent") {
            one.kind = event_kind::encrypted;
            one.thought = reasoning_kind::encrypted;
            one.format = signed_format;
        } else {
            continue;
        }
        const bool is_needless = one.text.empty() && one.kind != event_kind::reasoning;
        if (!is_needless) out.take(one);
    }
}

void decoder::tool_delta(block& in, json::value delta, event_sink& out) {
    const escaped input = delta["input"].string();
    if (input.empty()) return;
    in.has_input = true;
    if (in.kind == block_kind::answer) return say_text(in, input, out);
    if (in.kind != block_kind::tool) return;
    event one = event_of(event_kind::tool_arguments);
    one.part = in.part;
    one.tool = in.tool;
    one.text = input;
    out.take(one);
}

void decoder::block_stop(std::uint64_t index, event_sink& out) {
    const auto known = std::ranges::find(blocks_, index, &block::index);
    if (known == blocks_.end()) return;
    if (known->kind == block_kind::tool) close_tool(*known, out);
    blocks_.erase(known);
}

void decoder::message_stop(json::value event, event_sink& out) {
    start(out);
    while (!blocks_.empty())
        block_stop(blocks_.front().index, out);
    finish(event, out);
}

// Without a messageStop in front, something of the answer is missing.
void decoder::metadata(json::value event, event_sink& out) {
    say_usage(event["usage"], out);
    body_ended(out);
}

void decoder::body_ended(event_sink& out) {
    if (!has_finished_ || has_ended_) return;
    has_ended_ = true;
    out.take(event_of(event_kind::end));
}

void decoder::whole(padded_view body, event_sink& out) {
    if (!read_.read(body) || !read_.root().is_object()) {
        return out.fail(
            make_problem(error_class::upstream_fault, "The provider's answer is no JSON object.")
        );
    }
    const json::value root = read_.root();
    const json::value message = root["output"]["message"];
    if (!message.is_object() || !root["stopReason"].is_string())
        return out.fail(explain_inside({}, body.text(), provider_));
    start(out);
    for (const json::value content : message["content"].elements())
        content_block(content, out);
    finish(root, out);
    say_usage(root["usage"], out);
    body_ended(out);
}

void decoder::content_block(json::value content, event_sink& out) {
    for (const auto [name, value] : content.members()) {
        if (name == "text") {
            say_text(opened(next_part_, block_kind::text), value.string(), out);
        } else if (name == "toolUse") {
            whole_tool(value, out);
        } else if (name == "reasoningContent") {
            whole_reasoning(value, out);
        } else if (name == "citationsContent") {
            whole_citations(value, out);
        } else if (name == "image") {
            block& in = opened(next_part_, block_kind::image);
            in.image_format = value["format"].string().raw;
            say_image(in, value, out);
        }
    }
}

void decoder::whole_tool(json::value call, event_sink& out) {
    block& in = opened(next_part_, block_kind::tool);
    open_tool(in, call, out);
    const json::value input = call["input"];
    if (in.kind == block_kind::answer) return say_text(in, made_.quoted(input.raw()), out);
    if (input && !input.is_empty()) {
        in.has_input = true;
        event one = event_of(event_kind::tool_arguments);
        one.part = in.part;
        one.tool = in.tool;
        one.text = made_.quoted(input.raw());
        out.take(one);
    }
    close_tool(in, out);
}

void decoder::whole_reasoning(json::value content, event_sink& out) {
    block& in = opened(next_part_, block_kind::reasoning);
    const json::value thought = content["reasoningText"];
    if (thought.is_object()) {
        event one = event_of(event_kind::reasoning);
        const escaped signature = thought["signature"].string();
        one.part = in.part;
        one.format = signature.empty() ? format_ : signed_format;
        one.text = thought["text"].string();
        out.take(one);
        if (signature.empty()) return;
        one.kind = event_kind::signature;
        one.text = signature;
        out.take(one);
        return;
    }
    reasoning_delta(in, content, out);
}

void decoder::whole_citations(json::value content, event_sink& out) {
    block& in = opened(next_part_, block_kind::text);
    for (const json::value text : content["content"].elements())
        say_text(in, text["text"].string(), out);
    for (const json::value cited : content["citations"].elements())
        say_citation(in, cited, out);
}

void decoder::say_text(block& in, escaped text, event_sink& out) {
    if (text.empty()) return;
    event one = event_of(event_kind::text);
    one.part = in.part;
    one.text = text;
    text_points_ += code_points(text);
    out.take(one);
}

void decoder::say_image(const block& in, json::value image, event_sink& out) {
    const json::value octets = image["source"]["bytes"];
    if (!octets.is_string()) return;
    event one = event_of(event_kind::image);
    one.part = in.part;
    one.source.kind = source_kind::base64;
    one.source.type = {type_of(medium::image, in.image_format)};
    one.source.data = octets.string();
    out.take(one);
}

// In a stream citations stand in front of the text they support or behind it: only the block's begin is sure.
void decoder::say_citation(const block& in, json::value cited, event_sink& out) {
    event one = event_of(event_kind::citation);
    one.part = in.part;
    one.cited.title = cited["title"].string();
    const json::value location = cited["location"];
    one.cited.url = location["web"]["url"].string();
    for (const auto [name, where] : location.members())
        one.cited.document = static_cast<std::uint32_t>(where["documentIndex"].count().value_or(0));
    for (const json::value piece : cited["sourceContent"].elements()) {
        one.cited.text = piece["text"].string();
        break;
    }
    one.cited.native = cited.text();
    if (text_points_ > in.text_from) {
        one.cited.from = static_cast<std::uint32_t>(in.text_from);
        one.cited.to = static_cast<std::uint32_t>(text_points_);
    }
    out.take(one);
}

void decoder::open_tool(block& in, json::value call, event_sink& out) {
    const escaped name = call["name"].string();
    if (name.raw == messages::answer_tool) {
        in.kind = block_kind::answer;
        return;
    }
    in.tool = next_tool_++;
    event one = event_of(event_kind::tool_start);
    one.part = in.part;
    one.tool = in.tool;
    one.id = call["toolUseId"].string();
    one.name = messages::given_name(name, name_);
    out.take(one);
}

void decoder::close_tool(const block& in, event_sink& out) {
    event one = event_of(event_kind::tool_arguments);
    one.part = in.part;
    one.tool = in.tool;
    if (!in.has_input) {
        one.text = {"{}"};
        out.take(one);
    }
    one.kind = event_kind::tool_end;
    one.text = {};
    out.take(one);
}

void decoder::finish(json::value answer, event_sink& out) {
    if (has_finished_) return;
    has_finished_ = true;
    event one = event_of(event_kind::finish);
    one.native = answer["stopReason"].string();
    one.why = with_calls(finish_of(one.native.raw), next_tool_ > 0);
    // Only the answer's own tool was called: that is an answer.
    if (one.why == finish_reason::tool_calls && next_tool_ == 0) one.why = finish_reason::stop;
    one.text = answer["additionalModelResponseFields"]["stop_sequence"].string();
    out.take(one);
}

void decoder::say_usage(json::value from, event_sink& out) {
    event one = event_of(event_kind::usage);
    one.tokens = read_usage(from);
    if (one.tokens.present) out.take(one);
}

}  // namespace spillway::adapters::converse
