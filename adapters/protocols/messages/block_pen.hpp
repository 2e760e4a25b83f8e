// Writes the content blocks of an answer, one at a time, for one client: as events of a stream, or into the content of
// a whole message. The caller opens, fills and closes; indexes are dense. Texts are in their escaped form.
#pragma once

#include "adapters/canonical/arena.hpp"

#include <cstdint>
#include <memory>
#include <string>

namespace spillway::adapters::messages {

class block_pen {
public:
    block_pen() = default;
    block_pen(const block_pen&) = delete;
    block_pen& operator=(const block_pen&) = delete;
    virtual ~block_pen() = default;

    virtual void open_text() = 0;
    virtual void open_thinking() = 0;
    virtual void open_tool(canonical::escaped id, canonical::escaped name) = 0;
    virtual void text(canonical::escaped fragment) = 0;
    virtual void thinking(canonical::escaped fragment) = 0;
    virtual void input(canonical::escaped fragment) = 0;
    virtual void citation(canonical::raw_value object) = 0;
    virtual void close_text() = 0;
    virtual void close_thinking(canonical::escaped signature) = 0;
    virtual void close_tool() = 0;
    // A block of its own, begun and ended.
    virtual void redacted(canonical::escaped data) = 0;
};

// Both append to `text`, which outlives the pen; a whole message's blocks with commas between them.
[[nodiscard]] std::unique_ptr<block_pen> make_stream_pen(std::string& text);
[[nodiscard]] std::unique_ptr<block_pen> make_whole_pen(std::string& text);

}  // namespace spillway::adapters::messages
