// What becomes of a feature on its way to each protocol, asked of the code: the table of adapters/README.md.
#include "tests/adapters/support/files.hpp"
#include "tests/adapters/support/waist.hpp"

#include <boost/test/unit_test.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string>

namespace spillway::testing {

namespace {

using namespace adapters;

struct target {
    std::string_view title;
    std::string_view provider;
    protocol speaks;
    std::string_view model;
};
// Of protocols whose rules go by the model, one that can think.
constexpr std::array<target, 7> targets{{
    {"Chat Completions", "custom", protocol::chat, "any"},
    {"Responses", "openai-responses", protocol::responses, "gpt-5.1"},
    {"Messages", "anthropic", protocol::messages, "claude-sonnet-4-5"},
    {"Gemini", "google-ai-studio", protocol::gemini, "gemini-2.5-pro"},
    {"Converse", "amazon-bedrock", protocol::converse, "anthropic.claude-sonnet-4-5-v1:0"},
    {"Cohere", "cohere", protocol::cohere, "command-a-reasoning-08-2025"},
    {"Ollama", "ollama-native", protocol::ollama, "qwen3"},
}};

constexpr std::string_view hi = R"([{"role":"user","content":"hi"}])";
constexpr std::string_view tools =
    R"(,"tools":[{"type":"function","function":{"name":"weather","parameters":{"type":"object","properties":{}}}}])";

// What a request says that uses the feature, and what it says anyway; members have a comma in front.
struct feature {
    std::string_view name;
    std::string_view messages = hi;
    std::string_view members{};
    std::string_view
        probe{};  // stands in the provider's request if it came through as the client said it
    std::string_view other_members{};
    std::string_view other_messages = hi;
};

constexpr std::array features{
    feature{
        "system",
        R"([{"role":"system","content":"be brief"},{"role":"user","content":"hi"}])",
        {},
        "be brief"},
    feature{"name of a user", R"([{"role":"user","name":"ann","content":"hi"}])", {}, "ann"},
    feature{
        "image as data",
        R"([{"role":"user","content":[{"type":"image_url","image_url":{"url":"data:image/png;base64,iVBORw0KGgo="}}]}])",
        {},
        "iVBORw0KGgo="},
    feature{
        "image by URL",
        R"([{"role":"user","content":[{"type":"image_url","image_url":{"url":"https://a.test/b.png"}}]}])",
        {},
        "https://a.test/b.png"},
    feature{
        "PDF as data",
        R"([{"role":"user","content":[{"type":"file","file":{"filename":"a.pdf","file_data":"data:application/pdf;base64,JVBERi0="}}]}])",
        {},
        "JVBERi0="},
    feature{
        "audio",
        R"([{"role":"user","content":[{"type":"input_audio","input_audio":{"data":"UklGRg==","format":"wav"}}]}])",
        {},
        "UklGRg=="},
    feature{
        "cache_control",
        R"([{"role":"user","content":[{"type":"text","text":"hi","cache_control":{"type":"ephemeral"}}]}])",
        {},
        "ephemeral"},
    feature{
        "calls and results",
        R"([{"role":"user","content":"hi"},{"role":"assistant","tool_calls":[{"id":"call_1","type":"function","function":{"name":"weather","arguments":"{\"city\":\"Bonn\"}"}}]},{"role":"tool","tool_call_id":"call_1","content":"sunny"}])",
        {},
        "sunny",
        tools},
    feature{
        "signed thoughts of Claude",
        R"([{"role":"user","content":"hi"},{"role":"assistant","content":"x","reasoning_details":[{"type":"reasoning.text","text":"hm","signature":"c2ln","format":"anthropic-claude-v1","index":0}]},{"role":"user","content":"so"}])",
        {},
        "c2ln",
        R"(,"reasoning":{"max_tokens":2000},"max_tokens":9000)",
        R"([{"role":"user","content":"hi"},{"role":"assistant","content":"x"},{"role":"user","content":"so"}])"},
    feature{"tools", hi, tools, "weather"},
    feature{"tool_choice none", hi, R"(,"tool_choice":"none")", "none", tools},
    feature{"tool_choice required", hi, R"(,"tool_choice":"required")", "required", tools},
    feature{
        "tool_choice by name",
        hi,
        R"(,"tool_choice":{"type":"function","function":{"name":"weather"}})",
        R"({"type":"function","function":{"name":"weather"}})",
        tools},
    feature{
        "parallel_tool_calls false",
        hi,
        R"(,"parallel_tool_calls":false)",
        R"("parallel_tool_calls":false)",
        tools},
    feature{"JSON object", hi, R"(,"response_format":{"type":"json_object"})", "json_object"},
    feature{
        "JSON schema",
        hi,
        R"(,"response_format":{"type":"json_schema","json_schema":{"name":"n","schema":{"type":"object","properties":{"city":{"type":"string"}},"required":["city"],"additionalProperties":false}}})",
        R"("city":{"type":"string"})"},
    feature{"max_tokens", hi, R"(,"max_tokens":777)", "777"},
    feature{"stop", hi, R"(,"stop":["END"])", "END"},
    feature{"temperature", hi, R"(,"temperature":0.31)", "0.31"},
    feature{"top_p", hi, R"(,"top_p":0.32)", "0.32"},
    feature{"top_k", hi, R"(,"top_k":33)", "33"},
    feature{"min_p", hi, R"(,"min_p":0.34)", "0.34"},
    feature{"seed", hi, R"(,"seed":3535)", "3535"},
    feature{"frequency_penalty", hi, R"(,"frequency_penalty":0.36)", "0.36"},
    feature{"presence_penalty", hi, R"(,"presence_penalty":0.37)", "0.37"},
    feature{"repetition_penalty", hi, R"(,"repetition_penalty":1.38)", "1.38"},
    feature{"logit_bias", hi, R"(,"logit_bias":{"3939":1})", "3939"},
    feature{"logprobs", hi, R"(,"logprobs":true,"top_logprobs":4)", "4"},
    feature{"n", hi, R"(,"n":2)", "2"},
    feature{"reasoning effort", hi, R"(,"reasoning":{"effort":"low"})", R"("low")"},
    feature{
        "reasoning budget",
        hi,
        R"(,"reasoning":{"max_tokens":2345})",
        "2345",
        R"(,"max_tokens":9000)"},
    feature{"reasoning off", hi, R"(,"reasoning":{"effort":"none"})", R"("none")"},
    feature{"verbosity", hi, R"(,"verbosity":"low")", R"("low")"},
    feature{"service_tier", hi, R"(,"service_tier":"flex")", "flex"},
    feature{"user", hi, R"(,"user":"u-41")", "u-41"},
    feature{"metadata", hi, R"(,"metadata":{"a":"m-42"})", "m-42"},
    feature{"prediction", hi, R"(,"prediction":{"type":"content","content":"p-43"})", "p-43"},
    feature{"answers with images", hi, R"(,"modalities":["image","text"])", "image"},
    feature{
        "answers with a voice",
        hi,
        R"(,"modalities":["text","audio"],"audio":{"voice":"alloy","format":"wav"})",
        "alloy"},
    feature{"web search", hi, R"(,"web_search_options":{"search_context_size":"low"})", R"("low")"},
};

waist_request::made
translated(const target& to, std::string_view messages, std::string_view members) {
    const waist_request run{
        .provider = to.provider, .from = protocol::chat, .to = to.speaks, .model = to.model};
    return run.over(fmt::format(R"({{"model":"x","messages":{}{}}})", messages, members));
}

// carried: as the client said it; changed: in the protocol's own way; left out: told in x-spillway-dropped, or, where
// nothing hangs on it, not told; refused: another provider is asked.
std::string_view fate(const feature& one, const target& to) {
    const std::string members{one.other_members};
    const auto without = translated(to, one.other_messages, members);
    const auto with = translated(to, one.messages, members + std::string{one.members});
    if (!with.refusal.empty()) return "refused";
    if (with.dropped != without.dropped) return "left out, told";
    if (with.body == without.body) return "left out";
    const bool is_kept = with.body.contains(one.probe);
    return is_kept ? "carried" : "changed";
}

std::string table() {
    std::string text{"| feature |"};
    std::string line{"\n|---|"};
    for (const auto& to : targets) {
        text.append(" ").append(to.title).append(" |");
        line.append("---|");
    }
    text.append(line).append("\n");
    for (const auto& one : features) {
        text.append("| ").append(one.name).append(" |");
        for (const auto& to : targets)
            text.append(" ").append(fate(one, to)).append(" |");
        text.append("\n");
    }
    return text;
}

}  // namespace

BOOST_AUTO_TEST_CASE(the_readme_says_what_becomes_of_each_feature) {
    const auto readme = read_file("adapters/README.md");
    const auto right = table();
    BOOST_TEST(readme.contains(right), "adapters/README.md should hold:\n" << right);
}

// Whatever was left out without a word must be of no weight for the answer.
BOOST_AUTO_TEST_CASE(only_what_has_no_weight_is_left_out_in_silence) {
    for (const auto& one : features) {
        for (const auto& to : targets) {
            if (fate(one, to) != "left out") continue;
            // Signatures are for their maker, thinking is off where nobody asks, and a local server has no tiers.
            static constexpr std::array weightless{
                "user",
                "metadata",
                "name of a user",
                "cache_control",
                "signed thoughts of Claude",
                "reasoning off",
                "service_tier"};
            const bool has_no_weight = std::ranges::find(weightless, one.name) != weightless.end();
            BOOST_TEST(has_no_weight, one.name << " towards " << to.title);
        }
    }
}

}  // namespace spillway::testing
