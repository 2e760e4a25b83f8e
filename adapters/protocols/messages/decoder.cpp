#include "adapters/protocols/messages/decoder.hpp"

#include "adapters/json/text.hpp"
#include "adapters/protocols/messages/codec.hpp"
#include "adapters/protocols/messages/errors.hpp"
#include "adapters/protocols/messages/tool_names.hpp"

#include <algorithm>
#include <array>

namespace spillway::adapters::messages {

using namespace canonical;

namespace {

struct stop_row {
    std::string_view word;
    finish_reason why;
};
// An unknown word is a stop; tool_use becomes tool_calls where a call was made.
constexpr std::array<stop_row, 8> stops{{
    {"end_turn", finish_reason::stop},
    {"stop_sequence", finish_reason::stop},
    {"tool_use", finish_reason::stop},
    {"pause_turn", finish_reason::stop},
    {"compaction", finish_reason::stop},
    {"max_tokens", finish_reason::length},
    {"model_context_window_exceeded", finish_reason::length},
    {"refusal", finish_reason::content_filter},
}};

finish_reason reason_of(std::string_view word) noexcept {
    const auto* row = std::ranges::find(stops, word, &stop_row::word);
    return row == stops.end() ? finish_reason::stop : row->why;
}

// Code points of a text with escapes: an escape is one, but that a pair of surrogates is one as well.
std::uint32_t points_of(std::string_view escaped_text) noexcept {
    std::uint32_t points = 0;
    if (escaped_text.find('\\') == escaped_text.npos) {
        for (const char c : escaped_text)
            points += (static_cast<unsigned char>(c) & 0xc0) != 0x80 ? 1 : 0;
        return points;
    }
    for (std::size_t i = 0; i < escaped_text.size(); ++i) {
        const char c = escaped_text[i];
        if ((static_cast<unsigned char>(c) & 0xc0) == 0x80) continue;
        if (c == '\\' && i + 1 < escaped_text.size()) {
            ++i;
            if (escaped_text[i] == 'u' && i + 4 < escaped_text.size()) {
                const bool is_low =
                    (escaped_text[i + 1] | 0x20) == 'd' && (escaped_text[i + 2] | 0x20) >= 'c';
                i += 4;
                if (is_low) continue;
            }
        }
        ++points;
    }
    return points;
}

problem broken(std::string_view message) {
    return make_problem(error_class::upstream_fault, std::string{message});
}

}  // namespace

event decoder::event_of(event_kind kind) const noexcept {
    event made;
    made.kind = kind;
    made.part = part_;
    return made;
}

void decoder::next(const frame& one, event_sink& out) {
    if (one.is_exception) return out.fail(explain_exception(one, provider_));
    read_event(one.data, out);
}

void decoder::read_event(padded_view data, event_sink& out) {
    if (data.text() == "[DONE]") return;  // some gateways add it behind the end
    if (!read_.read(data)) return out.fail(broken("The provider sent an event that is no JSON."));
    const auto root = read_.root();
    const auto type = root["type"];
    if (type.equals("content_block_delta")) return delta(root["delta"], out);
    if (type.equals("content_block_start")) return open_block(root["content_block"], out);
    if (type.equals("content_block_stop")) return close_block(out);
    if (type.equals("message_start")) return start(root["message"], out);
    if (type.equals("message_delta")) return message_delta(root, out);
    if (type.equals("message_stop")) return out.take(event_of(event_kind::end));
    if (type.equals("error") || root["error"].is_object())
        out.fail(explain_inside(root, provider_));
}

void decoder::start(json::value message, event_sink& out) {
    const auto id = message["id"].string();
    if (has_started_) {
        if (id.raw != id_) out.fail(broken("The provider began a second answer inside the first."));
        return;
    }
    has_started_ = true;
    id_ = id.raw;
    usage_.read(message["usage"]);
    event made;
    made.kind = event_kind::start;
    made.id = id;
    made.name = message["model"].string();
    out.take(made);
}

void decoder::open_block(json::value block, event_sink& out) {
    const auto type = block["type"];
    part_ = parts_++;
    citations_.clear();
    if (type.equals("text")) {
        block_ = block_kind::text;
        block_from_ = text_size_;
        text(block["text"].string(), out);
    } else if (type.equals("thinking")) {
        block_ = block_kind::thinking;
        thought(block["thinking"].string(), out);
        signature(block["signature"].string(), out);
    } else if (type.equals("redacted_thinking")) {
        block_ = block_kind::redacted;
        auto made = event_of(event_kind::encrypted);
        made.thought = reasoning_kind::encrypted;
        made.format = reasoning_format::anthropic;
        made.text = block["data"].string();
        out.take(made);
    } else if (type.equals("tool_use")) {
        open_tool(block, out);
    } else {
        // What Anthropic ran itself, and what is newer than we are.
        block_ = block_kind::skipped;
        --parts_;
    }
}

void decoder::open_tool(json::value block, event_sink& out) {
    has_input_ = false;
    input_.clear();
    const auto name = block["name"].string();
    if (name.raw == answer_tool || name.raw == wrapped_answer_tool) {
        block_ = name.raw == answer_tool ? block_kind::answer : block_kind::wrapped_answer;
        return;
    }
    block_ = block_kind::tool;
    has_calls_ = true;
    if (const auto begun = block["input"]; begun && !begun.is_empty())
        json::append_inside(input_, begun.raw());
    auto made = event_of(event_kind::tool_start);
    made.tool = tools_++;
    made.id = block["id"].string();
    made.name = given_name(name, name_);
    out.take(made);
}

void decoder::delta(json::value what, event_sink& out) {
    const auto type = what["type"];
    if (type.equals("text_delta")) return text(what["text"].string(), out);
    if (type.equals("input_json_delta")) return input(what["partial_json"].string(), out);
    if (type.equals("thinking_delta")) return thought(what["thinking"].string(), out);
    if (type.equals("signature_delta")) return signature(what["signature"].string(), out);
    if (type.equals("citations_delta")) keep_citation(what["citation"]);
}

void decoder::text(escaped what, event_sink& out) {
    if (block_ != block_kind::text || what.empty()) return;
    text_size_ += points_of(what.raw);
    auto made = event_of(event_kind::text);
    made.text = what;
    out.take(made);
}

void decoder::thought(escaped what, event_sink& out) {
    if (block_ != block_kind::thinking || what.empty()) return;
    auto made = event_of(event_kind::reasoning);
    made.format = reasoning_format::anthropic;
    made.text = what;
    out.take(made);
}

void decoder::signature(escaped what, event_sink& out) {
    if (block_ != block_kind::thinking || what.empty()) return;
    auto made = event_of(event_kind::signature);
    made.format = reasoning_format::anthropic;
    made.text = what;
    out.take(made);
}

void decoder::input(escaped fragment, event_sink& out) {
    if (fragment.empty()) return;
    has_input_ = true;
    if (block_ == block_kind::tool) {
        auto made = event_of(event_kind::tool_arguments);
        made.tool = tools_ - 1;
        made.text = fragment;
        out.take(made);
    } else if (block_ == block_kind::answer) {
        auto made = event_of(event_kind::text);
        made.text = fragment;
        out.take(made);
    } else if (block_ == block_kind::wrapped_answer) {
        input_.append(fragment.raw);
    }
}

void decoder::close_block(event_sink& out) {
    if (block_ == block_kind::text) {
        tell_citations(out);
    } else if (block_ == block_kind::tool) {
        if (!has_input_) {
            const std::string begun = input_.empty() ? "{}" : input_;
            input({begun}, out);
        }
        auto made = event_of(event_kind::tool_end);
        made.tool = tools_ - 1;
        out.take(made);
    } else if (block_ == block_kind::wrapped_answer) {
        padded_text plain{json::unescaped_leniently(input_)};
        json::document inside;
        if (inside.read(plain.view())) {
            std::string quoted;
            json::append_inside(quoted, inside.root()["value"].raw());
            auto made = event_of(event_kind::text);
            made.text = {quoted};
            out.take(made);
        }
    }
    block_ = block_kind::skipped;
}

void decoder::keep_citation(json::value citation) {
    if (block_ == block_kind::text && citation.is_object()) citations_.emplace_back(citation.raw());
}

// They come before the text they belong to, and are told when it is known how long that is.
void decoder::tell_citations(event_sink& out) {
    for (const std::string& one : citations_) {
        const padded_text text{one};
        json::document inside;
        if (!inside.read(text.view())) continue;
        const auto root = inside.root();
        auto made = event_of(event_kind::citation);
        const auto source = root["source"];
        made.cited.url = root["url"].is_string() ? root["url"].string() : source.string();
        const auto document = root["document_title"];
        made.cited.title = document.is_string() ? document.string() : root["title"].string();
        made.cited.text = root["cited_text"].string();
        made.cited.document =
            static_cast<std::uint32_t>(root["document_index"].count().value_or(0));
        made.cited.from = block_from_;
        made.cited.to = text_size_;
        made.cited.native = root.text();
        out.take(made);
    }
    citations_.clear();
}

void decoder::message_delta(json::value root, event_sink& out) {
    usage_.read(root["usage"]);
    if (root["delta"]["stop_reason"].is_string()) finish(root["delta"], out);
    report_usage(out);
}

// `from` has the stop_reason, of a whole answer and of a stream alike.
void decoder::finish(json::value from, event_sink& out) {
    const auto word = from["stop_reason"].string();
    const auto why = reason_of(word.raw);
    if (const auto told = from["stop_details"]["explanation"];
        why == finish_reason::content_filter && told.is_string()) {
        part_ = parts_++;
        auto made = event_of(event_kind::refusal);
        made.text = told.string();
        out.take(made);
    }
    auto made = event_of(event_kind::finish);
    made.why = with_calls(why, has_calls_);
    made.native = word;
    made.text = from["stop_sequence"].string();
    out.take(made);
}

void decoder::report_usage(event_sink& out) {
    auto made = event_of(event_kind::usage);
    made.tokens = usage_.total();
    if (made.tokens.present) out.take(made);
}

void decoder::whole(padded_view body, event_sink& out) {
    if (!read_.read(body)) return out.fail(broken("The provider's answer is no JSON."));
    const auto root = read_.root();
    if (root["type"].equals("error") || root["error"].is_object())
        return out.fail(explain_inside(root, provider_));
    const auto content = root["content"];
    if (!content && root["input_tokens"].count()) {  // the answer to count_tokens
        usage_.read(root);
        report_usage(out);
        return out.take(event_of(event_kind::end));
    }
    if (!content.is_array()) return out.fail(broken("The provider's answer is no message."));
    start(root, out);
    for (const auto block : content.elements())
        whole_block(block, out);
    finish(root, out);
    report_usage(out);
    out.take(event_of(event_kind::end));
}

void decoder::whole_block(json::value block, event_sink& out) {
    open_block(block, out);
    for (const auto citation : block["citations"].elements())
        keep_citation(citation);
    const auto given = block["input"];
    if (block_ == block_kind::answer || block_ == block_kind::wrapped_answer) {
        std::string quoted;
        json::append_inside(quoted, given.raw());
        input({quoted}, out);
    }
    close_block(out);
}

std::unique_ptr<answer_decoder> make_decoder(const decode_context& context) {
    return std::make_unique<decoder>(context);
}

}  // namespace spillway::adapters::messages
