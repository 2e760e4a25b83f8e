// The project's own tables of this folder, each case whole, cut at every position and octet by octet.
#include "proxy/wire/chunk_decoder.hpp"
#include "proxy/wire/target.hpp"
#include "tests/conformance/case_table.hpp"
#include "tests/conformance/wire_model.hpp"

#include <boost/test/unit_test.hpp>

namespace spillway::conformance {
namespace {

const std::string folder = "tests/conformance/";

const macros request_macros{
    {"host", R"(Host: a.test\r\n)"},
    {"get", R"(GET /v1/models HTTP/1.1\r\nHost: a.test\r\n)"},
    {"post", R"(POST /v1/chat/completions HTTP/1.1\r\nHost: a.test\r\n)"},
};

std::string decode_chunks(const testing::pieces& pieces) {
    wire::chunk_decoder decoder{4096};
    std::string body;
    std::string behind;
    for (std::string_view piece : pieces) {
        while (!piece.empty() && !decoder.is_done()) {
            const wire::chunk_step step = decoder.decode(piece);
            if (step.event == wire::chunk_event::refused) return "!" + std::to_string(step.status);
            if (step.event == wire::chunk_event::data) body += step.text;
        }
        behind += piece;
    }
    return decoder.is_done() ? body + ">" + behind : "?";
}

void run_table(
    const std::string& name,
    const macros& known,
    const std::function<std::string(const testing::pieces&)>& run
) {
    const std::vector<table_case> cases = read_table(folder + name, known);
    for (const table_case& each : cases) {
        BOOST_TEST_CONTEXT(name << ": " << each.name) {
            const std::string said = testing::three_ways(each.octets, run);
            BOOST_TEST(said == each.expectation);
        }
    }
    BOOST_TEST_MESSAGE(name << ": " << cases.size() << " cases");
}

BOOST_AUTO_TEST_SUITE(tables)

BOOST_AUTO_TEST_CASE(every_request_is_accepted_or_refused_as_the_table_says) {
    run_table("http1_requests.txt", request_macros, [](const testing::pieces& pieces) {
        return read_requests(pieces, ending::stays_open).words();
    });
}

BOOST_AUTO_TEST_CASE(every_answer_is_accepted_or_refused_as_the_table_says) {
    run_table("http1_responses.txt", {}, [](const testing::pieces& pieces) {
        return read_response(pieces, ending::closes).words();
    });
}

BOOST_AUTO_TEST_CASE(every_chunked_body_comes_out_as_the_table_says) {
    run_table("chunks.txt", {}, decode_chunks);
}

BOOST_AUTO_TEST_CASE(every_path_has_one_spelling_or_is_refused) {
    for (const table_case& each : read_table(folder + "paths.txt")) {
        BOOST_TEST_CONTEXT(each.name) {
            std::string scratch;
            const wire::path_verdict verdict = wire::check_path(each.octets, scratch);
            const std::string said = verdict.status == 0 ? std::string{verdict.path}
                                                         : "!" + std::to_string(verdict.status);
            BOOST_TEST(said == each.expectation);
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace spillway::conformance
