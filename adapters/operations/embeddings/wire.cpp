#include "adapters/operations/embeddings/wire.hpp"

#include <utility>

namespace spillway::adapters::embeddings {

namespace {

// Ids may name a region before and a version behind.
wire bedrock_wire(std::string_view model) noexcept {
    if (model.contains("amazon.titan-embed-text") || model.contains("amazon.titan-embed-g1"))
        return wire::titan;
    return model.contains("cohere.embed") ? wire::bedrock_cohere : wire::none;
}

wire google_wire(const provider_row& row, std::string_view model) noexcept {
    if (row.surface == google_surface::studio) return wire::google_batch;
    return model.starts_with("gemini-embedding-2") ? wire::vertex_one : wire::vertex_many;
}

}  // namespace

bool is_embedding(operation what) noexcept {
    return what == operation::embeddings || what == operation::embed_one;
}

wire wire_of(const provider_row& row, std::string_view upstream_model) noexcept {
    switch (row.speaks) {
    case protocol::chat:
    case protocol::responses: return wire::openai;
    case protocol::gemini: return google_wire(row, upstream_model);
    case protocol::cohere: return wire::cohere;
    case protocol::ollama: return wire::ollama;
    case protocol::converse: return bedrock_wire(upstream_model);
    case protocol::messages: return wire::none;
    }
    std::unreachable();
}

std::size_t most_inputs(wire what, std::string_view upstream_model) noexcept {
    switch (what) {
    case wire::google_batch: return 100;
    case wire::vertex_one:
    case wire::titan: return 1;
    case wire::vertex_many: return upstream_model.starts_with("gemini-embedding-001") ? 1 : 250;
    case wire::cohere:
    case wire::bedrock_cohere: return 96;
    case wire::none:
    case wire::openai:
    case wire::ollama: break;
    }
    return 0;
}

std::string_view
google_verb(const provider_row& row, const call& what, std::string_view upstream_model) noexcept {
    const bool is_one = what.what == operation::embed_one && what.dialect == protocol::gemini;
    switch (google_wire(row, upstream_model)) {
    case wire::google_batch: return is_one ? ":embedContent" : ":batchEmbedContents";
    case wire::vertex_one: return ":embedContent";
    default: return ":predict";
    }
}

}  // namespace spillway::adapters::embeddings
