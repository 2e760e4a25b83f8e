#include "adapters/providers/tables.hpp"

#include <array>

namespace spillway::adapters {

namespace {

// Providers that speak their own protocol. A base URL may name the account's {region} or {project}.
constexpr std::array<provider_row, 3> table{{
    {
        .name = "amazon-bedrock",
        .display_name = "Amazon Bedrock",
        .base_url = "https://bedrock-runtime.{region}.amazonaws.com",
        .key_variable = "AWS_BEARER_TOKEN_BEDROCK",
        .speaks = protocol::converse,
        .url = url_style::bedrock,
        .usage = stream_usage::unasked,
        .done = done_marker::never,
        .remark =
            "Converse, host by region; binary event stream; what a model takes depends on its "
            "family, read from its id",
    },
    {
        .name = "amazon-bedrock-claude",
        .display_name = "Amazon Bedrock (Claude)",
        .base_url = "https://bedrock-runtime.{region}.amazonaws.com",
        .speaks = protocol::messages,
        .url = url_style::bedrock_claude,
        .usage = stream_usage::unasked,
        .done = done_marker::never,
        .remark =
            "InvokeModel with Anthropic's body, host by region; binary event stream of its events",
    },
    {
        .name = "openai-responses",
        .display_name = "OpenAI (Responses)",
        .base_url = "https://api.openai.com/v1",
        .speaks = protocol::responses,
        .usage = stream_usage::unasked,
        .done = done_marker::never,
        .remark =
            "Responses; nothing is stored, thoughts come back encrypted; the key of openai serves",
    },
}};

}  // namespace

std::span<const provider_row> native_rows() noexcept {
    return table;
}

}  // namespace spillway::adapters
