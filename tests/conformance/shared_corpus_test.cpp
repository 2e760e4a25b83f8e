// The shared corpora beside the source tree, where they exist: the verdicts a gateway on these parsers would give.
#include "proxy/wire/sse_scanner.hpp"
#include "tests/conformance/case_table.hpp"
#include "tests/conformance/wire_model.hpp"

#include <boost/test/unit_test.hpp>
#include <simdjson.h>

#include <algorithm>
#include <iostream>

namespace spillway::conformance {
namespace {

const std::string corpora = "../shared/corpora/";

std::vector<index_row> rows_of(const std::string& corpus) {
    const std::string path = corpora + corpus + "/index.tsv";
    if (file_exists(path)) return read_index(path);
    std::cout << path << " is not there: its cases are not run\n";
    return {};
}

bool is_refusal(const std::string& verdict) {
    return verdict != "accept" && verdict != "open";
}

// Empty if the story is what the index asks for, else what is wrong.
std::string judge_request(const index_row& row, const connection_story& story) {
    const std::vector<std::string> wanted = split(row.at("expectation"), ',');
    const std::vector<std::string>& got = story.verdicts;
    for (std::size_t i = 0; i < wanted.size(); ++i) {
        const bool optional = wanted[i].ends_with('?');
        const std::string want = optional ? wanted[i].substr(0, wanted[i].size() - 1) : wanted[i];
        if (i >= got.size()) {
            if (!optional) return "too few answers";
            continue;
        }
        if (got[i] == "open") return "no answer, more octets awaited";
        if (want == "accept" && got[i] != "accept") return "accept wanted";
        if (want == "reject" && !is_refusal(got[i])) return "reject wanted";
    }
    if (got.size() > wanted.size()) return "more answers than requests";
    if (row.at("after") == "close" && !story.closed) return "not closed";
    if (row.at("after") == "open" && story.closed) return "closed";
    return {};
}

std::string judge_response(const index_row& row, const connection_story& story) {
    const std::string& want = row.at("expectation");
    const std::string& got = story.verdicts.front();
    if (got == "open") return "left waiting";
    if (want == "accept" && got != "accept") return "accept wanted";
    if (want == "reject" && got == "accept") return "reject wanted";
    return {};
}

std::string read_events(const testing::pieces& pieces) {
    wire::sse_reader reader;
    std::string events;
    for (std::string_view piece : pieces) {
        while (!piece.empty()) {
            const wire::sse_step step = reader.next(piece);
            if (step == wire::sse_step::refused) return events + "refused";
            if (step != wire::sse_step::event) continue;
            events += "[" + std::string{reader.type()} + "|" + std::string{reader.data()} + "|" +
                      std::string{reader.last_id()} + "]\n";
        }
    }
    const std::string retry = reader.retry() ? std::to_string(*reader.retry()) : "null";
    return events + "last_id " + std::string{reader.last_id()} + " retry " + retry + " comments " +
           std::to_string(reader.comments());
}

std::string text_of(const simdjson::dom::element& json, const char* name) {
    return std::string{std::string_view{json[name]}};
}

// The same words from the index's JSON.
std::string wanted_events(const std::string& path) {
    simdjson::dom::parser parser;
    const simdjson::dom::element json = parser.load(path);
    std::string events;
    for (simdjson::dom::element event : json["events"]) {
        events += "[" + text_of(event, "type") + "|" + text_of(event, "data") + "|" +
                  text_of(event, "id") + "]\n";
    }
    const simdjson::dom::element retry = json["retry"];
    const std::size_t comments = json["comments"].get_array().value().size();
    return events + "last_id " + text_of(json, "last_id") + " retry " + simdjson::minify(retry) +
           " comments " + std::to_string(comments);
}

// Length of the well-formed UTF-8 sequence at the start, or minus the number of octets one U+FFFD stands for.
int utf8_size(std::string_view text) {
    const auto octet = [text](std::size_t i) {
        return i < text.size() ? static_cast<unsigned char>(text[i]) : 0u;
    };
    const unsigned lead = octet(0);
    if (lead < 0x80) return 1;
    if (lead < 0xc2 || lead > 0xf4) return -1;
    const int size = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    const unsigned low = lead == 0xe0 ? 0xa0 : lead == 0xf0 ? 0x90 : 0x80;
    const unsigned high = lead == 0xed ? 0x9f : lead == 0xf4 ? 0x8f : 0xbf;
    if (octet(1) < low || octet(1) > high) return -1;
    for (int i = 2; i < size; ++i) {
        if ((octet(static_cast<std::size_t>(i)) & 0xc0) != 0x80) return -i;
    }
    return size;
}

// Invalid UTF-8 as a browser shows it; the reader itself keeps the octets.
std::string with_replacements(std::string_view text) {
    std::string out;
    while (!text.empty()) {
        const int size = utf8_size(text);
        const auto used = static_cast<std::size_t>(std::abs(size));
        out += size > 0 ? text.substr(0, used) : std::string_view{"\xef\xbf\xbd"};
        text.remove_prefix(used);
    }
    return out;
}

BOOST_AUTO_TEST_SUITE(shared_corpus)

BOOST_AUTO_TEST_CASE(every_http1_case_gets_its_verdict) {
    std::size_t count = 0;
    for (const index_row& row : rows_of("http1")) {
        if (row.at("scope") != "any") continue;
        ++count;
        const std::string octets = read_file(corpora + "http1/" + row.at("file"));
        const bool holds = row.at("flags").find("hold") != std::string::npos;
        const bool fin = row.at("flags").find("fin") != std::string::npos;
        const bool request = row.at("kind") == "request";
        BOOST_TEST_CONTEXT(row.at("file") << " (" << row.at("reason") << ")") {
            std::string wrong;
            const std::string said =
                testing::three_ways(octets, [&](const testing::pieces& pieces) {
                    const connection_story story =
                        request
                            ? read_requests(pieces, fin ? ending::closes : ending::stays_open)
                            : read_response(pieces, holds ? ending::stays_open : ending::closes);
                    wrong = request ? judge_request(row, story) : judge_response(row, story);
                    return story.words();
                });
            BOOST_TEST(wrong == "", wrong << ", got " << said);
        }
    }
    std::cout << "shared http1 corpus: " << count << " cases\n";
}

BOOST_AUTO_TEST_CASE(every_sse_case_gives_its_events) {
    std::size_t count = 0;
    for (const index_row& row : rows_of("sse")) {
        if (row.at("category") != "parse") continue;
        ++count;
        BOOST_TEST_CONTEXT(row.at("file") << " (" << row.at("reason") << ")") {
            const std::string octets = read_file(corpora + "sse/" + row.at("file"));
            const std::string said = testing::three_ways(octets, read_events);
            BOOST_TEST(with_replacements(said) == wanted_events(corpora + "sse/" + row.at("want")));
        }
    }
    std::cout << "shared sse corpus: " << count << " cases\n";
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace spillway::conformance
