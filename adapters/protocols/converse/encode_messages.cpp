#include "adapters/protocols/converse/encode_messages.hpp"

#include "adapters/protocols/converse/media_formats.hpp"
#include "adapters/protocols/converse/spelled_text.hpp"
#include "adapters/protocols/messages/tool_names.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace spillway::adapters::converse {

using namespace canonical;

namespace {

bool is_systems(const message& one) noexcept {
    return one.role == role::system || one.role == role::developer;
}

constexpr std::string_view no_result = "No result was recorded for this call.";
constexpr std::string_view json_instruction =
    "Answer with one JSON object and nothing else: no code fence, no words around it.";
constexpr std::string_view schema_instruction =
    "Answer with one JSON document that fits this JSON Schema and nothing else: no code fence, no "
    "words around it. ";
constexpr std::string_view no_calls_instruction = "Answer without calling a tool.";

}  // namespace

message_writer::message_writer(
    const request& from,
    const encode_context& to,
    const plan& decided,
    cache_points& caches,
    std::string& out
) noexcept
    : from_{from}
    , to_{to}
    , plan_{decided}
    , caches_{caches}
    , out_{out}
    , media_{from, to, out} {
    while (leading_ < from.messages.size() && is_systems(from.messages[leading_]))
        ++leading_;
    if (decided.model.system == feature::absent) leading_ = 0;
}

// ---------------------------------------------------------------------------------------------------------
// System

void message_writer::system() {
    const std::size_t begin = out_.size();
    out_.append("\"system\":[");
    const std::size_t first = out_.size();
    for (std::size_t i = 0; i < leading_; ++i) {
        for (const part& one : from_.parts_of(from_.messages[i])) {
            if (!is_blank(one.text)) text(one.text);
            caches_.behind_system(one.cache, out_);
        }
    }
    if (plan_.model.system == feature::present) instructions();
    if (out_.size() == first) {
        out_.resize(begin);
        return;
    }
    out_.back() = ']';
    out_.push_back(',');
}

// What the plan could not say otherwise.
void message_writer::instructions() {
    if (plan_.forbids_calls) plain_text(no_calls_instruction);
    if (plan_.answer != answer_form::instruction) return;
    if (from_.format.schema.empty()) return plain_text(json_instruction);
    plain_text(schema_instruction);
    text(from_.made.quoted(from_.format.schema.raw));
}

// ---------------------------------------------------------------------------------------------------------
// Turns

bool message_writer::says_anything(const message& one) const noexcept {
    if (one.role != role::assistant) return true;
    return std::ranges::any_of(from_.parts_of(one), [](const part& held) {
        const bool is_words = held.kind == part_kind::text || held.kind == part_kind::refusal;
        return held.kind == part_kind::tool_call || (is_words && !is_blank(held.text));
    });
}

void message_writer::find_turns() {
    for (std::size_t i = leading_; i < from_.messages.size(); ++i) {
        const message& one = from_.messages[i];
        if (!says_anything(one)) continue;
        const bool is_assistant = one.role == role::assistant;
        if (turns_.empty() || turns_.back().is_assistant != is_assistant) {
            // The first turn is the user's.
            if (turns_.empty() && is_assistant) turns_.push_back({false, i, i});
            turns_.push_back({is_assistant, i, i + 1});
        }
        turns_.back().last = i + 1;
    }
    const bool is_open = !turns_.empty() && turns_.back().is_assistant && has_calls(turns_.back());
    if (turns_.empty() || is_open)
        turns_.push_back({false, from_.messages.size(), from_.messages.size()});
}

bool message_writer::has_calls(const turn& of) const noexcept {
    for (std::size_t i = of.first; i < of.last; ++i) {
        for (const part& one : from_.parts_of(from_.messages[i])) {
            if (one.kind == part_kind::tool_call) return true;
        }
    }
    return false;
}

result<> message_writer::messages() {
    find_turns();
    out_.append("\"messages\":[");
    for (std::size_t i = 0; i < turns_.size(); ++i) {
        is_last_ = i + 1 == turns_.size();
        if (auto written = write_turn(turns_[i]); !written) return written;
    }
    out_.back() = ']';
    return {};
}

result<> message_writer::write_turn(const turn& of) {
    out_.append(
        of.is_assistant ? R"({"role":"assistant","content":[)" : R"({"role":"user","content":[)"
    );
    blocks_ = 0;
    has_text_ = false;
    has_document_ = false;
    if (of.is_assistant) {
        assistant_turn(of);
    } else if (auto written = user_turn(of); !written) {
        return written;
    }
    if (is_last_) caches_.behind_block(from_.cache, out_);
    out_.back() = ']';
    out_.append("},");
    return {};
}

// Results first: they stand directly behind their calls.
result<> message_writer::user_turn(const turn& of) {
    results(of);
    for (std::size_t i = of.first; i < of.last; ++i) {
        if (from_.messages[i].role == role::tool) continue;
        for (const part& one : from_.parts_of(from_.messages[i])) {
            if (auto written = user_part(one); !written) return written;
        }
    }
    if (is_last_ && plan_.model.system == feature::absent) instructions();
    if (blocks_ == 0 || (has_document_ && !has_text_)) plain_text(placeholder);
    return {};
}

// Thoughts first, calls last.
void message_writer::assistant_turn(const turn& of) {
    calls_.clear();
    thoughts(of);
    for (std::size_t i = of.first; i < of.last; ++i) {
        for (const part& one : from_.parts_of(from_.messages[i])) {
            const bool is_words = one.kind == part_kind::text || one.kind == part_kind::refusal;
            if (!is_words) {
                const bool is_known =
                    one.kind == part_kind::reasoning || one.kind == part_kind::tool_call;
                if (!is_known) to_.dropped.add("assistant media");
                continue;
            }
            // What the model is to go on from does not end in white space.
            const escaped words = is_last_ ? without_tail(one.text) : one.text;
            if (is_blank(words)) continue;
            text(words);
            close_block(one);
        }
    }
    for (std::size_t i = of.first; i < of.last; ++i) {
        for (const part& one : from_.parts_of(from_.messages[i])) {
            if (one.kind == part_kind::tool_call) tool_call(one);
        }
    }
}

// Only the maker's models know what its signatures say, and nobody but Claude is sent its thoughts.
void message_writer::thoughts(const turn& of) {
    if (!plan_.model.is_claude()) return;
    for (std::size_t i = of.first; i < of.last; ++i) {
        for (const part& one : from_.parts_of(from_.messages[i])) {
            const bool is_foreign = one.format != reasoning_format::anthropic &&
                                    one.format != reasoning_format::unknown;
            if (one.kind != part_kind::reasoning || is_foreign) continue;
            if (one.thought == reasoning_kind::encrypted && !one.data.empty()) {
                out_.append(R"({"reasoningContent":{"redactedContent":")").append(one.data.raw);
                out_.append("\"}},");
            } else if (!one.signature.empty()) {
                out_.append(R"({"reasoningContent":{"reasoningText":{"text":")");
                out_.append(one.text.raw).append("\",\"signature\":\"");
                out_.append(one.signature.raw).append("\"}}},");
            } else {
                continue;
            }
            ++blocks_;
        }
    }
}

// ---------------------------------------------------------------------------------------------------------
// Calls and results

escaped message_writer::call_id(escaped id) {
    if (id.empty())
        return allowed_id(
            {from_.made.keep(fmt::format("call_{}", nameless_calls_++))},
            plan_.model.ids,
            from_.made
        );
    return allowed_id(id, plan_.model.ids, from_.made);
}

void message_writer::tool_call(const part& one) {
    const escaped id = call_id(one.id);
    calls_.push_back({&one, id, nullptr});
    out_.append(R"({"toolUse":{"toolUseId":")").append(id.raw).append("\",\"name\":\"");
    out_.append(messages::allowed_name(one.name, from_.made).raw).append("\",\"input\":");
    out_.append(arguments_object(one, from_.made).raw).append("}},");
    close_block(one);
}

void message_writer::results(const turn& of) {
    const auto call_of = [this](const part& answer) {
        return std::ranges::find_if(calls_, [&answer](const open_call& one) {
            const bool is_named = answer.id.empty() && !answer.name.empty();
            return one.answer == nullptr && one.call->id == answer.id &&
                   (!is_named || one.call->name == answer.name);
        });
    };
    for (std::size_t i = of.first; i < of.last; ++i) {
        if (from_.messages[i].role != role::tool) continue;
        for (const part& one : from_.parts_of(from_.messages[i])) {
            if (const auto call = call_of(one); call != calls_.end()) tool_result(one, *call);
        }
    }
    stub_results();
    // A result nobody asked for is still something the model was told.
    for (std::size_t i = of.first; i < of.last; ++i) {
        if (from_.messages[i].role != role::tool) continue;
        for (const part& one : from_.parts_of(from_.messages[i])) {
            const bool was_sent = std::ranges::any_of(calls_, [&one](const open_call& call) {
                return call.answer == &one;
            });
            if (!was_sent) stray_result(one);
        }
    }
    calls_.clear();
}

void message_writer::tool_result(const part& one, open_call& of) {
    of.answer = &one;
    out_.append(R"({"toolResult":{"toolUseId":")").append(of.id.raw).append("\",\"content\":[");
    const std::size_t first = out_.size();
    for (const part& held : from_.contents_of(one)) {
        const std::string_view format =
            held.kind == part_kind::image ? image_format(held.source) : std::string_view{};
        const bool is_image = !format.empty() && held.source.kind == source_kind::base64 &&
                              plan_.model.result_images == feature::present;
        if (is_image) {
            media_.image(format, held.source);
        } else if (held.kind != part_kind::text) {
            to_.dropped.add("media in tool results");
        } else if (!is_blank(held.text)) {
            out_.append("{\"text\":\"").append(held.text.raw).append("\"},");
        }
    }
    if (out_.size() == first) out_.append("{\"text\":\"").append(placeholder).append("\"},");
    out_.back() = ']';
    if (one.is_error && plan_.model.result_status == feature::present)
        out_.append(R"(,"status":"error")");
    out_.append("}},");
    close_block(one);
}

// Every call is answered, or the request is refused.
void message_writer::stub_results() {
    for (open_call& one : calls_) {
        if (one.answer != nullptr) continue;
        out_.append(R"({"toolResult":{"toolUseId":")").append(one.id.raw);
        out_.append(R"(","content":[{"text":")").append(no_result).append("\"}]");
        if (plan_.model.result_status == feature::present) out_.append(R"(,"status":"error")");
        out_.append("}},");
        ++blocks_;
    }
}

void message_writer::stray_result(const part& one) {
    const escaped words = joined_text(from_.contents_of(one), from_.made);
    if (is_blank(words)) return;
    text(words);
    has_text_ = true;
    close_block(one);
}

// ---------------------------------------------------------------------------------------------------------
// What a user says

result<> message_writer::user_part(const part& one) {
    switch (one.kind) {
    case part_kind::text:
    case part_kind::refusal:
        if (is_blank(one.text)) return {};
        text(one.text);
        has_text_ = true;
        break;
    case part_kind::image:
    case part_kind::audio:
    case part_kind::video:
    case part_kind::file:
        if (auto written = media_.write(one); !written) return written;
        has_document_ |= one.kind == part_kind::file;
        break;
    case part_kind::reasoning:
    case part_kind::tool_call:
    case part_kind::tool_result: return {};
    }
    close_block(one);
    return {};
}

void message_writer::text(escaped words) {
    out_.append("{\"text\":\"").append(words.raw).append("\"},");
}

void message_writer::plain_text(std::string_view words) {
    text({words});
    ++blocks_;
}

void message_writer::close_block(const part& one) {
    ++blocks_;
    caches_.behind_block(one.cache, out_);
}

}  // namespace spillway::adapters::converse
