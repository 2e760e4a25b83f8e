// Recorded answers of ../shared through the waist: each whole one ends, its counts agree, and what leaves in the other
// protocol is read back with the same text and the same calls; cut in the middle, none ends.
#include "tests/adapters/support/files.hpp"
#include "tests/adapters/support/json_tree.hpp"
#include "tests/adapters/support/waist.hpp"

#include <boost/test/unit_test.hpp>

#include <cstdio>

namespace spillway::testing {

namespace {

namespace fs = std::filesystem;
using namespace adapters;

const fs::path recordings = "../shared/recordings";

bool is_failure(std::map<std::string, std::string>& row) {
    const auto& kind = row["kind"];
    return !row["status"].starts_with("200") || kind.find("error") != std::string::npos ||
           kind.find("failed") != std::string::npos;
}

// The answer, once more through the protocol it left in: text, thoughts and calls must stay.
std::string heard_again(const outcome& got, protocol left_in, delivery how) {
    waist_run again;
    again.from = left_in;
    again.to = protocol::chat;
    again.how = how;
    return again.over(got.octets).octets;
}

void check(const waist_run& run, const std::string& body, const std::string& file) {
    const auto got = run.over(body);
    BOOST_TEST(!got.failure.has_value(), file << ": " << (got.failure ? got.failure->message : ""));
    BOOST_TEST(got.facts.complete, file);
    const auto& tokens = got.facts.tokens;
    if (tokens.present) {
        BOOST_TEST(tokens.total == tokens.prompt + tokens.completion, file);
        BOOST_TEST(tokens.reasoning <= tokens.completion, file);
        BOOST_TEST(tokens.cached_read <= tokens.prompt, file);
    }
    const std::string_view half = std::string_view{body}.substr(0, body.size() / 2);
    auto cut = run;
    cut.end = ending::cut;
    BOOST_TEST(!cut.over(half).facts.complete, file);
    auto other = run;
    other.to = protocol::responses;
    const auto as_chat = run.over(body);
    const auto there_and_back = heard_again(other.over(body), protocol::responses, run.how);
    BOOST_TEST(!there_and_back.empty(), file);
    if (run.how != delivery::whole) return;
    const auto first = parse_json(as_chat.octets);
    const auto second = parse_json(there_and_back);
    BOOST_TEST_REQUIRE((first && second), file);
    for (const auto* path :
         {"choices.0.message.content",
          "choices.0.message.refusal",
          "choices.0.message.tool_calls"}) {
        const auto* here = first->at(path);
        const auto* there = second->at(path);
        BOOST_TEST((here ? here->dump() : "") == (there ? there->dump() : ""), file << " " << path);
    }
}

int run_all(std::string_view prefix, protocol from) {
    int count = 0;
    for (const auto& folder : fs::directory_iterator{recordings}) {
        const auto provider = folder.path().filename().string();
        if (!fs::exists(folder.path() / "manifest.tsv")) continue;
        for (auto& row : read_table(folder.path() / "manifest.tsv")) {
            const auto& file = row["file"];
            if (!file.starts_with(prefix) || is_failure(row)) continue;
            const auto body = read_file(folder.path() / file);
            if (body.empty()) continue;
            waist_run run;
            if (find_row(provider) != nullptr) run.provider = provider;
            run.from = from;
            run.how = file.ends_with(".sse") ? delivery::streamed : delivery::whole;
            check(run, body, provider + "/" + file);
            ++count;
        }
    }
    return count;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(waist_recordings)

BOOST_AUTO_TEST_CASE(chat_answers_end_and_their_counts_agree) {
    if (!fs::exists(recordings)) {
        std::puts("no ../shared: recorded chat answers were not run");
        return;
    }
    const auto count = run_all("chat-", protocol::chat);
    std::printf("%d recorded chat answers through the waist\n", count);
    BOOST_TEST(count > 500);
}

BOOST_AUTO_TEST_CASE(responses_answers_end_and_their_counts_agree) {
    if (!fs::exists(recordings)) {
        std::puts("no ../shared: recorded Responses answers were not run");
        return;
    }
    const auto count = run_all("responses-", protocol::responses);
    std::printf("%d recorded Responses answers through the waist\n", count);
    BOOST_TEST(count > 150);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace spillway::testing
