// Reads Chat Completions answers, whole and streamed, from whichever of the compatible servers they come, and tells
// them as events. Finishes are kept back until the end: contents may follow them. One an answer.
#pragma once

#include "adapters/canonical/codec.hpp"
#include "adapters/json/document.hpp"
#include "adapters/protocols/chat/call_tracker.hpp"

#include <deque>
#include <string>

namespace spillway::adapters::chat {

class decoder final : public canonical::answer_decoder {
public:
    explicit decoder(const canonical::decode_context& context) noexcept : context_{context} {}

    void whole(padded_view body, canonical::event_sink& out) override;
    void next(const canonical::frame& one, canonical::event_sink& out) override;
    void body_ended(canonical::event_sink& out) override;

private:
    struct choice_state {
        call_tracker calls;
        std::uint32_t next_part = 0;
        std::uint32_t part = 0;                                     // the open one
        canonical::event_kind open = canonical::event_kind::start;  // its kind; start: none is open
        canonical::reasoning_kind thought = canonical::reasoning_kind::text;
        std::string detail_index;
        std::string finish;
    };

    enum class shape : std::uint8_t { message, delta };
    // False: it has failed.
    [[nodiscard]] bool object(json::value root, shape form, canonical::event_sink& out);
    [[nodiscard]] bool
    choice(json::value one, std::uint32_t position, shape form, canonical::event_sink& out);
    void body(json::value from, std::uint32_t index, canonical::event_sink& out);
    void reasoning(json::value from, std::uint32_t index, canonical::event_sink& out);
    void detail(json::value one, std::uint32_t index, canonical::event_sink& out);
    void content(json::value from, std::uint32_t index, canonical::event_sink& out);
    void content_part(json::value one, std::uint32_t index, canonical::event_sink& out);
    void image(json::value url, std::uint32_t index, canonical::event_sink& out);
    void media(json::value from, std::uint32_t index, canonical::event_sink& out);
    void annotations(json::value list, std::uint32_t index, canonical::event_sink& out);
    void sources(json::value root, std::uint32_t index, canonical::event_sink& out);
    void logprobs(json::value from, std::uint32_t index, canonical::event_sink& out);
    void usage(json::value root, json::value choices, canonical::event_sink& out);
    void end(canonical::event_sink& out);
    void broken(padded_view text, std::string_view message, canonical::event_sink& out);

    // Begins or goes on with a part of that kind and gives an event of it.
    [[nodiscard]] canonical::event in_part(canonical::event_kind kind, std::uint32_t index);
    [[nodiscard]] choice_state& state_of(std::uint32_t index);

    const canonical::decode_context context_;
    json::document read_;
    std::deque<choice_state> choices_;
    canonical::arena made_;  // of one frame
    adapters::usage last_usage_;
    bool has_started_ = false;
    bool has_finish_ = false;
    bool has_sources_ = false;
};

}  // namespace spillway::adapters::chat
