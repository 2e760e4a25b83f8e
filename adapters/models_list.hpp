// The list of models in every shape clients ask for it, from what the hall knows of its models. What is not known is absent or null, or
// says so in the shape's own way where its clients insist on a value: OpenRouter's take a price of "-1" for one that is not known.
#pragma once

#include "adapters/message.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace spillway::adapters {

// Prices are decimal texts in USD a token, as OpenRouter prints them ("0.0000025"); empty: not known.
struct listed_model {
    std::string_view id;
    std::string_view name;   // empty: the id
    std::string_view owner;  // empty: the part of the id before the slash, else "spillway"
    std::string_view description;
    std::int64_t created = 0;
    std::uint32_t context_length = 0;         // 0: not known
    std::uint32_t max_completion_tokens = 0;  // 0: not known
    std::string_view price_prompt;
    std::string_view price_completion;
    std::string_view price_cached_read;
    std::span<const std::string_view> input_modalities;  // empty: not known
    std::span<const std::string_view> output_modalities;
};

// OpenAI's and OpenRouter's GET /models, Anthropic's with anthropic-version, Google's GET /v1beta/models, Ollama's GET
// /api/tags.
enum class list_form : std::uint8_t { openai, openrouter, anthropic, google, ollama };
inline constexpr std::size_t list_forms = 5;

[[nodiscard]] list_form list_form_of(protocol dialect, face side) noexcept;

[[nodiscard]] std::string render_models(std::span<const listed_model> models, list_form form);
// One model, where the form has such a page.
[[nodiscard]] std::string render_model(const listed_model& model, list_form form);

}  // namespace spillway::adapters
