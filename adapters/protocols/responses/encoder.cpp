// Responses answers, whole and streamed. Items do not interleave: while a call is open, what belongs to others waits.
#include "adapters/canonical/free_text.hpp"
#include "adapters/json/writer.hpp"
#include "adapters/protocols/responses/codec.hpp"
#include "adapters/protocols/responses/item_writer.hpp"
#include "adapters/protocols/responses/response_object.hpp"

#include <array>
#include <deque>
#include <vector>

namespace spillway::adapters::responses {

using namespace canonical;

namespace {

// An event that waits, with its texts.
struct held_event {
    explicit held_event(const event& from) : one{from} {
        const std::array<escaped*, 7> texts{
            &one.text,
            &one.id,
            &one.name,
            &one.source.data,
            &one.source.type,
            &one.cited.url,
            &one.cited.title};
        for (std::size_t i = 0; i < texts.size(); ++i) {
            owned[i] = texts[i]->raw;
            texts[i]->raw = owned[i];
        }
        value = one.value.raw;
        one.value.raw = value;
    }
    held_event(const held_event&) = delete;
    held_event& operator=(const held_event&) = delete;

    event one;
    std::array<std::string, 7> owned;
    std::string value;
};

struct call_state {
    explicit call_state(const event& from) : begun{from} {}
    held_event begun;
    std::string waiting;  // arguments that came before its turn
    bool has_ended = false;
};

class response_encoder final : public answer_encoder {
public:
    explicit response_encoder(const answer_context& context)
        : context_{context}
        , settings_{context.settings}
        , items_{context_, text_, next_event_} {
        context_.settings = settings_;
    }

    void take(const event& one) override {
        if (one.choice != 0) return;
        if (!has_begun_) {
            has_begun_ = true;
            items_.begin();
        }
        switch (one.kind) {
        case event_kind::start: return;
        case event_kind::usage: tokens_ = one.tokens; return;
        case event_kind::finish: why_ = one.why; return;
        case event_kind::end: return end();
        case event_kind::tool_start: return tool_start(one);
        case event_kind::tool_arguments: return tool_arguments(one);
        case event_kind::tool_end: return tool_end(one);
        default: break;
        }
        if (!calls_.empty()) {
            held_.emplace_back(one);
        } else {
            content(one);
        }
    }

private:
    void content(const event& one) {
        switch (one.kind) {
        case event_kind::text: return items_.piece(piece_kind::text, one.part, one.text.raw);
        case event_kind::refusal: return items_.piece(piece_kind::refusal, one.part, one.text.raw);
        case event_kind::reasoning: return thought(one);
        case event_kind::signature: return signature(one);
        case event_kind::encrypted:
            thought_part_ = one.part;
            return items_.sealed({seal_kind::data, one.format, {}, one.text});
        case event_kind::image: return items_.image(one.source);
        case event_kind::citation: return items_.citation(one.cited);
        case event_kind::logprobs: return items_.logprobs(one.value.raw);
        // A voice has no item here.
        default: return;
        }
    }

    void thought(const event& one) {
        thought_part_ = one.part;
        const bool is_summary = one.thought == reasoning_kind::summary;
        items_.piece(
            is_summary ? piece_kind::summary : piece_kind::thought, one.part, one.text.raw
        );
    }

    void signature(const event& one) {
        const bool is_of_thought =
            one.part == thought_part_ || one.format != reasoning_format::google;
        if (is_of_thought) {
            thought_part_ = one.part;
            return items_.sealed({seal_kind::signature, one.format, {}, one.text});
        }
        for (const auto& [part, id] : made_calls_) {
            if (part == one.part)
                return items_.sealed({seal_kind::call, one.format, {id}, one.text});
        }
    }

    void tool_start(const event& one) {
        made_calls_.push_back({one.part, std::string{one.id.raw}});
        calls_.emplace_back(one);
        if (calls_.size() == 1) items_.open_call(one);
    }

    call_state* find(const event& one) {
        for (auto& known : calls_) {
            if (known.begun.one.tool == one.tool) return &known;
        }
        return nullptr;
    }

    void tool_arguments(const event& one) {
        call_state* known = find(one);
        if (known == nullptr) return;
        std::string_view fragment = one.text.raw;
        if (one.is_free_text) {
            scratch_.clear();
            unwrap_free_text(scratch_, one.text);
            fragment = scratch_;
        }
        if (known == &calls_.front()) {
            items_.arguments(fragment);
        } else {
            known->waiting.append(fragment);
        }
    }

    void tool_end(const event& one) {
        if (call_state* known = find(one)) known->has_ended = true;
        drain();
    }

    // Closes what is over at the front and lets the next one in.
    void drain() {
        while (!calls_.empty() && calls_.front().has_ended) {
            items_.close("completed");
            calls_.pop_front();
            if (calls_.empty()) break;
            items_.open_call(calls_.front().begun.one);
            items_.arguments(calls_.front().waiting);
        }
        if (!calls_.empty()) return;
        for (const held_event& waiting : held_)
            content(waiting.one);
        held_.clear();
    }

    void end() {
        for (auto& known : calls_)
            known.has_ended = true;
        drain();
        response_state state;
        state.tokens = &tokens_;
        state.status = "completed";
        std::string_view type = "response.completed";
        if (why_ == finish_reason::length || why_ == finish_reason::content_filter) {
            const bool is_filtered = why_ == finish_reason::content_filter;
            state.status = "incomplete";
            state.incomplete = is_filtered ? "content_filter" : "max_output_tokens";
            type = "response.incomplete";
        } else if (why_ == finish_reason::error) {
            state.status = "failed";
            state.error_code = "server_error";
            state.error_message = "The provider stopped with an error.";
            type = "response.failed";
        }
        items_.close(state.status == "completed" ? "completed" : "incomplete");
        state.output = items_.items();
        std::string object;
        append_response(object, context_, state);
        items_.end(type, object);
    }

    struct made_call {
        std::uint32_t part;
        std::string id;
    };

    answer_context context_;
    const std::string settings_;
    item_writer items_;
    std::deque<call_state> calls_;  // the first one is the open item
    std::deque<held_event> held_;
    std::vector<made_call> made_calls_;
    std::string scratch_;
    std::uint32_t thought_part_ = UINT32_MAX;
    finish_reason why_ = finish_reason::stop;
    adapters::usage tokens_;
    bool has_begun_ = false;
};

std::string_view code_of(error_class what) noexcept {
    switch (what) {
    case error_class::rate: return "rate_limit_exceeded";
    case error_class::quota: return "insufficient_quota";
    case error_class::context_length: return "context_length_exceeded";
    case error_class::bad_request:
    case error_class::content:
    case error_class::too_large: return "invalid_prompt";
    case error_class::auth:
    case error_class::overload:
    case error_class::not_found:
    case error_class::permission:
    case error_class::timeout:
    case error_class::upstream_fault:
    case error_class::unavailable:
    case error_class::internal: return "server_error";
    }
    return "server_error";
}

}  // namespace

std::unique_ptr<answer_encoder> make_encoder(const answer_context& context) {
    return std::make_unique<response_encoder>(context);
}

std::string render_stream_problem(const problem& why, const answer_context& context) {
    std::string message;
    json::append_inside(message, why.message);
    const auto code = code_of(why.what);
    std::string text;
    open_event(text, context, "error", context.next_event);
    text.append(",\"code\":\"").append(code).append("\",\"message\":\"").append(message);
    text.append("\",\"param\":null}\n\n");
    response_state state;
    state.status = "failed";
    state.error_code = code;
    state.error_message = message;
    open_event(text, context, "response.failed", context.next_event + 1);
    text.append(",\"response\":");
    append_response(text, context, state);
    text.append("}\n\n");
    return text;
}

}  // namespace spillway::adapters::responses
