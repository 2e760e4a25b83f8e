#include "adapters/operations/unserved.hpp"

#include <fmt/format.h>

namespace spillway::adapters::operations {

namespace {

std::string_view who_serves(operation what) noexcept {
    switch (what) {
    case operation::embeddings:
    case operation::embed_one:
        return "OpenAI, Google, Mistral, Cohere, Amazon Bedrock and Ollama have";
    case operation::rerank: return "Cohere, Together, Fireworks, OpenRouter and vLLM have";
    case operation::moderations: return "OpenAI and Mistral have";
    case operation::images: return "OpenAI, Azure, Together, xAI and Google's Gemini have";
    case operation::chat:
    case operation::completions:
    case operation::models:
    case operation::count_tokens: break;
    }
    return "others may have";
}

}  // namespace

problem unserved(std::string_view provider, operation what) {
    auto why = make_problem(
        error_class::not_found,
        fmt::format(
            "{} has no endpoint for {}; {} one.", provider, name_of(what), who_serves(what)
        ),
        "model"
    );
    why.code = "model_not_found";
    return why;
}

}  // namespace spillway::adapters::operations
