#include "tests/adapters/support/json_tree.hpp"
#include "tests/adapters/support/waist.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <string_view>

namespace {

using namespace spillway::adapters;
using namespace spillway::testing;

waist_request::made
asked(std::string_view body, std::string_view model, std::string_view row = "google-ai-studio") {
    const waist_request run{
        .provider = row, .from = protocol::chat, .to = protocol::gemini, .model = model};
    return run.over(body);
}

json_tree tree_of(const waist_request::made& one) {
    auto tree = parse_json(one.body);
    BOOST_REQUIRE_MESSAGE(tree.has_value(), one.body << one.refusal);
    return *tree;
}

std::string dump(const json_tree& tree, std::string_view path) {
    const auto* found = tree.at(path);
    return found == nullptr ? "-" : found->dump();
}

std::string said(std::string_view members) {
    return std::string{R"({"model":"m","messages":[{"role":"user","content":"hi"}],)"}
        .append(members)
        .append("}");
}

// The request as a client of Chat Completions would have written it.
waist_request::made as_chat(std::string_view body) {
    const waist_request run{
        .provider = "openrouter", .from = protocol::gemini, .to = protocol::chat};
    return run.over(body);
}

const std::string tool_history = R"({"model":"m","messages":[
{"role":"system","content":"be short"},{"role":"user","content":"weather?"},
{"role":"assistant","content":"looking","tool_calls":[
 {"id":"call_a","type":"function","function":{"name":"now","arguments":"{\"at\":\"x\"}"}},
 {"id":"call_b","type":"function","function":{"name":"later","arguments":""}},
 {"id":"call_c","type":"function","function":{"name":"never","arguments":"{}"}}]},
{"role":"tool","tool_call_id":"call_b","content":"{\"t\":7}"},
{"role":"tool","tool_call_id":"call_a","content":"sunny"},
{"role":"user","content":"thanks"}]})";

}  // namespace

BOOST_AUTO_TEST_SUITE(gemini_request)

BOOST_AUTO_TEST_CASE(trap_26_all_results_of_a_turn_stand_in_one_content_in_the_order_of_the_calls) {
    const auto tree = tree_of(asked(tool_history, "gemini-2.5-flash"));
    BOOST_TEST(tree.word("systemInstruction.parts.0.text") == "be short");
    BOOST_TEST(tree.word("contents.1.role") == "model");
    BOOST_TEST(tree.word("contents.1.parts.0.text") == "looking");
    BOOST_TEST(dump(tree, "contents.1.parts.1.functionCall.args") == R"({"at":"x"})");
    BOOST_TEST(dump(tree, "contents.1.parts.2.functionCall.args") == "{}");
    BOOST_TEST(tree.at("contents.2.parts")->members.size() == 3U);
    BOOST_TEST(tree.word("contents.2.role") == "user");
    BOOST_TEST(tree.word("contents.2.parts.0.functionResponse.name") == "now");
    BOOST_TEST(tree.word("contents.2.parts.0.functionResponse.response.output") == "sunny");
    BOOST_TEST(dump(tree, "contents.2.parts.1.functionResponse.response") == R"({"t":7})");
    BOOST_TEST(!tree.word("contents.2.parts.2.functionResponse.response.error").empty());
    BOOST_TEST(tree.word("contents.3.parts.0.text") == "thanks");
}

BOOST_AUTO_TEST_CASE(ids_of_other_makers_are_not_sent_and_vertex_gets_none) {
    BOOST_TEST(asked(tool_history, "gemini-3-pro").body.find("call_a") == std::string::npos);
    const std::string own = R"({"model":"m","messages":[{"role":"user","content":"x"},
{"role":"assistant","tool_calls":[{"id":"j425","type":"function","function":{"name":"f","arguments":"{}"}}]},
{"role":"tool","tool_call_id":"j425","content":"1"}]})";
    const auto studio = tree_of(asked(own, "gemini-3-pro"));
    BOOST_TEST(studio.word("contents.1.parts.0.functionCall.id") == "j425");
    BOOST_TEST(studio.word("contents.2.parts.0.functionResponse.id") == "j425");
    BOOST_TEST(asked(own, "gemini-3-pro", "google-vertex").body.find("j425") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(trap_13_and_16_a_lost_signature_is_the_literal_word_on_the_first_call_only) {
    const auto tree = tree_of(asked(tool_history, "gemini-3-flash-preview"));
    BOOST_TEST(
        tree.word("contents.1.parts.1.thoughtSignature") == "skip_thought_signature_validator"
    );
    BOOST_TEST(tree.at("contents.1.parts.2.thoughtSignature") == nullptr);
    BOOST_TEST(
        asked(tool_history, "gemini-2.5-pro").body.find("thoughtSignature") == std::string::npos
    );
}

BOOST_AUTO_TEST_CASE(trap_13_and_14_signatures_come_back_to_the_parts_they_signed) {
    const auto tree = tree_of(asked(
        R"({"model":"m","messages":[{"role":"user","content":"x"},{"role":"assistant","content":"so",
"tool_calls":[{"id":"call_1","type":"function","function":{"name":"f","arguments":"{}"}}],
"reasoning_details":[{"type":"reasoning.text","text":"hm","format":"google-gemini-v1","index":0},
{"type":"reasoning.encrypted","data":"c2ln","format":"google-gemini-v1","id":"call_1","index":1},
{"type":"reasoning.encrypted","data":"dGV4dA==","format":"google-gemini-v1","id":null,"index":2}]},
{"role":"tool","tool_call_id":"call_1","content":"1"}]})",
        "gemini-3-pro-preview"
    ));
    BOOST_TEST(tree.word("contents.1.parts.0.text") == "so");
    BOOST_TEST(tree.word("contents.1.parts.0.thoughtSignature") == "dGV4dA==");
    BOOST_TEST(tree.word("contents.1.parts.1.thoughtSignature") == "c2ln");
}

BOOST_AUTO_TEST_CASE(reasoning_becomes_a_budget_or_a_level_and_never_both) {
    const auto config = [](std::string_view members, std::string_view model) {
        return dump(tree_of(asked(said(members), model)), "generationConfig.thinkingConfig");
    };
    BOOST_TEST(
        config(R"("reasoning":{"effort":"high"},"max_tokens":10000)", "gemini-2.5-pro") ==
        R"({"includeThoughts":true,"thinkingBudget":8000})"
    );
    BOOST_TEST(
        config(R"("reasoning":{"max_tokens":90000})", "models/gemini-2.5-flash") ==
        R"({"includeThoughts":true,"thinkingBudget":24576})"
    );
    BOOST_TEST(
        config(R"("reasoning":{"effort":"none"})", "gemini-2.5-flash") ==
        R"({"includeThoughts":false,"thinkingBudget":0})"
    );
    BOOST_TEST(
        config(R"("reasoning":{"effort":"none"})", "gemini-2.5-pro") ==
        R"({"includeThoughts":false,"thinkingBudget":128})"
    );
    BOOST_TEST(
        config(R"("reasoning":{"enabled":true})", "gemini-2.5-pro") ==
        R"({"includeThoughts":true,"thinkingBudget":-1})"
    );
    BOOST_TEST(
        config(R"("reasoning":{"effort":"medium"})", "gemini-3-pro-preview") ==
        R"({"includeThoughts":true,"thinkingLevel":"HIGH"})"
    );
    BOOST_TEST(
        config(R"("reasoning":{"effort":"medium"})", "gemini-3.1-pro") ==
        R"({"includeThoughts":true,"thinkingLevel":"MEDIUM"})"
    );
    BOOST_TEST(
        config(R"("reasoning":{"effort":"minimal","exclude":true})", "gemini-3-flash") ==
        R"({"includeThoughts":false,"thinkingLevel":"MINIMAL"})"
    );
    BOOST_TEST(
        config(R"("reasoning_effort":"minimal")", "gemini-3.7-flash") ==
        R"({"includeThoughts":true,"thinkingLevel":"LOW"})"
    );
    BOOST_TEST(config(R"("reasoning_effort":"low")", "gemini-2.5-flash-image") == "-");
    BOOST_TEST(
        asked(said(R"("reasoning_effort":"low")"), "gemini-2.0-flash").dropped == "reasoning"
    );
}

BOOST_AUTO_TEST_CASE(settings_go_by_their_names_and_what_has_none_is_reported) {
    const auto made = asked(
        said(R"("max_tokens":50,"temperature":0.5,"top_p":0.9,"top_k":40,"seed":4294967297,
"stop":["a","b","c","d","e","f"],"frequency_penalty":0.5,"min_p":0.1,"logit_bias":{"1":2},
"service_tier":"flex","response_format":{"type":"json_schema","json_schema":{"name":"n",
"schema":{"type":"object","properties":{"a":{"type":"string","default":"x"}},"$schema":"y"}}})"),
        "gemini-2.5-flash"
    );
    const auto tree = tree_of(made);
    BOOST_TEST(
        dump(tree, "generationConfig") ==
        R"({"maxOutputTokens":50,"temperature":0.5,"topP":0.9,"topK":40,)"
        R"("stopSequences":["a","b","c","d","e"],"seed":1,"responseMimeType":"application/json",)"
        R"("responseJsonSchema":{"type":"object","properties":{"a":{"type":"string"}}}})"
    );
    BOOST_TEST(tree.word("serviceTier") == "flex");
    BOOST_TEST(made.dropped == "stop, frequency_penalty, min_p, logit_bias");
    const auto vertex = asked(
        said(R"("service_tier":"flex","logprobs":true,"top_logprobs":3,"metadata":{"Team":"A b"})"),
        "gemini-2.5-flash",
        "google-vertex"
    );
    BOOST_TEST(vertex.dropped == "service_tier");
    BOOST_TEST(dump(tree_of(vertex), "labels") == R"({"team":"a_b"})");
    BOOST_TEST(tree_of(vertex).word("generationConfig.logprobs") == "3");
}

BOOST_AUTO_TEST_CASE(trap_30_schemas_of_older_models_are_the_subset_they_know) {
    const auto tree = tree_of(asked(
        said(R"("tools":[{"type":"function","function":{"name":"f","parameters":{"$schema":"s",
"type":"object","additionalProperties":false,"$defs":{"k":{"type":"object","properties":
{"next":{"$ref":"#/$defs/k"},"v":{"type":["string","null"],"format":"uri"}}}},
"properties":{"a":{"$ref":"#/$defs/k"},"b":{"anyOf":[{"type":"integer"},{"type":"null"}]},
"c":{"const":"x"},"d":{"enum":[1,2],"type":"integer"},"e":{"type":"array"},
"g":{"allOf":[{"type":"object","properties":{"p":{"type":"boolean"}}},
{"properties":{"q":{"type":"number","exclusiveMinimum":1}}}]},
"h":{"type":["string","integer"]}},"required":["a","zz"]}}},
{"type":"function","function":{"name":"g","parameters":{"type":"object","properties":{}}}}])"),
        "gemini-2.0-flash"
    ));
    BOOST_TEST(
        dump(tree, "tools.0.functionDeclarations") ==
        R"([{"name":"f","parameters":{"type":"object","properties":{)"
        R"("a":{"type":"object","properties":{"next":{"type":"object"},)"
        R"("v":{"type":"string","nullable":true}}},)"
        R"("b":{"type":"integer","nullable":true},"c":{"type":"string","enum":["x"]},)"
        R"("d":{"type":"integer"},"e":{"type":"array","items":{"type":"string"}},)"
        R"("g":{"type":"object","properties":{"p":{"type":"boolean"},"q":{"type":"number"}}},)"
        R"("h":{"anyOf":[{"type":"string"},{"type":"integer"}]}},)"
        R"("required":["a"]}},{"name":"g"}])"
    );
}

BOOST_AUTO_TEST_CASE(references_that_multiply_are_cut) {
    std::string defs;
    for (int i = 0; i < 40; ++i) {
        const auto next = std::to_string(i + 1);
        const auto leads_on = R"({"$ref":"#/$defs/d)" + next + R"("})";
        defs += "\"d" + std::to_string(i) + R"(":{"type":"object","properties":{"a":)" + leads_on +
                ",\"b\":" + leads_on + "}},";
    }
    const auto made = asked(
        said(
            R"("tools":[{"type":"function","function":{"name":"f","parameters":{"type":"object","$defs":{)" +
            defs + R"("d40":{"type":"string"}},"properties":{"a":{"$ref":"#/$defs/d0"}}}}}])"
        ),
        "gemini-2.0-flash"
    );
    BOOST_TEST(made.body.size() < 1024U * 1024U);
    static_cast<void>(tree_of(made));
}

BOOST_AUTO_TEST_CASE(tool_choices_are_modes_and_need_declarations) {
    const auto config = [](std::string_view choice, std::string_view model) {
        const std::string tools =
            R"("tools":[{"type":"function","function":{"name":"f"}},{"type":"function","function":{"name":"g"}}],"tool_choice":)";
        const auto tree = tree_of(asked(said(tools + std::string{choice}), model));
        return dump(tree, "toolConfig.functionCallingConfig");
    };
    BOOST_TEST(config("\"auto\"", "gemini-2.5-pro") == R"({"mode":"AUTO"})");
    BOOST_TEST(config("\"none\"", "gemini-2.5-pro") == R"({"mode":"NONE"})");
    BOOST_TEST(config("\"required\"", "gemini-2.5-pro") == R"({"mode":"ANY"})");
    BOOST_TEST(
        config(R"({"type":"function","function":{"name":"g"}})", "gemini-2.5-pro") ==
        R"({"mode":"ANY","allowedFunctionNames":["g"]})"
    );
    BOOST_TEST(
        config(
            R"({"type":"allowed_tools","allowed_tools":{"mode":"auto","tools":[{"type":"function","function":{"name":"g"}}]}})",
            "gemini-3-pro"
        ) == R"({"mode":"VALIDATED","allowedFunctionNames":["g"]})"
    );
    const auto bare = asked(said(R"("tool_choice":"required")"), "gemini-2.5-pro");
    BOOST_TEST(bare.body.find("toolConfig") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(searching_beside_functions_needs_the_third_generation) {
    const auto body =
        said(R"("tools":[{"type":"function","function":{"name":"f"}}],"web_search_options":{})");
    BOOST_TEST(asked(body, "gemini-2.5-pro").dropped == "web_search_options");
    const auto tree = tree_of(asked(body, "gemini-3-pro"));
    BOOST_TEST(dump(tree, "tools.1.googleSearch") == "{}");
    BOOST_TEST(tree.word("toolConfig.includeServerSideToolInvocations") == "true");
    const auto alone = tree_of(asked(said(R"("web_search_options":{})"), "gemini-2.5-pro"));
    BOOST_TEST(dump(alone, "tools.0.googleSearch") == "{}");
}

BOOST_AUTO_TEST_CASE(trap_55_and_56_media_go_as_data_with_the_type_their_octets_have) {
    const auto first = [](std::string_view part, std::string_view row) {
        const auto made = asked(
            std::string{R"({"model":"m","messages":[{"role":"user","content":[)"}.append(part) +
                "]}]}",
            "gemini-2.5-pro",
            row
        );
        return made.body.empty() ? made.param : dump(tree_of(made), "contents.0.parts.0");
    };
    constexpr std::string_view studio = "google-ai-studio";
    constexpr std::string_view vertex = "google-vertex";
    BOOST_TEST(
        first(
            R"({"type":"image_url","image_url":{"url":"data:image/jpeg;base64,iVBORw0KGgoAAA"}})",
            studio
        ) == R"({"inlineData":{"mimeType":"image/png","data":"iVBORw0KGgoAAA"}})"
    );
    const std::string_view far =
        R"({"type":"image_url","image_url":{"url":"https:\/\/a.b\/c.webp?x"}})";
    BOOST_TEST(first(far, studio) == "messages");
    BOOST_TEST(
        first(far, vertex) ==
        R"({"fileData":{"mimeType":"image/webp","fileUri":"https://a.b/c.webp?x"}})"
    );
    const std::string_view bucket = R"({"type":"image_url","image_url":{"url":"gs://b/c.png"}})";
    BOOST_TEST(first(bucket, studio) == "messages");
    BOOST_TEST(
        first(bucket, vertex) == R"({"fileData":{"mimeType":"image/png","fileUri":"gs://b/c.png"}})"
    );
    BOOST_TEST(
        first(
            R"({"type":"video_url","video_url":{"url":"https://www.youtube.com/watch?v=1"}})",
            studio
        ) == R"({"fileData":{"mimeType":"video/*","fileUri":"https://www.youtube.com/watch?v=1"}})"
    );
    BOOST_TEST(
        first(
            R"({"type":"input_audio","input_audio":{"data":"UklGRgAAAABXQVZF","format":"mp3"}})",
            studio
        ) == R"({"inlineData":{"mimeType":"audio/wav","data":"UklGRgAAAABXQVZF"}})"
    );
}

BOOST_AUTO_TEST_CASE(the_first_turn_is_the_users_and_gemma_gets_its_instructions_there) {
    const auto gemma = tree_of(asked(
        R"({"model":"m","messages":[{"role":"system","content":"be short"},{"role":"user","content":"hi"}]})",
        "gemma-3-27b-it"
    ));
    BOOST_TEST(gemma.at("systemInstruction") == nullptr);
    BOOST_TEST(gemma.word("contents.0.parts.0.text") == "be short");
    BOOST_TEST(gemma.word("contents.0.parts.1.text") == "hi");
    const auto model_first = tree_of(asked(
        R"({"model":"m","messages":[{"role":"assistant","content":"hello"},{"role":"user","content":"hi"},{"role":"user","content":"there"}]})",
        "gemini-2.5-pro"
    ));
    BOOST_TEST(model_first.word("contents.0.role") == "user");
    BOOST_TEST(model_first.word("contents.1.role") == "model");
    BOOST_TEST(model_first.word("contents.2.parts.1.text") == "there");
    const auto alone = tree_of(
        asked(R"({"model":"m","messages":[{"role":"system","content":"hi"}]})", "gemini-2.5-pro")
    );
    BOOST_TEST(alone.word("contents.0.parts.0.text") == "hi");
}

BOOST_AUTO_TEST_CASE(what_google_cannot_do_is_refused_before_it_is_asked) {
    BOOST_TEST(asked(said(R"("n":2,"stream":true)"), "gemini-2.5-pro").param == "n");
    const auto two = tree_of(asked(said(R"("n":2)"), "gemini-2.5-pro"));
    BOOST_TEST(two.word("generationConfig.candidateCount") == "2");
    BOOST_TEST(
        asked(said(R"("tools":[{"type":"function","function":{"name":"1f"}}])"), "gemini-2.5-pro")
            .param == "tools"
    );
    BOOST_TEST(
        asked(said(R"("tools":[{"type":"computer_use"}])"), "gemini-2.5-pro").param == "tools"
    );
}

BOOST_AUTO_TEST_CASE(trap_58_both_spellings_and_every_form_of_contents_are_read) {
    for (const std::string_view body : {
             R"({"contents":"hi","system_instruction":"s","generation_config":{"max_output_tokens":5}})",
             R"({"contents":{"parts":{"text":"hi"}},"systemInstruction":{"parts":{"text":"s"}},"generationConfig":{"maxOutputTokens":5}})",
             R"({"contents":[{"role":"user","parts":[{"text":"hi"}]}],"systemInstruction":{"role":"user","parts":[{"text":"s"}]},"maxOutputTokens":5})",
             R"({"contents":["hi"],"system_instruction":[{"text":"s"}],"config":{"maxOutputTokens":5}})",
         }) {
        const auto tree = tree_of(as_chat(body));
        BOOST_TEST(tree.word("messages.0.role") == "system");
        BOOST_TEST(tree.word("messages.1.role") == "user");
        BOOST_TEST(dump(tree, "messages.1.content").find("hi") != std::string::npos);
        BOOST_TEST(tree.word("max_tokens") == "5");
    }
}

BOOST_AUTO_TEST_CASE(calls_and_results_of_a_gemini_client_find_each_other_by_name_and_order) {
    const auto tree = tree_of(as_chat(
        R"({"contents":[{"role":"user","parts":[{"text":"x"}]},{"role":"model","parts":[
{"text":"mm","thought":true},{"functionCall":{"name":"f","args":{"a":1}},"thoughtSignature":"c2ln"},
{"functionCall":{"name":"f","args":{"a":2}}}]},{"role":"user","parts":[
{"functionResponse":{"name":"f","response":{"output":"one"}}},
{"function_response":{"name":"f","response":{"b":2}}},{"text":"go on"}]}],
"tools":[{"function_declarations":[{"name":"f","parameters":{"type":"OBJECT","properties":
{"a":{"type":"INTEGER","nullable":true}}}}]}],
"tool_config":{"function_calling_config":{"mode":"ANY","allowed_function_names":["f"]}}})"
    ));
    BOOST_TEST(dump(tree, "messages.1.tool_calls.0.function.arguments") == R"("{\"a\":1}")");
    const auto first = tree.word("messages.1.tool_calls.0.id");
    const auto second = tree.word("messages.1.tool_calls.1.id");
    BOOST_TEST(first != second);
    BOOST_TEST(tree.word("messages.2.tool_call_id") == first);
    BOOST_TEST(dump(tree, "messages.2.content") == R"("one")");
    BOOST_TEST(tree.word("messages.3.tool_call_id") == second);
    BOOST_TEST(dump(tree, "messages.3.content") == R"("{\"b\":2}")");
    BOOST_TEST(tree.word("messages.4.role") == "user");
    BOOST_TEST(
        dump(tree, "tools.0.function.parameters") ==
        R"({"type":"object","properties":{"a":{"type":["integer","null"]}}})"
    );
    BOOST_TEST(tree.word("tool_choice.function.name") == "f");
}

BOOST_AUTO_TEST_CASE(settings_of_a_gemini_client_become_the_clients_words_elsewhere) {
    const auto made = as_chat(
        R"({"contents":"x","generationConfig":{"stopSequences":["s"],"topK":3,
"thinkingConfig":{"thinkingBudget":0},"responseMimeType":"application/json",
"responseSchema":{"type":"ARRAY","items":{"type":"STRING"}},"mediaResolution":"LOW"},
"cachedContent":"cachedContents/1"})"
    );
    const auto tree = tree_of(made);
    BOOST_TEST(tree.word("stop.0") == "s");
    BOOST_TEST(tree.word("top_k") == "3");
    BOOST_TEST(tree.word("reasoning.effort") == "none");
    BOOST_TEST(
        dump(tree, "response_format.json_schema.schema") ==
        R"({"type":"array","items":{"type":"string"}})"
    );
    BOOST_TEST(made.dropped == "mediaResolution, cachedContent");
}

// Google's Python client spells octets in the alphabet for URLs, which nobody else takes.
BOOST_AUTO_TEST_CASE(media_of_a_gemini_client_are_spelled_as_others_do) {
    const auto made = as_chat(
        R"({"contents":[{"role":"user","parts":[{"inlineData":{"mimeType":"image/png","data":"iVBO-w0_Gg"}}]}]})"
    );
    BOOST_TEST(
        tree_of(made).word("messages.0.content.0.image_url.url") ==
        "data:image/png;base64,iVBO+w0/Gg=="
    );
}

BOOST_AUTO_TEST_CASE(a_wrong_request_of_a_gemini_client_names_its_member) {
    BOOST_TEST(as_chat(R"({"contents":5})").param == "contents");
    BOOST_TEST(
        as_chat(R"({"contents":[{"role":"wizard","parts":[]}]})").param == "contents[0].role"
    );
    BOOST_TEST(
        as_chat(R"({"contents":"x","generationConfig":{"temperature":"hot"}})").param ==
        "temperature"
    );
    BOOST_TEST(
        as_chat(R"({"contents":"x","toolConfig":{"functionCallingConfig":{"mode":"MAYBE"}}})")
            .param == "toolConfig.functionCallingConfig.mode"
    );
}

BOOST_AUTO_TEST_SUITE_END()
