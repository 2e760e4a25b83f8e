#include "adapters/protocols/gemini/usage.hpp"

#include "adapters/json/writer.hpp"

namespace spillway::adapters::gemini {

namespace {

std::uint64_t count_of(json::value number) noexcept {
    return number.count().value_or(0);
}

std::uint64_t of_modality(json::value details, std::string_view which) noexcept {
    std::uint64_t sum = 0;
    for (const auto one : details.elements()) {
        if (one["modality"].equals(which)) sum += count_of(one["tokenCount"]);
    }
    return sum;
}

}  // namespace

usage usage_of(json::value metadata) noexcept {
    usage out;
    if (!metadata.is_object()) return out;
    std::uint64_t thoughts = 0;
    std::uint64_t visible = 0;
    json::value prompt_details;
    json::value answer_details;
    for (const auto [name, value] : metadata.members()) {
        if (name == "promptTokenCount" || name == "toolUsePromptTokenCount") {
            out.prompt += count_of(value);
        } else if (name == "candidatesTokenCount") {
            visible = count_of(value);
        } else if (name == "thoughtsTokenCount") {
            thoughts = count_of(value);
        } else if (name == "totalTokenCount") {
            out.total = count_of(value);
        } else if (name == "cachedContentTokenCount") {
            out.cached_read = count_of(value);
        } else if (name == "promptTokensDetails") {
            prompt_details = value;
        } else if (name == "candidatesTokensDetails") {
            answer_details = value;
        }
    }
    const bool holds_thoughts = thoughts > 0 && out.total == out.prompt + visible;
    out.completion = holds_thoughts ? visible : visible + thoughts;
    out.reasoning = thoughts;
    if (out.total == 0) out.total = out.prompt + out.completion;
    out.audio_in = of_modality(prompt_details, "AUDIO");
    out.audio_out = of_modality(answer_details, "AUDIO");
    out.image_out = of_modality(answer_details, "IMAGE");
    out.present = out.total > 0;
    return out;
}

void append_usage(std::string& out, const usage& tokens) {
    const auto thoughts = std::min(tokens.reasoning, tokens.completion);
    const auto number = [&](std::string_view name, std::uint64_t value) {
        out.append(name);
        json::writer{out}.number(static_cast<std::int64_t>(value));
    };
    number("{\"promptTokenCount\":", tokens.prompt);
    if (tokens.cached_read > 0) number(",\"cachedContentTokenCount\":", tokens.cached_read);
    number(",\"candidatesTokenCount\":", tokens.completion - thoughts);
    if (thoughts > 0) number(",\"thoughtsTokenCount\":", thoughts);
    number(",\"totalTokenCount\":", tokens.prompt + tokens.completion);
    out.push_back('}');
}

}  // namespace spillway::adapters::gemini
