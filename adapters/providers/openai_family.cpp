// Hosted providers that speak Chat Completions. A quirk stands here only if it is documented or was recorded,
// and only if acting on it is safe; what a provider merely ignores is left in the body.
#include "adapters/providers/tables.hpp"

#include <array>

namespace spillway::adapters {

namespace {

using enum rule_action;

// Models that think refuse max_tokens: unsupported_parameter.
constexpr std::array<parameter_rule, 4> openai_rules{{
    {member::max_tokens, rename, "max_completion_tokens", "o1"},
    {member::max_tokens, rename, "max_completion_tokens", "o3"},
    {member::max_tokens, rename, "max_completion_tokens", "o4"},
    {member::max_tokens, rename, "max_completion_tokens", "gpt-5"},
}};
// 400 for each of these.
constexpr std::array<parameter_rule, 3> groq_rules{{
    {member::logprobs, drop, {}, {}},
    {member::top_logprobs, drop, {}, {}},
    {member::logit_bias, drop, {}, {}},
}};
constexpr std::array<parameter_rule, 1> fireworks_rules{{
    {member::response_format, drop_text_format, {}, {}},
}};
// Models that think refuse stop and the penalties.
constexpr std::array<parameter_rule, 9> xai_rules{{
    {member::stop, drop, {}, "grok-4"},
    {member::presence_penalty, drop, {}, "grok-4"},
    {member::frequency_penalty, drop, {}, "grok-4"},
    {member::stop, drop, {}, "grok-code"},
    {member::presence_penalty, drop, {}, "grok-code"},
    {member::frequency_penalty, drop, {}, "grok-code"},
    {member::stop, drop, {}, "grok-3-mini"},
    {member::presence_penalty, drop, {}, "grok-3-mini"},
    {member::frequency_penalty, drop, {}, "grok-3-mini"},
}};
// 422 extra_forbidden for what it does not know.
constexpr std::array<parameter_rule, 7> mistral_rules{{
    {member::seed, rename, "random_seed", {}},
    {member::max_completion_tokens, rename, "max_tokens", {}},
    {member::logit_bias, drop, {}, {}},
    {member::logprobs, drop, {}, {}},
    {member::top_logprobs, drop, {}, {}},
    {member::user, drop, {}, {}},
    {member::dimensions, rename, "output_dimension", {}},
}};
constexpr std::array<parameter_rule, 3> perplexity_rules{{
    {member::seed, drop, {}, {}},
    {member::logprobs, drop, {}, {}},
    {member::top_logprobs, drop, {}, {}},
}};
constexpr std::array<parameter_rule, 5> cerebras_rules{{
    {member::max_tokens, rename, "max_completion_tokens", {}},
    {member::frequency_penalty, drop, {}, {}},
    {member::presence_penalty, drop, {}, {}},
    {member::logit_bias, drop, {}, {}},
    {member::service_tier, drop, {}, {}},
}};

constexpr std::array<provider_row, 12> table{{
    {
        .name = "openai",
        .display_name = "OpenAI",
        .base_url = "https://api.openai.com/v1",
        .key_variable = "OPENAI_API_KEY",
        .base_url_variable = "OPENAI_BASE_URL",
        .serves =
            {operation::completions,
             operation::embeddings,
             operation::moderations,
             operation::images},
        .has_responses = true,
        .refuses_unknown_members = true,
        .takes_developer_role = true,
        .takes_custom_tools = true,
        .parameters = openai_rules,
        .remark = "max_tokens is max_completion_tokens for models that think",
    },
    {
        .name = "azure",
        .display_name = "Azure",
        .key_variable = "AZURE_OPENAI_API_KEY",
        .base_url_variable = "AZURE_OPENAI_ENDPOINT",
        .auth = auth_style::api_key_field,
        .url = url_style::azure,
        .serves = {operation::completions, operation::embeddings, operation::images},
        .has_responses = true,
        .refuses_unknown_members = true,
        .takes_developer_role = true,
        .takes_custom_tools = true,
        .parameters = openai_rules,
        .remark =
            "v1 surface, or deployments path with an api-version; filter chunks without choices",
    },
    {
        .name = "groq",
        .display_name = "Groq",
        .base_url = "https://api.groq.com/openai/v1",
        .key_variable = "GROQ_API_KEY",
        .serves = {},
        .refuses_unknown_members = true,
        .takes_message_names = false,
        .thought_member = "reasoning",
        .parameters = groq_rules,
        .remark = "usage also in x_groq; named error event inside a 200, then no [DONE]",
    },
    {
        .name = "together",
        .display_name = "Together",
        .base_url = "https://api.together.xyz/v1",
        .key_variable = "TOGETHER_API_KEY",
        .usage = stream_usage::unasked,
        .serves =
            {operation::completions, operation::embeddings, operation::rerank, operation::images},
        .takes_reasoning_object = true,
        .remark = "retry-after also on 200; cached_tokens flat in usage",
    },
    {
        .name = "fireworks",
        .display_name = "Fireworks",
        .base_url = "https://api.fireworks.ai/inference/v1",
        .key_variable = "FIREWORKS_API_KEY",
        .serves = {operation::completions, operation::embeddings, operation::rerank},
        .model_prefix = "accounts/fireworks/models/",
        .parameters = fireworks_rules,
        .remark = "error may be a bare text",
    },
    {
        .name = "deepseek",
        .display_name = "DeepSeek",
        .base_url = "https://api.deepseek.com",
        .key_variable = "DEEPSEEK_API_KEY",
        .usage = stream_usage::unasked,
        .serves = {},
        .thought_member = "reasoning_content",
        .remark = "keep-alive comments and empty lines before the answer; prompt_cache_hit_tokens",
    },
    {
        .name = "xai",
        .display_name = "xAI",
        .base_url = "https://api.x.ai/v1",
        .key_variable = "XAI_API_KEY",
        .total = total_rule::reasoning_beside,
        .serves = {operation::completions, operation::images},
        .has_responses = true,
        .takes_message_names = false,
        .thought_member = "reasoning_content",
        .parameters = xai_rules,
        .remark = "{code, error} as texts; a wrong key is a 400",
    },
    {
        .name = "mistral",
        .display_name = "Mistral",
        .base_url = "https://api.mistral.ai/v1",
        .key_variable = "MISTRAL_API_KEY",
        .usage = stream_usage::unasked,
        .serves = {operation::embeddings, operation::moderations},
        .refuses_unknown_members = true,
        .takes_message_names = false,
        .call_ids = call_id_rule::nine_alphanumerics,
        .required_tool_choice = "any",
        .parameters = mistral_rules,
        .remark = "flat errors, {detail:[…]} for 422; content may be a list of parts",
    },
    {
        .name = "perplexity",
        .display_name = "Perplexity",
        .base_url = "https://api.perplexity.ai",
        .key_variable = "PERPLEXITY_API_KEY",
        .usage = stream_usage::every_chunk,
        .done = done_marker::never,
        .serves = {operation::embeddings},
        .parameters = perplexity_rules,
        .remark = "CR LF; message beside delta, cumulative",
    },
    {
        .name = "cerebras",
        .display_name = "Cerebras",
        .base_url = "https://api.cerebras.ai/v1",
        .key_variable = "CEREBRAS_API_KEY",
        .done = done_marker::never,
        .serves = {operation::completions},
        .refuses_unknown_members = true,
        .thought_member = "reasoning",
        .parameters = cerebras_rules,
        .remark = "flat errors; usage on the finish chunk",
    },
    {
        .name = "openrouter",
        .display_name = "OpenRouter",
        .base_url = "https://openrouter.ai/api/v1",
        .key_variable = "OPENROUTER_API_KEY",
        .usage = stream_usage::unasked,
        .serves = {operation::completions, operation::embeddings, operation::rerank},
        .takes_openrouter_members = true,
        .takes_reasoning_object = true,
        .takes_developer_role = true,
        .takes_custom_tools = true,
        .remark = "usage chunk with one choice; error code is the status",
    },
    {
        .name = "custom",
        .display_name = "Custom",
        .remark = "any server that speaks Chat Completions; needs a base URL",
    },
}};

}  // namespace

std::span<const provider_row> openai_family_rows() noexcept {
    return table;
}

}  // namespace spillway::adapters
