// Reads Responses answers, whole and streamed, and tells them as events. Items are known by their place in the output:
// some servers change an item's id between its events. What a delta has told, its done event does not tell again.
// One an answer.
#pragma once

#include "adapters/canonical/codec.hpp"
#include "adapters/json/document.hpp"

#include <deque>
#include <string>

namespace spillway::adapters::responses {

class decoder final : public canonical::answer_decoder {
public:
    explicit decoder(const canonical::decode_context& context) noexcept : context_{context} {}

    void whole(padded_view body, canonical::event_sink& out) override;
    void next(const canonical::frame& one, canonical::event_sink& out) override;

private:
    struct item_state {
        bool is_call = false;
        bool is_free_text = false;
        bool has_ended = false;
        bool has_contents = false;  // deltas have told them
        std::uint32_t part = 0;
        std::uint32_t tool = 0;
    };
    enum class text_kind : std::uint8_t { text, refusal, summary, thought };

    void stream_event(json::value root, std::string_view type, canonical::event_sink& out);
    void item_event(json::value root, std::string_view type, canonical::event_sink& out);
    void begin(json::value response, canonical::event_sink& out);
    void finished(json::value response, canonical::event_sink& out);
    void failed(json::value error, canonical::event_sink& out);
    void end(canonical::finish_reason why, std::string_view native, canonical::event_sink& out);

    // The item as a whole: what of it has not been told yet.
    void item(std::size_t at, json::value one, canonical::event_sink& out);
    void message(item_state& state, std::size_t at, json::value one, canonical::event_sink& out);
    void reasoning(item_state& state, std::size_t at, json::value one, canonical::event_sink& out);
    void image(json::value one, canonical::event_sink& out);
    void call_begins(item_state& state, json::value one, canonical::event_sink& out);
    void call_ends(item_state& state, json::value one, canonical::event_sink& out);
    void arguments(item_state& state, canonical::escaped text, canonical::event_sink& out);
    void
    give_arguments(const item_state& state, canonical::escaped text, canonical::event_sink& out);
    void text(
        text_kind kind,
        std::size_t at,
        std::uint64_t piece,
        canonical::escaped said,
        canonical::event_sink& out
    );
    void logprobs(json::value list, canonical::event_sink& out);
    void citation(json::value one, canonical::event_sink& out);
    [[nodiscard]] item_state& state_of(std::size_t at);

    const canonical::decode_context context_;
    json::document read_;
    std::deque<item_state> items_;
    std::string scratch_;
    std::uint32_t next_part_ = 0;
    std::uint32_t part_ = 0;  // the open one, and what it is:
    std::uint64_t part_key_ = UINT64_MAX;
    std::uint32_t tools_ = 0;
    bool has_begun_ = false;
};

}  // namespace spillway::adapters::responses
