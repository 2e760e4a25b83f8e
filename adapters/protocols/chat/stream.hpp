// The course of a streamed chat answer, common to both faces: event by event, what each one is, when the answer
// is whole. The faces decide what leaves. States: running -> ended ([DONE] seen) or failed; nothing leaves after
// either.
#pragma once

#include "adapters/protocols/chat/translator.hpp"
#include "adapters/sse/block_reader.hpp"

namespace spillway::adapters::chat {

inline constexpr std::string_view done_event = "data: [DONE]\n\n";
// Of an ordinary event, what is not its payload: "data: " and the blank line.
inline constexpr std::size_t framing_octets = 8;

class stream : public translator {
public:
    using translator::translator;

protected:
    enum class event_kind : std::uint8_t {
        none,        // comment, empty line, an event without data
        chunk,       // a part of the answer
        plain,       // the same, known without reading
        usage_only,  // no choices, but usage
        done,
        failure,
    };

    // What a complete block is. Read only where a look at the names was not enough.
    [[nodiscard]] event_kind classify(const sse::block& block);
    // The same, always read, and what was read: for the face that rewrites.
    struct reading {
        json::padded_room room;
        padded_view text{nullptr, 0};
        chunk where;
    };
    [[nodiscard]] event_kind classify_read(const sse::block& block, reading& into);
    // The last block of a stream, without its blank line, is an event all the same.
    [[nodiscard]] static bool is_whole(const sse::block& block);
    [[nodiscard]] bool is_over() const noexcept { return done_ || failed_ != nullptr; }
    // Whether the provider said everything it had to say, now that the stream has ended so.
    [[nodiscard]] bool is_complete(ending how) const noexcept;
    void settle_end(ending how) noexcept;

    sse::block_reader reader_;
    bool done_ = false;

private:
    [[nodiscard]] event_kind not_json(std::string_view data);
};

}  // namespace spillway::adapters::chat
