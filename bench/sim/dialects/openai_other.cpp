#include "bench/sim/dialects/openai_other.hpp"

#include "bench/sim/dialects/json_view.hpp"
#include "bench/sim/dialects/ranking.hpp"
#include "bench/sim/tokens.hpp"

#include <fmt/format.h>

#include <string>
#include <vector>

namespace spillway::bench::sim {
namespace {

// The smallest picture there is.
constexpr std::string_view pixel = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+"
                                   "M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

constexpr std::size_t most_images = 10;

api_error refuse_member(std::string_view name, std::string_view why) {
    api_error error;
    error.message = fmt::format("Invalid '{}': {}", name, why);
    error.param = name;
    error.code = "invalid_value";
    return error;
}

std::string text_of_document(const json::value& document) {
    if (document.is_string()) return std::string{text_of(document)};
    const auto* object = document.if_object();
    return object != nullptr ? std::string{text_at(*object, "text")} : std::string{};
}

json::object moderate(std::string_view text) {
    const bool is_flagged = text.contains("flag");
    json::object result{{"flagged", is_flagged}};
    result["categories"] = json::object{{"violence", is_flagged}};
    result["category_scores"] = json::object{{"violence", is_flagged ? 0.9 : 0.1}};
    return result;
}

}  // namespace

std::optional<api_error> validate_rerank(const json::object& request) {
    if (!has_text(request, "model")) return refuse_member("model", "a string is needed.");
    if (!has_text(request, "query")) return refuse_member("query", "a string is needed.");
    const auto* documents = array_at(request, "documents");
    if (documents == nullptr || documents->empty())
        return refuse_member("documents", "a list of texts is needed.");
    for (const auto& one : *documents) {
        if (!one.is_string() && !one.is_object())
            return refuse_member("documents", "texts or objects are needed.");
    }
    const auto* top = value_at(request, "top_n");
    if (top != nullptr && count_at(request, "top_n").value_or(0) == 0)
        return refuse_member("top_n", "a positive integer is needed.");
    return {};
}

std::optional<api_error> validate_moderation(const json::object& request) {
    const auto* input = value_at(request, "input");
    if (input == nullptr || (!input->is_string() && !input->is_array()))
        return refuse_member("input", "a string or an array is needed.");
    return {};
}

std::optional<api_error> validate_images(const json::object& request) {
    if (!has_text(request, "prompt")) return refuse_member("prompt", "a string is needed.");
    const auto count = count_at(request, "n").value_or(1);
    if (count == 0 || count > most_images) return refuse_member("n", "1 to 10 are made.");
    return {};
}

reply answer_rerank(const json::object& request, const answer_frame& frame) {
    std::vector<std::string> documents;
    reply made;
    made.prompt_tokens = count_tokens(text_at(request, "query"));
    for (const auto& one : request.at("documents").get_array()) {
        documents.push_back(text_of_document(one));
        made.prompt_tokens += count_tokens(documents.back());
    }
    const auto most = count_at(request, "top_n").value_or(documents.size());
    json::array results;
    for (const auto& [index, score] : rank(text_at(request, "query"), documents, most)) {
        json::object result{{"index", index}};
        if (!is_false(request, "return_documents"))
            result["document"] = json::object{{"text", documents[index]}};
        result["relevance_score"] = score;
        results.push_back(std::move(result));
    }
    json::object body{{"id", "rerank-" + frame.id}, {"model", request.at("model")}};
    body["usage"] = json::object{{"total_tokens", made.prompt_tokens}};
    body["results"] = std::move(results);
    made.body = json::serialize(body);
    return made;
}

reply answer_moderation(const json::object& request, const answer_frame& frame) {
    const auto& input = request.at("input");
    const auto inputs = input.is_string() ? list_of(input) : input.get_array();
    json::array results;
    for (const auto& one : inputs)
        results.push_back(moderate(text_of_document(one)));
    json::object body{{"id", "modr-" + frame.id}};
    const auto model = text_at(request, "model");
    body["model"] = model.empty() ? "omni-moderation-latest" : model;
    body["results"] = std::move(results);
    reply made;
    made.body = json::serialize(body);
    return made;
}

reply answer_images(const json::object& request, const answer_frame& frame) {
    reply made;
    made.prompt_tokens = count_tokens(text_at(request, "prompt"));
    json::array data;
    for (std::size_t i = 0; i < count_at(request, "n").value_or(1); ++i)
        data.push_back(json::object{{"b64_json", pixel}});
    json::object body{{"created", frame.created}};
    body["data"] = std::move(data);
    body["usage"] = json::object{
        {"input_tokens", made.prompt_tokens},
        {"output_tokens", 272},
        {"total_tokens", made.prompt_tokens + 272}};
    made.body = json::serialize(body);
    return made;
}

}  // namespace spillway::bench::sim
