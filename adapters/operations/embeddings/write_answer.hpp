// An answer of embeddings in the words of the client's dialect. Pure.
#pragma once

#include "adapters/answer.hpp"
#include "adapters/operations/embeddings/embedding.hpp"

#include <string>

namespace spillway::adapters::embeddings {

// What the client asked for, kept until its answer is there: the request is gone by then.
struct wishes {
    form_set forms;
    std::size_t count = 0;  // inputs; 0: not known
    std::string texts;      // Cohere's echo: a JSON list
};

// Appends the body to `out`. False: a vector cannot be turned into the form that was asked for.
[[nodiscard]] bool write_answer(
    const embedding_answer& from,
    const wishes& asked,
    const usage& tokens,
    const answer_context& context,
    std::string& out
);

}  // namespace spillway::adapters::embeddings
