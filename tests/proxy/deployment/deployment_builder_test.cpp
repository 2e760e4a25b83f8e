#define BOOST_TEST_MODULE proxy_deployment
#include "adapters/registry.hpp"
#include "proxy/deployment_builder.hpp"

#include <boost/test/unit_test.hpp>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include <algorithm>
#include <string>

namespace {

using namespace spillway;
using namespace std::chrono_literals;

settings::secret_value secret_of(std::string text) {
    return {"literal:***", base::secret{std::move(text)}};
}

settings::provider provider_of(std::string name, std::string account, std::string url) {
    settings::provider made;
    made.name = std::move(name);
    made.account = std::move(account);
    made.url = std::move(url);
    made.key = secret_of("sk-provider");
    return made;
}

settings::model model_of(std::string id, std::string provider, std::string upstream) {
    settings::model made;
    made.id = std::move(id);
    made.provider = std::move(provider);
    made.upstream_id = std::move(upstream);
    return made;
}

options usual() {
    options made;
    made.providers = {
        provider_of("openai", "", "https://api.openai.com/v1"),
        provider_of("openai", "eu", "https://eu.api.openai.com/v1")};
    made.models = {model_of("openai/gpt-4o", "openai", "gpt-4o-2024")};
    return made;
}

std::shared_ptr<const flow::deployment> built(deployment_builder& by, const options& from) {
    built_deployment made = by.build(from);
    for (const std::string& one : made.complaints)
        BOOST_ERROR(one);
    BOOST_REQUIRE(made.value != nullptr);
    return made.value;
}

// A Google account's, whose id alone differs from the next one's.
std::string key_file(std::string_view id) {
    static const std::string pem = [] {
        EVP_PKEY* const key = EVP_RSA_gen(2048);
        BIO* const into = BIO_new(BIO_s_mem());
        PEM_write_bio_PrivateKey(into, key, nullptr, nullptr, 0, nullptr, nullptr);
        char* text = nullptr;
        const long size = BIO_get_mem_data(into, &text);
        std::string made;
        for (const char c : std::string_view{text, static_cast<std::size_t>(size)})
            c == '\n' ? made.append("\\n") : made.append(1, c);
        BIO_free(into);
        EVP_PKEY_free(key);
        return made;
    }();
    return R"({"type":"service_account","client_email":"a@p","private_key_id":")" +
           std::string{id} + R"(","private_key":")" + pem + R"("})";
}

const std::string& head_for(const flow::provider_account& account, adapters::operation what) {
    return account.ready_head({what});
}

}  // namespace

BOOST_AUTO_TEST_SUITE(deployment_builders)

BOOST_AUTO_TEST_CASE(every_row_of_the_adapters_is_a_known_provider) {
    const std::vector<known_provider> known = known_providers();
    BOOST_TEST(known.size() == adapters::rows().size());
    const auto openai = std::ranges::find(known, "openai", &known_provider::name);
    BOOST_REQUIRE(openai != known.end());
    BOOST_TEST(openai->default_url == "https://api.openai.com/v1");
    BOOST_TEST(openai->key_variables.size() == 1U);
    BOOST_TEST(openai->key_variables.front() == "OPENAI_API_KEY");
    BOOST_TEST((openai->key == known_provider::key_need::required));
    const auto ollama = std::ranges::find(known, "ollama", &known_provider::name);
    BOOST_REQUIRE(ollama != known.end());
    BOOST_TEST((ollama->key == known_provider::key_need::optional));
}

BOOST_AUTO_TEST_CASE(accounts_stand_in_the_order_of_their_ids) {
    deployment_builder builder;
    const auto plan = built(builder, usual());
    BOOST_TEST(plan->accounts.size() == 2U);
    for (const routing::account& one : plan->routes->accounts()) {
        const bool is_eu = one.name == "openai/eu";
        BOOST_TEST(
            plan->at(one.id).origin.host == (is_eu ? "eu.api.openai.com" : "api.openai.com")
        );
        BOOST_TEST(one.display_name == "OpenAI");
    }
}

BOOST_AUTO_TEST_CASE(the_head_of_a_request_is_ready_made) {
    options from = usual();
    from.providers.resize(1);
    from.providers[0].headers = {{"X-Team", "blue"}};
    deployment_builder builder;
    const auto plan = built(builder, from);
    const std::string& head = head_for(plan->accounts[0], adapters::operation::chat);
    BOOST_TEST(head.starts_with("POST /v1/chat/completions HTTP/1.1\r\nHost: api.openai.com\r\n"));
    BOOST_TEST(head.contains("uthorization: Bearer sk-provider\r\n"));
    BOOST_TEST(head.contains("X-Team: blue\r\n"));
    BOOST_TEST(head.contains("Content-Type: application/json\r\n"));
    BOOST_TEST(head.ends_with("\r\n"));
    BOOST_TEST(!head.contains("\r\n\r\n"));
    BOOST_TEST(plan->accounts[0].request_head({adapters::operation::chat}, "any") == head);
    BOOST_TEST(head_for(plan->accounts[0], adapters::operation::embeddings)
                   .starts_with("POST /v1/embeddings HTTP/1.1\r\n"));
}

BOOST_AUTO_TEST_CASE(a_path_that_names_the_model_is_written_for_each) {
    options from = usual();
    settings::provider azure = provider_of("azure", "", "https://it.openai.azure.com");
    azure.api_version = "2024-10-21";
    from.providers = {azure};
    from.models = {model_of("openai/gpt-4o", "azure", "deployed")};
    deployment_builder builder;
    const auto plan = built(builder, from);
    const flow::provider_account& account = plan->accounts[0];
    BOOST_TEST(head_for(account, adapters::operation::chat) == "");
    const std::string head = account.request_head({adapters::operation::chat}, "deployed");
    BOOST_TEST(head.starts_with("POST /"));
    BOOST_TEST(head.contains("/deployed/"));
    BOOST_TEST(head.contains(" HTTP/1.1\r\nHost: it.openai.azure.com\r\n"));
}

BOOST_AUTO_TEST_CASE(a_host_no_table_knows_is_served_as_one_that_speaks_openai) {
    options from = usual();
    from.providers = {provider_of("homegrown", "", "http://10.0.0.7:8000/llm")};
    from.models = {model_of("a", "homegrown", "b")};
    deployment_builder builder;
    const auto plan = built(builder, from);
    const flow::provider_account& account = plan->accounts[0];
    BOOST_TEST(head_for(account, adapters::operation::chat)
                   .starts_with("POST /llm/chat/completions HTTP/1.1\r\nHost: 10.0.0.7:8000\r\n"));
    BOOST_TEST((account.origin.scheme == upstream::scheme::http));
    BOOST_TEST(plan->routes->accounts()[0].display_name == "homegrown");
}

BOOST_AUTO_TEST_CASE(what_one_account_sets_differently_overrides_the_rest) {
    options from = usual();
    from.timeouts.idle = 7s;
    from.providers[1].timeouts.connect = 5ms;
    from.providers[1].ca_file = "";
    deployment_builder builder;
    const auto plan = built(builder, from);
    BOOST_TEST((plan->accounts[0].limits.connect == from.timeouts.connect));
    BOOST_TEST((plan->accounts[1].limits.connect == 5ms));
    BOOST_TEST((plan->accounts[1].limits.idle == 7s));
    BOOST_TEST((plan->accounts[1].limits.tls == from.timeouts.tls));
    BOOST_TEST((plan->accounts[1].limits.first_octet == from.timeouts.first_byte));
    BOOST_TEST((plan->accounts[1].limits.total == from.timeouts.total));
}

// Stable over reloads: the pools of the workers are plain arrays by this number.
BOOST_AUTO_TEST_CASE(an_origin_keeps_its_number) {
    deployment_builder builder;
    options from = usual();
    const auto before = built(builder, from);
    std::ranges::reverse(from.providers);
    from.providers.push_back(provider_of("openai", "third", "https://api.openai.com/v1"));
    from.providers.push_back(provider_of("openai", "other", "https://other.example.com/v1"));
    const auto after = built(builder, from);
    BOOST_TEST((after->accounts[0].origin.id == before->accounts[1].origin.id));
    BOOST_TEST((after->accounts[1].origin.id == before->accounts[0].origin.id));
    BOOST_TEST((after->accounts[2].origin.id == before->accounts[0].origin.id));
    BOOST_TEST((after->accounts[3].origin.id == upstream::origin_id{2}));
    BOOST_TEST(after->generation != before->generation);
}

BOOST_AUTO_TEST_CASE(targets_keep_their_state_over_a_reload) {
    deployment_builder builder;
    const auto before = built(builder, usual());
    const auto after = built(builder, usual());
    BOOST_TEST(
        before->routes->models()[0].endpoints[0].state ==
        after->routes->models()[0].endpoints[0].state
    );
    BOOST_TEST(before->routes->accounts()[0].state == after->routes->accounts()[0].state);
}

BOOST_AUTO_TEST_CASE(endpoints_of_one_model_stand_together_and_flags_replace_the_catalogue) {
    options from = usual();
    settings::model listed = model_of("openai/gpt-4o", "openai", "gpt-4o-2024");
    listed.name = "GPT-4o";
    listed.prices.input = settings::nano_usd{1};
    listed.context = 1000;
    from.catalog_models = {listed, model_of("openai/gpt-4o", "openai/eu", "gpt-4o-eu")};
    from.models[0].prices.input = settings::nano_usd{2'500'000'000};
    from.models[0].max_output = 77;
    deployment_builder builder;
    const auto plan = built(builder, from);
    BOOST_REQUIRE(plan->routes->models().size() == 1);
    const routing::model& model = plan->routes->models()[0];
    BOOST_TEST(model.display_name == "GPT-4o");
    const auto replaced =
        std::ranges::find(model.endpoints, "gpt-4o-2024", &routing::endpoint::upstream_model);
    BOOST_REQUIRE((replaced != model.endpoints.end()));
    BOOST_TEST(*replaced->price.prompt == 2'500'000'000);
    BOOST_TEST(replaced->max_output == 77U);
    BOOST_TEST(replaced->context == 0U);
    BOOST_TEST(
        std::ranges::count(model.endpoints, "gpt-4o-eu", &routing::endpoint::upstream_model) == 1
    );
}

BOOST_AUTO_TEST_CASE(a_client_key_is_found_by_its_keyed_hash_only) {
    options from = usual();
    settings::client_key key;
    key.name = "team";
    key.secret = secret_of("sk-client");
    key.models = {"openai/*"};
    key.organisation = "acme";
    from.keys = {key};
    deployment_builder builder;
    const auto plan = built(builder, from);
    const routing::client_key* const found =
        plan->routes->keys().find(net::hmac_sha256(plan->digest_key, "sk-client"));
    BOOST_REQUIRE(found != nullptr);
    BOOST_TEST(found->name == "team");
    BOOST_TEST(found->organisation == "acme");
    BOOST_TEST(found->models.size() == 1U);
    BOOST_TEST(
        plan->routes->keys().find(net::hmac_sha256(plan->digest_key, "sk-other")) == nullptr
    );
    deployment_builder elsewhere;
    BOOST_TEST((built(elsewhere, from)->digest_key != plan->digest_key));
}

BOOST_AUTO_TEST_CASE(every_client_key_has_its_own_limit_whatever_the_order_of_the_digests) {
    options from = usual();
    for (std::uint32_t i = 0; i < 12; ++i) {
        settings::client_key key;
        key.name = "key" + std::to_string(i);
        key.secret = secret_of("sk-client-" + std::to_string(i));
        if (i % 2 == 1) key.concurrency = i;
        from.keys.push_back(key);
    }
    deployment_builder builder;
    const auto plan = built(builder, from);
    for (std::uint32_t i = 0; i < 12; ++i) {
        const std::string secret = "sk-client-" + std::to_string(i);
        const auto* const found =
            plan->routes->keys().find(net::hmac_sha256(plan->digest_key, secret));
        BOOST_REQUIRE(found != nullptr);
        const flow::key_limit limit = plan->limit_of(*found);
        BOOST_TEST((limit.in_flight != nullptr) == (i % 2 == 1));
        if (limit.in_flight != nullptr) BOOST_TEST(limit.most == i);
    }
}

BOOST_AUTO_TEST_CASE(limits_and_modes_go_over_as_they_are) {
    options from = usual();
    from.auth = settings::auth_mode::off;
    from.bounds.body = 123;
    from.bounds.head = 456;
    from.sse_keepalive = 9s;
    from.max_attempts = 2;
    from.default_model = "openai/gpt-4o";
    from.providers[0].data = settings::data_use::zdr;
    from.providers[1].priority = 4;
    from.providers[1].concurrency = 5;
    deployment_builder builder;
    const auto plan = built(builder, from);
    BOOST_TEST((plan->auth == flow::auth_mode::off));
    BOOST_TEST(plan->body_limit == 123U);
    BOOST_TEST(plan->head_limit == 456U);
    BOOST_TEST((plan->keepalive == 9s));
    BOOST_TEST(plan->routes->max_attempts() == 2U);
    BOOST_TEST(plan->routes->default_model() == "openai/gpt-4o");
    const auto accounts = plan->routes->accounts();
    BOOST_TEST((accounts[0].data == routing::data_use::zdr));
    BOOST_TEST((accounts[1].data == routing::data_use::train)
    );  // not stated is taken for the worst
    BOOST_TEST(accounts[1].priority == 4U);
    BOOST_TEST(accounts[1].concurrency_limit == 5U);
    from.sse_keepalive.reset();
    BOOST_TEST(!built(builder, from)->keepalive.has_value());
}

BOOST_AUTO_TEST_CASE(both_lists_of_models_are_ready_made) {
    deployment_builder builder;
    const auto plan = built(builder, usual());
    for (const std::string& text : plan->models)
        BOOST_TEST(text.contains("openai/gpt-4o"));
}

// R-P11: nothing is published, and nothing that was kept changes.
BOOST_AUTO_TEST_CASE(what_cannot_be_served_is_refused_with_a_reason) {
    deployment_builder builder;
    options from = usual();
    from.models.push_back(model_of("x", "nobody", "y"));
    const built_deployment refused = builder.build(from);
    BOOST_TEST(refused.value == nullptr);
    BOOST_REQUIRE(!refused.complaints.empty());
    BOOST_TEST(refused.complaints.front().contains("nobody"));
    for (const std::string& one : refused.complaints)
        BOOST_TEST(!one.contains("sk-provider"));
    BOOST_TEST(built(builder, usual())->generation == 1U);
}

BOOST_AUTO_TEST_CASE(who_lends_to_an_account_outlives_reloads_while_its_source_is_the_same) {
    options from = usual();
    settings::provider vertex = provider_of("google-vertex", "", "https://v.example.com/v1");
    vertex.protocol = settings::protocol::gemini;
    vertex.key.reset();
    vertex.credentials = secret_of(key_file("k1"));
    from.providers.push_back(vertex);
    deployment_builder builder;
    const auto lender_of = [&] {
        return built(builder, from)->accounts.back().lender;
    };
    const auto first = lender_of();
    BOOST_TEST_REQUIRE(first != nullptr);
    BOOST_TEST((lender_of() == first));
    from.providers.back().credentials = secret_of(key_file("k2"));
    BOOST_TEST((lender_of() != first));
    BOOST_TEST((built(builder, usual())->accounts.back().lender == nullptr));
}

BOOST_AUTO_TEST_CASE(a_key_file_that_is_none_is_a_complaint_without_its_text) {
    options from = usual();
    from.providers[0].key.reset();
    from.providers[0].credentials =
        secret_of(R"({"type":"service_account","client_email":"a","private_key":"hush"})");
    deployment_builder builder;
    const built_deployment made = builder.build(from);
    BOOST_TEST((made.value == nullptr));
    BOOST_TEST_REQUIRE(made.complaints.size() == 1U);
    BOOST_TEST(made.complaints[0].contains("its private_key is no RSA key"));
    BOOST_TEST(!made.complaints[0].contains("hush"));
}

BOOST_AUTO_TEST_SUITE_END()
