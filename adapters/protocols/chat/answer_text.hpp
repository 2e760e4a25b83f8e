// The pieces of a chat answer that a whole one and a stream write alike, in the form of the client's face. Stateless
// but for the counting of reasoning entries.
#pragma once

#include "adapters/answer.hpp"
#include "adapters/canonical/event.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace spillway::adapters::chat {

// The value of `usage`.
void append_usage_of(std::string& out, const answer_context& context, const usage& tokens);

// An element of `annotations`. False: the citation has no URL, and the protocol no place for it.
[[nodiscard]] bool append_annotation(std::string& out, const canonical::citation& cited);

// The thought as one text: OpenRouter's name, or the one most servers use.
[[nodiscard]] constexpr std::string_view thought_member(face side) noexcept {
    return side == face::openrouter ? "reasoning" : "reasoning_content";
}

// Which entry of reasoning_details an event belongs to. One a choice.
class detail_counter {
public:
    struct place {
        std::uint32_t index = 0;
        bool is_new = false;
    };
    [[nodiscard]] place of(const canonical::event& one) noexcept;
    // A tool call's part and id, for a signature that comes for it.
    void call_begins(const canonical::event& one);
    // The event signs a part that is no reasoning; whose id, if it is a call.
    [[nodiscard]] bool is_foreign_signature(const canonical::event& one) const noexcept;
    [[nodiscard]] std::string_view call_of(const canonical::event& one) const noexcept;

private:
    struct call {
        std::uint32_t part;
        std::string id;
    };
    std::uint32_t next_ = 0;
    std::uint32_t part_ = UINT32_MAX;  // the last one that was reasoning
    canonical::reasoning_kind thought_ = canonical::reasoning_kind::text;
    std::vector<call> calls_;
};

// An entry of reasoning_details from its brace to behind its index. The text, signature or data and the closing
// brace are the caller's.
void open_detail(
    std::string& out, const canonical::event& one, std::string_view type, std::uint32_t index
);

}  // namespace spillway::adapters::chat
