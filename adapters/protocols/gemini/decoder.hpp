// Reads Google's answers, whole and streamed: each chunk is a whole answer that holds new parts only. The end is the
// end of the body behind a finishReason. One an answer; the document is used again and again.
#pragma once

#include "adapters/canonical/codec.hpp"
#include "adapters/json/document.hpp"
#include "adapters/protocols/gemini/partial_arguments.hpp"

#include <string>
#include <vector>

namespace spillway::adapters::gemini {

class decoder final : public canonical::answer_decoder {
public:
    explicit decoder(const canonical::decode_context& context) noexcept
        : provider_{context.provider} {}

    void whole(padded_view body, canonical::event_sink& out) override;
    void next(const canonical::frame& one, canonical::event_sink& out) override;
    void body_ended(canonical::event_sink& out) override;

private:
    enum class open_part : std::uint8_t { none, text, thought };
    enum class form : std::uint8_t { whole, streamed };

    // What is known of one candidate.
    struct candidate {
        std::uint32_t index = 0;
        std::uint32_t parts = 0;  // numbers given; the last one may be open
        std::uint32_t calls = 0;
        open_part open = open_part::none;
        bool has_content = false;
        bool is_finished = false;
        bool is_call_open = false;   // its arguments come in pieces
        std::string kept_signature;  // of the open call
        partial_arguments arguments;
        std::string text;       // so far, escaped: sources are told by its octets
        std::string grounding;  // the last one told
    };

    void chunk(json::value root, canonical::event_sink& out);
    void start(json::value root, canonical::event_sink& out);
    bool blocked(json::value feedback, canonical::event_sink& out);
    void candidate_chunk(json::value from, canonical::event_sink& out);
    void part(candidate& of, json::value one, canonical::event_sink& out);
    void text(candidate& of, json::value one, canonical::event_sink& out);
    void signature(candidate& of, canonical::escaped signed_by, canonical::event_sink& out);
    void
    call(candidate& of, json::value from, canonical::escaped signed_by, canonical::event_sink& out);
    void start_call(candidate& of, json::value from, canonical::event_sink& out);
    void end_call(candidate& of, std::string_view arguments, canonical::event_sink& out);
    void close_pieces(candidate& of, canonical::event_sink& out);
    void media(candidate& of, json::value blob, canonical::event_sink& out);
    void code(candidate& of, json::value carrier, canonical::event_sink& out);
    void say_text(candidate& of, canonical::escaped words, canonical::event_sink& out);
    void logprobs(candidate& of, json::value result, canonical::event_sink& out);
    void
    finish(candidate& of, json::value from, std::string_view reason, canonical::event_sink& out);
    void usage(json::value metadata, canonical::event_sink& out);
    [[nodiscard]] candidate& candidate_of(json::value index);
    [[nodiscard]] bool is_complete() const noexcept;
    // The number of the part that an event of this kind belongs to.
    std::uint32_t part_number(candidate& of, open_part kind);
    void broken(std::string_view message, canonical::event_sink& out);

    std::string_view provider_;
    json::document read_;
    form form_ = form::streamed;
    bool has_started_ = false;
    bool has_failed_ = false;
    std::string answer_id_;
    std::vector<candidate> candidates_;
    std::string made_;  // a text of our own, as long as an event lives
};

}  // namespace spillway::adapters::gemini
