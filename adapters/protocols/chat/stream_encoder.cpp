// Chat Completions as a stream: a chunk an event, in OpenAI's or OpenRouter's form.
#include "adapters/canonical/free_text.hpp"
#include "adapters/canonical/media.hpp"
#include "adapters/json/writer.hpp"
#include "adapters/protocols/chat/answer_text.hpp"
#include "adapters/protocols/chat/encoder.hpp"

#include <fmt/format.h>

#include <deque>

namespace spillway::adapters::chat {

using namespace canonical;

namespace {

// What a delta's content is when it says something else.
enum class idle_content : std::uint8_t { empty, null };

class stream_encoder final : public answer_encoder {
public:
    explicit stream_encoder(const answer_context& context)
        : context_{context}
        , is_openrouter_{context.side == face::openrouter} {
        head_ = "data: {\"id\":";
        json::append_string(head_, context.generation_id);
        head_.append(",\"object\":\"chat.completion.chunk\",\"created\":");
        head_.append(fmt::format_int{context.created}.str()).append(",\"model\":");
        json::append_string(head_, context.model);
        if (is_openrouter_) {
            head_.append(",\"provider\":");
            json::append_string(head_, context.provider);
        }
        head_.append(",\"choices\":[");
        tail_ = is_openrouter_ ? ",\"finish_reason\":null,\"native_finish_reason\":null}]"
                               : ",\"finish_reason\":null}]";
        // OpenAI says on each chunk that there is no usage yet, to those who wait for it.
        has_null_usage_ = !is_openrouter_ && context.usage_asked == usage_request::asked;
    }

    void take(const event& one) override {
        switch (one.kind) {
        case event_kind::start:
        case event_kind::tool_end: return;
        case event_kind::text: return words(one, "content");
        case event_kind::refusal: return words(one, "refusal");
        case event_kind::reasoning:
        case event_kind::signature:
        case event_kind::encrypted: return reasoning(one);
        case event_kind::tool_start: return tool_start(one);
        case event_kind::tool_arguments: return tool_arguments(one);
        case event_kind::image: return image(one);
        case event_kind::audio: return audio(one);
        case event_kind::citation: return citation(one);
        case event_kind::logprobs: return logprobs(one);
        case event_kind::finish: return finish(one);
        case event_kind::usage: tokens_ = one.tokens; return;
        case event_kind::end: return end();
        }
    }

private:
    struct choice_state {
        detail_counter details;
        std::string native;
        finish_reason why = finish_reason::stop;
        bool has_role = false;
        bool has_finished = false;
    };

    choice_state& state_of(std::uint32_t index) {
        while (choices_.size() <= index)
            choices_.emplace_back();
        return choices_[index];
    }

    // A chunk up to the inside of its delta; what follows is the delta's next member.
    void open(std::uint32_t index, idle_content content) {
        choice_state& state = state_of(index);
        if (!is_openrouter_ && !state.has_role) {
            state.has_role = true;
            begin(index);
            text_.append(R"("role":"assistant","content":"","refusal":null)");
            close();
        }
        begin(index);
        if (!is_openrouter_) return;
        text_.append(
            content == idle_content::empty ? R"("role":"assistant","content":"",)"
                                           : R"("role":"assistant","content":null,)"
        );
    }
    void begin(std::uint32_t index) {
        text_.append(head_).append("{\"index\":");
        text_.push_back(static_cast<char>('0' + index % 10));
        if (index > 9) text_.insert(text_.size() - 1, fmt::format_int{index / 10}.str());
        text_.append(",\"delta\":{");
    }
    void close() {
        text_.push_back('}');
        text_.append(tail_);
        chunk_ends();
    }
    void chunk_ends() { text_.append(has_null_usage_ ? ",\"usage\":null}\n\n" : "}\n\n"); }

    void words(const event& one, std::string_view member) {
        if (is_openrouter_ && member == "content") {
            begin(one.choice);
            text_.append("\"role\":\"assistant\",");
        } else {
            open(one.choice, idle_content::empty);
        }
        text_.append("\"").append(member).append("\":\"").append(one.text.raw).push_back('"');
        close();
    }

    void reasoning(const event& one) {
        open(one.choice, idle_content::empty);
        auto& details = state_of(one.choice).details;
        const bool is_foreign = details.is_foreign_signature(one);
        const auto index = details.of(one).index;
        if (one.kind == event_kind::reasoning) {
            text_.append("\"").append(thought_member(context_.side)).append("\":\"");
            text_.append(one.text.raw).append("\",");
        }
        text_.append("\"reasoning_details\":[");
        if (one.kind == event_kind::encrypted || is_foreign) {
            open_detail(text_, one, "reasoning.encrypted", index);
            const auto id = is_foreign ? details.call_of(one) : one.id.raw;
            if (!id.empty()) text_.append(",\"id\":\"").append(id).push_back('"');
            text_.append(",\"data\":\"");
        } else if (one.thought == reasoning_kind::summary) {
            open_detail(text_, one, "reasoning.summary", index);
            text_.append(",\"summary\":\"");
        } else {
            open_detail(text_, one, "reasoning.text", index);
            text_.append(one.kind == event_kind::signature ? ",\"signature\":\"" : ",\"text\":\"");
        }
        text_.append(one.text.raw).append("\"}]");
        close();
    }

    void tool_start(const event& one) {
        state_of(one.choice).details.call_begins(one);
        open(one.choice, idle_content::null);
        const std::string_view type = one.is_free_text ? "custom" : "function";
        text_.append("\"tool_calls\":[{\"index\":").append(fmt::format_int{one.tool}.str());
        text_.append(",\"id\":\"").append(one.id.raw).append("\",\"type\":\"").append(type);
        text_.append("\",\"").append(type).append("\":{\"name\":\"").append(one.name.raw);
        text_.append(one.is_free_text ? "\",\"input\":\"\"}}]" : "\",\"arguments\":\"\"}}]");
        close();
    }

    void tool_arguments(const event& one) {
        std::string_view fragment = one.text.raw;
        if (one.is_free_text) {
            scratch_.clear();
            unwrap_free_text(scratch_, one.text);
            fragment = scratch_;
        }
        if (fragment.empty()) return;
        open(one.choice, idle_content::null);
        text_.append("\"tool_calls\":[{\"index\":").append(fmt::format_int{one.tool}.str());
        text_.append(
            one.is_free_text ? ",\"custom\":{\"input\":\"" : ",\"function\":{\"arguments\":\""
        );
        text_.append(fragment).append("\"}}]");
        close();
    }

    void image(const event& one) {
        open(one.choice, idle_content::empty);
        text_.append(R"("images":[{"type":"image_url","image_url":{"url":")");
        append_url(text_, one.source, "image/png");
        text_.append("\"}}]");
        close();
    }

    void audio(const event& one) {
        open(one.choice, idle_content::empty);
        text_.append("\"audio\":{");
        if (!one.id.empty()) text_.append("\"id\":\"").append(one.id.raw).append("\",");
        if (!one.source.data.empty())
            text_.append("\"data\":\"").append(one.source.data.raw).append("\",");
        if (!one.text.empty()) text_.append("\"transcript\":\"").append(one.text.raw).append("\",");
        if (text_.back() == ',') text_.pop_back();
        text_.push_back('}');
        close();
    }

    void citation(const event& one) {
        scratch_.clear();
        if (!append_annotation(scratch_, one.cited)) return;
        open(one.choice, idle_content::empty);
        text_.append("\"annotations\":[").append(scratch_).push_back(']');
        close();
    }

    void logprobs(const event& one) {
        open(one.choice, idle_content::empty);
        if (text_.back() == ',') text_.pop_back();
        text_.append("},\"logprobs\":{\"content\":[").append(one.value.raw);
        text_.append("],\"refusal\":null}").append(tail_);
        chunk_ends();
    }

    void finish(const event& one) {
        choice_state& state = state_of(one.choice);
        state.why = one.why;
        state.native = one.native.empty() ? name_of(one.why) : one.native.raw;
        state.has_finished = true;
    }

    void finish_reasons(const choice_state& state) {
        text_.append("},\"finish_reason\":\"").append(name_of(state.why)).push_back('"');
        if (is_openrouter_)
            text_.append(",\"native_finish_reason\":\"").append(state.native).push_back('"');
        text_.append("}]");
    }

    void end() {
        for (std::uint32_t index = 0; index < choices_.size(); ++index) {
            if (!choices_[index].has_finished) continue;
            open(index, idle_content::empty);
            if (text_.back() == ',') text_.pop_back();
            finish_reasons(choices_[index]);
            chunk_ends();
        }
        usage_chunk();
        text_.append("data: [DONE]\n\n");
    }

    void usage_chunk() {
        if (!is_openrouter_ && context_.usage_asked != usage_request::asked) return;
        if (is_openrouter_) {
            begin(0);
            text_.append(R"("role":"assistant","content":"")");
            finish_reasons(state_of(0));
        } else {
            text_.append(head_).push_back(']');
        }
        text_.append(",\"usage\":");
        append_usage_of(text_, context_, tokens_);
        text_.append("}\n\n");
    }

    const answer_context context_;
    const bool is_openrouter_;
    bool has_null_usage_ = false;
    std::string head_;
    std::string_view tail_;
    std::deque<choice_state> choices_;
    std::string scratch_;
    adapters::usage tokens_;
};

}  // namespace

std::unique_ptr<answer_encoder> make_stream_encoder(const answer_context& context) {
    return std::make_unique<stream_encoder>(context);
}

}  // namespace spillway::adapters::chat
