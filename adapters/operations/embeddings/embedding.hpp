// A request for embeddings and its answer as every dialect can say them: views into the body they were read from, and
// into the arena for what had to be made. The hourglass of chat in small: four dialects of clients, eight kinds of
// endpoints, and vectors whose numbers travel as the octets they came in.
#pragma once

#include "adapters/canonical/arena.hpp"
#include "adapters/canonical/request.hpp"
#include "adapters/canonical/text.hpp"
#include "adapters/message.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace spillway::adapters::embeddings {

using canonical::escaped;

// How vectors are spelled: lists of numbers, or base64 of float32, little end first.
enum class vector_form : std::uint8_t { floats, base64, int8, uint8, binary, ubinary };
inline constexpr std::size_t vector_form_count = 6;

// In Cohere's words.
[[nodiscard]] std::string_view name_of(vector_form form) noexcept;
[[nodiscard]] std::optional<vector_form> form_named(std::string_view name) noexcept;

// The forms a client asked for.
class form_set {
public:
    void add(vector_form form) noexcept { bits_ |= bit(form); }
    [[nodiscard]] bool has(vector_form form) const noexcept { return (bits_ & bit(form)) != 0; }
    [[nodiscard]] bool is_only(vector_form form) const noexcept { return bits_ == bit(form); }
    [[nodiscard]] bool empty() const noexcept { return bits_ == 0; }
    // Nothing but what a list of floats can be turned into.
    [[nodiscard]] bool is_float() const noexcept {
        return (bits_ & ~(bit(vector_form::floats) | bit(vector_form::base64))) == 0;
    }

private:
    static constexpr std::uint8_t bit(vector_form form) noexcept {
        return static_cast<std::uint8_t>(1U << static_cast<unsigned>(form));
    }
    std::uint8_t bits_ = 0;
};

// What the vectors are for.
enum class purpose : std::uint8_t {
    unset,
    query,
    document,
    classification,
    clustering,
    similarity,
    question_answering,
    fact_verification,
    code_query,
};

struct purpose_row {
    purpose what;
    std::string_view plain;  // input_type of Cohere and OpenRouter
    std::string_view google;
    std::string_view cohere;  // the nearest Cohere has
    bool is_exact;            // of Cohere's word
};
// REQUIRES: not unset.
[[nodiscard]] const purpose_row& words_of(purpose what) noexcept;
// By any dialect's word, "query" and "passage" included.
[[nodiscard]] std::optional<purpose> purpose_named(std::string_view word) noexcept;

// What becomes of a text that is too long.
enum class truncation : std::uint8_t { unset, none, start, end };

enum class content_kind : std::uint8_t { text, image };

struct content {
    content_kind kind = content_kind::text;
    escaped text;
    canonical::media_source image;
};

// One input is one vector, whatever it consists of.
struct input {
    std::uint32_t first = 0;  // in embedding_request::contents
    std::uint32_t count = 0;
};

struct embedding_request {
    explicit embedding_request(canonical::arena& texts) noexcept : made{texts} {}
    embedding_request(const embedding_request&) = delete;
    embedding_request& operator=(const embedding_request&) = delete;

    canonical::arena& made;
    std::vector<content> contents;
    std::vector<input> inputs;
    form_set forms;  // never empty once it was read
    purpose what_for = purpose::unset;
    truncation cut = truncation::unset;
    std::optional<std::uint64_t> dimensions;
    escaped title;
    escaped user;
    // Members no other dialect has; constants.
    std::vector<std::string_view> others;

    [[nodiscard]] std::span<const content> contents_of(const input& of) const noexcept {
        return std::span{contents}.subspan(of.first, of.count);
    }
    [[nodiscard]] bool has_images() const noexcept;

    // Building: add() belongs to the last input.
    void add_input() { inputs.push_back({static_cast<std::uint32_t>(contents.size()), 0}); }
    content& add() {
        ++inputs.back().count;
        return contents.emplace_back();
    }
    void add_text_input(escaped text) {
        add_input();
        add().text = text;
    }
};

// How an answer is built, by what its protocol's clients look for.
enum class answer_shape : std::uint8_t {
    none,
    data,         // OpenAI: data[].embedding
    one_values,   // Google: embedding.values
    values,       // Google: embeddings[].values
    predictions,  // Vertex AI: predictions[].embeddings.values
    by_form,      // Cohere: embeddings.float[]
    lists,        // Ollama, older Cohere: embeddings[]
    one_list,     // Amazon, older Ollama: embedding[]
};

// Vectors of one form, in the order of the inputs: "[0.1,0.2]", or base64 without its quotes.
struct series {
    vector_form form = vector_form::floats;
    std::vector<std::string_view> vectors;
};

struct embedding_answer {
    answer_shape shape = answer_shape::none;
    std::vector<series> given;
    escaped model;
    std::uint64_t tokens = 0;
    bool counts = false;  // the provider told its tokens
};

}  // namespace spillway::adapters::embeddings
