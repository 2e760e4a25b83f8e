// What is read of a rerank: a client's request, and a provider's answer.
#include "adapters/canonical/refusal.hpp"
#include "adapters/json/document.hpp"
#include "adapters/json/text.hpp"
#include "adapters/operations/rerank/rerank.hpp"

#include <fmt/format.h>

namespace spillway::adapters::rerank {

namespace {

using canonical::refusal;

constexpr std::string_view wanted_documents = "a list of texts, or of objects with a text.";

bool read_document(json::value from, document& into) {
    if (from.is_string()) {
        into.text = from.string();
        return true;
    }
    into.text = from["text"].string();
    if (from["image"].is_string()) into.image = from["image"].text();
    return from["text"].is_string() || !into.image.empty();
}

// Cohere's are spelled 214.0 in places.
std::optional<std::uint64_t> count_of(json::value from) noexcept {
    std::string_view text = from.raw();
    if (text.ends_with(".0")) text.remove_suffix(2);
    constexpr std::uint64_t most = std::uint64_t{1} << 53;
    const auto count = json::to_integer(text);
    return count && *count <= most ? count : std::nullopt;
}

}  // namespace

result<> decode_request(const request_facts& facts, rerank_request& into) {
    json::document read;
    if (!read.read({facts.body().data(), facts.body().size()}) || !read.root().is_object())
        return refusal("body", "one JSON object is needed.");
    const auto root = read.root();
    if (!root["query"].is_string()) return refusal("query", "a string is needed.");
    into.query = root["query"].string();
    if (!root["documents"].is_array() || root["documents"].is_empty())
        return refusal("documents", wanted_documents);
    for (const auto one : root["documents"].elements()) {
        if (!read_document(one, into.documents.emplace_back()))
            return refusal("documents", wanted_documents);
    }
    if (const auto top = root["top_n"]; top) {
        into.top_n = top.count();
        if (!into.top_n || *into.top_n == 0)
            return refusal("top_n", "a positive whole number is needed.");
    }
    into.tokens_a_document = root["max_tokens_per_doc"].text();
    into.echoes = !root["return_documents"].is_false();
    return {};
}

bool read_answer(padded_view body, std::size_t documents, rerank_answer& into) noexcept {
    json::document read;
    if (!read.read(body)) return false;
    const auto root = read.root();
    into.has_results = root["results"].is_array();
    if (!into.has_results) return false;
    for (const auto one : root["results"].elements()) {
        const auto index = one["index"].count();
        const auto score = one["relevance_score"];
        if (!index || !score.is_number()) return false;
        if (documents != 0 && *index >= documents) return false;
        into.results.push_back({*index, score.raw()});
    }
    into.model = root["model"].string();
    const auto billed = root["meta"]["billed_units"];
    into.search_units = count_of(billed["search_units"]);
    if (!into.search_units) into.search_units = count_of(root["usage"]["search_units"]);
    into.tokens = count_of(root["usage"]["prompt_tokens"]);
    if (!into.tokens) into.tokens = count_of(root["usage"]["total_tokens"]);
    if (!into.tokens) into.tokens = count_of(root["meta"]["tokens"]["input_tokens"]);
    return true;
}

}  // namespace spillway::adapters::rerank
