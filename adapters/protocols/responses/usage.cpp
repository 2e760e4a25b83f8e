#include "adapters/protocols/responses/usage.hpp"

#include "adapters/json/writer.hpp"

#include <fmt/format.h>

#include <iterator>

namespace spillway::adapters::responses {

namespace {

void append_counts(std::string& out, const usage& tokens) {
    fmt::format_to(
        std::back_inserter(out),
        R"({{"input_tokens":{},"input_tokens_details":{{"cached_tokens":{},"cache_write_tokens":{}}},)"
        R"("output_tokens":{},"output_tokens_details":{{"reasoning_tokens":{}}},"total_tokens":{})",
        tokens.prompt,
        tokens.cached_read,
        tokens.cache_write,
        tokens.completion,
        tokens.reasoning,
        tokens.total
    );
    if (tokens.estimated) out.append(",\"estimated\":true");
}

void append_price(std::string& out, const std::optional<cost>& price, std::int64_t cost::*part) {
    if (price) {
        json::append_nano(out, (*price).*part);
    } else {
        out.append("null");
    }
}

}  // namespace

usage read_usage(json::value object) noexcept {
    usage read;
    if (!object.is_object()) return read;
    const auto count = [](json::value number) {
        return number.count().value_or(0);
    };
    const auto input = object["input_tokens_details"];
    const auto output = object["output_tokens_details"];
    read.prompt = count(object["input_tokens"]);
    read.completion = count(object["output_tokens"]);
    read.cached_read = count(input["cached_tokens"]);
    read.cache_write = count(input["cache_write_tokens"]);
    read.reasoning = count(output["reasoning_tokens"]);
    read.image_out = count(output["image_tokens"]);
    // xAI counts the thoughts beside the answer, and its cached text beside the prompt.
    const auto total = count(object["total_tokens"]);
    const bool is_beside =
        read.reasoning > read.completion ||
        (read.reasoning > 0 && total == read.prompt + read.completion + read.reasoning);
    if (is_beside) read.completion += read.reasoning;
    if (read.cached_read > read.prompt) read.prompt += read.cached_read;
    read.total = read.prompt + read.completion;
    read.present = object["input_tokens"].is_number();
    return read;
}

void append_usage(std::string& out, const usage& tokens) {
    append_counts(out, tokens);
    out.push_back('}');
}

void append_usage(std::string& out, const usage& tokens, const std::optional<cost>& price) {
    append_counts(out, tokens);
    out.append(",\"cost\":");
    append_price(out, price, &cost::total);
    out.append(R"(,"is_byok":false,"cost_details":{"upstream_inference_cost":)");
    append_price(out, price, &cost::total);
    out.append(",\"upstream_inference_input_cost\":");
    append_price(out, price, &cost::prompt);
    out.append(",\"upstream_inference_output_cost\":");
    append_price(out, price, &cost::completion);
    out.append("}}");
}

}  // namespace spillway::adapters::responses
