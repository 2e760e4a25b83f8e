// OpenRouter's additions to a chat object, written as edits over the provider's text: id, model, provider, finish
// reasons, role and content of deltas. What is not named here stays octet for octet. One splicer an answer.
#pragma once

#include "adapters/answer.hpp"
#include "adapters/json/edit_list.hpp"
#include "adapters/protocols/chat/chunk.hpp"

#include <string>
#include <string_view>

namespace spillway::adapters::chat {

class splicer {
public:
    explicit splicer(const answer_context& context);

    // Edits of the object's own members. Must come before any erase_member().
    void edit_top(const chunk& where, edit_list& edits) const;
    void edit_choices(std::string_view text, const chunk& where, edit_list& edits) const;

    // Quoted.
    [[nodiscard]] std::string_view id() const noexcept { return text(0, model_at_); }
    [[nodiscard]] std::string_view model() const noexcept { return text(model_at_, provider_at_); }
    [[nodiscard]] std::string_view provider() const noexcept {
        return text(provider_at_, texts_.size());
    }

private:
    [[nodiscard]] std::string_view text(std::size_t from, std::size_t to) const noexcept {
        return {texts_.data() + from, to - from};
    }
    void add_in_front(const chunk& where, edit_list& edits) const;
    static void edit_delta(std::string_view text, const choice_spans& choice, edit_list& edits);
    void edit_finish(std::string_view text, const choice_spans& choice, edit_list& edits) const;

    const operation what_;
    const delivery how_;
    std::string texts_;  // id, model, provider
    std::size_t model_at_;
    std::size_t provider_at_;
};

// What must be put behind a delta's opening brace so that role and content are there.
[[nodiscard]] std::string_view
missing_in_delta(bool has_role, bool has_content, bool has_calls, bool is_empty) noexcept;

// Takes a member out together with one comma.
void erase_member(std::string_view text, span member, edit_list& edits);

}  // namespace spillway::adapters::chat
