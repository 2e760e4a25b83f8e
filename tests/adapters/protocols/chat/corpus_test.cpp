// Streams of ../shared: the sse corpus' LLM cases and the recorded answers of the OpenAI family.
#include "tests/adapters/support/answers.hpp"
#include "tests/adapters/support/files.hpp"
#include "tests/adapters/support/json_tree.hpp"

#include <boost/test/unit_test.hpp>

#include <map>
#include <set>

namespace spillway::testing {

namespace {

namespace fs = std::filesystem;
using namespace adapters;

std::string outcome_of(const outcome& got) {
    if (got.failure) return "error";
    return got.facts.complete ? "complete" : "incomplete";
}

// The text a client reads out of the stream that left.
std::string text_of(const outcome& got) {
    std::string text;
    for (const auto& payload : payloads(got.octets)) {
        if (auto chunk = parse_json(payload)) text += chunk->word("choices.0.delta.content");
    }
    return text;
}

void check_usage(const json_tree& want, const outcome& got, const std::string& file) {
    const auto* usage = want.find("usage");
    if (!usage || usage->kind != '{') return;
    BOOST_TEST(std::to_string(got.facts.tokens.prompt) == usage->word("prompt_tokens"), file);
    BOOST_TEST(
        std::to_string(got.facts.tokens.completion) == usage->word("completion_tokens"), file
    );
    BOOST_TEST(std::to_string(got.facts.tokens.total) == usage->word("total_tokens"), file);
}

void check_llm_case(const fs::path& folder, std::map<std::string, std::string>& row, face side) {
    auto want = parse_json(read_file(folder / row["want"]));
    BOOST_REQUIRE(want.has_value());
    answer_run run;
    run.side = side;
    auto got = run.over_three_ways(read_file(folder / row["file"]));
    auto expected = want->word("outcome");
    const auto& file = row["file"];
    if (expected != "either") BOOST_TEST(outcome_of(got) == expected, file);
    check_usage(*want, got, file);
    if (const auto* finish = want->find("finish_reason"); finish && finish->kind == '"') {
        BOOST_TEST(got.finish_reason == want->word("finish_reason"), file);
    }
    if (expected == "error" || expected == "incomplete") {
        BOOST_TEST(got.octets.find("data: [DONE]") == std::string::npos, file);
    }
    if (expected == "complete") {
        BOOST_TEST(got.octets.find("[DONE]") != std::string::npos, file);
        if (side == face::openrouter) BOOST_TEST(text_of(got) == want->word("text"), file);
    }
    if (const auto contains = want->word("error_contains"); !contains.empty() && got.failure) {
        BOOST_TEST(got.failure->message.find(contains) != std::string::npos, file);
    }
}

// Folders of recordings, and the rows whose answers they hold.
const std::map<std::string, std::string> family{
    {"openai", "openai"},
    {"azure", "azure"},
    {"groq", "groq"},
    {"together", "together"},
    {"deepseek", "deepseek"},
    {"xai", "xai"},
    {"mistral", "mistral"},
    {"perplexity", "perplexity"},
    {"cerebras", "cerebras"},
    {"openrouter", "openrouter"},
    {"ollama", "ollama"},
    {"vllm", "vllm"},
    {"llamacpp", "llamacpp"},
    {"lmstudio", "lmstudio"},
    {"ai21", "ai21"},
    {"cloudflare", "cloudflare"},
    {"databricks", "databricks"},
    {"dashscope", "alibaba"},
    {"doubleword", "doubleword"},
    {"huggingface", "huggingface"},
    {"mistralrs", "mistralrs"},
    {"snowflake", "snowflake"},
    {"tgi", "tgi"},
    {"venice", "venice"},
    {"vercel-gateway", "vercel"},
    {"zai", "z-ai"}};

struct recording {
    std::string provider;
    fs::path path;
    std::map<std::string, std::string> row;
};

// Good chat answers of the family, as recorded from the wire.
std::vector<recording> recordings(const std::string& streaming) {
    std::vector<recording> all;
    const fs::path root{"../shared/recordings"};
    if (!fs::exists(root)) {
        BOOST_TEST_MESSAGE("skipped: " << root << " is not here");
        return all;
    }
    for (const auto& [folder, provider] : family) {
        for (auto& row : read_table(root / folder / "manifest.tsv")) {
            bool is_raw = row["fidelity"].starts_with("raw");
            bool is_good =
                row["status"].starts_with("200") && row["kind"].find("error") == std::string::npos;
            bool is_chat = row["endpoint"].find("chat/completions") != std::string::npos;
            if (is_raw && is_good && is_chat && row["streaming"] == streaming) {
                all.push_back({provider, root / folder / row["file"], row});
            }
        }
    }
    return all;
}

// The last usage object of a stream or an answer, wherever the provider puts it.
std::optional<json_tree> recorded_usage(std::string_view octets) {
    std::optional<json_tree> last;
    for (auto at = octets.find("\"usage\":"); at != octets.npos;
         at = octets.find("\"usage\":", at + 1)) {
        auto open = octets.find_first_not_of(' ', at + 8);
        if (open == octets.npos || octets[open] != '{') continue;
        int depth = 0;
        for (auto to = open; to < octets.size(); ++to) {
            if (octets[to] == '{') ++depth;
            if (octets[to] == '}' && --depth == 0) {
                if (auto tree = parse_json(octets.substr(open, to + 1 - open));
                    tree && tree->find("prompt_tokens"))
                    last = tree;
                break;
            }
        }
    }
    return last;
}

void check_recorded_usage(const recording& one, std::string_view octets, const outcome& got) {
    auto usage = recorded_usage(octets);
    if (!usage) return;
    BOOST_TEST(got.facts.tokens.present, one.path);
    if (one.provider != "azure")
        BOOST_TEST(
            std::to_string(got.facts.tokens.prompt) == usage->word("prompt_tokens"), one.path
        );
    auto reasoning = usage->word("completion_tokens_details.reasoning_tokens");
    if (reasoning.empty() || reasoning == "0") {
        BOOST_TEST(
            std::to_string(got.facts.tokens.completion) == usage->word("completion_tokens"),
            one.path
        );
    }
    // Reasoning beside the completion: ours is the sum. OpenRouter has such upstreams and hides it in the total.
    auto count = [&](std::string_view path) {
        return std::atoll(usage->word(path).c_str());
    };
    bool beside = count("completion_tokens_details.reasoning_tokens") > count("completion_tokens");
    if (one.provider != "azure" && !beside) {
        BOOST_TEST(std::to_string(got.facts.tokens.total) == usage->word("total_tokens"), one.path);
    }
}

const std::set<std::string> ours_in_chunk{"id", "model", "provider", "usage", "choices"};
const std::set<std::string> ours_in_choice{
    "finish_reason", "native_finish_reason", "delta", "message"};

// Members that are not ours are the provider's, spelled and ordered as before.
std::string others(const json_tree& object, const std::set<std::string>& ours) {
    std::string text;
    for (const auto& [name, value] : object.members) {
        if (!ours.contains(name)) text += name + "=" + value.dump() + ";";
    }
    return text;
}

// What a message or delta says is kept; thoughts are called by one name.
void check_body(const json_tree& before, const json_tree& after, const fs::path& path) {
    const bool has_thought = before.find("reasoning") != nullptr;
    for (const auto& [name, value] : before.members) {
        if (name == "role") continue;
        const bool is_renamed = name == "reasoning_content" && !has_thought;
        const auto* const kept = after.find(is_renamed ? "reasoning" : name);
        BOOST_REQUIRE_MESSAGE(kept, path << " lost " << name);
        BOOST_TEST(kept->dump() == value.dump(), path);
    }
}

void check_spliced(const json_tree& before, const json_tree& after, const fs::path& path) {
    BOOST_TEST(others(before, ours_in_chunk) == others(after, ours_in_chunk), path);
    BOOST_TEST(after.word("id") == "gen-1-abc", path);
    BOOST_TEST(after.word("model") == "acme/m1", path);
    BOOST_TEST(after.word("provider") == "Acme", path);
    const auto* choices = before.find("choices");
    for (std::size_t i = 0; choices && i < choices->members.size(); ++i) {
        const auto& old_choice = choices->members[i].second;
        const auto* new_choice = after.at("choices." + std::to_string(i));
        BOOST_REQUIRE(new_choice);
        BOOST_TEST(others(old_choice, ours_in_choice) == others(*new_choice, ours_in_choice), path);
        BOOST_TEST(new_choice->find("native_finish_reason"), path);
        const auto* old_message = old_choice.find("message");
        const auto* old_delta = old_choice.find("delta");
        const auto* new_delta = new_choice->find("delta");
        if (old_message && old_message->kind == '{' && !old_delta)
            check_body(*old_message, *new_choice->find("message"), path);
        if (!old_delta || old_delta->kind != '{') continue;
        BOOST_TEST(new_delta->word("role") != "", path);
        BOOST_TEST(new_delta->find("content"), path);
        check_body(*old_delta, *new_delta, path);
    }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(shared_streams)

BOOST_AUTO_TEST_CASE(the_sse_corpus_ends_as_its_index_says_on_both_faces) {
    const fs::path folder{"../shared/corpora/sse"};
    if (!fs::exists(folder / "index.tsv")) {
        BOOST_TEST_MESSAGE("skipped: " << folder << " is not here");
        return;
    }
    int count = 0;
    for (auto& row : read_table(folder / "index.tsv")) {
        if (row["category"] != "llm" || row["file"].starts_with("llm_anthropic") ||
            row["file"].starts_with("llm_gemini"))
            continue;
        check_llm_case(folder, row, face::openai);
        check_llm_case(folder, row, face::openrouter);
        ++count;
    }
    BOOST_TEST_MESSAGE("sse corpus: " << count << " cases");
}

BOOST_AUTO_TEST_CASE(recorded_streams_pass_v1_octet_for_octet) {
    int count = 0;
    for (const auto& one : recordings("y")) {
        auto octets = read_file(one.path);
        answer_run run;
        run.provider = one.provider;
        auto got = run.over(octets);
        auto expected = octets;
        if (octets.find("data: [DONE]") == octets.npos) expected += "data: [DONE]\n\n";
        BOOST_TEST((got.octets == expected), one.path);
        BOOST_TEST(!got.failure.has_value(), one.path);
        BOOST_TEST(got.facts.complete, one.path);
        check_recorded_usage(one, octets, got);
        if (count % 8 == 0) static_cast<void>(run.over_three_ways(octets));
        ++count;
    }
    BOOST_TEST_MESSAGE("recorded streams: " << count);
}

BOOST_AUTO_TEST_CASE(recorded_streams_change_on_api_v1_only_where_they_must) {
    for (const auto& one : recordings("y")) {
        auto octets = read_file(one.path);
        answer_run run;
        run.provider = one.provider;
        run.side = face::openrouter;
        auto got = run.over(octets);
        auto before = payloads(octets);
        auto after = payloads(got.octets);
        BOOST_REQUIRE(after.size() >= 2);
        BOOST_TEST(after.back() == "[DONE]", one.path);
        auto usage = parse_json(after[after.size() - 2]);
        BOOST_REQUIRE_MESSAGE(usage.has_value(), one.path);
        BOOST_TEST(usage->at("usage.cost_details.upstream_inference_cost"), one.path);
        std::size_t i = 0;
        for (auto& text : before) {
            if (text.ends_with('\r')) text.pop_back();
            auto old_chunk = parse_json(text);
            if (!old_chunk) continue;
            const auto* choices = old_chunk->find("choices");
            if (choices && choices->members.empty() && old_chunk->find("usage") &&
                old_chunk->find("usage")->kind == '{')
                continue;
            auto new_chunk = parse_json(after[i++]);
            BOOST_REQUIRE_MESSAGE(new_chunk.has_value(), one.path);
            BOOST_TEST(!new_chunk->find("usage"), one.path);
            check_spliced(*old_chunk, *new_chunk, one.path);
        }
        BOOST_TEST(i + 2 == after.size(), one.path);
    }
}

BOOST_AUTO_TEST_CASE(recorded_answers_pass_v1_octet_for_octet_and_are_spliced_on_api_v1) {
    int count = 0;
    for (const auto& one : recordings("n")) {
        auto octets = read_file(one.path);
        auto before = parse_json(octets);
        if (!before) continue;
        answer_run run;
        run.provider = one.provider;
        run.how = delivery::whole;
        auto plain = run.over(octets);
        BOOST_TEST((plain.octets == octets), one.path);
        BOOST_TEST(plain.facts.complete, one.path);
        check_recorded_usage(one, octets, plain);
        run.side = face::openrouter;
        auto spliced = run.over(octets);
        auto after = parse_json(spliced.octets);
        BOOST_REQUIRE_MESSAGE(after.has_value(), one.path);
        check_spliced(*before, *after, one.path);
        BOOST_TEST(
            after->word("usage.prompt_tokens") ==
                std::to_string(plain.facts.tokens.present ? plain.facts.tokens.prompt : 10),
            one.path
        );
        ++count;
    }
    BOOST_TEST_MESSAGE("recorded answers: " << count);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace spillway::testing
