// Reads Anthropic's answers into events: whole ones, streams, and Bedrock's frames, whose reader has unwrapped what they
// hold. The answer ends with message_stop and with nothing else. One object an answer.
#pragma once

#include "adapters/canonical/codec.hpp"
#include "adapters/json/document.hpp"
#include "adapters/protocols/messages/usage.hpp"

#include <string>
#include <vector>

namespace spillway::adapters::messages {

class decoder final : public canonical::answer_decoder {
public:
    explicit decoder(const canonical::decode_context& context) noexcept
        : provider_{context.provider} {}

    void whole(padded_view body, canonical::event_sink& out) override;
    void next(const canonical::frame& one, canonical::event_sink& out) override;

private:
    enum class block_kind : std::uint8_t {
        skipped,
        text,
        thinking,
        redacted,
        tool,
        answer,          // the tool whose input is the answer
        wrapped_answer,  // the tool whose input holds it as "value"
    };

    void read_event(padded_view data, canonical::event_sink& out);
    void start(json::value message, canonical::event_sink& out);
    void open_block(json::value block, canonical::event_sink& out);
    void delta(json::value what, canonical::event_sink& out);
    void close_block(canonical::event_sink& out);
    void message_delta(json::value root, canonical::event_sink& out);
    void whole_block(json::value block, canonical::event_sink& out);
    void finish(json::value from, canonical::event_sink& out);
    void report_usage(canonical::event_sink& out);

    void text(canonical::escaped what, canonical::event_sink& out);
    void thought(canonical::escaped what, canonical::event_sink& out);
    void signature(canonical::escaped what, canonical::event_sink& out);
    void open_tool(json::value block, canonical::event_sink& out);
    void input(canonical::escaped fragment, canonical::event_sink& out);
    void keep_citation(json::value citation);
    void tell_citations(canonical::event_sink& out);
    [[nodiscard]] canonical::event event_of(canonical::event_kind kind) const noexcept;

    std::string_view provider_;
    json::document read_;

    std::string id_;  // of the message; a second message_start must repeat it
    bool has_started_ = false;
    bool has_calls_ = false;
    usage_counts usage_;

    block_kind block_ = block_kind::skipped;
    std::uint32_t part_ = 0;
    std::uint32_t parts_ = 0;  // opened so far
    std::uint32_t tools_ = 0;
    bool has_input_ = false;
    std::string input_;  // the input the block began with; a wrapped answer as it grows

    std::uint32_t text_size_ = 0;         // of the answer's text so far, code points
    std::uint32_t block_from_ = 0;        // where the open block's text begins in it
    std::vector<std::string> citations_;  // of the open block
    std::string name_;                    // a tool's name as it was given
};

}  // namespace spillway::adapters::messages
