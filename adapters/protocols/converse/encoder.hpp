// Writes answers as Converse's clients expect them, whole or as the frames of ConverseStream. Blocks are numbered
// densely in the order they begin. One call is written at a time: SDK loops keep one, so a second that begins before
// the first is over waits for it. Terminal frames leave at `end` alone. One an answer.
#pragma once

#include "adapters/canonical/codec.hpp"

#include <deque>
#include <string>

namespace spillway::adapters::converse {

class encoder final : public canonical::answer_encoder {
public:
    explicit encoder(const answer_context& context);

    void take(const canonical::event& one) override;

private:
    enum class block_kind : std::uint8_t { none, text, reasoning };
    // A call that waits for the one being written.
    struct waiting_call {
        std::uint32_t tool = 0;
        std::string id;
        std::string name;
        std::string arguments;
        bool is_over = false;
    };

    // What one block of the whole answer gathers.
    struct gathered {
        std::string text;  // or arguments
        std::string signature;
        std::string citations;
    };

    void text(const canonical::event& one);
    void reasoning(const canonical::event& one);
    void encrypted(const canonical::event& one);
    void tool_start(const canonical::event& one);
    void tool_arguments(const canonical::event& one);
    void tool_end(std::uint32_t tool);
    void image(const canonical::event& one);
    void citation(const canonical::event& one);
    void end();

    void open_call(std::uint32_t tool, std::string_view id, std::string_view name);
    void call_arguments(std::string_view fragment);
    void close_call();
    void next_call();
    // The block of a text or a thought.
    void enter(block_kind kind, std::uint32_t part);
    void leave();
    void write_gathered();
    void write_gathered_call();

    void message_start();
    [[nodiscard]] std::size_t open_delta(std::uint32_t index);
    void close_delta(std::size_t begin);
    void block_stop(std::uint32_t index);
    void begin_content();
    void end_streamed();
    void end_whole();
    void append_metadata();

    const answer_context context_;
    const bool is_streamed_;
    bool has_started_ = false;
    block_kind open_ = block_kind::none;
    std::uint32_t open_part_ = 0;
    std::uint32_t open_index_ = 0;
    std::uint32_t next_index_ = 0;
    bool has_call_ = false;  // one is being written
    bool call_has_arguments_ = false;
    std::uint32_t call_ = 0;
    std::uint32_t call_index_ = 0;
    std::deque<waiting_call> waiting_;
    gathered whole_;  // of the open block
    gathered whole_call_;
    std::string_view stop_reason_ = "end_turn";
    std::string stop_sequence_;
    usage tokens_;
};

}  // namespace spillway::adapters::converse
