// OpenRouter's additions to a chat object, written as edits over the provider's text: id, model, provider, finish
// reasons, role and content of deltas, its name for thoughts. What is not named here stays octet for octet. One splicer an answer.
#pragma once

#include "adapters/answer.hpp"
#include "adapters/json/view_edits.hpp"
#include "adapters/protocols/chat/chunk.hpp"

#include <string>
#include <string_view>

namespace spillway::adapters::chat {

// What the thoughts of an answer are called here, and at DeepSeek and those who follow it.
inline constexpr std::string_view thought_name = "reasoning";
inline constexpr std::string_view foreign_thought_name = "reasoning_content";

class splicer {
public:
    explicit splicer(const answer_context& context);

    // Edits of the object's own members. Must come before any erase_member(). The edits view into the splicer, until
    // its next edit_top(), and into `text`.
    void edit_top(const chunk& where, view_edits& edits);
    void edit_choices(std::string_view text, const chunk& where, view_edits& edits) const;

    // Quoted.
    [[nodiscard]] std::string_view id() const noexcept { return text(0, model_at_); }
    [[nodiscard]] std::string_view model() const noexcept { return text(model_at_, model_end_); }
    // With its name and a comma in front.
    [[nodiscard]] std::string_view provider_member() const noexcept {
        return text(model_end_, texts_.size());
    }

private:
    [[nodiscard]] std::string_view text(std::size_t from, std::size_t to) const noexcept {
        return {texts_.data() + from, to - from};
    }
    void write_plain(const answer_context& context, std::size_t size);
    // The model, and the provider behind it.
    [[nodiscard]] std::string_view model_and_provider() const noexcept {
        return text(model_at_, texts_.size());
    }
    [[nodiscard]] std::string_view provider() const noexcept {
        return provider_member().substr(provider_name.size());
    }
    void add_in_front(const chunk& where, view_edits& edits);
    static void edit_delta(std::string_view text, const choice_spans& choice, view_edits& edits);
    void edit_finish(std::string_view text, const choice_spans& choice, view_edits& edits) const;

    static constexpr std::string_view provider_name = ",\"provider\":";

    const operation what_;
    const delivery how_;
    std::string texts_;  // id, model, the provider's member
    std::string front_;  // members that have no place of their own
    std::uint32_t model_at_ = 0;
    std::uint32_t model_end_ = 0;
};

// What must be put behind a delta's opening brace so that role and content are there.
[[nodiscard]] std::string_view
missing_in_delta(bool has_role, bool has_content, bool has_calls, bool is_empty) noexcept;

// Takes a member out together with one comma.
void erase_member(std::string_view text, span member, view_edits& edits);

}  // namespace spillway::adapters::chat
