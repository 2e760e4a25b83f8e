#include "tests/proxy/options/desk.hpp"

#include <boost/test/unit_test.hpp>

using namespace spillway;
using namespace spillway::settings;
using namespace std::chrono_literals;
using spillway::testing::complains;
using spillway::testing::desk;
using spillway::testing::has;
using spillway::testing::open_desk;

namespace {

options value_of(const desk& d) {
    parse_outcome outcome = d.parse();
    BOOST_TEST(outcome.is_usable(), render_remarks(outcome));
    return std::move(outcome.value);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(options_flags)

BOOST_AUTO_TEST_CASE(nothing_but_a_provider_and_open_access_is_a_gateway_on_loopback) {
    const options o = value_of(open_desk());
    BOOST_TEST((o.listeners == std::vector<listener>{tcp_address{"127.0.0.1", 8080}}));
    BOOST_TEST(!o.tls);
    BOOST_TEST(!o.workers);
    BOOST_TEST((o.timeouts == timeouts{3s, 5s, 120s, 60s, 15min}));
    BOOST_TEST(o.max_attempts == 3U);
    BOOST_TEST(o.retry_budget_percent == 20U);
    BOOST_TEST((o.sse_keepalive == 15s));
    BOOST_TEST((o.drain_timeout == 5min));
    BOOST_TEST(o.bounds.body == 32U * 1024 * 1024);
    BOOST_TEST(o.bounds.head == 32U * 1024);
    BOOST_TEST(!o.bounds.memory);
    BOOST_TEST(!o.bounds.connections);
    BOOST_TEST((o.log_level == log_level::info));
    BOOST_TEST((o.log_format == log_format::by_terminal));
    BOOST_TEST((o.access_log == access_log{}));
    BOOST_TEST(o.default_model == "");
}

BOOST_AUTO_TEST_CASE(a_known_provider_is_enabled_by_its_variable) {
    const options o = value_of(open_desk());
    BOOST_REQUIRE_EQUAL(o.providers.size(), 1U);
    BOOST_TEST(o.providers[0].name == "openai");
    BOOST_TEST(o.providers[0].url == "https://api.openai.com/v1");
    BOOST_TEST(o.providers[0].key->reference == "env:OPENAI_API_KEY");
    BOOST_TEST(o.providers[0].key->value.reveal() == "sk-openai-0123456789");
}

BOOST_AUTO_TEST_CASE(the_second_usual_variable_counts_when_the_first_is_not_set) {
    desk d = open_desk();
    d.variables = {{"GEMINI_API_KEY", ""}, {"GOOGLE_API_KEY", "g-1"}};
    const options o = value_of(d);
    BOOST_REQUIRE_EQUAL(o.providers.size(), 1U);
    BOOST_TEST(o.providers[0].key->reference == "env:GOOGLE_API_KEY");
}

BOOST_AUTO_TEST_CASE(no_env_providers_leaves_variables_alone_but_for_named_providers) {
    desk d = open_desk({"--no-env-providers", "--provider", "openai"});
    d.variables["GEMINI_API_KEY"] = "g-1";
    const options o = value_of(d);
    BOOST_REQUIRE_EQUAL(o.providers.size(), 1U);
    BOOST_TEST(o.providers[0].key->reference == "env:OPENAI_API_KEY");
}

BOOST_AUTO_TEST_CASE(listeners_add_up_and_replace_the_default) {
    const options o = value_of(open_desk(
        {"--listen",
         "[::1]:81",
         "--listen=unix:/run/s",
         "--listen",
         "127.0.0.1:0",
         "--listen",
         "127.0.0.1:0"}
    ));
    BOOST_TEST(
        (o.listeners ==
         std::vector<listener>{
             tcp_address{"::1", 81},
             unix_path{"/run/s"},
             tcp_address{"127.0.0.1", 0},
             tcp_address{"127.0.0.1", 0}})
    );
}

BOOST_AUTO_TEST_CASE(tls_takes_three_files) {
    desk d = open_desk({"--tls-cert", "/c", "--tls-key", "/k", "--tls-client-ca", "/a"});
    d.files = {{"/c", "x"}, {"/k", "x"}, {"/a", "x"}};
    BOOST_TEST((value_of(d).tls == tls_files{"/c", "/k", "/a"}));
}

BOOST_AUTO_TEST_CASE(a_provider_takes_every_key) {
    desk d = open_desk(
        {"--no-env-providers",
         "--provider",
         "lab/eu,protocol=chat,url=http://127.0.0.1:9000/v1/"
         ",key=env:LAB,weight=2,priority=1,concurrency=8,region=eu-1,"
         "project=p1,api-version=2024-10-21,ca=/ca,header=X-A:1,header=\"X-B:1, "
         "2\",data=zdr,connect-timeout=1s,"
         "tls-timeout=2s,first-byte-timeout=3s,idle-timeout=4s,total-timeout=5s"}
    );
    d.variables["LAB"] = "k-1";
    d.files["/ca"] = "x";
    const options o = value_of(d);
    BOOST_REQUIRE_EQUAL(o.providers.size(), 1U);
    const provider& p = o.providers[0];
    BOOST_TEST(p.full_name() == "lab/eu");
    BOOST_TEST((p.protocol == protocol::chat));
    BOOST_TEST(p.url == "http://127.0.0.1:9000/v1");
    BOOST_TEST(p.key->value.reveal() == "k-1");
    BOOST_TEST(*p.weight == 2U);
    BOOST_TEST(*p.priority == 1U);
    BOOST_TEST(*p.concurrency == 8U);
    BOOST_TEST(p.region == "eu-1");
    BOOST_TEST(p.project == "p1");
    BOOST_TEST(p.api_version == "2024-10-21");
    BOOST_TEST(p.ca_file == "/ca");
    BOOST_TEST((p.headers == std::vector<extra_header>{{"X-A", "1"}, {"X-B", "1, 2"}}));
    BOOST_TEST((p.data == data_use::zdr));
    BOOST_TEST((p.timeouts.over(timeouts{}) == timeouts{1s, 2s, 3s, 4s, 5s}));
}

BOOST_AUTO_TEST_CASE(a_provider_without_timeouts_has_the_general_ones) {
    const options o =
        value_of(open_desk({"--provider", "openai,idle-timeout=7s", "--connect-timeout", "1s"}));
    BOOST_TEST((o.providers[0].timeouts.over(o.timeouts) == timeouts{1s, 5s, 120s, 7s, 15min}));
}

BOOST_AUTO_TEST_CASE(an_account_takes_from_its_provider_what_it_does_not_say) {
    desk d = open_desk(
        {"--provider",
         "lab/b,key=env:B",
         "--provider",
         "lab,protocol=chat,url=https://lab.example/v1",
         "--provider",
         "openai/eu,key=env:B"}
    );
    d.variables["B"] = "k-b";
    const options o = value_of(d);
    BOOST_TEST(o.providers[0].url == "https://lab.example/v1");
    BOOST_TEST(o.providers[2].url == "https://api.openai.com/v1");
    BOOST_TEST(o.providers[2].key->reference == "env:B");
    BOOST_TEST(o.providers[3].full_name() == "openai");
}

BOOST_AUTO_TEST_CASE(region_and_project_go_into_a_known_providers_url) {
    const options o =
        value_of(open_desk({"--provider", "vertex,region=eu,project=p1,key=literal:k"}));
    BOOST_TEST(o.providers[0].url == "https://eu.example.com/projects/p1/regions/eu");
}

BOOST_AUTO_TEST_CASE(a_provider_that_needs_no_key_has_none) {
    const options o = value_of(open_desk({"--provider", "ollama"}));
    BOOST_TEST(!o.providers[0].key);
}

BOOST_AUTO_TEST_CASE(a_model_takes_every_key) {
    const options o = value_of(open_desk(
        {"--model",
         "openai/"
         "gpt-4o:fast=openai:gpt-4o=x:y,in=0.0375,out=10,cache-read=0.1,cache-write=3.75,reasoning="
         "11,request=0.005,"
         "image=0.001,context=128000,max-output=16384,modalities=text+image>text,params=tools+"
         "response_format,quality=0.85,weight=3"}
    ));
    BOOST_REQUIRE_EQUAL(o.models.size(), 1U);
    const model& m = o.models[0];
    BOOST_TEST(m.id == "openai/gpt-4o:fast");
    BOOST_TEST(m.provider == "openai");
    BOOST_TEST(m.upstream_id == "gpt-4o=x:y");
    BOOST_TEST(m.prices.input->count == 37'500'000);
    BOOST_TEST(m.prices.output->count == 10'000'000'000);
    BOOST_TEST(m.prices.cache_read->count == 100'000'000);
    BOOST_TEST(m.prices.cache_write->count == 3'750'000'000);
    BOOST_TEST(m.prices.reasoning->count == 11'000'000'000);
    BOOST_TEST(m.prices.request->count == 5'000'000);
    BOOST_TEST(m.prices.image->count == 1'000'000);
    BOOST_TEST(*m.context == 128000U);
    BOOST_TEST(*m.max_output == 16384U);
    BOOST_TEST((m.input_modalities == std::vector<std::string>{"text", "image"}));
    BOOST_TEST((m.output_modalities == std::vector<std::string>{"text"}));
    BOOST_TEST((m.params == std::vector<std::string>{"tools", "response_format"}));
    BOOST_TEST(*m.quality_millionths == 850'000U);
    BOOST_TEST(*m.weight == 3U);
}

BOOST_AUTO_TEST_CASE(a_price_that_is_not_given_is_unknown_and_not_zero) {
    const options o = value_of(open_desk({"--model", "a=openai:b,in=0"}));
    BOOST_TEST(o.models[0].prices.input->count == 0);
    BOOST_TEST(!o.models[0].prices.output);
}

BOOST_AUTO_TEST_CASE(an_alias_is_a_chain) {
    const options o = value_of(
        open_desk({"--alias", "fast=openai/gpt-4o-mini,groq/llama", "--default-model", "fast"})
    );
    BOOST_TEST((o.aliases == std::vector<alias>{{"fast", {"openai/gpt-4o-mini", "groq/llama"}}}));
    BOOST_TEST(o.default_model == "fast");
}

BOOST_AUTO_TEST_CASE(lists_of_who_may_what_add_up) {
    const options o = value_of(open_desk(
        {"--allow-model",
         "openai/*",
         "--allow-model",
         "a",
         "--deny-model",
         "*:free",
         "--allow-provider",
         "openai",
         "--deny-provider",
         "gem*"}
    ));
    BOOST_TEST((o.lists == access_lists{{"openai/*", "a"}, {"*:free"}, {"openai"}, {"gem*"}}));
}

BOOST_AUTO_TEST_CASE(a_client_key_takes_every_key) {
    desk d;
    d.arguments = {
        "--key",
        "ci=env:CI,models=openai/"
        "*+a,providers=openai+gem*,org=acme,expires=2027-01-31,concurrency=4"};
    d.variables["CI"] = "0123456789abcdef0123456789abcdef";
    const options o = value_of(d);
    BOOST_TEST((o.auth == auth_mode::keys));
    BOOST_REQUIRE_EQUAL(o.keys.size(), 1U);
    const client_key& k = o.keys[0];
    BOOST_TEST(k.name == "ci");
    BOOST_TEST(k.secret.reference == "env:CI");
    BOOST_TEST((k.models == std::vector<std::string>{"openai/*", "a"}));
    BOOST_TEST((k.providers == std::vector<std::string>{"openai", "gem*"}));
    BOOST_TEST(k.organisation == "acme");
    BOOST_TEST((*k.expires == std::chrono::sys_days{std::chrono::year{2027} / 1 / 31}));
    BOOST_TEST(*k.concurrency == 4U);
    BOOST_TEST(d.parse().warnings.empty());
}

BOOST_AUTO_TEST_CASE(timeouts_and_limits_are_read) {
    const options o = value_of(open_desk(
        {"--connect-timeout", "1s",    "--tls-timeout",   "2s",    "--first-byte-timeout", "3s",
         "--idle-timeout",    "4s",    "--total-timeout", "5s",    "--sse-keepalive",      "6s",
         "--max-attempts",    "7",     "--retry-budget",  "8%",    "--max-body",           "9KiB",
         "--max-head",        "10KiB", "--max-memory",    "11MiB", "--max-connections",    "12",
         "--drain-timeout",   "0",     "--workers",       "13"}
    ));
    BOOST_TEST((o.timeouts == timeouts{1s, 2s, 3s, 4s, 5s}));
    BOOST_TEST((o.sse_keepalive == 6s));
    BOOST_TEST(o.max_attempts == 7U);
    BOOST_TEST(o.retry_budget_percent == 8U);
    BOOST_TEST(o.bounds.body == 9U * 1024);
    BOOST_TEST(o.bounds.head == 10U * 1024);
    BOOST_TEST(*o.bounds.memory == 11U * 1024 * 1024);
    BOOST_TEST(*o.bounds.connections == 12U);
    BOOST_TEST((o.drain_timeout == 0s));
    BOOST_TEST(*o.workers == 13U);
    BOOST_TEST(!value_of(open_desk({"--sse-keepalive", "off"})).sse_keepalive);
}

BOOST_AUTO_TEST_CASE(logging_is_read) {
    options o =
        value_of(open_desk({"--log-level", "debug", "--log-format", "json", "--access-log", "-"}));
    BOOST_TEST((o.log_level == log_level::debug));
    BOOST_TEST((o.log_format == log_format::json));
    BOOST_TEST((o.access_log == access_log{access_log::target::standard_output, ""}));
    o = value_of(open_desk({"--access-log", "/var/log/a", "--log-format", "text"}));
    BOOST_TEST((o.access_log == access_log{access_log::target::file, "/var/log/a"}));
    BOOST_TEST((o.log_format == log_format::text));
}

BOOST_AUTO_TEST_CASE(every_bad_value_is_named_with_its_flag_and_all_at_once) {
    const parse_outcome outcome = open_desk({"--workers",
                                             "0",
                                             "--max-body",
                                             "x",
                                             "--retry-budget",
                                             "20",
                                             "--log-level",
                                             "infos",
                                             "--auth",
                                             "key",
                                             "--idle-timeout",
                                             "0s"})
                                      .parse();
    BOOST_TEST(outcome.complaints.size() == 6U);
    BOOST_TEST(complains(outcome, "--workers: '0' is not a count", "from 1 to 1024"));
    BOOST_TEST(complains(outcome, "--max-body: 'x' is not a size", "32MiB"));
    BOOST_TEST(complains(outcome, "--retry-budget: '20' is not a percentage", "20%"));
    BOOST_TEST(
        complains(outcome, "--log-level: 'infos' is not one of the choices", "did you mean info?")
    );
    BOOST_TEST(complains(
        outcome, "--auth: 'key' is not one of the choices", "choose keys, off; did you mean keys?"
    ));
    BOOST_TEST(complains(outcome, "--idle-timeout: the duration must be above zero"));
}

BOOST_AUTO_TEST_CASE(every_bad_part_of_an_object_is_named) {
    const parse_outcome outcome =
        open_desk({"--provider",
                   "openai,wieght=2,weight=0,weight,region=a,region=b,protocol=soap,data=none,"
                   "header=Host:x",
                   "--model",
                   "m=openai",
                   "--model",
                   "m",
                   "--model",
                   "m=openai:u,in=1.0000000001,modalities=text,quality=2,params=A",
                   "--alias",
                   "a",
                   "--alias",
                   "a=b,c=d"})
            .parse();
    BOOST_TEST(complains(
        outcome,
        "--provider: openai: unknown key wieght",
        "did you mean weight? known keys: protocol, url, key"
    ));
    BOOST_TEST(complains(outcome, "--provider: openai: weight: '0' is not a count"));
    BOOST_TEST(complains(outcome, "--provider: openai: weight has no value", "weight=N"));
    BOOST_TEST(complains(outcome, "--provider: openai: region is given twice"));
    BOOST_TEST(complains(
        outcome, "--provider: openai: protocol: 'soap' is not one of the choices", "choose chat"
    ));
    BOOST_TEST(complains(outcome, "--provider: openai: data: 'none'", "choose train, retain, zdr"));
    BOOST_TEST(
        complains(outcome, "--provider: openai: header: the header Host belongs to the connection")
    );
    BOOST_TEST(
        complains(outcome, "--model: m: the endpoint has no provider", "ID=PROVIDER:UPSTREAM_ID")
    );
    BOOST_TEST(complains(outcome, "--model: the text does not start with ID=PROVIDER:UPSTREAM_ID"));
    BOOST_TEST(complains(outcome, "--model: m: in: '1.0000000001' has more digits than can be kept")
    );
    BOOST_TEST(complains(outcome, "--model: m: modalities: the modalities have no '>'"));
    BOOST_TEST(complains(outcome, "--model: m: quality: the quality is above 1"));
    BOOST_TEST(complains(outcome, "--model: m: params: 'A' is not a lower case word"));
    BOOST_TEST(complains(outcome, "--alias: the text does not have the form NAME=MODEL"));
    BOOST_TEST(outcome.complaints.size() == 15U);
}

BOOST_AUTO_TEST_SUITE_END()
