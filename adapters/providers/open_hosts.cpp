// Hosts of other people's models, and makers of models who speak Chat Completions in their own accent. As in
// openai_family.cpp, a quirk stands here if it is documented or was recorded. Addresses, variables and quirks are those of
// the providers' own documentation; where it is silent, what several public clients agree on.
#include "adapters/providers/tables.hpp"

#include <array>

namespace spillway::adapters {

namespace {

using enum rule_action;

constexpr number_range up_to_one{0, 1};
constexpr number_range above_zero{0.01, 1};  // 0 is refused

constexpr std::array<parameter_rule, 7> sambanova_rules{{
    {member::max_completion_tokens, rename, "max_tokens", {}},
    {member::frequency_penalty, drop, {}, {}},
    {member::presence_penalty, drop, {}, {}},
    {member::logprobs, drop, {}, {}},
    {member::top_logprobs, drop, {}, {}},
    {member::logit_bias, drop, {}, {}},
    {member::seed, drop, {}, {}},
}};
constexpr std::array<parameter_rule, 1> deepinfra_rules{{
    {member::tool_choice, drop_forced_choice, {}, {}},
}};
// Gemma's servers know no more than these: stream, temperature, top_p, max_tokens, stop, seed.
constexpr std::array<parameter_rule, 6> nvidia_rules{{
    {member::frequency_penalty, drop, {}, "google/gemma"},
    {member::presence_penalty, drop, {}, "google/gemma"},
    {member::logprobs, drop, {}, "google/gemma"},
    {member::top_logprobs, drop, {}, "google/gemma"},
    {member::logit_bias, drop, {}, "google/gemma"},
    {member::user, drop, {}, {}},
}};
// Models that think take no temperature but 1, others up to 1.
constexpr std::array<parameter_rule, 5> moonshot_rules{{
    {member::temperature, drop, {}, "kimi-k2-thinking"},
    {member::temperature, drop, {}, "kimi-k2.5"},
    {member::temperature, clamp, {}, {}, up_to_one},
    {member::tool_choice, drop_forced_choice, {}, "kimi-k2"},
    {member::seed, drop, {}, {}},
}};
constexpr std::array<parameter_rule, 2> zai_rules{{
    {member::temperature, clamp, {}, {}, above_zero},
    {member::tool_choice, drop_forced_choice, {}, {}},
}};
constexpr std::array<error_code, 5> zai_codes{{
    {"1113", error_class::quota},
    {"1301", error_class::content},
    {"1302", error_class::rate},
    {"1303", error_class::rate},
    {"1305", error_class::rate},
}};
constexpr std::array<parameter_rule, 1> alibaba_rules{{
    {member::frequency_penalty, drop, {}, {}},
}};
constexpr std::array<parameter_rule, 1> minimax_rules{{
    {member::temperature, clamp, {}, {}, above_zero},
}};
// Of base_resp, which may stand in a 200.
constexpr std::array<error_code, 7> minimax_codes{{
    {"1002", error_class::rate},
    {"1004", error_class::auth},
    {"1008", error_class::quota},
    {"1026", error_class::content},
    {"1027", error_class::content},
    {"1039", error_class::rate},
    {"2013", error_class::bad_request},
}};
constexpr std::array<error_code, 3> novita_codes{{
    {"NOT_ENOUGH_BALANCE", error_class::quota},
    {"INVALID_API_KEY", error_class::auth},
    {"MODEL_NOT_FOUND", error_class::not_found},
}};
constexpr std::array<parameter_rule, 3> ai21_rules{{
    {member::logprobs, drop, {}, {}},
    {member::top_logprobs, drop, {}, {}},
    {member::seed, drop, {}, {}},
}};
constexpr std::array<error_code, 4> cloudflare_codes{{
    {"3036", error_class::quota},
    {"3040", error_class::overload},
    {"3043", error_class::upstream_fault},
    {"5007", error_class::not_found},
}};
constexpr std::array<parameter_rule, 1> snowflake_rules{{
    {member::max_tokens, rename, "max_completion_tokens", {}},
}};

constexpr std::array<provider_row, 25> table{{
    {
        .name = "sambanova",
        .display_name = "SambaNova",
        .base_url = "https://api.sambanova.ai/v1",
        .key_variable = "SAMBANOVA_API_KEY",
        .thought_member = "reasoning_content",
        .parameters = sambanova_rules,
        .remark = "limits by minute and by day; 410 for a model that is gone, 504 from its queue",
    },
    {
        .name = "deepinfra",
        .display_name = "DeepInfra",
        .base_url = "https://api.deepinfra.com/v1/openai",
        .key_variable = "DEEPINFRA_API_KEY",
        .thought_member = "reasoning_content",
        .parameters = deepinfra_rules,
        .remark = "no call can be forced; errors nested, or detail as text or list",
    },
    {
        .name = "nvidia",
        .display_name = "Nvidia",
        .base_url = "https://integrate.api.nvidia.com/v1",
        .key_variable = "NVIDIA_API_KEY",
        .refuses_unknown_members = true,
        .thought_member = "reasoning_content",
        .parameters = nvidia_rules,
        .remark =
            "422 for what a model does not know; {status, title, detail}; 402 without credits",
    },
    {
        .name = "hyperbolic",
        .display_name = "Hyperbolic",
        .base_url = "https://api.hyperbolic.xyz/v1",
        .key_variable = "HYPERBOLIC_API_KEY",
        .remark = "vLLM's parameters; thoughts as <think> in the text",
    },
    {
        .name = "novita",
        .display_name = "NovitaAI",
        .base_url = "https://api.novita.ai/openai/v1",
        .key_variable = "NOVITA_API_KEY",
        .thought_member = "reasoning_content",
        .codes = novita_codes,
        .remark = "{code, reason, message}; 403 for an empty account",
    },
    {
        .name = "nebius",
        .display_name = "Nebius Token Factory",
        .base_url = "https://api.tokenfactory.nebius.com/v1",
        .key_variable = "NEBIUS_API_KEY",
        .thought_member = "reasoning_content",
        .remark = "vLLM's parameters",
    },
    {
        .name = "huggingface",
        .display_name = "Hugging Face",
        .base_url = "https://router.huggingface.co/v1",
        .key_variable = "HF_TOKEN",
        .remark = "org/model:provider; passes its upstreams' heads on, retry-after on a 200 too",
    },
    {
        .name = "moonshotai",
        .display_name = "Moonshot AI",
        .base_url = "https://api.moonshot.ai/v1",
        .key_variable = "MOONSHOT_API_KEY",
        .thought_member = "reasoning_content",
        .parameters = moonshot_rules,
        .remark = "usage in the last choice; thoughts must come back with their calls",
    },
    {
        .name = "z-ai",
        .display_name = "Z.AI",
        .base_url = "https://api.z.ai/api/paas/v4",
        .key_variable = "ZAI_API_KEY",
        .thought_member = "reasoning_content",
        .parameters = zai_rules,
        .codes = zai_codes,
        .remark = "usage on the finish chunk; business codes, 429 for an empty account too",
    },
    {
        .name = "alibaba",
        .display_name = "Alibaba Cloud Int.",
        .base_url = "https://dashscope-intl.aliyuncs.com/compatible-mode/v1",
        .key_variable = "DASHSCOPE_API_KEY",
        .thought_member = "reasoning_content",
        .parameters = alibaba_rules,
        .remark = "tool fragments go on with an empty id; Throttling.*, data_inspection_failed",
    },
    {
        .name = "minimax",
        .display_name = "Minimax",
        .base_url = "https://api.minimax.io/v1",
        .key_variable = "MINIMAX_API_KEY",
        .parameters = minimax_rules,
        .codes = minimax_codes,
        .remark = "errors as base_resp inside a 200; thoughts as <think> in the text, to be kept",
    },
    {
        .name = "ai21",
        .display_name = "AI21",
        .base_url = "https://api.ai21.com/studio/v1",
        .key_variable = "AI21_API_KEY",
        .usage = stream_usage::unasked,
        .parameters = ai21_rules,
        .remark = "CR LF; answers without model and object; {detail}",
    },
    {
        .name = "cloudflare",
        .display_name = "Cloudflare",
        .base_url = "https://api.cloudflare.com/client/v4/accounts/{project}/ai/v1",
        .key_variable = "CLOUDFLARE_API_TOKEN",
        .codes = cloudflare_codes,
        .remark = "the project is the account's id; no role in streams; some answers without usage",
    },
    {
        .name = "databricks",
        .display_name = "Databricks",
        .key_variable = "DATABRICKS_TOKEN",
        .usage = stream_usage::every_chunk,
        .remark = "needs url=https://WORKSPACE/serving-endpoints; content may be a list of parts",
    },
    {
        .name = "snowflake",
        .display_name = "Snowflake Cortex",
        .base_url = "https://{project}.snowflakecomputing.com/api/v2/cortex/v1",
        .key_variable = "SNOWFLAKE_PAT",
        .finish = finish_rule::done_only,
        .takes_reasoning_object = true,
        .parameters = snowflake_rules,
        .remark = "the project is the account; no finish_reason in streams, only [DONE]",
    },
    {
        .name = "vercel",
        .display_name = "Vercel AI Gateway",
        .base_url = "https://ai-gateway.vercel.sh/v1",
        .key_variable = "AI_GATEWAY_API_KEY",
        .takes_reasoning_object = true,
        .thought_member = "reasoning",
        .remark = "usage on the finish chunk, with its cost",
    },
    {
        .name = "venice",
        .display_name = "Venice",
        .base_url = "https://api.venice.ai/api/v1",
        .key_variable = "VENICE_API_KEY",
        .thought_member = "reasoning_content",
        .remark = "usage on the finish chunk or behind it; error is a bare text",
    },
    {
        .name = "doubleword",
        .display_name = "Doubleword",
        .base_url = "https://api.doubleword.ai/v1",
        .key_variable = "DOUBLEWORD_API_KEY",
        .thought_member = "reasoning_content",
        .remark = "three names for one thought; empty lines before a stream",
    },
    {
        .name = "baseten",
        .display_name = "Baseten",
        .base_url = "https://inference.baseten.co/v1",
        .key_variable = "BASETEN_API_KEY",
        .thought_member = "reasoning_content",
        .remark = "a deployment of one's own has an address of its own: url=",
    },
    {
        .name = "siliconflow",
        .display_name = "SiliconFlow",
        .base_url = "https://api.siliconflow.com/v1",
        .key_variable = "SILICONFLOW_API_KEY",
        .thought_member = "reasoning_content",
        .remark = "api.siliconflow.cn in China",
    },
    {
        .name = "parasail",
        .display_name = "Parasail",
        .base_url = "https://api.parasail.io/v1",
        .key_variable = "PARASAIL_API_KEY",
        .remark = "plain",
    },
    {
        .name = "featherless",
        .display_name = "Featherless",
        .base_url = "https://api.featherless.ai/v1",
        .key_variable = "FEATHERLESS_API_KEY",
        .remark = "plain",
    },
    {
        .name = "friendli",
        .display_name = "Friendli",
        .base_url = "https://api.friendli.ai/serverless/v1",
        .key_variable = "FRIENDLI_TOKEN",
        .remark = "a deployment of one's own: url=https://api.friendli.ai/dedicated/v1",
    },
    {
        .name = "chutes",
        .display_name = "Chutes",
        .base_url = "https://llm.chutes.ai/v1",
        .key_variable = "CHUTES_API_KEY",
        .remark = "plain",
    },
    {
        .name = "inception",
        .display_name = "Inception",
        .base_url = "https://api.inceptionlabs.ai/v1",
        .key_variable = "INCEPTION_API_KEY",
        .remark = "diffusion: text comes in large steps",
    },
}};

}  // namespace

std::span<const provider_row> open_host_rows() noexcept {
    return table;
}

}  // namespace spillway::adapters
