// Chat Completions as one object, written when the answer is complete.
#include "adapters/canonical/free_text.hpp"
#include "adapters/canonical/media.hpp"
#include "adapters/json/writer.hpp"
#include "adapters/protocols/chat/answer_text.hpp"
#include "adapters/protocols/chat/codec.hpp"
#include "adapters/protocols/chat/encoder.hpp"

#include <fmt/format.h>

#include <deque>
#include <vector>

namespace spillway::adapters::chat {

using namespace canonical;

namespace {

struct whole_call {
    std::string id;
    std::string name;
    std::string arguments;
    bool is_free_text = false;
};

struct whole_choice {
    std::string content;
    std::string refusal;
    std::string thought;
    std::string details;  // the last entry may be open, inside its last text
    bool has_open_detail = false;
    detail_counter counter;
    std::vector<whole_call> calls;
    std::string images;
    std::string annotations;
    std::string audio_id;
    std::string audio_data;
    std::string transcript;
    std::string logprobs;
    std::string native;
    finish_reason why = finish_reason::stop;
};

void add(std::string& list, std::string_view element) {
    if (!list.empty()) list.push_back(',');
    list.append(element);
}

void close_detail(whole_choice& into) {
    if (into.has_open_detail) into.details.append("\"}");
    into.has_open_detail = false;
}

void reasoning(const event& one, whole_choice& into) {
    const bool is_foreign = into.counter.is_foreign_signature(one);
    const auto [index, is_new] = into.counter.of(one);
    auto& details = into.details;
    if (one.kind == event_kind::reasoning) into.thought.append(one.text.raw);
    if (!is_new && into.has_open_detail) {
        if (one.kind == event_kind::signature) details.append("\",\"signature\":\"");
        details.append(one.text.raw);
        return;
    }
    close_detail(into);
    if (!details.empty()) details.push_back(',');
    into.has_open_detail = true;
    if (one.kind == event_kind::encrypted || is_foreign) {
        open_detail(details, one, "reasoning.encrypted", index);
        const auto id = is_foreign ? into.counter.call_of(one) : one.id.raw;
        if (!id.empty()) details.append(",\"id\":\"").append(id).push_back('"');
        details.append(",\"data\":\"");
    } else if (one.thought == reasoning_kind::summary) {
        open_detail(details, one, "reasoning.summary", index);
        details.append(",\"summary\":\"");
    } else {
        open_detail(details, one, "reasoning.text", index);
        details.append(one.kind == event_kind::signature ? ",\"signature\":\"" : ",\"text\":\"");
    }
    details.append(one.text.raw);
}

void tool_start(const event& one, whole_choice& into) {
    into.counter.call_begins(one);
    auto& made = into.calls.emplace_back();
    made.id = one.id.raw;
    made.name = one.name.raw;
    made.is_free_text = one.is_free_text;
}

void tool_arguments(const event& one, whole_choice& into) {
    if (one.tool >= into.calls.size()) return;
    auto& call = into.calls[one.tool];
    if (call.is_free_text) {
        unwrap_free_text(call.arguments, one.text);
    } else {
        call.arguments.append(one.text.raw);
    }
}

void image(const event& one, whole_choice& into) {
    add(into.images, R"({"type":"image_url","image_url":{"url":")");
    append_url(into.images, one.source, "image/png");
    into.images.append("\"}}");
}

class whole_encoder final : public answer_encoder {
public:
    explicit whole_encoder(const answer_context& context)
        : context_{context}
        , is_openrouter_{context.side == face::openrouter} {}

    void take(const event& one) override {
        if (one.kind == event_kind::usage) {
            tokens_ = one.tokens;
        } else if (one.kind == event_kind::end) {
            write();
        } else if (one.kind != event_kind::start) {
            while (choices_.size() <= one.choice)
                choices_.emplace_back();
            take_content(one, choices_[one.choice]);
        }
    }

private:
    void take_content(const event& one, whole_choice& into) {
        switch (one.kind) {
        case event_kind::text: into.content.append(one.text.raw); return;
        case event_kind::refusal: into.refusal.append(one.text.raw); return;
        case event_kind::reasoning:
        case event_kind::signature:
        case event_kind::encrypted: return reasoning(one, into);
        case event_kind::tool_start: return tool_start(one, into);
        case event_kind::tool_arguments: return tool_arguments(one, into);
        case event_kind::image: return image(one, into);
        case event_kind::audio:
            into.audio_id.append(one.id.raw);
            into.audio_data.append(one.source.data.raw);
            into.transcript.append(one.text.raw);
            return;
        case event_kind::citation:
            scratch_.clear();
            if (append_annotation(scratch_, one.cited)) add(into.annotations, scratch_);
            return;
        case event_kind::logprobs: add(into.logprobs, one.value.raw); return;
        case event_kind::finish:
            into.why = one.why;
            into.native = one.native.empty() ? name_of(one.why) : one.native.raw;
            return;
        case event_kind::start:
        case event_kind::tool_end:
        case event_kind::usage:
        case event_kind::end: return;
        }
    }

    void write() {
        text_.append("{\"id\":");
        json::append_string(text_, context_.generation_id);
        text_.append(",\"object\":\"chat.completion\",\"created\":");
        text_.append(fmt::format_int{context_.created}.str()).append(",\"model\":");
        json::append_string(text_, context_.model);
        if (is_openrouter_) {
            text_.append(",\"provider\":");
            json::append_string(text_, context_.provider);
        }
        text_.append(",\"system_fingerprint\":null,\"choices\":[");
        std::uint32_t index = 0;
        for (whole_choice& one : choices_) {
            close_detail(one);
            choice(one, index++);
        }
        if (index != 0) text_.pop_back();
        text_.append("],\"usage\":");
        append_usage_of(text_, context_, tokens_);
        text_.push_back('}');
    }

    void choice(const whole_choice& one, std::uint32_t index) {
        text_.append("{\"index\":").append(fmt::format_int{index}.str());
        if (one.logprobs.empty()) {
            text_.append(",\"logprobs\":null");
        } else {
            text_.append(",\"logprobs\":{\"content\":[").append(one.logprobs);
            text_.append("],\"refusal\":null}");
        }
        text_.append(",\"finish_reason\":\"").append(name_of(one.why)).push_back('"');
        if (is_openrouter_)
            text_.append(",\"native_finish_reason\":\"").append(one.native).push_back('"');
        text_.append(",\"message\":{\"role\":\"assistant\"");
        message(one);
        text_.append("}},");
    }

    void text_or_null(std::string_view label, const std::string& value) {
        text_.append(",\"").append(label);
        if (value.empty()) {
            text_.append("\":null");
        } else {
            text_.append("\":\"").append(value).push_back('"');
        }
    }
    void list(std::string_view label, const std::string& elements) {
        if (elements.empty()) return;
        text_.append(",\"").append(label).append("\":[").append(elements).push_back(']');
    }

    void message(const whole_choice& one) {
        const bool says_nothing = one.content.empty() && one.calls.empty() && one.refusal.empty();
        if (says_nothing) {
            text_.append(",\"content\":\"\"");
        } else {
            text_or_null("content", one.content);
        }
        text_or_null("refusal", one.refusal);
        if (is_openrouter_ || !one.thought.empty())
            text_or_null(thought_member(context_.side), one.thought);
        list("reasoning_details", one.details);
        tool_calls(one.calls);
        list("images", one.images);
        list("annotations", one.annotations);
        if (one.audio_id.empty() && one.audio_data.empty()) return;
        text_.append(",\"audio\":{\"id\":\"").append(one.audio_id).append("\",\"data\":\"");
        text_.append(one.audio_data).append("\",\"transcript\":\"").append(one.transcript);
        text_.append("\"}");
    }

    void tool_calls(const std::vector<whole_call>& calls) {
        if (calls.empty()) return;
        text_.append(",\"tool_calls\":[");
        for (const auto& one : calls) {
            const std::string_view type = one.is_free_text ? "custom" : "function";
            text_.append("{\"id\":\"").append(one.id).append("\",\"type\":\"").append(type);
            text_.append("\",\"").append(type).append("\":{\"name\":\"").append(one.name);
            text_.append(one.is_free_text ? "\",\"input\":\"" : "\",\"arguments\":\"");
            text_.append(one.arguments).append("\"}},");
        }
        text_.back() = ']';
    }

    const answer_context context_;
    const bool is_openrouter_;
    std::deque<whole_choice> choices_;
    std::string scratch_;
    adapters::usage tokens_;
};

}  // namespace

std::unique_ptr<answer_encoder> make_whole_encoder(const answer_context& context) {
    return std::make_unique<whole_encoder>(context);
}

std::unique_ptr<answer_encoder> make_encoder(const answer_context& context) {
    if (context.what == operation::completions) return make_completion_encoder(context);
    return context.how == delivery::streamed ? make_stream_encoder(context)
                                             : make_whole_encoder(context);
}

}  // namespace spillway::adapters::chat
