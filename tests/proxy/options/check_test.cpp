#include "tests/proxy/options/desk.hpp"

#include <boost/test/unit_test.hpp>

using namespace spillway;
using namespace spillway::settings;
using spillway::testing::complains;
using spillway::testing::desk;
using spillway::testing::has;
using spillway::testing::open_desk;

BOOST_AUTO_TEST_SUITE(options_check)

BOOST_AUTO_TEST_CASE(open_access_needs_private_listeners) {
    for (const char* open : {"0.0.0.0:80", "[::]:80", "10.0.0.1:80", "fd:3"}) {
        const parse_outcome outcome =
            open_desk({"--listen", "127.0.0.1:81", "--listen", open}).parse();
        BOOST_TEST(
            complains(
                outcome,
                std::string{"--auth: off is not possible while --listen "} + open,
                "127.0.0.1"
            ),
            open
        );
    }
    BOOST_TEST(open_desk({"--listen", "[::1]:80", "--listen", "127.3.0.1:80", "--listen", "unix:/s"}
    )
                   .parse()
                   .is_usable());
}

BOOST_AUTO_TEST_CASE(keys_demanded_and_none_given_says_what_to_add) {
    desk d;
    d.arguments = {"--listen", "0.0.0.0:80"};
    BOOST_TEST(
        has(d.parse().complaints,
            "default",
            "--auth: keys are demanded but there is no --key",
            "--auth off works too")
    );
    d.arguments = {"--auth", "keys"};
    BOOST_TEST(complains(
        d.parse(), "--auth: keys are demanded but there is no --key", "add --key NAME=env:VARIABLE"
    ));
}

BOOST_AUTO_TEST_CASE(a_provider_with_its_address_in_a_variable_needs_no_url) {
    desk d;
    d.variables = {{"AZURE_OPENAI_API_KEY", "0123456789abcdef0123"}};
    BOOST_TEST(!d.parse().is_usable());
    d.variables["AZURE_OPENAI_ENDPOINT"] = "https://acme.openai.azure.com/";
    const parse_outcome outcome = d.parse();
    BOOST_REQUIRE(outcome.is_usable());
    BOOST_REQUIRE(outcome.value.providers.size() == 1U);
    BOOST_TEST(outcome.value.providers.front().url == "https://acme.openai.azure.com");
}

BOOST_AUTO_TEST_CASE(on_loopback_a_gateway_without_keys_is_open_and_says_so) {
    desk d;
    d.arguments = {"--provider", "acme,protocol=chat,url=http://127.0.0.1:9"};
    const parse_outcome outcome = d.parse();
    BOOST_TEST(outcome.is_usable());
    BOOST_TEST((outcome.value.auth == auth_mode::off));
    BOOST_TEST(has(outcome.warnings, "default", "--auth: no --key is given", "add --key"));
}

BOOST_AUTO_TEST_CASE(a_key_that_cannot_be_read_is_not_complained_about_twice) {
    desk d;
    d.arguments = {"--key", "a=env:GONE"};
    const parse_outcome outcome = d.parse();
    BOOST_TEST(outcome.complaints.size() == 1U);
    BOOST_TEST(
        complains(outcome, "--key: a: the variable GONE is not set", "set it, or use file:PATH")
    );
}

BOOST_AUTO_TEST_CASE(keys_beside_open_access_are_a_warning) {
    BOOST_TEST(
        has(open_desk({"--key", "a=literal:0123456789abcdef0123"}).parse().warnings,
            "command line",
            "--auth: off lets everybody in",
            "")
    );
}

BOOST_AUTO_TEST_CASE(a_literal_secret_is_a_warning_that_fits_its_source) {
    desk d;
    d.arguments = {"--key", "a=literal:0123456789abcdef0123", "--provider", "gemini,key=literal:g"};
    d.variables["SPILLWAY_KEY"] = "b=literal:0123456789abcdef4567";
    const parse_outcome outcome = d.parse();
    BOOST_TEST(outcome.is_usable());
    BOOST_TEST(
        has(outcome.warnings,
            "command line",
            "--key: the literal secret of a shows in the process list",
            "env:NAME")
    );
    BOOST_TEST(
        has(outcome.warnings,
            "command line",
            "--provider: the literal secret of gemini shows in the process list",
            "")
    );
    BOOST_TEST(
        has(outcome.warnings,
            "variable SPILLWAY_KEY",
            "--key: the literal secret of b stands in the configuration itself",
            "")
    );
}

BOOST_AUTO_TEST_CASE(client_keys_are_told_apart_by_name_and_by_secret) {
    desk d;
    d.arguments = {"--key", "a=env:A", "--key", "a=env:B", "--key", "c=env:A"};
    d.variables["A"] = "0123456789abcdef0123";
    d.variables["B"] = "short";
    const parse_outcome outcome = d.parse();
    BOOST_TEST(complains(outcome, "--key: a is given twice (also: command line)"));
    BOOST_TEST(
        complains(outcome, "--key: a and c have the same secret", "give each key its own secret")
    );
    BOOST_TEST(
        has(outcome.warnings,
            "command line",
            "--key: the secret of a is shorter than 20 characters",
            "openssl rand")
    );
}

BOOST_AUTO_TEST_CASE(tls_needs_both_halves_and_files_that_can_be_read) {
    desk d = open_desk({"--tls-cert", "/c", "--tls-client-ca", "/gone"});
    d.files["/c"] = "x";
    parse_outcome outcome = d.parse();
    BOOST_TEST(
        complains(outcome, "--tls-cert: there is no key for the certificate", "add --tls-key FILE")
    );
    BOOST_TEST(
        complains(outcome, "--tls-client-ca: /gone cannot be read: No such file or directory")
    );
    outcome = open_desk({"--tls-key", "/k"}).parse();
    BOOST_TEST(
        complains(outcome, "--tls-key: there is no certificate for the key", "add --tls-cert FILE")
    );
    BOOST_TEST(complains(outcome, "--tls-key: /k cannot be read"));
    BOOST_TEST(complains(
        open_desk({"--tls-client-ca", "/a"}).parse(),
        "--tls-client-ca: client certificates need TLS"
    ));
}

BOOST_AUTO_TEST_CASE(a_listener_is_given_once) {
    BOOST_TEST(complains(
        open_desk({"--listen", "[::1]:80", "--listen", "[0::1]:80"}).parse(),
        "--listen: [::1]:80 is given twice (also: command line)"
    ));
}

BOOST_AUTO_TEST_CASE(a_new_provider_says_what_it_speaks_and_where_it_is) {
    const parse_outcome outcome = open_desk({"--provider",
                                             "opnai",
                                             "--provider",
                                             "own,protocol=chat",
                                             "--provider",
                                             "my,url=http://127.0.0.1"})
                                      .parse();
    BOOST_TEST(complains(
        outcome,
        "--provider: opnai is not a known provider and has no protocol= and url=",
        "did you mean openai?"
    ));
    BOOST_TEST(complains(
        outcome,
        "--provider: own is not a known provider and has no url=",
        "add url= for a provider of your own"
    ));
    BOOST_TEST(complains(
        outcome, "--provider: my is not a known provider and has no protocol=", "add protocol="
    ));
    BOOST_TEST(outcome.complaints.size() == 3U);
}

BOOST_AUTO_TEST_CASE(a_known_provider_says_what_it_lacks) {
    const parse_outcome outcome = open_desk({"--provider",
                                             "gemini",
                                             "--provider",
                                             "vertex,key=literal:k,region=eu",
                                             "--provider",
                                             "azure,key=literal:k"})
                                      .parse();
    BOOST_TEST(complains(
        outcome, "--provider: gemini has no key", "set GEMINI_API_KEY or add key=env:NAME"
    ));
    BOOST_TEST(complains(outcome, "--provider: vertex needs project=", "add project=NAME"));
    BOOST_TEST(complains(outcome, "--provider: azure has no address of its own", "add url="));
    BOOST_TEST(outcome.complaints.size() == 3U);
}

BOOST_AUTO_TEST_CASE(a_usual_variable_with_a_broken_key_is_a_complaint_that_names_it) {
    desk d = open_desk();
    d.variables["OPENAI_API_KEY"] = "sk hunter22";
    const parse_outcome outcome = d.parse();
    BOOST_TEST(
        has(outcome.complaints,
            "variable OPENAI_API_KEY",
            "--provider: openai: env:OPENAI_API_KEY holds blanks",
            "keep one key")
    );
    BOOST_TEST(!render_remarks(outcome).contains("hunter22"));
}

BOOST_AUTO_TEST_CASE(a_provider_that_needs_more_than_a_key_is_not_enabled_by_its_variable) {
    desk d = open_desk();
    d.variables["VERTEX_KEY"] = "v";
    BOOST_TEST(d.parse().is_usable());
    BOOST_TEST(d.parse().value.providers.size() == 1U);
}

BOOST_AUTO_TEST_CASE(no_provider_at_all_is_a_complaint) {
    desk d = open_desk();
    d.variables.clear();
    BOOST_TEST(
        has(d.parse().complaints,
            "default",
            "--provider: there is no provider to send requests to",
            "set a variable such as OPENAI_API_KEY")
    );
}

BOOST_AUTO_TEST_CASE(a_provider_is_given_once_and_reads_its_ca) {
    const parse_outcome outcome =
        open_desk({"--provider", "openai,weight=1", "--provider", "openai,ca=/gone"}).parse();
    BOOST_TEST(
        complains(outcome, "--provider: openai is given twice (also: command line)", "openai/NAME")
    );
    BOOST_TEST(complains(outcome, "--provider: openai: ca: /gone cannot be read"));
}

BOOST_AUTO_TEST_CASE(a_key_in_clear_text_over_the_network_is_a_warning) {
    const auto warns = [](const char* url) {
        const std::string text = std::string{"own,protocol=chat,key=literal:k,url="} + url;
        return has(
            open_desk({"--provider", text}).parse().warnings,
            "command line",
            "--provider: the key of own travels in clear text",
            "https"
        );
    };
    BOOST_TEST(warns("http://example.com:80/v1"));
    BOOST_TEST(warns("http://10.0.0.1"));
    BOOST_TEST(!warns("http://127.0.0.1:80/v1"));
    BOOST_TEST(!warns("http://[::1]:80/v1"));
    BOOST_TEST(!warns("http://localhost"));
    BOOST_TEST(!warns("https://example.com"));
}

BOOST_AUTO_TEST_CASE(a_model_names_a_provider_that_exists) {
    const parse_outcome outcome = open_desk({"--model",
                                             "a=opnai:a",
                                             "--model",
                                             "b=gemini:b",
                                             "--model",
                                             "c=openai:c",
                                             "--model",
                                             "c=openai:c",
                                             "--model",
                                             "d=openai/eu:d"})
                                      .parse();
    BOOST_TEST(complains(outcome, "--model: a: there is no provider opnai", "did you mean openai?")
    );
    BOOST_TEST(complains(outcome, "--model: c at openai is given twice (also: command line)"));
    BOOST_TEST(complains(outcome, "--model: d: there is no provider openai/eu"));
    BOOST_TEST(
        has(outcome.warnings,
            "command line",
            "--model: b is not used: the provider gemini is not enabled",
            "add --provider gemini")
    );
    BOOST_TEST(outcome.complaints.size() == 3U);
}

BOOST_AUTO_TEST_CASE(an_alias_is_given_once_and_names_models) {
    const parse_outcome outcome =
        open_desk({"--alias", "a=m", "--alias", "a=n", "--alias", "b=a"}).parse();
    BOOST_TEST(
        complains(outcome, "--alias: a is given twice", "write one chain: --alias a=MODEL,MODEL")
    );
    BOOST_TEST(complains(outcome, "--alias: b stands for a, which is an alias itself"));
}

BOOST_AUTO_TEST_CASE(a_misspelt_provider_in_a_list_is_a_complaint) {
    desk d = open_desk(
        {"--deny-provider",
         "opnai",
         "--allow-provider",
         "gem*",
         "--key",
         "k=env:K,providers=openai+zzz"}
    );
    d.variables["K"] = "0123456789abcdef0123";
    const parse_outcome outcome = d.parse();
    BOOST_TEST(
        complains(outcome, "--deny-provider: there is no provider opnai", "did you mean openai?")
    );
    BOOST_TEST(complains(outcome, "--key: there is no provider zzz", "declare it with --provider"));
    BOOST_TEST(outcome.complaints.size() == 2U);
}

BOOST_AUTO_TEST_CASE(a_catalogue_is_read_and_its_faults_are_named_by_file) {
    desk d = open_desk({"--catalog", "/c.json", "--catalog", "/gone.json"});
    d.files["/c.json"] =
        R"({"models":[{"id":"a/b","contextlength":1,"endpoints":[{"provider":"openai","model":"b"},{"provider":"opnai","model":"b"},{"provider":"gemini","model":"b"}]},{"id":"a/c"}]})";
    const parse_outcome outcome = d.parse();
    BOOST_TEST(outcome.value.catalog_models.size() == 3U);
    BOOST_TEST(
        complains(outcome, "--catalog: a/b: there is no provider opnai", "did you mean openai?")
    );
    BOOST_TEST(complains(outcome, "--catalog: /c.json: models[1]: a/c has no endpoints"));
    BOOST_TEST(complains(outcome, "--catalog: /gone.json cannot be read"));
    BOOST_TEST(
        has(outcome.warnings,
            "command line",
            "--catalog: /c.json: models[0].contextlength: the field is passed over",
            "did you mean context_length?")
    );
    BOOST_TEST(outcome.complaints.size() == 3U);
}

BOOST_AUTO_TEST_SUITE_END()
