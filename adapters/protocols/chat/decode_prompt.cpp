#include "adapters/protocols/chat/decode_prompt.hpp"

#include "adapters/canonical/refusal.hpp"

#include <algorithm>
#include <array>

namespace spillway::adapters::chat {

using canonical::refusal;

namespace {

constexpr std::uint64_t usual_max_tokens = 16;

constexpr std::array<std::string_view, 5> completion_members{
    "prompt", "suffix", "echo", "best_of", "logprobs"};

// Lists of one are as good as what is in them; more prompts would be more answers.
result<canonical::escaped> prompt_of(json::value prompt) {
    if (prompt.is_string()) return prompt.string();
    std::size_t count = 0;
    json::value only;
    for (const auto one : prompt.elements()) {
        only = one;
        ++count;
    }
    if (only.is_number() || only.is_array()) {
        return refusal(
            "prompt", "tokens are taken by completion models alone; send the text to a chat model."
        );
    }
    if (count > 1)
        return refusal("prompt", "a chat model answers one prompt a request; send one a request.");
    if (!only.is_string()) return refusal("prompt", "a string is needed.");
    return only.string();
}

}  // namespace

bool is_completion_member(std::string_view name) noexcept {
    return std::ranges::find(completion_members, name) != completion_members.end();
}

result<> decode_prompt(json::value root, canonical::request& into) {
    if (const auto suffix = root["suffix"]; suffix.is_string() && !suffix.string().empty())
        return refusal("suffix", "a chat model writes no middles; leave it out.");
    if (root["echo"].is_true())
        return refusal("echo", "a chat model does not repeat its prompt; leave it out.");
    const auto prompt = prompt_of(root["prompt"]);
    if (!prompt) return prompt.error();
    into.add_message(canonical::role::user);
    into.add_text(*prompt);
    if (const auto best = root["best_of"]; best && best.raw() != "1")
        into.extras.push_back({"best_of", best.text()});
    if (const auto logprobs = root["logprobs"]; logprobs)
        into.extras.push_back({"logprobs", logprobs.text()});
    if (!into.max_tokens) into.max_tokens = usual_max_tokens;
    return {};
}

}  // namespace spillway::adapters::chat
