// Texts of a body too long to be copied into the body made from it: images and files by the megabyte. The text under way
// holds a mark for each; in the end it becomes edits over the old body, between which those texts stay where they are.
// Owned by one translation; the body outlives it. A mark begins with an octet that no JSON text may hold.
#pragma once

#include "adapters/json/edit_list.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace spillway::adapters::json {

class long_texts {
public:
    static constexpr std::size_t usual_least = 16 * 1024;

    explicit long_texts(std::string_view body, std::size_t least = usual_least) noexcept
        : body_{body}
        , least_{least} {}

    // Appends the text, or the mark that stands for it.
    void append(std::string& out, std::string_view text);
    // Makes the body into `text`. REQUIRES: `edits` was made over the body and is empty.
    void write(std::string_view text, edit_list& edits) const;

private:
    std::string_view body_;
    std::size_t least_;
    std::vector<std::string_view> kept_;
};

}  // namespace spillway::adapters::json
