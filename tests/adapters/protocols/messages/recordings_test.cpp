// Recorded answers of ../shared: every one decodes, complete ones to their end, broken ones never.
#include "tests/adapters/support/event_log.hpp"
#include "tests/adapters/support/files.hpp"
#include "tests/adapters/support/json_tree.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>

namespace spillway::testing {

namespace {

namespace fs = std::filesystem;
using namespace adapters;

void check_usage(const heard& log, const std::string& file) {
    const auto& tokens = log.tokens;
    BOOST_TEST(tokens.total == tokens.prompt + tokens.completion, file);
    BOOST_TEST(tokens.cached_read + tokens.cache_write <= tokens.prompt, file);
    BOOST_TEST(tokens.reasoning <= tokens.completion, file);
}

// The text blocks of a whole answer, one behind the other.
std::string text_of(const json_tree& answer) {
    std::string text;
    for (const auto& [label, block] : answer.at("content")->members) {
        if (block.word("type") != "text") continue;
        const auto raw = block.find("text")->text;
        text.append(raw, 1, raw.size() - 2);
    }
    return text;
}

void check_whole(const std::string& body, const std::string& file) {
    const auto log = decoded(protocol::messages, framing::none, {body});
    BOOST_TEST(!log.failed.has_value(), file);
    BOOST_TEST(log.has_ended, file);
    BOOST_TEST(log.text == text_of(*parse_json(body)), file);
    check_usage(log, file);
}

void check_stream(const std::string& body, const std::string& file) {
    const auto log = decoded_three_ways(protocol::messages, framing::events, body);
    const bool is_error = file.starts_with("midstream-error");
    BOOST_TEST(log.failed.has_value() == is_error, file);
    BOOST_TEST(log.has_ended == (!is_error && !file.starts_with("truncated")), file);
    check_usage(log, file);
}

bool is_message(const std::string& body) {
    const auto read = parse_json(body);
    return read && read->word("type") == "message" && read->find("content");
}

}  // namespace

BOOST_AUTO_TEST_CASE(recorded_messages_decode_to_their_end) {
    const fs::path folder{"../shared/recordings/anthropic"};
    if (!fs::exists(folder)) {
        BOOST_TEST_MESSAGE("skipped: ../shared/recordings/anthropic is not here");
        return;
    }
    std::size_t whole = 0;
    std::size_t streams = 0;
    for (const auto& entry : fs::directory_iterator{folder}) {
        const auto file = entry.path().filename().string();
        if (file.contains(".req.") || file.starts_with("complete-")) continue;
        const auto body = read_file(entry.path());
        if (file.ends_with(".sse")) {
            check_stream(body, file);
            ++streams;
        } else if (file.ends_with(".json") && is_message(body)) {
            check_whole(body, file);
            ++whole;
        }
    }
    BOOST_TEST_MESSAGE("anthropic recordings: " << whole << " whole, " << streams << " streamed");
    BOOST_TEST(whole > 0U);
    BOOST_TEST(streams > 0U);
}

}  // namespace spillway::testing
