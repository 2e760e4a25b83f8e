#include "adapters/providers/tables.hpp"

#include <array>

namespace spillway::adapters {

namespace {

// Providers that speak their own protocol. A base URL may name the account's {region} or {project}.
constexpr std::array<provider_row, 11> table{{
    {
        .name = "anthropic",
        .display_name = "Anthropic",
        .base_url = "https://api.anthropic.com/v1",
        .key_variable = "ANTHROPIC_API_KEY",
        .base_url_variable = "ANTHROPIC_BASE_URL",
        .speaks = protocol::messages,
        .auth = auth_style::x_api_key,
        .usage = stream_usage::unasked,
        .done = done_marker::never,
        .remark = "what a model takes depends on its family: a table by the model's name",
    },
    {
        .name = "google-vertex-claude",
        .display_name = "Google Vertex (Claude)",
        .base_url =
            "https://{region}-aiplatform.googleapis.com/v1/projects/{project}/locations/{region}",
        .speaks = protocol::messages,
        .url = url_style::vertex_claude,
        .usage = stream_usage::unasked,
        .done = done_marker::never,
        .remark = "no URLs of media; structured output by a forced tool",
    },
    {
        .name = "cohere",
        .display_name = "Cohere",
        .base_url = "https://api.cohere.com/v2",
        .key_variable = "COHERE_API_KEY",
        .speaks = protocol::cohere,
        .usage = stream_usage::unasked,
        .remark = "no Retry-After; plans of tools are told as reasoning",
    },
    {
        .name = "amazon-bedrock",
        .display_name = "Amazon Bedrock",
        .base_url = "https://bedrock-runtime.{region}.amazonaws.com",
        .key_variable = "AWS_BEARER_TOKEN_BEDROCK",
        .speaks = protocol::converse,
        .auth = auth_style::aws,
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
        .key_variable = "AWS_BEARER_TOKEN_BEDROCK",
        .speaks = protocol::messages,
        .auth = auth_style::aws,
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
    {
        .name = "google-ai-studio",
        .display_name = "Google AI Studio",
        .base_url = "https://generativelanguage.googleapis.com/v1beta",
        .key_variable = "GEMINI_API_KEY",
        .speaks = protocol::gemini,
        .auth = auth_style::x_goog_api_key,
        .url = url_style::gemini,
        .surface = google_surface::studio,
        .usage = stream_usage::every_chunk,
        .done = done_marker::never,
        .remark = "media as data, YouTube or its own files; quotas of the day end at midnight in "
                  "Los Angeles",
    },
    {
        .name = "google-vertex",
        .display_name = "Google",
        .base_url =
            "https://{region}-aiplatform.googleapis.com/v1/projects/{project}/locations/{region}",
        .speaks = protocol::gemini,
        .auth = auth_style::bearer,
        .url = url_style::vertex,
        .surface = google_surface::vertex,
        .usage = stream_usage::every_chunk,
        .done = done_marker::never,
        .remark = "host by region and project; reads https:// and gs:// itself; metadata as labels",
    },
    {
        .name = "google-vertex-express",
        .display_name = "Google Vertex (express)",
        .base_url = "https://aiplatform.googleapis.com/v1/publishers/google",
        .speaks = protocol::gemini,
        .auth = auth_style::x_goog_api_key,
        .url = url_style::gemini,
        .surface = google_surface::vertex,
        .usage = stream_usage::every_chunk,
        .done = done_marker::never,
        .remark = "Vertex by an API key, without project and region",
    },
    {
        .name = "ollama-native",
        .display_name = "Ollama (native)",
        .base_url = "http://127.0.0.1:11434",
        .speaks = protocol::ollama,
        .auth = auth_style::none,
        .usage = stream_usage::unasked,
        .done = done_marker::never,
        .is_local = true,
        .remark = "/api/chat: options, keep_alive and the Modelfile's own defaults",
    },
    {
        .name = "ollama-cloud",
        .display_name = "Ollama Cloud",
        .base_url = "https://ollama.com",
        .key_variable = "OLLAMA_API_KEY",
        .speaks = protocol::ollama,
        .usage = stream_usage::unasked,
        .done = done_marker::never,
        .remark = "the same protocol with a key",
    },
}};

}  // namespace

std::span<const provider_row> native_rows() noexcept {
    return table;
}

}  // namespace spillway::adapters
