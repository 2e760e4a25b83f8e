#include "bench/sim/provider.hpp"

#include "bench/sim/chat.hpp"
#include "bench/sim/completion.hpp"
#include "bench/sim/validate.hpp"
#include "proxy/base/bytes.hpp"

#include <boost/json.hpp>
#include <fmt/format.h>

#include <algorithm>

namespace spillway::bench::sim {
namespace {

namespace json = boost::json;

enum class endpoint { chat, completion, embeddings, unknown };

endpoint endpoint_of(std::string_view path) {
    if (path.ends_with("/chat/completions")) return endpoint::chat;
    if (path.ends_with("/completions")) return endpoint::completion;
    if (path.ends_with("/embeddings")) return endpoint::embeddings;
    return endpoint::unknown;
}

// Azure names the model in the path: /openai/deployments/{name}/chat/completions.
std::string_view deployment_of(std::string_view path) {
    constexpr std::string_view mark = "/deployments/";
    const auto at = path.find(mark);
    if (at == std::string_view::npos) return {};
    const auto rest = path.substr(at + mark.size());
    return rest.substr(0, rest.find('/'));
}

bool contains(const std::vector<std::string>& list, std::string_view text) {
    return std::find(list.begin(), list.end(), text) != list.end();
}

bool is_true(const json::object& object, const char* name) {
    const auto* found = object.if_contains(name);
    return found != nullptr && found->is_bool() && found->get_bool();
}

bool includes_usage(const json::object& request) {
    const auto* options = request.if_contains("stream_options");
    return options != nullptr && options->is_object() &&
           is_true(options->get_object(), "include_usage");
}

reply not_found(const question& asked) {
    return make_error_reply(
        {404,
         fmt::format("Invalid URL ({} {})", asked.method, asked.path),
         "invalid_request_error",
         "",
         ""}
    );
}

reply answer_valid(endpoint where, const json::object& request, const answer_frame& frame) {
    std::optional<api_error> wrong;
    switch (where) {
    case endpoint::chat:
        wrong = validate_chat(request);
        return wrong ? make_error_reply(*wrong) : answer_chat(request, frame);
    case endpoint::completion:
        wrong = validate_completion(request);
        return wrong ? make_error_reply(*wrong) : answer_completion(request, frame);
    case endpoint::embeddings:
        wrong = validate_embeddings(request);
        return wrong ? make_error_reply(*wrong) : answer_embeddings(request);
    case endpoint::unknown: break;
    }
    return {};
}

std::string_view text_behind_colon(std::string_view rest) {
    const auto colon = rest.find_first_not_of(" \t\r\n");
    if (colon == std::string_view::npos || rest[colon] != ':') return {};
    const auto value = rest.find_first_not_of(" \t\r\n", colon + 1);
    return value == std::string_view::npos ? std::string_view{} : rest.substr(value);
}

}  // namespace

std::string_view scan_model(std::string_view body) {
    constexpr std::string_view name = "\"model\"";
    for (auto at = base::find(body, name); at != base::not_found;) {
        body.remove_prefix(at + name.size());
        const auto value = text_behind_colon(body);
        if (!value.empty() && value[0] == '"') return value.substr(1, value.find('"', 1) - 1);
        at = base::find(body, name);
    }
    return {};
}

bool scan_true(std::string_view body, std::string_view quoted_name) {
    const auto at = base::find(body, quoted_name);
    if (at == base::not_found) return false;
    return text_behind_colon(body.substr(at + quoted_name.size())).starts_with("true");
}

bool provider::is_known_key(std::string_view key) const {
    return options_.keys.empty() || contains(options_.keys, key);
}

bool provider::is_client_model(std::string_view model) const {
    return contains(options_.client_models, model);
}

std::optional<api_error> provider::check_key(const question& asked) const {
    if (is_known_key(asked.key)) return std::nullopt;
    if (options_.strict) {
        return api_error{
            400, "strict: the authorisation was not replaced", "strict", "", "strict_key"};
    }
    if (asked.key.empty()) {
        return api_error{401, "You didn't provide an API key.", "invalid_request_error", "", ""};
    }
    const auto masked =
        asked.key.size() < 12
            ? std::string{"***"}
            : fmt::format(
                  "{}***{}", asked.key.substr(0, 4), asked.key.substr(asked.key.size() - 4)
              );
    return api_error{
        401,
        fmt::format("Incorrect API key provided: {}.", masked),
        "invalid_request_error",
        "",
        "invalid_api_key"};
}

std::optional<api_error> provider::check_model(std::string_view model) const {
    if (options_.strict && is_client_model(model)) {
        return api_error{
            400, "strict: the model name was not replaced", "strict", "model", "strict_model"};
    }
    if (options_.models.empty() || contains(options_.models, model)) return std::nullopt;
    return api_error{
        404,
        fmt::format("The model `{}` does not exist or you do not have access to it.", model),
        "invalid_request_error",
        "",
        "model_not_found"};
}

answered provider::respond(const question& asked) const {
    if (asked.path == "/healthz") {
        reply healthy;
        healthy.content_type = "text/plain";
        healthy.body = "ok\n";
        return {"", healthy};
    }
    if (const auto wrong = check_key(asked)) return {"", make_error_reply(*wrong)};
    const bool is_models = asked.path.ends_with("/models") || asked.path.contains("/models/");
    if (asked.method == "GET" && is_models) return {"", list_models(asked.path)};
    if (endpoint_of(asked.path) == endpoint::unknown) return {"", not_found(asked)};
    if (asked.method != "POST") {
        return {
            "",
            make_error_reply(
                {405,
                 "Only POST requests are accepted.",
                 "invalid_request_error",
                 "",
                 "method_not_supported"}
            )};
    }
    return respond_post(asked);
}

answered provider::respond_post(const question& asked) const {
    json::error_code error;
    auto parsed = json::parse(json::string_view{asked.body.data(), asked.body.size()}, error);
    if (error || !parsed.is_object()) {
        return {
            "",
            make_error_reply(
                {400,
                 "We could not parse the JSON body of your request.",
                 "invalid_request_error",
                 "",
                 ""}
            )};
    }
    auto& request = parsed.get_object();
    const auto deployment = deployment_of(asked.path);
    if (!request.contains("model") && !deployment.empty()) request["model"] = deployment;
    std::string model;
    if (const auto* named = request.if_contains("model"); named != nullptr && named->is_string()) {
        model = named->get_string();
        if (const auto wrong = check_model(model)) return {model, make_error_reply(*wrong)};
    }
    const auto where = endpoint_of(asked.path);
    const auto settings = pace_of_model(model, options_.speed);
    if (where == endpoint::chat && is_bench_model(model)) {
        const bench_page page{model, settings};
        return {model, page.as_reply(is_true(request, "stream"), includes_usage(request))};
    }
    const bool sized = has_settings(model) && settings.answer_bytes != options_.speed.answer_bytes;
    const answer_frame frame{
        asked.id, asked.created, sized ? settings.answer_bytes : options_.least_bytes};
    return {model, answer_valid(where, request, frame)};
}

reply provider::list_models(std::string_view path) const {
    auto names = options_.models;
    if (names.empty()) names = {"sim-echo", "sim-embedding", "bench-json", "bench-sse"};
    json::array list;
    for (const auto& name : names) {
        list.push_back(json::object{
            {"id", name},
            {"object", "model"},
            {"created", 1700000000},
            {"owned_by", "spillway-sim"}});
    }
    reply made;
    const auto at = path.rfind("/models/");
    if (at == std::string_view::npos) {
        json::object body{{"object", "list"}};
        body["data"] = std::move(list);
        made.body = json::serialize(body);
        return made;
    }
    const auto wanted = path.substr(at + 8);
    for (const auto& one : list) {
        if (std::string_view{one.at("id").get_string()} == wanted) made.body = json::serialize(one);
    }
    if (!made.body.empty()) return made;
    return make_error_reply(
        {404,
         fmt::format("The model '{}' does not exist", wanted),
         "invalid_request_error",
         "model",
         "model_not_found"}
    );
}

}  // namespace spillway::bench::sim
