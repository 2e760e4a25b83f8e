// Documents in the order of their relevance to a query: a request and its answer as the dialects that have this can say
// them, Cohere's and the one that Jina, vLLM and OpenRouter share. Views into the body they were read from.
#pragma once

#include "adapters/adapter.hpp"
#include "adapters/canonical/arena.hpp"
#include "adapters/canonical/text.hpp"
#include "adapters/registry.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

namespace spillway::adapters::rerank {

using canonical::escaped;
using canonical::raw_value;

struct document {
    escaped text;
    raw_value image;  // a URL, as a JSON text; empty: none
};

struct rerank_request {
    escaped query;
    std::vector<document> documents;
    std::optional<std::uint64_t> top_n;
    raw_value tokens_a_document;  // Cohere's max_tokens_per_doc
    bool echoes = true;  // the answer repeats the documents, where its dialect has a place for them
};

struct ranked {
    std::uint64_t index = 0;
    std::string_view score;  // as it is spelled
};

struct rerank_answer {
    std::vector<ranked> results;
    escaped model;
    std::optional<std::uint64_t> search_units;
    std::optional<std::uint64_t> tokens;
    bool has_results = false;
};

// A problem: 400 that names the member.
[[nodiscard]] result<> decode_request(const request_facts& facts, rerank_request& into);
// False: it is no answer, or it ranks a document that was not sent.
[[nodiscard]] bool
read_answer(padded_view body, std::size_t documents, rerank_answer& into) noexcept;

// The way through an adapter. REQUIRES: the row has the operation; `edits` was made over facts.body() and is empty.
[[nodiscard]] result<dropped_names> prepare(
    const provider_row& row,
    const request_facts& facts,
    std::string_view upstream_model,
    edit_list& edits
);
// REQUIRES: context.asked.
[[nodiscard]] std::unique_ptr<answer_translator>
make_answer(const provider_row& row, const answer_context& context, std::string_view provider);

}  // namespace spillway::adapters::rerank
