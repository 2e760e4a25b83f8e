#include "bench/sim/completion.hpp"
#include "bench/sim/tokens.hpp"

#include <boost/beast/core/detail/base64.hpp>
#include <boost/json.hpp>

#include <cmath>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <vector>

namespace spillway::bench::sim {
namespace {

namespace json = boost::json;

constexpr std::size_t default_dimensions = 256;

std::uint64_t hash_text(std::string_view text) {
    std::uint64_t hash = 14695981039346656037U;  // FNV-1a
    for (const char c : text)
        hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211U;
    return hash;
}

std::vector<float> embed(std::string_view text, std::size_t dimensions) {
    std::vector<float> vector(dimensions);
    std::uint64_t state = hash_text(text);
    double square_sum = 0;
    for (auto& component : vector) {
        state = state * 6364136223846793005U + 1442695040888963407U;
        const auto value = static_cast<double>(state >> 40U) / (1U << 23U) - 1.0;
        component = static_cast<float>(value);
        square_sum += value * value;
    }
    const auto scale = static_cast<float>(1.0 / std::sqrt(square_sum > 0 ? square_sum : 1.0));
    for (auto& component : vector)
        component *= scale;
    return vector;
}

std::string encode_base64(const std::vector<float>& vector) {
    namespace base64 = boost::beast::detail::base64;
    const auto size = vector.size() * sizeof(float);
    std::string encoded(base64::encoded_size(size), '\0');
    encoded.resize(base64::encode(encoded.data(), vector.data(), size));
    return encoded;
}

json::value print_vector(const std::vector<float>& vector, std::string_view format) {
    if (format == "base64") return json::value(encode_base64(vector));
    json::array components;
    components.reserve(vector.size());
    for (const float component : vector)
        components.emplace_back(static_cast<double>(component));
    return components;
}

// A text, a list of texts, a list of token numbers, or a list of such lists.
struct embedding_input {
    std::string text;
    std::size_t tokens = 0;
};

std::vector<embedding_input> read_inputs(const json::value& input) {
    const auto one = [](const json::value& value) {
        if (value.is_string()) {
            std::string text{value.get_string()};
            const auto tokens = count_tokens(text);
            return embedding_input{std::move(text), tokens};
        }
        return embedding_input{
            json::serialize(value), value.is_array() ? value.get_array().size() : 1};
    };
    std::vector<embedding_input> inputs;
    const auto* list = input.if_array();
    if (list == nullptr || list->front().is_number()) {
        inputs.push_back(one(input));
        return inputs;
    }
    for (const auto& value : *list)
        inputs.push_back(one(value));
    return inputs;
}

}  // namespace

reply answer_embeddings(const json::object& request) {
    std::size_t dimensions = default_dimensions;
    if (const auto* asked = request.if_contains("dimensions"); asked != nullptr) {
        dimensions = asked->to_number<std::size_t>();
    }
    std::string_view format = "float";
    if (const auto* asked = request.if_contains("encoding_format");
        asked != nullptr && asked->is_string()) {
        format = asked->get_string();
    }
    reply made;
    json::array data;
    for (const auto& input : read_inputs(request.at("input"))) {
        made.prompt_tokens += input.tokens;
        data.push_back(json::object{
            {"object", "embedding"},
            {"index", data.size()},
            {"embedding", print_vector(embed(input.text, dimensions), format)},
        });
    }
    json::object body{{"object", "list"}};
    body["data"] = std::move(data);
    body["model"] = request.at("model");
    body["usage"] =
        json::object{{"prompt_tokens", made.prompt_tokens}, {"total_tokens", made.prompt_tokens}};
    made.body = json::serialize(body);
    return made;
}

}  // namespace spillway::bench::sim
