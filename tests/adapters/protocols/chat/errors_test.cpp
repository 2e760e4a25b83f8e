#include "adapters/errors.hpp"
#include "adapters/registry.hpp"
#include "tests/adapters/support/files.hpp"
#include "tests/adapters/support/json_tree.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

namespace spillway::adapters {

namespace {

namespace data = boost::unit_test::data;
using std::chrono::milliseconds;

constexpr auto now = std::chrono::sys_days{std::chrono::year{1994} / 11 / 6} +
                     std::chrono::hours{8} + std::chrono::minutes{49};

problem explain(
    std::string_view provider,
    std::uint16_t status,
    std::string_view body,
    std::vector<head_field_view> fields = {},
    std::string_view secret = {}
) {
    account_settings settings;
    settings.base_url = "https://host.test/v1";
    auto adapter = make_adapter(*find_row(provider), settings);
    BOOST_REQUIRE(adapter.has_value());
    return (*adapter)->explain({status, fields, now}, body, secret);
}

struct error_case {
    std::string_view provider;
    std::uint16_t status;
    std::string_view body;
    error_class what;
    std::uint16_t client_status;
    std::string_view message;  // a part of it
    friend std::ostream& operator<<(std::ostream& out, const error_case& one) {
        return out << one.provider << " " << one.status << " " << one.body;
    }
};

using enum error_class;
constexpr error_case cases[] = {
    {"openai",
     400,
     R"({"error":{"message":"Bad x","type":"invalid_request_error","param":"x","code":null}})",
     bad_request,
     400,
     "Bad x"},
    {"openai",
     400,
     R"({"error":{"message":"This model's maximum context length is 9","type":"invalid_request_error","param":"messages","code":"context_length_exceeded"}})",
     context_length,
     400,
     "maximum context"},
    {"openai",
     401,
     R"({"error":{"message":"Incorrect API key provided: sk-1***9","type":"invalid_request_error","code":"invalid_api_key"}})",
     auth,
     502,
     "Incorrect"},
    {"openai",
     403,
     R"({"error":{"message":"You are not allowed to sample from this model"}})",
     permission,
     502,
     "not allowed"},
    {"openai",
     404,
     R"({"error":{"message":"The model `x` does not exist","type":"invalid_request_error","code":"model_not_found"}})",
     not_found,
     404,
     "does not exist"},
    {"openai", 413, "", too_large, 413, "status 413"},
    {"openai", 422, R"({"error":{"message":"semantics"}})", bad_request, 422, "semantics"},
    {"openai",
     429,
     R"({"error":{"message":"Rate limit reached","type":"tokens","code":"rate_limit_exceeded"}})",
     rate,
     429,
     "Rate limit"},
    {"openai",
     429,
     R"({"error":{"message":"You exceeded your current quota","type":"insufficient_quota","code":"insufficient_quota"}})",
     quota,
     502,
     "quota"},
    {"openai",
     500,
     R"({"error":{"message":"The server had an error","type":"server_error"}})",
     upstream_fault,
     500,
     "server had"},
    {"openai",
     502,
     "<html><body>502 Bad Gateway</body></html>",
     unavailable,
     502,
     "OpenAI answered with status 502"},
    {"openai",
     503,
     R"({"error":{"message":"The engine is currently overloaded"}})",
     overload,
     503,
     "overloaded"},
    {"openai", 504, "upstream request timeout", timeout, 504, "upstream request timeout"},
    {"azure",
     400,
     R"({"error":{"code":"content_filter","type":null,"param":"prompt","status":400,"message":"The response was filtered","innererror":{"code":"ResponsibleAIPolicyViolation"}}})",
     content,
     400,
     "filtered"},
    {"azure",
     404,
     R"({"error":{"code":"DeploymentNotFound","message":"The API deployment does not exist"}})",
     not_found,
     404,
     "deployment"},
    {"azure",
     401,
     R"({"error":{"code":"401","message":"Access denied"}})",
     auth,
     502,
     "Access denied"},
    {"azure",
     429,
     R"({"error":{"code":"RateLimitReached","message":"Retry after 9 seconds","details":"x"}})",
     rate,
     429,
     "Retry"},
    {"groq",
     400,
     R"({"error":{"message":"Failed to call a function","type":"invalid_request_error","code":"tool_use_failed","failed_generation":"<f>"}})",
     bad_request,
     400,
     "Failed"},
    {"groq", 498, R"({"error":{"message":"flex capacity"}})", overload, 503, "flex"},
    {"groq",
     413,
     R"({"error":{"message":"Request too large","type":"tokens","code":"rate_limit_exceeded"}})",
     too_large,
     413,
     "too large"},
    {"together",
     402,
     R"({"id":"o","error":{"message":"Credit limit exceeded","type":"credit_limit","param":null,"code":null}})",
     quota,
     502,
     "Credit"},
    {"fireworks",
     400,
     R"({"error":{"object":"error","type":"invalid_request_error","code":"x","message":"bad"}})",
     bad_request,
     400,
     "bad"},
    {"fireworks",
     503,
     R"({"fault":{"faultstring":"busy","detail":{"errorcode":"x"}}})",
     overload,
     503,
     "busy"},
    {"fireworks", 400, R"({"error":"plain words"})", bad_request, 400, "plain words"},
    {"deepseek",
     401,
     R"({"error":{"message":"Authentication Fails","type":"authentication_error","param":null,"code":"invalid_request_error"}})",
     auth,
     502,
     "Authentication"},
    {"deepseek",
     402,
     R"({"error":{"message":"Insufficient Balance","type":"unknown_error","code":"invalid_request_error"}})",
     quota,
     502,
     "Balance"},
    {"xai",
     400,
     R"({"code":"Client specified an invalid argument","error":"Incorrect API key provided: x."})",
     auth,
     502,
     "Incorrect API key"},
    {"xai",
     404,
     R"({"code":"Some requested entity was not found","error":"The model x does not exist"})",
     not_found,
     404,
     "does not exist"},
    {"mistral",
     422,
     R"({"detail":[{"loc":["body","x"],"msg":"Extra inputs are not permitted","type":"extra_forbidden"}]})",
     bad_request,
     422,
     "Extra inputs"},
    {"mistral", 401, R"({"detail":"Unauthorized"})", auth, 502, "Unauthorized"},
    {"mistral",
     400,
     R"({"object":"error","message":"Invalid model: x","type":"invalid_model","param":null,"code":"1500","raw_status_code":400})",
     bad_request,
     400,
     "Invalid model"},
    {"mistral", 401, R"({"message":"Unauthorized","request_id":"r"})", auth, 502, "Unauthorized"},
    {"perplexity",
     400,
     R"({"error":{"message":"too long","type":"too_many_prompt_tokens","code":400}})",
     context_length,
     400,
     "too long"},
    {"cerebras",
     400,
     R"({"message":"Please reduce the length","type":"invalid_request_error","param":"messages","code":"context_length_exceeded"})",
     context_length,
     400,
     "reduce"},
    {"cerebras",
     429,
     R"({"message":"Too many requests","type":"too_many_requests_error","param":"queue","code":"queue_exceeded"})",
     rate,
     429,
     "Too many"},
    {"openrouter",
     403,
     R"({"error":{"message":"Input flagged by safety system","code":403,"metadata":{}}})",
     content,
     403,
     "flagged"},
    {"openrouter",
     429,
     R"({"error":{"message":"Provider returned error","code":429,"metadata":{"provider_name":"x","raw":"y"}},"user_id":"u"})",
     rate,
     429,
     "Provider returned"},
    {"vllm",
     400,
     R"({"object":"error","message":"This model's maximum context length is 4096 tokens","type":"BadRequestError","param":null,"code":400})",
     context_length,
     400,
     "4096"},
    {"vllm",
     404,
     R"({"error":{"message":"The model `x` does not exist.","type":"NotFoundError","param":"model","code":404}})",
     not_found,
     404,
     "`x`"},
    {"llamacpp",
     503,
     R"({"error":{"code":503,"message":"Loading model","type":"unavailable_error"}})",
     overload,
     503,
     "Loading"},
    {"llamacpp",
     400,
     R"({"error":{"code":400,"message":"the request exceeds","type":"exceed_context_size_error","n_ctx":9}})",
     context_length,
     400,
     "exceeds"},
    {"llamacpp",
     501,
     R"({"error":{"code":501,"message":"no such thing","type":"not_supported_error"}})",
     bad_request,
     501,
     "no such"},
    {"ollama",
     404,
     R"({"error":{"message":"model 'x' not found","type":"api_error","param":null,"code":null}})",
     not_found,
     404,
     "not found"},
    {"ollama", 400, R"({"error":"prompt too long"})", context_length, 400, "too long"},
    {"lmstudio", 400, R"({"error":"No models loaded"})", bad_request, 400, "No models"},
    {"custom",
     422,
     R"({"detail":[{"loc":["body"],"msg":"field required","type":"value_error.missing"}]})",
     bad_request,
     422,
     "field required"},
    {"custom",
     429,
     R"({"errors":[{"code":3040,"message":"capacity"}],"success":false,"result":null})",
     rate,
     429,
     "capacity"},
    {"custom",
     429,
     R"({"error_code":"REQUEST_LIMIT_EXCEEDED","message":"slow"})",
     rate,
     429,
     "slow"},
    // what a provider's own code says
    {"cloudflare",
     429,
     R"({"errors":[{"code":3040,"message":"capacity"}],"success":false,"result":null})",
     overload,
     503,
     "capacity"},
    {"cloudflare",
     429,
     R"({"errors":[{"code":3036,"message":"daily free allocation"}],"success":false})",
     quota,
     502,
     "daily"},
    {"cloudflare",
     400,
     R"({"errors":[{"code":5007,"message":"No such model"}]})",
     not_found,
     404,
     "No"},
    {"novita",
     403,
     R"({"code":403,"reason":"NOT_ENOUGH_BALANCE","message":"not enough balance","metadata":{}})",
     quota,
     502,
     "balance"},
    {"novita", 403, R"({"code":403,"reason":"ACCESS_DENY","message":"no"})", permission, 502, "no"},
    {"z-ai", 429, R"({"error":{"code":"1113","message":"recharge"}})", quota, 502, "recharge"},
    {"z-ai", 429, R"({"error":{"code":"1302","message":"concurrency"}})", rate, 429, "concurrency"},
    {"z-ai", 400, R"({"error":{"code":"1301","message":"unsafe"}})", content, 400, "unsafe"},
    {"minimax",
     200,
     R"({"base_resp":{"status_code":1008,"status_msg":"insufficient balance"}})",
     quota,
     502,
     "insufficient"},
    {"minimax", 200, R"({"base_resp":{"status_code":1039,"status_msg":"TPM"}})", rate, 429, "TPM"},
    {"minimax",
     200,
     R"({"base_resp":{"status_code":1004,"status_msg":"login"}})",
     auth,
     502,
     "login"},
    {"minimax",
     200,
     R"({"base_resp":{"status_code":2013,"status_msg":"params"}})",
     bad_request,
     400,
     "params"},
    {"moonshotai",
     429,
     R"({"error":{"message":"busy","type":"engine_overloaded_error"}})",
     overload,
     503,
     "busy"},
    {"moonshotai",
     403,
     R"({"error":{"message":"top up","type":"exceeded_current_quota_error"}})",
     quota,
     502,
     "top up"},
    {"alibaba",
     400,
     R"({"error":{"message":"bad words","type":"x","code":"data_inspection_failed"},"request_id":"r"})",
     content,
     400,
     "bad words"},
    {"alibaba",
     429,
     R"({"error":{"message":"slow","code":"Throttling.RateQuota"}})",
     rate,
     429,
     "slow"},
    {"sambanova", 410, R"({"error":{"message":"gone"},"request_id":"r"})", not_found, 404, "gone"},
    {"sambanova", 504, R"({"error":{"message":"queue"}})", timeout, 504, "queue"},
    {"nvidia",
     422,
     R"({"status":422,"title":"Unprocessable","detail":"extra fields not permitted"})",
     bad_request,
     422,
     ""},
    {"nvidia", 402, R"({"status":402,"title":"Payment","detail":"credits"})", quota, 502, ""},
    {"deepinfra",
     422,
     R"({"detail":[{"loc":["body","tool_choice"],"msg":"not valid","type":"value_error"}]})",
     bad_request,
     422,
     "not valid"},
    {"huggingface", 402, R"({"error":"You have exceeded your credits"})", quota, 502, "credits"},
    {"venice", 404, R"({"error":"Specified model not found"})", not_found, 404, "Specified"},
    {"databricks",
     403,
     R"({"error_code":"PERMISSION_DENIED","message":"no"})",
     permission,
     502,
     "no"},
    {"ai21", 422, R"({"detail":"Value error"})", bad_request, 422, "Value"},
    {"tgi",
     429,
     R"({"error":"Model is overloaded","error_type":"overloaded"})",
     overload,
     503,
     "Model"},
    {"tgi", 424, R"({"error":"failed","error_type":"generation"})", bad_request, 400, "failed"},
    {"sglang",
     400,
     R"({"object":"error","message":"too long","type":"BadRequest","param":null,"code":400})",
     bad_request,
     400,
     "too long"},
    {"localai", 503, R"({"error":{"code":503,"message":"cooldown"}})", overload, 503, "cooldown"},
    {"custom", 522, "<!DOCTYPE html>", unavailable, 502, "status 522"},
    {"custom", 451, "", content, 403, "451"},
    {"custom", 529, "", overload, 503, "529"},
    {"custom", 500, R"({"error":{"message":"cut )", upstream_fault, 500, "status 500"},
    {"custom", 418, "short and stout", bad_request, 400, "short"},
};

struct wait_case {
    std::uint16_t status;
    std::string_view name;
    std::string_view value;
    long long expected;  // milliseconds; -1: none
    friend std::ostream& operator<<(std::ostream& out, const wait_case& one) {
        return out << one.name << ": " << one.value;
    }
};
constexpr wait_case waits[] = {
    {429, "Retry-After", "90", 90'000},
    {429, "retry-after", "0", 0},
    {429, "retry-after", "1.5", 1'500},
    {429, "retry-after", " 2 ", 2'000},
    {429, "retry-after", "-5", -1},
    {429, "retry-after", "soon", -1},
    {429, "retry-after", "", -1},
    {429, "retry-after", "nan", -1},
    {429, "retry-after", "1e9", -1},
    {429, "retry-after", "99999999999999999999", 31'536'000'000},
    {429, "retry-after", "Sun, 06 Nov 1994 08:49:37 GMT", 37'000},
    {429, "retry-after", "Sun, 06 Nov 1994 08:48:37 GMT", -1},
    {429, "retry-after", "Sun, 31 Feb 1994 08:49:37 GMT", -1},
    {429, "retry-after", "Sun, 06 Nov 1994 08:4:37 GMT", -1},
    {503, "retry-after-ms", "250", 250},
    {503, "retry-after-ms", "12.5", 13},
    {503, "retry-after", "7", 7'000},
    {200, "retry-after", "7", -1},
    {429, "x-ratelimit-reset-requests", "12ms", 12},
    {429, "x-ratelimit-reset-requests", "1h30m0s", 5'400'000},
    {429, "x-ratelimit-reset-tokens", "2m59.56s", 179'560},
    {429, "x-ratelimit-reset-tokens-minute", "17.25", 17'250},
    {429, "x-ratelimit-reset-tokens", "9", 9'000},
    {429, "x-ratelimit-reset", "1000000000000", 31'536'000'000},  // a date, in milliseconds
    {429, "x-ratelimit-reset", "1000000000", 31'536'000'000},     // the same, in seconds
    {429, "x-ratelimit-reset-tokens", "5parsecs", -1},
    {503, "x-ratelimit-reset-tokens", "9", -1},
};

}  // namespace

BOOST_AUTO_TEST_SUITE(chat_errors)

BOOST_DATA_TEST_CASE(an_error_body_has_a_class_a_status_and_a_message, data::make(cases), one) {
    auto why = explain(one.provider, one.status, one.body);
    BOOST_TEST(name_of(why.what) == name_of(one.what));
    BOOST_TEST(why.status == one.client_status);
    BOOST_TEST(why.upstream_status == one.status);
    BOOST_TEST(why.message.find(one.message) != std::string::npos, why.message);
    BOOST_TEST(why.raw == one.body);
    for (auto side : {face::openai, face::openrouter}) {
        auto body = testing::parse_json(render_problem(why, side));
        BOOST_REQUIRE(body.has_value());
        BOOST_TEST(body->word("error.code") == std::to_string(one.client_status));
        BOOST_TEST(body->word("error.message") == why.message);
        BOOST_TEST(body->at("error.type")->kind == '"');
        BOOST_TEST(body->at("error.param"));
        BOOST_TEST(body->word("error.metadata.error_type") == error_type_of(why));
        BOOST_TEST(
            body->word("error.metadata.provider_name") == find_row(one.provider)->display_name
        );
    }
}

BOOST_AUTO_TEST_CASE(a_body_cut_anywhere_still_gives_a_problem) {
    for (const auto& one : cases) {
        for (std::size_t size = 0; size < one.body.size(); ++size) {
            auto why = explain(one.provider, one.status, one.body.substr(0, size));
            BOOST_TEST(!why.message.empty());
        }
    }
}

BOOST_DATA_TEST_CASE(waits_are_read_in_every_form, data::make(waits), one) {
    head_field_view field{one.name, one.value};
    auto wait = retry_after_of({one.status, {&field, 1}, now});
    BOOST_TEST((wait ? wait->count() : -1) == one.expected);
}

BOOST_AUTO_TEST_CASE(milliseconds_win_unless_they_are_zero_and_full_buckets_do_not_count) {
    std::vector<head_field_view> fields{{"retry-after", "9"}, {"retry-after-ms", "0"}};
    BOOST_TEST(retry_after_of({429, fields, now})->count() == 9000);
    fields[1].value = "100";
    BOOST_TEST(retry_after_of({429, fields, now})->count() == 100);
    fields = {
        {"x-ratelimit-remaining-requests", "5"},
        {"x-ratelimit-reset-requests", "1h"},
        {"x-ratelimit-remaining-tokens", "0"},
        {"x-ratelimit-reset-tokens", "3s"}};
    BOOST_TEST(retry_after_of({429, fields, now})->count() == 3000);
}

BOOST_AUTO_TEST_CASE(retryability_follows_from_the_class) {
    for (std::size_t i = 0; i < error_class_count; ++i) {
        auto what = static_cast<error_class>(i);
        bool expected = what == rate || what == overload || what == timeout ||
                        what == upstream_fault || what == unavailable;
        BOOST_TEST(make_problem(what, "x").retryable() == expected, name_of(what));
    }
}

BOOST_AUTO_TEST_CASE(our_key_is_cut_out_of_every_text) {
    auto why = explain(
        "openai",
        401,
        R"({"error":{"message":"Incorrect: sk-secret-123","code":"sk-secret-123"}})",
        {},
        "sk-secret-123"
    );
    BOOST_TEST(render_problem(why, face::openai).find("sk-secret-123") == std::string::npos);
    BOOST_TEST(why.message == "Incorrect: ***");
}

BOOST_AUTO_TEST_CASE(texts_from_outside_are_escaped_and_made_utf8) {
    auto why = make_problem(bad_request, "a\"b\\\n\x01\xff\xc3\xa9", "p\"");
    why.previous.push_back({429, "slow \"down\"", "A"});
    auto body = testing::parse_json(render_problem(why, face::openai));
    BOOST_REQUIRE(body.has_value());
    BOOST_TEST(body->word("error.message") == "a\"b\\\n\x01\xef\xbf\xbd\xc3\xa9");
    BOOST_TEST(body->word("error.metadata.previous_errors.0.code") == "429");
    BOOST_TEST(body->word("error.param") == "p\"");
}

BOOST_AUTO_TEST_CASE(a_stream_problem_is_one_event_sdks_raise_on) {
    answer_context context;
    context.side = face::openrouter;
    context.generation_id = "gen-1";
    context.model = "a/b";
    context.provider = "A";
    auto text = render_stream_problem(make_problem(upstream_fault, "gone"), context);
    BOOST_TEST(text.starts_with("data: {"));
    BOOST_TEST(text.ends_with("}\n\n"));
    auto body = testing::parse_json(std::string_view{text}.substr(6));
    BOOST_REQUIRE(body.has_value());
    BOOST_TEST(body->word("error.code") == "502");
    BOOST_TEST(body->word("choices.0.finish_reason") == "error");
}

BOOST_AUTO_TEST_CASE(recorded_errors_have_a_message_and_a_class) {
    namespace fs = std::filesystem;
    const fs::path root{"../shared/recordings"};
    if (!fs::exists(root)) {
        BOOST_TEST_MESSAGE("skipped: " << root << " is not here");
        return;
    }
    int count = 0;
    for (const auto& row : rows()) {
        const fs::path folder = root / row.name;
        for (auto& entry : testing::read_table(folder / "manifest.tsv")) {
            auto status = std::atoi(entry["status"].c_str());
            if (status < 400) continue;
            auto body = testing::read_file(folder / entry["file"]);
            auto why = explain(row.name, static_cast<std::uint16_t>(status), body);
            BOOST_TEST(
                why.message.find(" answered with status ") == std::string::npos,
                entry["file"] << " " << body.substr(0, 200)
            );
            ++count;
        }
    }
    BOOST_TEST_MESSAGE("recorded errors: " << count);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace spillway::adapters
