// Legacy completions, whole and streamed: of a chat answer the words alone, since the protocol has no place for more.
#include "adapters/json/writer.hpp"
#include "adapters/protocols/chat/answer_text.hpp"
#include "adapters/protocols/chat/encoder.hpp"

#include <fmt/format.h>

#include <deque>

namespace spillway::adapters::chat {

using namespace canonical;

namespace {

// A completion calls no tools.
std::string_view word_of(finish_reason why) noexcept {
    return name_of(why == finish_reason::tool_calls ? finish_reason::stop : why);
}

class completion_encoder final : public answer_encoder {
public:
    explicit completion_encoder(const answer_context& context)
        : context_{context}
        , is_openrouter_{context.side == face::openrouter}
        , is_stream_{context.how == delivery::streamed} {
        head_ = "{\"id\":";
        json::append_string(head_, context.generation_id);
        head_.append(",\"object\":\"text_completion\",\"created\":");
        head_.append(fmt::format_int{context.created}.str()).append(",\"model\":");
        json::append_string(head_, context.model);
        if (is_openrouter_) {
            head_.append(",\"provider\":");
            json::append_string(head_, context.provider);
        }
        head_.append(",\"choices\":[");
    }

    void take(const event& one) override {
        switch (one.kind) {
        case event_kind::text:
        case event_kind::refusal: return words(one);
        case event_kind::finish: {
            choice_state& choice = state_of(one.choice);
            choice.why = one.why;
            choice.native = one.native.empty() ? name_of(one.why) : one.native.raw;
            return;
        }
        case event_kind::usage: tokens_ = one.tokens; return;
        case event_kind::end: return is_stream_ ? end() : write();
        default: return;
        }
    }

private:
    struct choice_state {
        std::string text;  // of a whole answer
        std::string native{name_of(finish_reason::stop)};
        finish_reason why = finish_reason::stop;
    };

    choice_state& state_of(std::uint32_t index) {
        while (choices_.size() <= index)
            choices_.emplace_back();
        return choices_[index];
    }

    void words(const event& one) {
        choice_state& choice = state_of(one.choice);
        if (!is_stream_) {
            choice.text.append(one.text.raw);
            return;
        }
        begin_chunk();
        open_choice(one.choice, one.text.raw);
        text_.append(",\"finish_reason\":null");
        if (is_openrouter_) text_.append(",\"native_finish_reason\":null");
        text_.push_back('}');
        end_chunk();
    }

    void begin_chunk() { text_.append("data: ").append(head_); }
    // Usage is null on each chunk for those of OpenAI's clients that wait for it.
    void end_chunk() {
        const bool has_null_usage = !is_openrouter_ && context_.usage_asked == usage_request::asked;
        text_.append(has_null_usage ? "],\"usage\":null}\n\n" : "]}\n\n");
    }

    void open_choice(std::uint32_t index, std::string_view text) {
        text_.append("{\"text\":\"").append(text).append("\",\"index\":");
        text_.append(fmt::format_int{index}.str()).append(",\"logprobs\":null");
    }

    void close_choice(const choice_state& choice) {
        text_.append(",\"finish_reason\":\"").append(word_of(choice.why)).push_back('"');
        if (is_openrouter_)
            text_.append(",\"native_finish_reason\":\"").append(choice.native).push_back('"');
        text_.push_back('}');
    }

    void end() {
        state_of(0);
        for (std::uint32_t index = 0; index < choices_.size(); ++index) {
            begin_chunk();
            open_choice(index, {});
            close_choice(choices_[index]);
            end_chunk();
        }
        if (is_openrouter_ || context_.usage_asked == usage_request::asked) {
            begin_chunk();
            text_.append("],\"usage\":");
            append_usage_of(text_, context_, tokens_);
            text_.append("}\n\n");
        }
        text_.append("data: [DONE]\n\n");
    }

    void write() {
        state_of(0);
        text_.append(head_);
        for (std::uint32_t index = 0; index < choices_.size(); ++index) {
            if (index != 0) text_.push_back(',');
            open_choice(index, choices_[index].text);
            close_choice(choices_[index]);
        }
        text_.append("],\"usage\":");
        append_usage_of(text_, context_, tokens_);
        text_.push_back('}');
    }

    const answer_context context_;
    const bool is_openrouter_;
    const bool is_stream_;
    std::string head_;
    std::deque<choice_state> choices_;
    adapters::usage tokens_;
};

}  // namespace

std::unique_ptr<answer_encoder> make_completion_encoder(const answer_context& context) {
    return std::make_unique<completion_encoder>(context);
}

}  // namespace spillway::adapters::chat
