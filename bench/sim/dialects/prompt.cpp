#include "bench/sim/dialects/prompt.hpp"

#include "bench/sim/dialects/json_view.hpp"
#include "bench/sim/tokens.hpp"

#include <fmt/format.h>

#include <utility>

namespace spillway::bench::sim {
namespace {

constexpr std::size_t turn_tokens = 3;
// What OpenAI charges for a small image in low detail; a document costs the same here.
constexpr std::size_t image_tokens = 85;

}  // namespace

void prompt::begin_turn(speaker who) {
    if (who_ == who) return;
    who_ = who;
    tokens_ += turn_tokens;
    ends_with_result_ = false;
    if (who != speaker::user) return;
    user_text_.clear();
    images_ = documents_ = 0;
}

void prompt::add_text(std::string_view text) {
    tokens_ += count_tokens(text);
    if (who_ != speaker::user) return;
    user_text_ += text;
    has_user_words_ = true;
}

void prompt::add_image() {
    tokens_ += image_tokens;
    ++images_;
    has_user_words_ = true;
}

void prompt::add_document() {
    tokens_ += image_tokens;
    ++documents_;
    has_user_words_ = true;
}

void prompt::add_call(std::string_view name, std::string_view arguments) {
    tokens_ += count_tokens(name) + count_tokens(json::serialize(parse_json(arguments)));
}

void prompt::add_result(std::string_view text) {
    tokens_ += count_tokens(text);
    ends_with_result_ = true;
}

void prompt::add_tool(tool declared) {
    tokens_ += count_tokens(declared.name) + count_tokens(declared.description) +
               count_tokens(json::serialize(declared.parameters));
    tools.push_back(std::move(declared));
}

std::string prompt::last_words() const {
    if (!has_user_words_) return "no user message";
    auto words = user_text_;
    if (images_ > 0) words += fmt::format(" [{} image(s) seen]", images_);
    if (documents_ > 0) words += fmt::format(" [{} document(s) read]", documents_);
    return words;
}

}  // namespace spillway::bench::sim
