// Every recorded answer of Bedrock in ../shared: what is whole ends, what is broken never does, and the counts add up.
#include "tests/adapters/support/files.hpp"
#include "tests/adapters/support/json_tree.hpp"
#include "tests/adapters/support/waist.hpp"

#include <boost/test/unit_test.hpp>

#include <filesystem>

namespace spillway::testing {

namespace {

using namespace adapters;

enum class expected : std::uint8_t { nothing, whole, failed };

using row = std::map<std::string, std::string>;

// What has nothing to do with Converse, or is no answer of it, is not looked at.
expected expectation(const row& one) {
    const std::string& kind = one.at("kind");
    if (kind.starts_with("corrupt:") || kind.starts_with("midstream-") ||
        kind.starts_with("truncated:")) {
        return expected::failed;
    }
    if (kind.contains("error400")) return expected::nothing;
    return kind.starts_with("converse:") || kind.starts_with("converse-stream:")
               ? expected::whole
               : expected::nothing;
}

// Octets that do not depend on time are what a tree says of a text without them.
void counts_add_up(const outcome& out, const std::string& name) {
    const usage& tokens = out.facts.tokens;
    BOOST_TEST(tokens.present, name);
    BOOST_TEST(tokens.total == tokens.prompt + tokens.completion, name);
    BOOST_TEST(tokens.prompt >= tokens.cached_read + tokens.cache_write, name);
}

void calls_are_json(std::string_view answer, const std::string& name) {
    const auto tree = parse_json(answer);
    BOOST_TEST_REQUIRE(tree.has_value(), name);
    const json_tree* calls = tree->at("choices.0.message.tool_calls");
    if (calls == nullptr) return;
    for (const auto& [label, call] : calls->members)
        BOOST_TEST(parse_json(call.word("function.arguments")).has_value(), name);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(converse_recordings)

BOOST_AUTO_TEST_CASE(every_recording_ends_as_it_should) {
    const std::filesystem::path folder{"../shared/recordings/bedrock"};
    if (!std::filesystem::exists(folder)) {
        BOOST_TEST_MESSAGE("skipped: no ../shared/recordings/bedrock");
        return;
    }
    std::size_t whole = 0;
    std::size_t failed = 0;
    for (const row& one : read_table(folder / "manifest.tsv")) {
        const expected wanted = expectation(one);
        if (wanted == expected::nothing) continue;
        const std::string& name = one.at("file");
        const std::string body = read_file(folder / name);
        for (const protocol to : {protocol::chat, protocol::converse}) {
            waist_run run;
            run.provider = "amazon-bedrock";
            run.from = protocol::converse;
            run.to = to;
            run.how = name.ends_with(".json") ? delivery::whole : delivery::streamed;
            run.frames = name.ends_with(".ndjson") ? framing::lines : framing::event_stream;
            const outcome out = run.over_three_ways(body);
            BOOST_TEST(out.facts.complete == (wanted == expected::whole), name);
            BOOST_TEST(out.failure.has_value() == (wanted == expected::failed), name);
            if (wanted == expected::whole) counts_add_up(out, name);
            if (wanted == expected::whole && run.how == delivery::whole && to == protocol::chat)
                calls_are_json(out.octets, name);
        }
        ++(wanted == expected::whole ? whole : failed);
    }
    BOOST_TEST_MESSAGE("recordings of Bedrock: " << whole << " whole, " << failed << " broken");
    BOOST_TEST(whole > 50U);
    BOOST_TEST(failed > 5U);
}

BOOST_AUTO_TEST_CASE(every_recorded_request_is_understood) {
    const std::filesystem::path folder{"../shared/recordings/bedrock"};
    if (!std::filesystem::exists(folder)) {
        BOOST_TEST_MESSAGE("skipped: no ../shared/recordings/bedrock");
        return;
    }
    std::size_t count = 0;
    for (const row& one : read_table(folder / "manifest.tsv")) {
        const std::string& kind = one.at("kind");
        const auto request = one.find("request_file");
        if (!kind.starts_with("converse") || kind.contains("error400") || request == one.end() ||
            request->second.empty() || !std::filesystem::exists(folder / request->second)) {
            continue;
        }
        const std::string body = read_file(folder / request->second);
        for (const protocol to : {protocol::chat, protocol::converse}) {
            const waist_request run{
                .provider = to == protocol::chat ? "openrouter" : "amazon-bedrock",
                .from = protocol::converse,
                .to = to,
                .model = one.at("model")};
            const auto made = run.over(body);
            // Nova's own tools are nobody else's.
            if (to == protocol::chat && body.contains("systemTool")) {
                BOOST_TEST(made.param == "tools");
                continue;
            }
            BOOST_TEST(made.refusal == "", request->second << ": " << made.refusal);
            BOOST_TEST(parse_json(made.body).has_value(), request->second << " " << made.body);
        }
        ++count;
    }
    BOOST_TEST_MESSAGE("recorded requests of Bedrock: " << count);
    BOOST_TEST(count > 30U);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace spillway::testing
