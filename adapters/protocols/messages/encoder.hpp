// Writes answers for clients of Anthropic's dialect, as strictly as its SDKs accumulate them: one block open at a time,
// what belongs to another waits until a call that is not over yet has closed. One object an answer.
#pragma once

#include "adapters/canonical/codec.hpp"
#include "adapters/protocols/messages/block_pen.hpp"

#include <deque>
#include <memory>
#include <string>
#include <vector>

namespace spillway::adapters::messages {

class encoder final : public canonical::answer_encoder {
public:
    explicit encoder(const answer_context& context);

    void take(const canonical::event& one) override;

private:
    enum class block_kind : std::uint8_t { none, text, thinking, tool, redacted };

    // What tells a block from others: its kind, and the ordinal of its part or of its call.
    struct block_key {
        block_kind kind = block_kind::none;
        std::uint32_t number = 0;
        bool operator==(const block_key&) const = default;
    };
    // A block that waits for its turn.
    struct waiting_block {
        block_key key;
        std::string id;
        std::string name;
        std::string text;
        std::string signature;
        bool is_over = false;
    };
    struct seen_call {
        std::uint32_t part = 0;
        std::string id;  // as the client sees it
    };

    void begin();
    void fragment(block_key key, canonical::escaped text);
    void tool_start(const canonical::event& one);
    void tool_end(std::uint32_t tool);
    void signature(const canonical::event& one);
    void encrypted(const canonical::event& one);
    void citation(const canonical::event& one);

    [[nodiscard]] bool must_wait(block_key key) const noexcept;
    waiting_block& waiting(block_key key);
    void open(const waiting_block& block);
    void open(block_key key);
    void put(canonical::escaped text);
    void close();
    void release();
    void close_all();
    void end();
    void write_message_head();
    void write_stop();
    [[nodiscard]] std::string_view stop_reason() const noexcept;
    [[nodiscard]] bool is_whole() const noexcept { return context_.how == delivery::whole; }

    const answer_context context_;
    std::string content_;  // of a whole message
    std::unique_ptr<block_pen> pen_;

    block_key open_;
    bool open_is_over_ = true;  // a call that may still grow is not
    std::string signature_;     // of the open thinking block, as it is written
    std::deque<waiting_block> waiting_;
    std::vector<seen_call> calls_;
    canonical::arena ids_;

    bool has_begun_ = false;
    bool has_refused_ = false;
    canonical::finish_reason why_ = canonical::finish_reason::stop;
    std::string stop_sequence_;
    usage tokens_;
};

}  // namespace spillway::adapters::messages
