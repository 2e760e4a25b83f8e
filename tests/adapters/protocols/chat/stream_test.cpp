#include "tests/adapters/support/answers.hpp"
#include "tests/adapters/support/json_tree.hpp"

#include <boost/test/unit_test.hpp>

namespace spillway::testing {

namespace {

using namespace adapters;

std::string
chunk(std::string_view delta, std::string_view finish = "null", std::string_view more = "") {
    return R"(data: {"id":"c1","object":"chat.completion.chunk","created":5,"model":"up","choices":[{"index":0,"delta":)" +
           std::string{delta} + R"(,"finish_reason":)" + std::string{finish} + "}]" +
           std::string{more} + "}\n\n";
}

const std::string hello = chunk(R"({"role":"assistant","content":""})") +
                          chunk(R"({"content":"h\u00e9 {[\"usage\":1"})") +
                          chunk(R"({"content":" b"})") + chunk("{}", R"("stop")");
const std::string numbers = R"("usage":{"prompt_tokens":3,"completion_tokens":2,"total_tokens":5})";
const std::string usage_event =
    R"(data: {"id":"c1","object":"chat.completion.chunk","created":5,"model":"up","choices":[],)" +
    numbers + "}\n\n";
const std::string done = "data: [DONE]\n\n";

answer_run plain() {
    return {};
}
answer_run hiding() {
    answer_run run;
    run.provider = "openai";
    run.asked = usage_request::not_asked;
    return run;
}
answer_run spliced(std::string_view provider = "openai") {
    answer_run run;
    run.provider = provider;
    run.side = face::openrouter;
    return run;
}
answer_run cut(answer_run run) {
    run.end = ending::cut;
    return run;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(chat_streams)

BOOST_AUTO_TEST_CASE(v1_hides_the_usage_event_only_we_asked_for) {
    auto got = hiding().over_three_ways(hello + usage_event + done);
    BOOST_TEST(got.octets == hello + done);
    BOOST_TEST(got.facts.tokens.prompt == 3u);
    BOOST_TEST(got.facts.complete);
    auto asked = plain().over_three_ways(hello + usage_event + done);
    BOOST_TEST(asked.octets == hello + usage_event + done);
}

BOOST_AUTO_TEST_CASE(api_v1_calls_thoughts_reasoning_however_the_stream_is_cut) {
    std::string events =
        chunk(R"({"role":"assistant","content":null,"reasoning_content":"a \"b"})");
    for (const auto* text : {"b", "cc", "", "reasoning_content"})
        events += chunk(R"({"content":null,"reasoning_content":")" + std::string{text} + R"("})");
    events += chunk(R"({"reasoning_content":"d","content":"e"})");
    events += chunk(R"({"reasoning":"f","reasoning_content":"f","content":"g"})");
    events += chunk(R"({"content":"h"})") + chunk("{}", R"("stop")");
    std::string thoughts;
    std::string words;
    std::string copies;
    for (const auto& event : payloads(spliced().over_three_ways(events + done).octets)) {
        const auto tree = parse_json(event);
        if (!tree) continue;
        thoughts += tree->word("choices.0.delta.reasoning");
        const auto word = tree->word("choices.0.delta.content");
        if (word != "null") words += word;
        copies += tree->word("choices.0.delta.reasoning_content");
    }
    BOOST_TEST(thoughts == "a \"bbccreasoning_contentdf");
    BOOST_TEST(words == "egh");
    BOOST_TEST(copies == "f");
}

BOOST_AUTO_TEST_CASE(v1_does_not_hide_events_without_choices_that_report_no_usage) {
    std::string filter = "data: {\"choices\":[],\"prompt_filter_results\":[{}]}\n\n";
    auto got = hiding().over_three_ways(filter + hello + usage_event + done);
    BOOST_TEST(got.octets == filter + hello + done);
}

BOOST_AUTO_TEST_CASE(of_what_is_held_back_not_even_the_half_of_a_line_end_leaves) {
    const auto with_cr_lf = [](std::string text) {
        for (auto at = text.find('\n'); at != text.npos; at = text.find('\n', at + 2))
            text.replace(at, 1, "\r\n");
        return text;
    };
    auto got = hiding().over_three_ways(with_cr_lf(hello + usage_event + done));
    BOOST_TEST(got.octets == with_cr_lf(hello + done));
    const std::string error = "data: {\"error\":{\"message\":\"no\"}}\n\n";
    for (const auto& run : {plain(), hiding(), spliced()}) {
        BOOST_TEST(run.over_three_ways(with_cr_lf(error)).octets.empty());
        BOOST_TEST(run.over_three_ways(with_cr_lf(done)).octets.empty());
        const auto clean = run.over(hello + done).octets;
        if (run.side == face::openrouter)
            BOOST_TEST(run.over_three_ways(with_cr_lf(hello + done)).octets == clean);
        const auto commented = run.over_three_ways(with_cr_lf(": a\n\n" + hello + done)).octets;
        BOOST_TEST(commented.starts_with(": a\r\n\r\ndata"));
    }
}

BOOST_AUTO_TEST_CASE(v1_hides_the_usage_event_with_its_other_lines) {
    auto got = hiding().over_three_ways(hello + "event: message\nid: 7\n" + usage_event + done);
    BOOST_TEST(got.octets == hello + done);
}

BOOST_AUTO_TEST_CASE(usage_is_found_where_each_provider_puts_it) {
    auto on_finish = hello.substr(0, hello.size() - chunk("{}", R"("stop")").size()) +
                     chunk("{}", R"("stop")", "," + numbers);
    BOOST_TEST(plain().over(on_finish + done).facts.tokens.total == 5u);
    std::string groq = chunk("{}", R"("stop")", R"(,"x_groq":{"id":"r",)" + numbers + "}");
    BOOST_TEST(plain().over(groq + done).facts.tokens.total == 5u);
    std::string moonshot =
        "data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"," + numbers +
        "}]}\n\n";
    BOOST_TEST(plain().over(moonshot + done).facts.tokens.total == 5u);
}

BOOST_AUTO_TEST_CASE(counting_rules_lead_to_one_meaning) {
    auto tokens = [](std::string_view usage) {
        return plain()
            .over(chunk("{}", R"("stop")", ",\"usage\":" + std::string{usage}) + done)
            .facts;
    };
    auto xai =
        tokens(
            R"({"prompt_tokens":10,"completion_tokens":2,"total_tokens":19,"completion_tokens_details":{"reasoning_tokens":7}})"
        )
            .tokens;
    BOOST_TEST(xai.completion == 9u);
    BOOST_TEST(xai.total == 19u);
    auto openai =
        tokens(
            R"({"prompt_tokens":10,"completion_tokens":9,"total_tokens":19,"completion_tokens_details":{"reasoning_tokens":7}})"
        )
            .tokens;
    BOOST_TEST(openai.completion == 9u);
    auto deepseek =
        tokens(
            R"({"prompt_tokens":10,"completion_tokens":9,"total_tokens":19,"prompt_cache_hit_tokens":4})"
        )
            .tokens;
    BOOST_TEST(deepseek.cached_read == 4u);
    auto grok_on_azure =
        tokens(
            R"({"prompt_tokens":10,"completion_tokens":1,"total_tokens":11,"prompt_tokens_details":{"cached_tokens":30}})"
        )
            .tokens;
    BOOST_TEST(grok_on_azure.prompt == 40u);
    auto databricks =
        tokens(R"({"prompt_tokens":10,"completion_tokens":null,"total_tokens":10})").tokens;
    BOOST_TEST(databricks.completion == 0u);
    auto twice =
        tokens(R"({"prompt_tokens":3,"completion_tokens":2,"completion_tokens":0,"total_tokens":5})"
        )
            .tokens;
    BOOST_TEST(twice.completion == 2u);
    auto huge =
        tokens(R"({"prompt_tokens":99999999999999999999,"completion_tokens":1,"total_tokens":1})");
    BOOST_TEST(!huge.tokens.present);
    BOOST_TEST(huge.usage_suspect);
}

BOOST_AUTO_TEST_CASE(all_line_ends_comments_and_leading_marks_pass_v1_unchanged) {
    for (std::string_view eol : {"\n", "\r\n", "\r"}) {
        std::string stream = "\xef\xbb\xbf: hi\n\n\n" + hello +
                             ": OPENROUTER PROCESSING\n\nevent: message\n" + usage_event + done;
        for (auto at = stream.find('\n'); at != stream.npos;
             at = stream.find('\n', at + eol.size()))
            stream.replace(at, 1, eol);
        auto got = plain().over_three_ways(stream);
        BOOST_TEST(got.octets == stream);
        BOOST_TEST(got.facts.complete);
        BOOST_TEST(got.facts.tokens.total == 5u);
    }
}

BOOST_AUTO_TEST_CASE(api_v1_adds_openrouter_and_gathers_usage_in_a_last_chunk) {
    auto got = spliced().over_three_ways(": wait\n\n" + hello + usage_event + done);
    auto events = payloads(got.octets);
    BOOST_REQUIRE(events.size() == 6u);
    BOOST_TEST(got.octets.starts_with(": wait\n\n"));
    BOOST_TEST(
        events[1] ==
        R"({"id":"gen-1-abc","object":"chat.completion.chunk","created":5,"model":"acme/m1","provider":"Acme","choices":[{"index":0,"delta":{"role":"assistant","content":"h\u00e9 {[\"usage\":1"},"finish_reason":null,"native_finish_reason":null}]})"
    );
    BOOST_TEST(
        events[3] ==
        R"({"id":"gen-1-abc","object":"chat.completion.chunk","created":5,"model":"acme/m1","provider":"Acme","choices":[{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":"stop","native_finish_reason":"stop"}]})"
    );
    BOOST_TEST(
        events[4] ==
        R"({"id":"gen-1-abc","object":"chat.completion.chunk","created":5,"model":"acme/m1","provider":"Acme","choices":[{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":"stop","native_finish_reason":"stop"}],"usage":{"prompt_tokens":3,"completion_tokens":2,"total_tokens":5,"cost":0.000007,"is_byok":false,"prompt_tokens_details":{"cached_tokens":0,"cache_write_tokens":0,"audio_tokens":0,"video_tokens":0},"cost_details":{"upstream_inference_cost":0.000007,"upstream_inference_prompt_cost":0.000003,"upstream_inference_completions_cost":0.000004},"completion_tokens_details":{"reasoning_tokens":0,"image_tokens":0,"audio_tokens":0}}})"
    );
    BOOST_TEST(events[5] == "[DONE]");
}

BOOST_AUTO_TEST_CASE(api_v1_splices_many_events_of_one_read) {
    // The output grows several times within one call, which must not show in it.
    std::string sent = chunk(R"({"role":"assistant","content":""})");
    for (std::size_t i = 0; i < 40; ++i) {
        sent += chunk(R"({"content":")" + std::string(i * 7 % 31 + 1, 'x') + R"("})");
    }
    sent += chunk("{}", R"("stop")") + usage_event + done;
    auto got = spliced().over_three_ways(sent);
    BOOST_TEST(got.octets.find('\0') == std::string::npos);
    BOOST_TEST(got.octets.ends_with("}\n\n" + done));
    std::size_t events = 0;
    for (auto at = got.octets.find("data: "); at != std::string::npos;
         at = got.octets.find("data: ", at + 1)) {
        ++events;
    }
    BOOST_TEST(events == 44u);
    BOOST_TEST(got.facts.complete);
}

BOOST_AUTO_TEST_CASE(api_v1_says_null_for_a_price_nobody_knows) {
    auto run = spliced();
    run.priced = false;
    auto got = run.over(hello + usage_event + done);
    BOOST_TEST(got.octets.find("\"cost\":null,") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(api_v1_estimates_usage_nobody_reports_and_says_so) {
    auto events = payloads(spliced().over_three_ways(hello + done).octets);
    auto last = parse_json(events[events.size() - 2]);
    BOOST_REQUIRE(last.has_value());
    BOOST_TEST(last->word("usage.prompt_tokens") == "10");
    BOOST_TEST(last->word("usage.completion_tokens") == "4");
    BOOST_TEST(last->word("usage.estimated") == "true");
}

BOOST_AUTO_TEST_CASE(api_v1_normalises_finish_reasons_and_keeps_the_native_one) {
    struct pair {
        std::string_view native, normal;
    };
    for (auto [native, normal] :
         {pair{"eos", "stop"},
          pair{"end_turn", "stop"},
          pair{"max_tokens", "length"},
          pair{"tool_call", "tool_calls"},
          pair{"SAFETY", "content_filter"},
          pair{"odd", "odd"}}) {
        auto events = payloads(
            spliced()
                .over(chunk(R"({"content":"x"})", "\"" + std::string{native} + "\"") + done)
                .octets
        );
        auto first = parse_json(events[0]);
        BOOST_TEST(first->word("choices.0.finish_reason") == normal);
        BOOST_TEST(first->word("choices.0.native_finish_reason") == native);
    }
}

BOOST_AUTO_TEST_CASE(api_v1_gives_every_delta_role_and_content) {
    auto delta_of = [](std::string_view delta) {
        auto events =
            payloads(spliced()
                         .over(chunk(R"({"role":"assistant","content":"a"})") + chunk(delta) + done)
                         .octets);
        return parse_json(events[1])->at("choices.0.delta")->dump();
    };
    BOOST_TEST(delta_of(R"({"content":"x"})") == R"({"role":"assistant","content":"x"})");
    BOOST_TEST(
        delta_of(R"({"reasoning":"x"})") == R"({"role":"assistant","content":"","reasoning":"x"})"
    );
    BOOST_TEST(
        delta_of(R"({"role":null,"content":"x"})") == R"({"role":"assistant","content":"x"})"
    );
    BOOST_TEST(
        delta_of(R"({"tool_calls":[{"index":0}]})") ==
        R"({"role":"assistant","content":null,"tool_calls":[{"index":0}]})"
    );
    BOOST_TEST(delta_of("{}") == R"({"role":"assistant","content":""})");
}

BOOST_AUTO_TEST_CASE(api_v1_drops_event_names_and_events_without_data) {
    auto got = spliced().over_three_ways("event: keepalive\n\nevent: message\n" + hello + done);
    BOOST_TEST(got.octets.find("event:") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_cut_stream_never_gets_a_done) {
    for (auto run : {cut(plain()), cut(hiding()), cut(spliced())}) {
        for (const auto& stream :
             {hello, hello + usage_event, hello.substr(0, hello.size() - 9), std::string{}}) {
            auto got = run.over_three_ways(stream);
            BOOST_TEST(!got.facts.complete);
            BOOST_TEST(got.octets.find("[DONE]") == std::string::npos);
        }
        BOOST_TEST(run.over(hello + done).facts.complete);
    }
}

BOOST_AUTO_TEST_CASE(a_clean_end_in_the_middle_of_an_answer_is_a_cut) {
    for (auto run : {plain(), spliced()}) {
        auto no_finish = chunk(R"({"content":"a"})");
        auto got = run.over_three_ways(no_finish);
        BOOST_TEST(!got.facts.complete);
        BOOST_TEST(got.facts.at_boundary);
        BOOST_TEST(got.octets.find("[DONE]") == std::string::npos);
        BOOST_TEST(!run.over_three_ways(hello + "data: {\"choi").facts.complete);
        BOOST_TEST(!run.over_three_ways(done).facts.complete);
        BOOST_TEST(run.over(done).octets.empty());
    }
}

BOOST_AUTO_TEST_CASE(v1_says_whether_an_error_event_may_follow) {
    // An event leaves in parts once it is known to be a chunk.
    auto event = chunk(R"({"content":"abc"})");
    auto inside = hello + event.substr(0, event.find("abc"));
    auto got = cut(plain()).over_three_ways(inside);
    BOOST_TEST(!got.facts.at_boundary);
    BOOST_TEST(cut(plain()).over_three_ways(hello + event.substr(0, 60)).facts.at_boundary);
    BOOST_TEST(cut(spliced()).over_three_ways(inside).facts.at_boundary);
    BOOST_TEST(cut(plain()).over_three_ways(hello).facts.at_boundary);
}

BOOST_AUTO_TEST_CASE(a_missing_done_is_added_behind_a_whole_answer) {
    for (std::string_view provider : {"cerebras", "perplexity", "openai"}) {
        auto run = plain();
        run.provider = provider;
        auto got = run.over_three_ways(hello);
        BOOST_TEST(got.octets == hello + done);
        BOOST_TEST(got.facts.terminal_seen);
        BOOST_TEST(payloads(spliced(provider).over(hello).octets).back() == "[DONE]");
    }
}

BOOST_AUTO_TEST_CASE(a_last_event_without_its_blank_line_is_closed) {
    auto unclosed = (hello + done).substr(0, hello.size() + 12);
    auto got = plain().over_three_ways(unclosed);
    BOOST_TEST(got.facts.complete);
    BOOST_TEST(got.octets == hello + done);
}

BOOST_AUTO_TEST_CASE(nothing_leaves_behind_done) {
    for (auto run : {plain(), spliced()}) {
        auto clean = run.over(hello + done).octets;
        BOOST_TEST(run.over_three_ways(hello + done + done + chunk("{}")).octets == clean);
    }
}

BOOST_AUTO_TEST_CASE(an_error_as_first_event_leaves_nothing_so_that_another_target_can_answer) {
    std::string_view firsts[] = {
        R"(data: {"error":{"message":"overloaded","code":529}})",
        R"(data: {"error":{"message":"overloaded","type":"overloaded_error"}})",
        "event: error\ndata: {\"error\":{\"message\":\"overloaded\"}}",
        R"(data: {"object":"error","message":"overloaded","type":"x","code":503})",
        R"(data: {"detail":"overloaded"})",
        R"(data: {"errors":[{"message":"overloaded"}],"success":false})",
        R"(data: {"base_resp":{"status_code":1002,"status_msg":"overloaded"}})",
        "data: <html>overloaded</html>",
        "data: [1]",
    };
    for (auto first : firsts) {
        for (auto run : {plain(), hiding(), spliced()}) {
            auto got = run.over_three_ways(std::string{first} + "\n\n" + done);
            BOOST_TEST_CONTEXT(first) {
                BOOST_REQUIRE(got.failure.has_value());
                BOOST_TEST(got.failure->retryable());
                BOOST_TEST(!got.facts.content_started);
                BOOST_TEST(got.octets.empty());
            }
        }
    }
}

BOOST_AUTO_TEST_CASE(an_error_in_mid_stream_ends_it_and_none_of_its_octets_leave) {
    // Whoever owns the translator tells the client, in words that do not hold our key.
    const std::string_view errors[] = {
        "data: {\"error\":{\"message\":\"boom\",\"code\":500}}\n\n",
        "event: error\ndata: {\"error\":{\"message\":\"boom\"}}\n\n",
        "data: "
        "{\"id\":\"c1\",\"error\":{\"message\":\"boom\"},\"choices\":[{\"index\":0,\"delta\":{}}]}"
        "\n\n",
    };
    for (const auto& run : {plain(), hiding(), spliced()}) {
        const auto clean = cut(run).over(hello).octets;
        for (auto error : errors) {
            auto got = run.over_three_ways(hello + std::string{error} + done);
            BOOST_TEST_CONTEXT(error) {
                BOOST_TEST(got.octets == clean);
                BOOST_TEST(got.facts.at_boundary);
                BOOST_TEST(!got.facts.complete);
                BOOST_REQUIRE(got.failure.has_value());
                BOOST_TEST(got.failure->message == "boom");
            }
        }
    }
}

BOOST_AUTO_TEST_CASE(an_error_that_shows_late_in_an_event_under_way_leaves_no_place_for_another) {
    const std::string_view begun =
        "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"a\"}}],";
    const std::string_view rest = "\"error\":{\"message\":\"boom\"}}\n\n";
    auto got = plain().over(pieces{hello, begun, rest});
    BOOST_TEST(got.octets == hello + std::string{begun});
    BOOST_TEST(!got.facts.at_boundary);
    BOOST_REQUIRE(got.failure.has_value());
}

BOOST_AUTO_TEST_CASE(an_endless_event_passes_v1_in_pieces_and_is_a_fault_on_api_v1) {
    std::string big =
        "data: {\"choices\":[{\"delta\":{\"content\":\"" + std::string(2'000'000, 'x');
    pieces parts;
    for (std::size_t i = 0; i < big.size(); i += 16000)
        parts.push_back(std::string_view{big}.substr(i, 16000));
    auto passed = cut(plain()).over(parts);
    BOOST_TEST(passed.octets.size() == big.size());
    BOOST_TEST(!passed.facts.complete);
    auto refused = spliced().over(parts);
    BOOST_REQUIRE(refused.failure.has_value());
    BOOST_TEST((refused.failure->what == error_class::upstream_fault));
    std::string rest = "\"}}]}\n\n" + hello + usage_event + done;
    parts.push_back(rest);
    auto whole = hiding().over(parts);
    BOOST_TEST(whole.octets.size() == big.size() + rest.size() - usage_event.size());
    BOOST_TEST(whole.facts.tokens.total == 5u);
    BOOST_TEST(whole.facts.complete);
}

BOOST_AUTO_TEST_CASE(several_data_lines_are_one_event) {
    std::string stream = "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"a\"},\ndata: "
                         "\"finish_reason\":\"stop\"}],\ndata: " +
                         numbers + "}\n\n" + done;
    auto got = plain().over_three_ways(stream);
    BOOST_TEST(got.octets == stream);
    BOOST_TEST(got.facts.tokens.total == 5u);
    auto events = payloads(spliced().over_three_ways(stream).octets);
    BOOST_REQUIRE(events.size() == 3u);
    BOOST_TEST(parse_json(events[0])->word("choices.0.delta.content") == "a");
}

BOOST_AUTO_TEST_CASE(completions_stream_text_and_end_with_a_text_chunk) {
    auto run = spliced();
    run.what = operation::completions;
    auto events = payloads(
        run.over_three_ways(
               R"(data: {"id":"c","object":"text_completion","created":1,"model":"m","choices":[{"index":0,"text":"a","finish_reason":"length"}]})"
               "\n\n" +
               done
        )
            .octets
    );
    BOOST_REQUIRE(events.size() == 3u);
    BOOST_TEST(!parse_json(events[0])->at("choices.0.delta"));
    BOOST_TEST(parse_json(events[1])->word("choices.0.text").empty());
    BOOST_TEST(parse_json(events[1])->word("object") == "text_completion");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace spillway::testing
