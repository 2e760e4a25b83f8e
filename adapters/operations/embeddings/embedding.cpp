#include "adapters/operations/embeddings/embedding.hpp"

#include <algorithm>
#include <array>

namespace spillway::adapters::embeddings {

namespace {

constexpr std::array<std::string_view, vector_form_count> form_names{
    "float", "base64", "int8", "uint8", "binary", "ubinary"};

// Cohere knows four purposes; questions of every kind are queries there.
constexpr std::array<purpose_row, 8> purposes{{
    {purpose::query, "search_query", "RETRIEVAL_QUERY", "search_query", true},
    {purpose::document, "search_document", "RETRIEVAL_DOCUMENT", "search_document", true},
    {purpose::classification, "classification", "CLASSIFICATION", "classification", true},
    {purpose::clustering, "clustering", "CLUSTERING", "clustering", true},
    {purpose::similarity, "semantic_similarity", "SEMANTIC_SIMILARITY", "search_document", false},
    {purpose::question_answering,
     "question_answering",
     "QUESTION_ANSWERING",
     "search_query",
     false},
    {purpose::fact_verification, "fact_verification", "FACT_VERIFICATION", "search_query", false},
    {purpose::code_query, "code_retrieval_query", "CODE_RETRIEVAL_QUERY", "search_query", false},
}};

}  // namespace

std::string_view name_of(vector_form form) noexcept {
    return form_names[static_cast<std::size_t>(form)];
}

std::optional<vector_form> form_named(std::string_view name) noexcept {
    const auto* const found = std::ranges::find(form_names, name);
    if (found == form_names.end()) return std::nullopt;
    return static_cast<vector_form>(found - form_names.begin());
}

const purpose_row& words_of(purpose what) noexcept {
    return purposes[static_cast<std::size_t>(what) - 1];
}

std::optional<purpose> purpose_named(std::string_view word) noexcept {
    for (const purpose_row& row : purposes) {
        if (row.plain == word || row.google == word) return row.what;
    }
    if (word == "query") return purpose::query;
    if (word == "document" || word == "passage") return purpose::document;
    if (word == "TASK_TYPE_UNSPECIFIED") return purpose::unset;
    return std::nullopt;
}

bool embedding_request::has_images() const noexcept {
    return std::ranges::any_of(contents, [](const content& one) {
        return one.kind == content_kind::image;
    });
}

}  // namespace spillway::adapters::embeddings
