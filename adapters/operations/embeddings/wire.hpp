// Which kind of endpoint makes a provider's embeddings: a question of its protocol, of Google's two services, and at
// Amazon and Vertex AI of the model. Pure.
#pragma once

#include "adapters/adapter.hpp"
#include "adapters/message.hpp"
#include "adapters/registry.hpp"

#include <string_view>

namespace spillway::adapters::embeddings {

enum class wire : std::uint8_t {
    none,
    openai,         // /embeddings
    google_batch,   // :batchEmbedContents
    vertex_one,     // :embedContent of Vertex AI, one content
    vertex_many,    // :predict with instances
    cohere,         // /embed
    ollama,         // /api/embed
    titan,          // InvokeModel, one text
    bedrock_cohere  // InvokeModel with Cohere's members
};

[[nodiscard]] wire wire_of(const provider_row& row, std::string_view upstream_model) noexcept;
// How many inputs one request may have; 0: nobody says.
[[nodiscard]] std::size_t most_inputs(wire what, std::string_view upstream_model) noexcept;
[[nodiscard]] bool is_embedding(operation what) noexcept;

// Behind the model's name in a path, for providers whose paths name it.
[[nodiscard]] std::string_view
google_verb(const provider_row& row, const call& what, std::string_view upstream_model) noexcept;

}  // namespace spillway::adapters::embeddings
