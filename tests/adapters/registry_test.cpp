#include "adapters/base_url.hpp"
#include "adapters/models_list.hpp"
#include "adapters/registry.hpp"
#include "tests/adapters/support/files.hpp"
#include "tests/adapters/support/json_tree.hpp"

#include <boost/test/unit_test.hpp>
#include <fmt/format.h>

#include <array>
#include <set>

namespace spillway::adapters {

namespace {

std::string target_of(
    std::string_view provider,
    std::string base,
    std::string version,
    operation what = operation::chat
) {
    account_settings settings;
    settings.base_url = std::move(base);
    settings.api_version = std::move(version);
    auto adapter = make_adapter(*find_row(provider), settings);
    if (!adapter) return adapter.error().message;
    return std::string{(*adapter)->origin()} + " " +
           (*adapter)->target({what, delivery::whole}, "my model");
}

std::string credential_of(std::string_view provider, std::string_view key) {
    account_settings settings;
    settings.base_url = "https://h";
    auto fields = (*make_adapter(*find_row(provider), settings))->credentials(key);
    return fields.empty() ? "" : fields.front().name + ": " + fields.front().value;
}

std::string_view word(stream_usage how) {
    switch (how) {
    case stream_usage::ask: return "asked for";
    case stream_usage::unasked: return "unasked";
    case stream_usage::every_chunk: return "every chunk";
    }
    return {};
}

std::string rules_of(const provider_row& row) {
    std::string text;
    for (const auto& rule : row.parameters) {
        if (!text.empty()) text += ", ";
        text += name_of(rule.which);
        if (rule.action == rule_action::rename) text.append(" → ").append(rule.to);
        if (rule.action == rule_action::drop_forced_choice) text.append(" but auto and none");
        if (rule.action == rule_action::clamp)
            text.append(fmt::format(" to {}–{}", rule.within.least, rule.within.most));
        if (!rule.prefix.empty()) text.append(" (").append(rule.prefix).append("…)");
    }
    return text.empty() ? "–" : text;
}

std::string beside_chat(const provider_row& row) {
    if (row.speaks != protocol::chat) return "by protocol";
    constexpr std::array all{
        operation::completions,
        operation::embeddings,
        operation::rerank,
        operation::moderations,
        operation::images};
    std::string text;
    std::size_t count = 0;
    for (const operation one : all) {
        if (!row.serves.has(one)) continue;
        ++count;
        if (!text.empty()) text += ", ";
        text += name_of(one);
    }
    if (count == all.size()) return "whatever it has";
    return text.empty() ? "–" : text;
}

// The table of adapters/README.md.
std::string table() {
    std::string text{
        "| row | base URL | key | usage in streams | [DONE] | dropped or renamed | beside chat | "
        "remark |\n"
        "|---|---|---|---|---|---|---|---|\n"};
    for (const auto& row : rows()) {
        text.append("| ").append(row.name).append(" | ").append(
            row.base_url.empty() ? "–" : row.base_url
        );
        text.append(" | ").append(row.key_variable.empty() ? "–" : row.key_variable);
        text.append(" | ").append(word(row.usage));
        text.append(" | ").append(row.done == done_marker::sent ? "yes" : "no");
        text.append(" | ").append(rules_of(row)).append(" | ").append(beside_chat(row));
        text.append(" | ").append(row.remark).append(" |\n");
    }
    return text;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(registry)

BOOST_AUTO_TEST_CASE(rows_are_found_by_slug_and_by_display_name_without_case) {
    std::set<std::string_view> names;
    for (const auto& row : rows()) {
        BOOST_TEST(find_row(row.name) == &row);
        BOOST_TEST(find_row(row.display_name) == &row);
        BOOST_TEST(names.insert(row.name).second);
        const bool names_place = row.base_url.contains('{');  // the account's region
        if (!row.base_url.empty() && !names_place)
            BOOST_TEST(parse_base_url(row.base_url).has_value(), row.name);
    }
    BOOST_TEST(find_row("OPENAI") == find_row("openai"));
    BOOST_TEST(find_row("nobody") == nullptr);
    BOOST_TEST(find_row("") == nullptr);
}

BOOST_AUTO_TEST_CASE(every_row_can_be_asked_with_a_key_alone_or_says_what_else_it_needs) {
    std::set<std::string> without;
    for (const auto& row : rows()) {
        account_settings settings;
        settings.region = "r1";
        settings.project = "p1";
        auto made = make_adapter(row, settings);
        if (!made) {
            BOOST_TEST(made.error().message.ends_with("a base URL is needed."));
            without.emplace(row.name);
            continue;
        }
        BOOST_TEST(!(*made)->target({}, "m").empty(), row.name);
        BOOST_TEST(!(*made)->origin().contains('{'), row.name);
        // Somebody else's key is somebody else's secret: a hosted row has a variable of its own or none.
        for (const auto& other : rows()) {
            const bool is_same_house = row.auth == auth_style::aws && other.auth == auth_style::aws;
            if (&other != &row && !row.key_variable.empty() && !is_same_house)
                BOOST_TEST(other.key_variable != row.key_variable, row.name << other.name);
        }
        BOOST_TEST((!row.is_local || row.key_variable.empty()), row.name);
    }
    BOOST_TEST((without == std::set<std::string>{"azure", "custom", "databricks"}));
}

BOOST_AUTO_TEST_CASE(an_account_that_is_part_of_the_address_is_told_nowhere_else) {
    account_settings settings;
    settings.project = "0a1b";
    for (const auto& [name, address] :
         {std::pair{"cloudflare", "https://api.cloudflare.com /client/v4/accounts/0a1b/ai/v1"},
          std::pair{"snowflake", "https://0a1b.snowflakecomputing.com /api/v2/cortex/v1"}}) {
        auto made = make_adapter(*find_row(name), settings);
        BOOST_TEST_REQUIRE(made.has_value());
        BOOST_TEST(
            std::string{(*made)->origin()} + " " + (*made)->target({}, "m") ==
            std::string{address} + "/chat/completions"
        );
        BOOST_TEST((*made)->credentials("k").size() == 1u);
    }
}

BOOST_AUTO_TEST_CASE(targets_keep_the_base_path) {
    BOOST_TEST(target_of("openai", "", "") == "https://api.openai.com /v1/chat/completions");
    BOOST_TEST(
        target_of("openai", "http://[::1]:8080/a/b/", "") ==
        "http://[::1]:8080 /a/b/chat/completions"
    );
    BOOST_TEST(
        target_of("openai", "", "", operation::embeddings) ==
        "https://api.openai.com /v1/embeddings"
    );
    BOOST_TEST(
        target_of("groq", "", "", operation::models) == "https://api.groq.com /openai/v1/models"
    );
    BOOST_TEST(
        target_of("openai", "", "", operation::completions) ==
        "https://api.openai.com /v1/completions"
    );
    BOOST_TEST(  // has none: a chat is made of it
        target_of("deepseek", "", "", operation::completions) ==
        "https://api.deepseek.com /chat/completions"
    );
}

BOOST_AUTO_TEST_CASE(azure_has_three_surfaces) {
    BOOST_TEST(
        target_of("azure", "https://r.openai.azure.com", "") ==
        "https://r.openai.azure.com /openai/v1/chat/completions"
    );
    BOOST_TEST(
        target_of("azure", "https://r.openai.azure.com", "preview") ==
        "https://r.openai.azure.com /openai/v1/chat/completions?api-version=preview"
    );
    BOOST_TEST(
        target_of("azure", "https://r.openai.azure.com/openai/v1/", "v1") ==
        "https://r.openai.azure.com /openai/v1/chat/completions"
    );
    BOOST_TEST(
        target_of("azure", "https://r.openai.azure.com/", "2024-10-21") ==
        "https://r.openai.azure.com "
        "/openai/deployments/my%20model/chat/completions?api-version=2024-10-21"
    );
    BOOST_TEST(
        target_of("azure", "https://r.services.ai.azure.com/models", "2024-05-01-preview") ==
        "https://r.services.ai.azure.com /models/chat/completions?api-version=2024-05-01-preview"
    );
    BOOST_TEST(target_of("azure", "", "") == "provider azure: a base URL is needed.");
}

BOOST_AUTO_TEST_CASE(base_urls_that_could_mislead_are_refused) {
    for (auto bad :
         {"api.openai.com",
          "ftp://h",
          "https://",
          "https://u:p@h",
          "https://h?x=1",
          "https://h#f",
          "https://h:0",
          "https://h:70000",
          "https://h:x",
          "https://h/a b",
          "https://h/../x",
          "https://h//x",
          "https://[::1",
          "https://h\r\nX: y"}) {
        BOOST_TEST(!parse_base_url(bad).has_value(), bad);
    }
    auto secret = parse_base_url("https://user:hunter22@h");
    BOOST_TEST(secret.error().message.find("hunter22") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(credentials_are_sent_as_each_provider_wants_them) {
    BOOST_TEST(credential_of("openai", "k") == "Authorization: Bearer k");
    BOOST_TEST(credential_of("azure", "k") == "api-key: k");
    BOOST_TEST(credential_of("ollama", "") == "");
    BOOST_TEST(credential_of("vllm", "k") == "Authorization: Bearer k");
    account_settings settings;
    settings.organization = "org";
    settings.extra_fields = {{"X-A", "b"}};
    auto fields = (*make_adapter(*find_row("openai"), settings))->credentials("k");
    BOOST_REQUIRE(fields.size() == 3u);
    BOOST_TEST(fields[1].name == "OpenAI-Organization");
    BOOST_TEST(fields[2].value == "b");
}

BOOST_AUTO_TEST_CASE(settings_with_line_ends_are_refused) {
    account_settings settings;
    settings.organization = "a\r\nX: y";
    BOOST_TEST(!make_adapter(*find_row("openai"), settings).has_value());
    settings = {};
    settings.api_version = "2024&x=1";
    BOOST_TEST(!make_adapter(*find_row("openai"), settings).has_value());
    settings = {};
    settings.extra_fields = {{"A", "b\n"}};
    BOOST_TEST(!make_adapter(*find_row("openai"), settings).has_value());
}

BOOST_AUTO_TEST_CASE(the_table_in_the_readme_is_the_table_of_the_rows) {
    auto readme = testing::read_file("adapters/README.md");
    BOOST_TEST(
        readme.find(table()) != std::string::npos,
        "adapters/README.md must hold:\n"
            << table()
    );
}

BOOST_AUTO_TEST_CASE(models_are_listed_in_both_faces) {
    const std::string_view modalities[] = {"text", "image"};
    listed_model known;
    known.id = "acme/m\"1";
    known.created = 5;
    known.context_length = 8192;
    known.price_prompt = "0.000001";
    known.input_modalities = modalities;
    listed_model bare;
    bare.id = "m2";
    const listed_model both[] = {known, bare};
    BOOST_TEST(
        render_models(both, list_form::openai) ==
        R"({"object":"list","data":[{"id":"acme/m\"1","object":"model","created":5,"owned_by":"acme"},)"
        R"({"id":"m2","object":"model","created":0,"owned_by":"spillway"}]})"
    );
    auto listed = testing::parse_json(render_models(both, list_form::openrouter));
    BOOST_REQUIRE(listed.has_value());
    BOOST_TEST(listed->word("data.0.name") == "acme/m\"1");
    BOOST_TEST(listed->word("data.0.pricing.prompt") == "0.000001");
    BOOST_TEST(listed->word("data.0.architecture.input_modalities.1") == "image");
    BOOST_TEST(listed->word("data.1.context_length") == "null");
    // OpenRouter's own client insists on these.
    BOOST_TEST(listed->word("total_count") == "2");
    BOOST_TEST(listed->word("links.next") == "null");
    BOOST_TEST(listed->word("data.1.pricing.prompt") == "-1");
    BOOST_TEST(listed->word("data.1.architecture.output_modalities.0") == "text");
    BOOST_TEST(listed->word("data.1.top_provider.is_moderated") == "false");
    BOOST_TEST(listed->word("data.1.links.details") == "/api/v1/models/m2/endpoints");
    for (const auto* name : {"per_request_limits", "default_parameters", "supported_voices"})
        BOOST_TEST(listed->word("data.1." + std::string{name}) == "null");
    BOOST_TEST(listed->at("data.1.supported_parameters")->kind == '[');
    BOOST_TEST(testing::parse_json(render_model(bare, list_form::openrouter)).has_value());
    BOOST_TEST(render_models({}, list_form::openai) == R"({"object":"list","data":[]})");
    BOOST_TEST(
        render_models({}, list_form::anthropic) ==
        R"({"data":[],"has_more":false,"first_id":null,"last_id":null})"
    );
    BOOST_TEST(render_models({}, list_form::ollama) == R"({"models":[]})");
    for (const auto form : {list_form::anthropic, list_form::google, list_form::ollama}) {
        BOOST_TEST(testing::parse_json(render_models(both, form)).has_value());
        BOOST_TEST(testing::parse_json(render_model(bare, form)).has_value());
    }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace spillway::adapters
