// Reads answers of Converse, whole or as the events of ConverseStream. Blocks are opened by their first delta, for only
// tools and images are announced; each keeps its own state, so that calls in parallel do not get mixed up. The answer
// is complete with `metadata`, or where the body ends behind messageStop. One an answer.
#pragma once

#include "adapters/canonical/arena.hpp"
#include "adapters/canonical/codec.hpp"
#include "adapters/json/document.hpp"

#include <string>
#include <vector>

namespace spillway::adapters::converse {

class decoder final : public canonical::answer_decoder {
public:
    explicit decoder(const canonical::decode_context& context) noexcept;

    void whole(padded_view body, canonical::event_sink& out) override;
    void next(const canonical::frame& one, canonical::event_sink& out) override;
    void body_ended(canonical::event_sink& out) override;

private:
    enum class block_kind : std::uint8_t {
        unknown,
        text,
        reasoning,
        tool,
        answer,  // the input of the tool that stands for a structured answer: it is the text
        image,
    };
    struct block {
        std::uint64_t index = 0;  // as the provider counts
        block_kind kind = block_kind::unknown;
        bool has_input = false;
        std::uint32_t part = 0;
        std::uint32_t tool = 0;
        std::uint64_t text_from = 0;  // code points of the answer's text in front of the block
        std::string image_format;
    };

    // Streams.
    void take(std::string_view name, json::value event, canonical::event_sink& out);
    void start(canonical::event_sink& out);
    void block_start(json::value event, canonical::event_sink& out);
    void block_delta(json::value event, canonical::event_sink& out);
    void reasoning_delta(block& in, json::value delta, canonical::event_sink& out);
    void tool_delta(block& in, json::value delta, canonical::event_sink& out);
    void block_stop(std::uint64_t index, canonical::event_sink& out);
    void message_stop(json::value event, canonical::event_sink& out);
    void metadata(json::value event, canonical::event_sink& out);
    [[nodiscard]] block* find(std::uint64_t index) noexcept;
    // The block of a delta, made what the delta says it is if it is new.
    [[nodiscard]] block& opened(std::uint64_t index, block_kind kind);

    // Whole answers.
    void content_block(json::value content, canonical::event_sink& out);
    void whole_tool(json::value call, canonical::event_sink& out);
    void whole_reasoning(json::value content, canonical::event_sink& out);
    void whole_citations(json::value content, canonical::event_sink& out);

    // Both.
    void say_text(block& in, json::escaped text, canonical::event_sink& out);
    void say_image(const block& in, json::value image, canonical::event_sink& out);
    void say_citation(const block& in, json::value cited, canonical::event_sink& out);
    void open_tool(block& in, json::value call, canonical::event_sink& out);
    void close_tool(const block& in, canonical::event_sink& out);
    void finish(json::value answer, canonical::event_sink& out);
    void say_usage(json::value from, canonical::event_sink& out);

    std::string_view provider_;
    canonical::reasoning_format format_;  // of thoughts that are not signed
    json::document read_;
    canonical::arena made_;
    std::vector<block> blocks_;  // that are open
    std::uint32_t next_part_ = 0;
    std::uint32_t next_tool_ = 0;
    std::uint64_t text_points_ = 0;
    std::string name_;  // of a tool, as it was given
    bool has_started_ = false;
    bool has_finished_ = false;
    bool has_ended_ = false;
};

}  // namespace spillway::adapters::converse
