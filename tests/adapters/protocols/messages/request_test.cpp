// Requests to Claude from clients of Chat Completions, and requests of Anthropic's dialect to others.
#include "adapters/protocols/messages/model_rules.hpp"
#include "adapters/protocols/messages/tool_names.hpp"
#include "tests/adapters/support/json_tree.hpp"
#include "tests/adapters/support/waist.hpp"

#include <boost/test/unit_test.hpp>

namespace spillway::testing {

namespace {

using namespace adapters;

json_tree tree(std::string_view text) {
    auto read = parse_json(text);
    BOOST_TEST_REQUIRE(read.has_value(), "no JSON: " << text);
    return *read;
}

struct to_claude {
    std::string_view model = "claude-sonnet-4-5-20250929";
    std::string_view provider = "anthropic";
    protocol from = protocol::chat;

    [[nodiscard]] waist_request::made made(std::string_view body) const {
        waist_request run;
        run.provider = provider;
        run.from = from;
        run.to = protocol::messages;
        run.model = model;
        return run.over(body);
    }
    [[nodiscard]] json_tree asked(std::string_view body) const {
        const auto got = made(body);
        BOOST_TEST(got.refusal == "");
        return tree(got.body);
    }
    // The request with these messages.
    [[nodiscard]] std::string messages(std::string_view list) const {
        return asked(std::string{R"({"model":"x","messages":)"}.append(list).append("}"))
            .find("messages")
            ->dump();
    }
    // The request with these members beside a greeting.
    [[nodiscard]] json_tree with(std::string_view members) const {
        return asked(greeting(members));
    }
    [[nodiscard]] std::string dropped(std::string_view members) const {
        return made(greeting(members)).dropped;
    }
    [[nodiscard]] static std::string greeting(std::string_view members) {
        return std::string{R"({"model":"x","messages":[{"role":"user","content":"hi"}],)"}
            .append(members)
            .append("}");
    }
};

std::string at(const json_tree& from, std::string_view path) {
    const auto* found = from.at(path);
    return found ? found->dump() : "absent";
}

constexpr std::string_view weather =
    R"("tools":[{"type":"function","function":{"name":"w","parameters":{"type":"object","properties":{}}}}])";

// A chat history with one call and its result.
constexpr std::string_view call_history =
    R"([{"role":"user","content":"a"},{"role":"assistant","content":null,"tool_calls":[{"id":"c1",)"
    R"("type":"function","function":{"name":"w","arguments":"{\"x\":1}"}}]},)"
    R"({"role":"tool","tool_call_id":"c1","content":"7"}])";

json_tree to_chat(std::string_view body) {
    waist_request run;
    run.from = protocol::messages;
    const auto got = run.over(body);
    BOOST_TEST(got.refusal == "");
    return tree(got.body);
}

waist_request::made refused(std::string_view body) {
    waist_request run;
    run.from = protocol::messages;
    return run.over(body);
}

std::string claude_body(std::string_view messages, std::string_view more = {}) {
    return std::string{R"({"model":"x","max_tokens":9,"messages":)"}
        .append(messages)
        .append(more)
        .append("}");
}

}  // namespace

BOOST_AUTO_TEST_SUITE(messages_encode_request)

BOOST_AUTO_TEST_CASE(a_plain_request_has_the_system_in_front_and_a_limit) {
    const auto got = to_claude{}.asked(
        R"({"model":"x","stream":true,"messages":[{"role":"system","content":"be\nkind"},)"
        R"({"role":"developer","content":"two"},{"role":"user","content":"hi"}]})"
    );
    BOOST_TEST(
        got.dump() ==
        R"({"model":"claude-sonnet-4-5-20250929","max_tokens":32000,"stream":true,)"
        R"("system":[{"type":"text","text":"be\nkind"},{"type":"text","text":"two"}],)"
        R"("messages":[{"role":"user","content":[{"type":"text","text":"hi"}]}]})"
    );
}

BOOST_AUTO_TEST_CASE(results_stand_first_behind_their_calls_in_their_order_trap_27) {
    const auto got = to_claude{}.messages(
        R"([{"role":"user","content":"a"},{"role":"assistant","content":"t","tool_calls":[)"
        R"({"id":"c1","type":"function","function":{"name":"w","arguments":"{\"x\":1}"}},)"
        R"({"id":"c2","type":"function","function":{"name":"w","arguments":""}}]},)"
        R"({"role":"tool","tool_call_id":"c2","content":"two"},)"
        R"({"role":"tool","tool_call_id":"c1","content":"one"},{"role":"user","content":"b"}])"
    );
    BOOST_TEST(
        got ==
        R"([{"role":"user","content":[{"type":"text","text":"a"}]},)"
        R"({"role":"assistant","content":[{"type":"text","text":"t"},)"
        R"({"type":"tool_use","id":"c1","name":"w","input":{"x":1}},)"
        R"({"type":"tool_use","id":"c2","name":"w","input":{}}]},)"
        R"({"role":"user","content":[{"type":"tool_result","tool_use_id":"c1","content":"one"},)"
        R"({"type":"tool_result","tool_use_id":"c2","content":"two"},{"type":"text","text":"b"}]}])"
    );
}

BOOST_AUTO_TEST_CASE(a_call_nobody_answered_gets_a_result_and_a_result_nobody_asked_for_goes) {
    const auto got = to_claude{}.messages(
        R"([{"role":"assistant","content":null,"tool_calls":[{"id":"c1","type":"function",)"
        R"("function":{"name":"w","arguments":"{}"}}]},)"
        R"({"role":"tool","tool_call_id":"c9","content":"lost"}])"
    );
    BOOST_TEST(
        got ==
        R"([{"role":"user","content":[{"type":"text","text":"."}]},{"role":"assistant","content":[)"
        R"({"type":"tool_use","id":"c1","name":"w","input":{}}]},{"role":"user","content":[)"
        R"({"type":"tool_result","tool_use_id":"c1","content":"No result was given.","is_error":true}]}])"
    );
}

BOOST_AUTO_TEST_CASE(blank_texts_are_left_out_and_neighbours_merge_trap_54) {
    const auto got = to_claude{}.messages(
        R"([{"role":"user","content":"a"},{"role":"assistant","content":" \n\t"},)"
        R"({"role":"user","content":[{"type":"text","text":""},{"type":"text","text":"b"}]}])"
    );
    BOOST_TEST(
        got ==
        R"([{"role":"user","content":[{"type":"text","text":"a"},{"type":"text","text":"b"}]}])"
    );
}

BOOST_AUTO_TEST_CASE(thoughts_come_back_unchanged_and_first_traps_8_9_10) {
    const auto got = to_claude{}.messages(
        R"([{"role":"user","content":"a"},{"role":"assistant","content":"t","reasoning_details":[)"
        R"({"type":"reasoning.text","text":"","signature":"Sig+/=\/1","format":"anthropic-claude-v1"},)"
        R"({"type":"reasoning.encrypted","data":"Enc==","format":"anthropic-claude-v1"},)"
        R"({"type":"reasoning.text","text":"unsigned","format":"anthropic-claude-v1"},)"
        R"({"type":"reasoning.text","text":"x","signature":"theirs","format":"google-gemini-v1"}]},)"
        R"({"role":"user","content":"b"}])"
    );
    BOOST_TEST(
        got ==
        R"([{"role":"user","content":[{"type":"text","text":"a"}]},{"role":"assistant","content":[)"
        R"({"type":"thinking","thinking":"","signature":"Sig+/=\/1"},)"
        R"({"type":"redacted_thinking","data":"Enc=="},{"type":"text","text":"t"}]},)"
        R"({"role":"user","content":[{"type":"text","text":"b"}]}])"
    );
}

BOOST_AUTO_TEST_CASE(effort_becomes_a_budget_below_the_limit) {
    const auto got =
        to_claude{}.with(R"("max_tokens":4000,"temperature":0.3,"reasoning":{"effort":"high"})");
    BOOST_TEST(at(got, "thinking") == R"({"type":"enabled","budget_tokens":3200})");
    BOOST_TEST(at(got, "temperature") == "absent");
    const auto more = to_claude{}.with(R"("max_tokens":2000,"reasoning":{"max_tokens":9000})");
    BOOST_TEST(at(more, "thinking.budget_tokens") == "1999");
}

BOOST_AUTO_TEST_CASE(a_budget_is_given_up_where_it_would_be_refused_trap_11) {
    const to_claude sonnet;
    BOOST_TEST(sonnet.dropped(R"("max_tokens":1024,"reasoning":{"effort":"low"})") == "reasoning");
    BOOST_TEST(
        sonnet.dropped(
            std::string{R"("reasoning":{"effort":"low"},"tool_choice":"required",)"}.append(weather)
        ) == "reasoning"
    );
    const auto got =
        sonnet.asked(std::string{R"({"model":"x","reasoning":{"effort":"low"},"messages":)"}
                         .append(call_history)
                         .append(",")
                         .append(weather)
                         .append("}"));
    BOOST_TEST(at(got, "thinking") == "absent");  // the call's thoughts are not there
}

BOOST_AUTO_TEST_CASE(adaptive_models_get_the_effort_they_know_and_no_sampling_trap_12) {
    const to_claude opus{.model = "us.anthropic.claude-opus-4-7-v1:0"};
    const auto got = opus.with(R"("reasoning":{"effort":"minimal"},"temperature":1,"top_p":0.5)");
    BOOST_TEST(at(got, "thinking") == R"({"type":"adaptive","display":"summarized"})");
    BOOST_TEST(at(got, "output_config") == R"({"effort":"low"})");
    BOOST_TEST(at(got, "temperature") == "absent");
    BOOST_TEST(opus.dropped(R"("temperature":1,"top_p":0.5)") == "temperature, top_p");
    const to_claude older{.model = "claude-sonnet-4-6"};
    BOOST_TEST(
        at(older.with(R"("reasoning":{"effort":"xhigh"})"), "output_config.effort") == "\"high\""
    );
    const auto quiet = older.with(R"("reasoning":{"effort":"none"})");
    BOOST_TEST(at(quiet, "thinking") == R"({"type":"disabled"})");
    const to_claude fable{.model = "claude-fable-5"};
    BOOST_TEST(fable.dropped(R"("reasoning":{"effort":"none"})") == "reasoning");
    BOOST_TEST(
        at(fable.with(R"("reasoning":{"enabled":true,"exclude":true})"), "thinking.display") ==
        "\"omitted\""
    );
}

BOOST_AUTO_TEST_CASE(temperature_is_bounded_and_goes_before_top_p) {
    const auto got = to_claude{}.with(R"("temperature":1.7,"top_p":0.5,"top_k":4)");
    BOOST_TEST(at(got, "temperature") == "1");
    BOOST_TEST(at(got, "top_p") == "absent");
    BOOST_TEST(at(got, "top_k") == "4");
    const to_claude old{.model = "claude-3-5-haiku-20241022"};
    BOOST_TEST(at(old.with(R"("temperature":0.70,"top_p":0.5)"), "top_p") == "0.5");
    BOOST_TEST(at(old.with(R"("max_tokens":99999)"), "max_tokens") == "8192");
}

BOOST_AUTO_TEST_CASE(tool_choice_and_parallel_calls_are_said_trap_31) {
    const auto choice = [](std::string_view members) {
        return at(
            to_claude{}.with(std::string{members}.append(",").append(weather)), "tool_choice"
        );
    };
    BOOST_TEST(choice(R"("tool_choice":"auto")") == R"({"type":"auto"})");
    BOOST_TEST(choice(R"("tool_choice":"none")") == R"({"type":"none"})");
    BOOST_TEST(choice(R"("tool_choice":"required")") == R"({"type":"any"})");
    BOOST_TEST(
        choice(R"("tool_choice":{"type":"function","function":{"name":"w"}})") ==
        R"({"type":"tool","name":"w"})"
    );
    BOOST_TEST(
        choice(R"("parallel_tool_calls":false)") ==
        R"({"type":"auto","disable_parallel_tool_use":true})"
    );
    const to_claude fable{.model = "claude-fable-5"};
    BOOST_TEST(
        fable.dropped(std::string{R"("tool_choice":"required",)"}.append(weather)) == "tool_choice"
    );
}

BOOST_AUTO_TEST_CASE(a_history_with_calls_brings_its_tools_trap_28) {
    const auto got = to_claude{}.asked(
        std::string{R"({"model":"x","messages":)"}.append(call_history).append("}")
    );
    BOOST_TEST(
        at(got, "tools") == R"([{"name":"w","input_schema":{"type":"object","properties":{}}}])"
    );
    BOOST_TEST(at(got, "tool_choice") == R"({"type":"none"})");
}

BOOST_AUTO_TEST_CASE(schemas_of_tools_are_objects_at_the_root_trap_30) {
    const auto schema = [](std::string_view parameters) {
        const auto got = to_claude{}.with(std::string{
            R"("tools":[{"type":"function","function":{"name":"f","parameters":)"}
                                              .append(parameters)
                                              .append("}}]"));
        return at(got, "tools.0.input_schema");
    };
    BOOST_TEST(schema("null") == R"({"type":"object","properties":{}})");
    BOOST_TEST(
        schema(R"({"properties":{"a":{"type":"string"}},"required":["a"]})") ==
        R"({"type":"object","properties":{"a":{"type":"string"}},"required":["a"]})"
    );
    BOOST_TEST(
        schema(
            R"({"anyOf":[{"properties":{"a":{}}},{"properties":{"b":{},"a":{"x":1}}}],"$defs":{}})"
        ) == R"({"type":"object","$defs":{},"properties":{"a":{},"b":{}}})"
    );
}

constexpr std::string_view person_format =
    R"("response_format":{"type":"json_schema","json_schema":{"name":"p","schema":{"type":"object",)"
    R"("properties":{"age":{"type":"integer","minimum":0},"at":{"oneOf":[{"type":"string","format":"date"},)"
    R"({"type":"null"}]}},"required":["age"],"$schema":"s"}}})";

BOOST_AUTO_TEST_CASE(structured_output_is_native_where_the_model_has_it) {
    const auto got = to_claude{}.with(person_format);
    BOOST_TEST(
        at(got, "output_config.format") ==
        R"({"type":"json_schema","schema":{"type":"object","properties":{)"
        R"x("age":{"type":"integer","description":"(minimum: 0)"},)x"
        R"("at":{"anyOf":[{"type":"string","format":"date"},{"type":"null"}]}},"required":["age"],)"
        R"("additionalProperties":false}})"
    );
}

BOOST_AUTO_TEST_CASE(structured_output_elsewhere_is_a_tool_that_must_be_called_trap_25) {
    for (const to_claude& one :
         {to_claude{.model = "claude-3-7-sonnet-20250219"},
          to_claude{.model = "claude-sonnet-4-5@20250929", .provider = "google-vertex-claude"}}) {
        const auto got = one.with(person_format);
        BOOST_TEST(at(got, "tools.0.name") == "\"spillway_structured_answer\"");
        BOOST_TEST(
            at(got, "tool_choice") ==
            R"({"type":"tool","name":"spillway_structured_answer","disable_parallel_tool_use":true})"
        );
        BOOST_TEST(at(got, "output_config") == "absent");
    }
    const to_claude old{.model = "claude-3-7-sonnet-20250219"};
    const auto beside = old.with(std::string{person_format}.append(",").append(weather));
    BOOST_TEST(at(beside, "tool_choice.type") == "\"any\"");
    const auto list = old.with(
        R"("response_format":{"type":"json_schema","json_schema":{"name":"l","schema":{"type":"array"}}})"
    );
    BOOST_TEST(at(list, "tools.0.name") == "\"spillway_structured_value\"");
    BOOST_TEST(at(list, "tools.0.input_schema.properties.value") == R"({"type":"array"})");
}

BOOST_AUTO_TEST_CASE(a_json_object_is_asked_for_in_words) {
    const auto got = to_claude{}.with(R"("response_format":{"type":"json_object"})");
    BOOST_TEST(got.word("system.0.text").starts_with("Answer with one JSON object"));
}

BOOST_AUTO_TEST_CASE(four_cache_marks_stay_and_the_earliest_of_messages_go_trap_42) {
    std::string body{
        R"({"model":"x","messages":[{"role":"system","content":[{"type":"text","text":"s",)"
        R"("cache_control":{"type":"ephemeral","ttl":"1h"}}]})"};
    for (const char* text : {"a", "b", "c", "d"}) {
        body.append(R"(,{"role":"user","content":[{"type":"text","text":")").append(text);
        body.append(R"(","cache_control":{"type":"ephemeral"}}]})");
    }
    const auto made = to_claude{}.made(body.append("]}"));
    const auto got = tree(made.body);
    BOOST_TEST(made.dropped == "cache_control");
    BOOST_TEST(at(got, "system.0.cache_control.ttl") == "\"1h\"");
    BOOST_TEST(at(got, "messages.0.content.0.cache_control") == "absent");
    for (const char* where : {"1", "2", "3"}) {
        BOOST_TEST(
            at(got, std::string{"messages.0.content."}.append(where).append(".cache_control")) ==
            R"({"type":"ephemeral"})"
        );
    }
}

BOOST_AUTO_TEST_CASE(ids_and_names_keep_to_the_charset_and_agree_trap_29) {
    const auto got = tree(to_claude{}.messages(
        R"([{"role":"user","content":"a"},{"role":"assistant","content":null,"tool_calls":[{"id":"call.1:x",)"
        R"("type":"function","function":{"name":"a.b","arguments":"{}"}}]},)"
        R"({"role":"tool","tool_call_id":"call.1:x","content":"7"}])"
    ));
    const auto id = got.word("1.content.0.id");
    BOOST_TEST(id.starts_with("call_1_x_"));
    BOOST_TEST(got.word("2.content.0.tool_use_id") == id);
    BOOST_TEST(got.word("1.content.0.name") == "a_x2e_b");
    std::string made;
    BOOST_TEST(messages::given_name({"a_x2e_b"}, made).raw == "a.b");
    BOOST_TEST(messages::given_name({"a_x61_b"}, made).raw == "a_x61_b");
    BOOST_TEST(messages::given_name({"a_xff_b"}, made).raw == "a_xff_b");
}

BOOST_AUTO_TEST_CASE(pictures_get_the_type_they_have_and_documents_their_title_trap_56) {
    const auto got = tree(to_claude{}.messages(
        R"([{"role":"user","content":[{"type":"image_url","image_url":{"url":"data:image/jpeg;base64,iVBORw0KGgoAAA"}},)"
        R"({"type":"image_url","image_url":{"url":"https://a.test/i.png"}},)"
        R"({"type":"file","file":{"filename":"a.pdf","file_data":"data:application/pdf;base64,JVBERi0x"}},)"
        R"({"type":"file","file":{"filename":"a.txt","file_data":"data:text/plain;base64,aGkK"}}]}])"
    ));
    BOOST_TEST(
        at(got, "0.content.0.source") ==
        R"({"type":"base64","media_type":"image/png","data":"iVBORw0KGgoAAA"})"
    );
    BOOST_TEST(at(got, "0.content.1.source") == R"({"type":"url","url":"https://a.test/i.png"})");
    BOOST_TEST(at(got, "0.content.2.title") == "\"a.pdf\"");
    BOOST_TEST(
        at(got, "0.content.3.source") ==
        R"({"type":"text","media_type":"text/plain","data":"hi\n"})"
    );
}

BOOST_AUTO_TEST_CASE(what_the_target_cannot_read_is_refused_by_name_trap_55) {
    const auto with_picture = [](std::string_view url, std::string_view provider) {
        const to_claude one{.provider = provider};
        return one
            .made(std::string{
                R"({"model":"x","messages":[{"role":"user","content":[{"type":"image_url",)"
                R"("image_url":{"url":")"}
                      .append(url)
                      .append(R"("}}]}]})"))
            .param;
    };
    BOOST_TEST(with_picture("http://a.test/i", "anthropic") == "messages");
    BOOST_TEST(with_picture("https://a.test/i", "google-vertex-claude") == "messages");
    BOOST_TEST(with_picture("https://a.test/i", "anthropic") == "");
    BOOST_TEST(to_claude{}.made(to_claude::greeting(R"("n":2)")).param == "n");
    BOOST_TEST(
        to_claude{}
            .made(to_claude::greeting(
                R"("tools":[{"type":"function","function":{"name":"spillway_structured_answer"}}])"
            ))
            .param == "tools"
    );
}

BOOST_AUTO_TEST_CASE(the_beginning_of_an_answer_is_trimmed_or_gets_the_users_word) {
    constexpr std::string_view history =
        R"([{"role":"user","content":"a"},{"role":"assistant","content":"so \\n \n"}])";
    const to_claude old{.model = "claude-sonnet-4-5"};
    BOOST_TEST(tree(old.messages(history)).word("1.content.0.text") == "so \\n");
    const to_claude young{.model = "claude-opus-4-6"};
    BOOST_TEST(tree(young.messages(history)).word("2.role") == "user");
}

BOOST_AUTO_TEST_CASE(hosted_models_are_asked_in_their_hosts_form) {
    const to_claude vertex{.model = "claude-opus-4-1@20250805", .provider = "google-vertex-claude"};
    const auto got = vertex.with(R"("stream":true,"service_tier":"auto")");
    BOOST_TEST(at(got, "model") == "absent");
    BOOST_TEST(at(got, "anthropic_version") == "\"vertex-2023-10-16\"");
    BOOST_TEST(at(got, "stream") == "true");
    BOOST_TEST(at(got, "service_tier") == "absent");
    const to_claude bedrock{
        .model = "anthropic.claude-opus-4-1-v1:0", .provider = "amazon-bedrock-claude"};
    const auto other = bedrock.with(R"("stream":true)");
    BOOST_TEST(at(other, "anthropic_version") == "\"bedrock-2023-05-31\"");
    BOOST_TEST(at(other, "stream") == "absent");
}

BOOST_AUTO_TEST_CASE(what_has_no_place_is_told) {
    BOOST_TEST(
        to_claude{}.dropped(
            R"("seed":1,"logit_bias":{"1":2},"frequency_penalty":0.5,"logprobs":true,"odd":1)"
        ) == "frequency_penalty, seed, logit_bias, logprobs, odd"
    );
    BOOST_TEST(to_claude{}.dropped(R"("user":"u1","store":true,"metadata":{"a":"b"})") == "");
    BOOST_TEST(at(to_claude{}.with(R"("user":"u1")"), "metadata.user_id") == "\"u1\"");
    BOOST_TEST(
        to_claude{}.with(R"("user":"a@b.test")").word("metadata.user_id").starts_with("user_")
    );
    BOOST_TEST(
        at(to_claude{}.with(R"("service_tier":"default")"), "service_tier") == "\"standard_only\""
    );
}

BOOST_AUTO_TEST_CASE(web_search_becomes_the_tool) {
    const auto got = to_claude{}.with(
        R"("web_search_options":{"user_location":{"type":"approximate","approximate":{"city":"Rome"}}})"
    );
    BOOST_TEST(
        at(got, "tools.0") ==
        R"({"type":"web_search_20250305","name":"web_search","user_location":{"type":"approximate","city":"Rome"}})"
    );
}

BOOST_AUTO_TEST_CASE(every_model_of_the_table_is_found_by_its_names) {
    struct row {
        std::string_view name;
        std::uint32_t most;
        messages::thinking_rule thinking;
        messages::feature prefill;
    };
    using enum messages::thinking_rule;
    const auto yes = messages::feature::present;
    const auto no = messages::feature::absent;
    for (const row& one : std::initializer_list<row>{
             {"claude-3-haiku-20240307", 4096, none, yes},
             {"claude-3-5-sonnet-20241022", 8192, none, yes},
             {"us.anthropic.claude-3-7-sonnet-20250219-v1:0", 64000, budget, yes},
             {"claude-opus-4-20250514", 32000, budget, yes},
             {"claude-opus-4-1@20250805", 32000, budget, yes},
             {"claude-sonnet-4-20250514", 64000, budget, yes},
             {"claude-haiku-4-5-20251001", 64000, budget, yes},
             {"claude-opus-4-6", 128000, adaptive, no},
             {"claude-opus-5", 128000, adaptive, no},
             {"claude-tomorrow-9", 128000, adaptive, no},
             {"kimi-k2", 32000, budget, yes},
         }) {
        const auto& found = messages::rules_of(one.name);
        BOOST_TEST(found.most_output == one.most, one.name);
        BOOST_TEST((found.thinking == one.thinking), one.name);
        BOOST_TEST((found.prefill == one.prefill), one.name);
    }
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(messages_decode_request)

BOOST_AUTO_TEST_CASE(a_turn_of_results_becomes_messages_of_tools_before_the_text) {
    const auto got = to_chat(claude_body(
        R"([{"role":"user","content":"a"},{"role":"assistant","content":[{"type":"tool_use","id":"t1",)"
        R"("name":"w","input":{"x": 1}}]},{"role":"user","content":[{"type":"text","text":"b"},)"
        R"({"type":"tool_result","tool_use_id":"t1","content":[{"type":"text","text":"7"}]}]}])",
        R"(,"system":"be kind")"
    ));
    BOOST_TEST(at(got, "messages.0") == R"({"role":"system","content":"be kind"})");
    BOOST_TEST(got.word("messages.2.tool_calls.0.function.arguments") == R"({"x": 1})");
    BOOST_TEST(got.word("messages.3.role") == "tool");
    BOOST_TEST(got.word("messages.3.tool_call_id") == "t1");
    BOOST_TEST(at(got, "messages.4") == R"({"role":"user","content":"b"})");
}

BOOST_AUTO_TEST_CASE(the_billing_line_of_claude_code_goes_nowhere_trap_41) {
    const auto got = to_chat(claude_body(
        R"([{"role":"user","content":"a"}])",
        R"(,"system":[{"type":"text","text":"x-anthropic-billing-header: cc=1; cch=ab"},{"type":"text","text":"s"}])"
    ));
    BOOST_TEST(got.word("messages.0.content") == "s");
}

BOOST_AUTO_TEST_CASE(tools_limits_and_wishes_arrive) {
    const auto got = to_chat(claude_body(
        R"([{"role":"user","content":"a"}])",
        R"(,"tools":[{"name":"w","description":"d","input_schema":{"type":"object"}},{"type":"bash_20250124","name":"bash"}],)"
        R"("tool_choice":{"type":"any","disable_parallel_tool_use":true},"stop_sequences":["x"],"temperature":0.2,)"
        R"("output_config":{"format":{"type":"json_schema","schema":{"type":"object"}}},"metadata":{"user_id":"u"})"
    ));
    BOOST_TEST(got.word("max_tokens") == "9");
    BOOST_TEST(got.word("tools.0.function.name") == "w");
    BOOST_TEST(got.word("tools.1.function.name") == "bash");
    BOOST_TEST(got.word("tool_choice") == "required");
    BOOST_TEST(got.word("parallel_tool_calls") == "false");
    BOOST_TEST(got.word("stop.0") == "x");
    BOOST_TEST(got.word("response_format.type") == "json_schema");
}

BOOST_AUTO_TEST_CASE(what_only_anthropic_runs_is_told_as_dropped) {
    waist_request run;
    run.from = protocol::messages;
    const auto got = run.over(claude_body(
        R"([{"role":"user","content":"a"},{"role":"assistant","content":[{"type":"server_tool_use","id":"s","name":"web_search","input":{}},)"
        R"({"type":"text","text":"b"}]},{"role":"user","content":"c"}])",
        R"(,"mcp_servers":[{"type":"url"}],"context_management":{})"
    ));
    BOOST_TEST(got.dropped == "mcp_servers, server_tool_use");
}

BOOST_AUTO_TEST_CASE(wrong_types_are_refused_by_the_members_name) {
    struct row {
        std::string_view body;
        std::string_view param;
    };
    for (const row& one : std::initializer_list<row>{
             {R"({"messages":[]})", "messages"},
             {R"({"messages":[{"role":"tool","content":"a"}]})", "messages[0].role"},
             {R"({"messages":[{"role":"user","content":7}]})", "messages[0].content"},
             {R"({"messages":[{"role":"user","content":[{"type":"image","source":{"type":"url","url":1}}]}]})",
              "messages[0].content.source.url"},
             {R"({"messages":[{"role":"user","content":"a"}],"max_tokens":"9"})", "max_tokens"},
             {R"({"messages":[{"role":"user","content":"a"}],"system":7})", "system"},
             {R"({"messages":[{"role":"user","content":"a"}],"tools":[{"input_schema":{}}]})",
              "tools[0].name"},
             {R"({"messages":[{"role":"user","content":"a"}],"tool_choice":{"type":"x"}})",
              "tool_choice.type"},
             {R"({"messages":[{"role":"user","content":"a"}],"thinking":{"type":"x"}})",
              "thinking.type"},
             {R"({"messages":[{"role":"user","content":"a"}],"stop_sequences":"x"})",
              "stop_sequences"},
         }) {
        BOOST_TEST(refused(one.body).param == one.param, one.body);
    }
}

BOOST_AUTO_TEST_CASE(anthropics_own_dialect_keeps_its_blocks_through_the_waist) {
    const to_claude vertex{
        .model = "claude-sonnet-4-5@20250929",
        .provider = "google-vertex-claude",
        .from = protocol::messages};
    const auto got = vertex.asked(claude_body(
        R"([{"role":"user","content":[{"type":"document","title":"t","source":{"type":"text","media_type":"text/plain","data":"d"}}]},)"
        R"({"role":"assistant","content":[{"type":"thinking","thinking":"h\u00e9","signature":"S=="},{"type":"text","text":"b"}]},)"
        R"({"role":"user","content":[{"type":"text","text":"c","cache_control":{"type":"ephemeral"}}]}])",
        R"(,"thinking":{"type":"enabled","budget_tokens":1024})"
    ));
    BOOST_TEST(
        at(got, "messages") ==
        R"([{"role":"user","content":[{"type":"document","source":{"type":"text","media_type":"text/plain","data":"d"},"title":"t"}]},)"
        R"({"role":"assistant","content":[{"type":"thinking","thinking":"h\u00e9","signature":"S=="},{"type":"text","text":"b"}]},)"
        R"({"role":"user","content":[{"type":"text","text":"c","cache_control":{"type":"ephemeral"}}]}])"
    );
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace spillway::testing
