// What stands where in one JSON object of a chat answer, be it a stream's chunk or a whole answer: one strict
// walk, offsets only, and the counts of its usage. Offsets count from the text's start. A value of one call.
#pragma once

#include "adapters/json/padded.hpp"
#include "adapters/protocols/chat/usage.hpp"

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace spillway::adapters::chat {

struct span {
    std::uint32_t begin = 0;
    std::uint32_t end = 0;  // 0: absent

    [[nodiscard]] explicit operator bool() const noexcept { return end != 0; }
};

struct choice_spans {
    std::uint32_t close = 0;  // of the closing brace
    span finish;              // values, quotes included
    span native;
    span usage;
    span error;
    span body;  // the delta or the message
    span role;  // in the body
    span content;
    span
        foreign_thought;  // the name reasoning_content, without quotes, where nothing is called reasoning
    bool body_is_empty = true;
    bool has_delta = false;
    bool has_calls = false;
};

// Mostly one, which takes no memory of its own.
class choice_list {
public:
    [[nodiscard]] std::span<const choice_spans> all() const noexcept {
        if (!many_.empty()) return many_;
        return {&first_, has_first_ ? std::size_t{1} : std::size_t{0}};
    }
    [[nodiscard]] std::size_t size() const noexcept { return all().size(); }
    [[nodiscard]] const choice_spans& front() const noexcept { return all().front(); }
    // The reference is good until the next call.
    choice_spans& add() {
        if (!has_first_) {
            has_first_ = true;
            return first_;
        }
        if (many_.empty()) many_.push_back(first_);
        return many_.emplace_back();
    }

private:
    choice_spans first_;
    std::vector<choice_spans> many_;  // all of them, once there are several
    bool has_first_ = false;
};

struct chunk {
    std::uint32_t open = 0;   // behind the opening brace
    std::uint32_t close = 0;  // of the closing one
    span id;                  // values
    span object;
    span created;
    span model;
    span provider;
    span usage_member;  // from the name's quote to the value's end
    span usage;         // value
    span hidden_usage;  // x_groq.usage
    span error;
    bool has_choices = false;
    bool is_empty = true;
    bool has_error_form =
        false;            // an error that is no `error` member: detail, errors, base_resp, object
    usage_object counts;  // of `usage`; views into the text
    choice_list choices;

    // False: the text is not one JSON object. REQUIRES: nothing has been read.
    [[nodiscard]] bool read(padded_view text);
    // The value is worth something: not null, false, "" or {}.
    [[nodiscard]] bool is_error(std::string_view text) const noexcept;
};

[[nodiscard]] inline std::string_view part(std::string_view text, span where) noexcept {
    return {text.data() + where.begin, where.end - where.begin};
}

// The word between the quotes of a string value; empty for anything else.
[[nodiscard]] std::string_view word_of(std::string_view text, span where) noexcept;

// OpenRouter's five finish reasons. Unknown words stay as they are.
[[nodiscard]] std::string_view normalised_finish(std::string_view native) noexcept;

}  // namespace spillway::adapters::chat
