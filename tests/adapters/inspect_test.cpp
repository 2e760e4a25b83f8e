#include "adapters/inspect.hpp"
#include "tests/adapters/support/files.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

namespace spillway::adapters {

namespace {

namespace fs = std::filesystem;
namespace data = boost::unit_test::data;

constexpr std::string_view talk = R"("messages":[{"role":"user","content":"ping"}])";

std::string with(std::string_view more) {
    return R"({"model":"a/b",)" + std::string{talk} + "," + std::string{more} + "}";
}

bool accepts(std::string_view text, operation what = operation::chat) {
    padded_text body{text};
    return inspect({what, face::openai}, body.view()).has_value();
}

std::string param_of(std::string_view text) {
    padded_text body{text};
    auto facts = inspect({operation::chat, face::openai}, body.view());
    return facts ? "accepted" : facts.error().param;
}

struct refusal {
    std::string_view more;
    std::string_view param;
    friend std::ostream& operator<<(std::ostream& out, const refusal& one) {
        return out << one.more;
    }
};

constexpr refusal refusals[] = {
    {R"("stream":1)", "stream"},
    {R"("stream":"true")", "stream"},
    {R"("max_tokens":"5")", "max_tokens"},
    {R"("max_tokens":0)", "max_tokens"},
    {R"("max_tokens":-1)", "max_tokens"},
    {R"("max_tokens":1.5)", "max_tokens"},
    {R"("max_tokens":4294967296)", "max_tokens"},
    {R"("max_completion_tokens":1e3)", "max_completion_tokens"},
    {R"("n":0)", "n"},
    {R"("n":129)", "n"},
    {R"("stop":5)", "stop"},
    {R"("stop":["a",5])", "stop"},
    {R"("stream_options":[])", "stream_options"},
    {R"("stream_options":{"include_usage":1})", "stream_options"},
    {R"("tools":{})", "tools"},
    {R"("tools":[1])", "tools"},
    {R"("tool_choice":1)", "tool_choice"},
    {R"("response_format":"json")", "response_format"},
    {R"("models":"a/b")", "models"},
    {R"("models":["a/b",5])", "models"},
    {R"("models":["a//b"])", "models"},
    {R"("user":5)", "user"},
    {R"("provider":[])", "provider"},
    {R"("provider":{"order":"x"})", "provider"},
    {R"("provider":{"order":[1]})", "provider"},
    {R"("provider":{"allow_fallbacks":"no"})", "provider"},
    {R"("provider":{"data_collection":"maybe"})", "provider"},
    {R"("provider":{"sort":"cheapest"})", "provider"},
    {R"("provider":{"sort":{"by":"price","partition":"all"}})", "provider"},
    {R"("provider":{"max_price":5})", "provider"},
    {R"("provider":{"order":["x"],"ord\u0065r":["y"]})", "provider"},
    {R"("plugins":{})", "plugins"},
    {R"("reasoning":true)", "reasoning"},
    {R"("mod\u0065l":"c/d")", "model"},
    {R"("user":"\ud800")", "user"},
};

// These are well-formed names; what refuses them is that no such model exists.
bool is_left_to_routing(const std::string& file) {
    return file == "req__model-like2.json";
}

}  // namespace

BOOST_AUTO_TEST_SUITE(inspecting)

BOOST_AUTO_TEST_CASE(an_ordinary_request_gives_up_its_facts) {
    padded_text body{
        R"({"model":"openai\/gpt-4o","messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"x"}}]}],)"
        R"("stream":true,"stream_options":{"include_usage":true},"max_tokens":9,"max_completion_tokens":7,"n":2,)"
        R"("models":["a/b","c/d:free"],"provider":{"order":["Azure"],"only":["azure","openai"],"ignore":["x"],)"
        R"("allow_fallbacks":false,"zdr":true,"sort":{"by":"price","partition":"none"},"max_price":{"prompt":"1"}},)"
        R"("tools":[{"type":"function"}],"response_format":{"type":"json_schema","json_schema":{}},)"
        R"("user":"u\u00e9","session_id":"s","unknown":[1e400]})"};
    auto facts = inspect({operation::chat, face::openrouter}, body.view());
    BOOST_REQUIRE(facts.has_value());
    BOOST_TEST(facts->model == "openai/gpt-4o");
    BOOST_TEST(facts->stream);
    BOOST_TEST((facts->usage_asked == usage_request::asked));
    BOOST_TEST(facts->max_tokens.value() == 7u);
    BOOST_TEST(facts->n == 2u);
    BOOST_REQUIRE(facts->models().size() == 2u);
    BOOST_TEST(facts->models()[1] == "c/d:free");
    BOOST_REQUIRE(facts->only().size() == 2u);
    BOOST_TEST(facts->only()[1] == "openai");
    BOOST_TEST(facts->order()[0] == "Azure");
    BOOST_TEST(facts->ignore()[0] == "x");
    BOOST_TEST((facts->provider.allow_fallbacks == tristate::no));
    BOOST_TEST((facts->provider.zdr == tristate::yes));
    BOOST_TEST((facts->provider.sort == sort_order::price));
    BOOST_TEST((facts->provider.partition == sort_partition::none));
    BOOST_TEST(facts->provider.max_price == R"({"prompt":"1"})");
    BOOST_TEST(facts->needs_any(need::tools));
    BOOST_TEST(facts->needs_any(need::images));
    BOOST_TEST(facts->needs_any(need::json_schema));
    BOOST_TEST(!facts->needs_any(need::audio));
    BOOST_TEST(!facts->needs_any(need::server_tools));
    BOOST_TEST(facts->user == "u\xc3\xa9");
    BOOST_TEST(facts->session_id == "s");
    BOOST_TEST(facts->messages.starts_with("[{\"role\""));
    BOOST_TEST(facts->all_members() == 14u);
}

BOOST_AUTO_TEST_CASE(facts_survive_a_move) {
    padded_text body{R"({"model":"a\/b",)" + std::string{talk} + R"(,"models":["c\/d"]})"};
    auto facts = inspect({operation::chat, face::openai}, body.view());
    BOOST_REQUIRE(facts.has_value());
    request_facts moved = std::move(*facts);
    BOOST_TEST(moved.model == "a/b");
    BOOST_TEST(moved.models()[0] == "c/d");
}

BOOST_DATA_TEST_CASE(wrong_members_are_refused_by_name, data::make(refusals), one) {
    BOOST_TEST(param_of(with(one.more)) == one.param);
}

BOOST_AUTO_TEST_CASE(null_means_absent_for_optional_members) {
    for (auto name : member_names) {
        if (name == "model" || name == "messages") continue;
        BOOST_TEST(accepts(with("\"" + std::string{name} + "\":null")), name);
    }
    BOOST_TEST(!accepts(R"({"model":null,)" + std::string{talk} + "}"));
}

BOOST_AUTO_TEST_CASE(every_known_name_is_known) {
    for (std::size_t i = 0; i < member_count; ++i) {
        auto text = R"({"x":1,")" + std::string{member_names[i]} + R"(":null,"x":2})";
        padded_text body{text};
        auto facts = inspect({operation::completions, face::openai}, body.view());
        if (!facts) {
            BOOST_TEST(
                (member_names[i] == "model" || member_names[i] == "messages"), member_names[i]
            );
            continue;
        }
        BOOST_REQUIRE(facts->members().size() == 1u);
        BOOST_TEST(name_of(facts->members()[0].which) == member_names[i]);
    }
}

BOOST_AUTO_TEST_CASE(a_body_cut_anywhere_is_refused_even_if_what_follows_would_complete_it) {
    auto text =
        with(R"("stop":["a"],"metadata":{"a":[1,{"b":null}]},"seed":12.5e3,"user":"\u00e9x")");
    for (std::size_t size = 0; size < text.size(); ++size) {
        // The padding holds the rest of the very same text.
        std::string octets = text + std::string(padding, ' ');
        BOOST_TEST(
            !inspect({operation::chat, face::openai}, {octets.data(), size}).has_value(),
            "cut at " << size
        );
    }
    BOOST_TEST(accepts(text));
}

BOOST_AUTO_TEST_CASE(depth_is_bounded_at_512) {
    auto nested = [](std::size_t depth) {
        return with("\"x\":" + std::string(depth, '[') + std::string(depth, ']'));
    };
    BOOST_TEST(accepts(nested(511)));
    BOOST_TEST(!accepts(nested(512)));
    BOOST_TEST(!accepts(nested(100000)));
}

BOOST_AUTO_TEST_CASE(lists_are_bounded) {
    std::string list = "\"a/b\"";
    for (int i = 1; i < 32; ++i)
        list += ",\"a/b\"";
    BOOST_TEST(accepts(with("\"models\":[" + list + "]")));
    BOOST_TEST(!accepts(with("\"models\":[" + list + ",\"a/b\"]")));
}

BOOST_AUTO_TEST_CASE(other_operations_need_their_own_members) {
    BOOST_TEST(accepts(R"({"model":"a/b","input":"x"})", operation::embeddings));
    BOOST_TEST(!accepts(R"({"model":"a/b"})", operation::embeddings));
    BOOST_TEST(!accepts(R"({"model":"a/b","input":5})", operation::embeddings));
    BOOST_TEST(accepts(R"({"model":"a/b","prompt":[1,2]})", operation::completions));
    BOOST_TEST(!accepts(R"({"model":"a/b","stream":"x","prompt":""})", operation::completions));
}

BOOST_AUTO_TEST_CASE(model_names_need_no_quoting_anywhere) {
    for (auto good :
         {"gpt-4o", "a/b", "~a/b-latest", "@cf/x/y", "a/b:free", "A.b_c+d@preset/x", "..a"}) {
        BOOST_TEST(is_model_name(good), good);
    }
    for (auto bad :
         {"",
          "/",
          "a/",
          "/a",
          "a//b",
          ".",
          "..",
          "a/../b",
          "a/.",
          "a b",
          "a%00",
          "a?b",
          "a\\b",
          "a,b"}) {
        BOOST_TEST(!is_model_name(bad), bad);
    }
    BOOST_TEST(is_model_name(std::string(256, 'a')));
    BOOST_TEST(!is_model_name(std::string(257, 'a')));
}

BOOST_AUTO_TEST_CASE(the_shared_json_corpus_is_judged_as_its_index_says) {
    const fs::path folder{"../shared/corpora/json"};
    if (!fs::exists(folder / "index.tsv")) {
        BOOST_TEST_MESSAGE("skipped: " << folder << " is not here");
        return;
    }
    int cases = 0;
    for (auto& row : spillway::testing::read_table(folder / "index.tsv")) {
        auto text = spillway::testing::read_file(folder / row["file"]);
        bool is_document = row["kind"] == "document";
        // A document may be any value; as an unknown member's value it meets the same reader.
        if (is_document) text = R"({"messages":[{}],"x":)" + text + "}";
        bool accepted = accepts(text);
        ++cases;
        if (row["expectation"] == "accept") BOOST_TEST(accepted, row["file"]);
        if (row["expectation"] == "reject" && !is_left_to_routing(row["file"])) {
            BOOST_TEST(!accepted, row["file"]);
        }
    }
    BOOST_TEST_MESSAGE("json corpus: " << cases << " cases");
    BOOST_TEST(cases > 0);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace spillway::adapters
