// Every recorded body of Google's comes to an end or to a typed failure, and its usage adds up.
#include "tests/adapters/support/event_log.hpp"
#include "tests/adapters/support/files.hpp"
#include "tests/adapters/support/json_tree.hpp"

#include <boost/test/unit_test.hpp>

#include <iostream>

namespace {

using namespace spillway::adapters;
using namespace spillway::testing;
namespace fs = std::filesystem;

bool is_answer(const std::string& name) {
    const bool is_body = name.ends_with(".sse") || name.ends_with(".json");
    if (!is_body || name.ends_with(".req.json")) return false;
    for (const auto* other : {"embed", "cachedcontents", "models-", "predict", "rerank"}) {
        if (name.find(other) != std::string::npos) return false;
    }
    return name.find("error4") == std::string::npos && name.find("429") == std::string::npos;
}

// total = prompt + candidates + thoughts + tools, as the provider counts.
void check_usage(const fs::path& path, const heard& log) {
    BOOST_TEST(
        log.tokens.total == log.tokens.prompt + log.tokens.completion,
        path << ": " << log.tokens.total << " is not " << log.tokens.prompt << " and "
             << log.tokens.completion
    );
    BOOST_TEST(log.tokens.cached_read <= log.tokens.prompt, path);
    BOOST_TEST(log.tokens.reasoning <= log.tokens.completion, path);
}

void check_arguments(const fs::path& path, std::string_view lines) {
    constexpr std::string_view label = "\narguments ";
    for (auto at = lines.find(label); at != lines.npos; at = lines.find(label, at + 1)) {
        const auto from = lines.find('{', at);
        const auto inside = lines.substr(from, lines.find('\n', from) - from);
        const auto outer = parse_json("{\"a\":\"" + std::string{inside} + "\"}");
        BOOST_REQUIRE_MESSAGE(outer.has_value(), path);
        BOOST_TEST(parse_json(outer->word("a")).has_value(), path << inside);
    }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(gemini_recordings)

BOOST_AUTO_TEST_CASE(every_recorded_answer_ends_or_fails_and_broken_ones_never_end) {
    std::size_t ran = 0;
    for (const auto* folder : {"gemini", "vertex"}) {
        const fs::path root = fs::path{"../shared/recordings"} / folder;
        if (!fs::exists(root)) {
            std::cout << "gemini_recordings: " << root << " is not there, nothing was read\n";
            continue;
        }
        for (const auto& file : fs::directory_iterator{root}) {
            const auto name = file.path().filename().string();
            if (!is_answer(name)) continue;
            ++ran;
            const auto body = read_file(file.path());
            const auto frames = name.ends_with(".sse") ? framing::events : framing::none;
            const auto log = frames == framing::none
                                 ? decoded(protocol::gemini, frames, {body})
                                 : decoded_three_ways(protocol::gemini, frames, body);
            if (name.starts_with("truncated") || name.starts_with("midstream")) {
                BOOST_TEST(!log.has_ended, file.path());
                BOOST_TEST(log.failed.has_value() == name.starts_with("midstream"), file.path());
                continue;
            }
            BOOST_TEST(
                log.has_ended,
                file.path() << (log.failed ? log.failed->message : std::string{" is cut"})
            );
            check_usage(file.path(), log);
            check_arguments(file.path(), log.lines);
        }
    }
    std::cout << "gemini_recordings: " << ran << " recorded answers read\n";
}

BOOST_AUTO_TEST_SUITE_END()
