#include "bench/sim/dialects/gemini_dialect.hpp"

#include "bench/sim/dialects/gemini_embedding.hpp"
#include "bench/sim/dialects/gemini_form.hpp"
#include "bench/sim/dialects/gemini_print.hpp"
#include "bench/sim/dialects/gemini_prompt.hpp"
#include "bench/sim/dialects/json_view.hpp"
#include "bench/sim/dialects/key_ring.hpp"

#include <fmt/format.h>

#include <utility>

namespace spillway::bench::sim {
namespace {

struct verb_entry {
    std::string_view name;
    endpoint what;
};

constexpr verb_entry verbs[] = {
    {"generateContent", endpoint::generate},
    {"streamGenerateContent", endpoint::generate_stream},
    {"countTokens", endpoint::count_tokens},
    {"embedContent", endpoint::embed},
    {"batchEmbedContents", endpoint::embed_batch},
    {"predict", endpoint::invoke},
};

endpoint endpoint_of(std::string_view verb) {
    for (const auto& entry : verbs)
        if (entry.name == verb) return entry.what;
    return endpoint::unknown;
}

// "/v1/projects/p/locations/l/publishers/google/models/m:verb" → "m:verb"; express mode leaves the first four
// segments out.
std::string_view behind_publisher(std::string_view path) {
    for (const std::string_view version : {"/v1/", "/v1beta1/"}) {
        if (!path.starts_with(version)) continue;
        auto rest = path.substr(version.size());
        if (rest.starts_with("projects/")) {
            rest.remove_prefix(9);
            const auto places = rest.find("/locations/");
            if (places == std::string_view::npos || rest.substr(0, places).contains('/')) return {};
            rest.remove_prefix(places + 11);
            const auto end = rest.find('/');
            if (end == std::string_view::npos) return {};
            rest.remove_prefix(end + 1);
        }
        constexpr std::string_view mark = "publishers/google/models/";
        if (rest.starts_with(mark)) return rest.substr(mark.size());
    }
    return {};
}

// "/v1beta/models/m:verb" → "m:verb".
std::string_view behind_models(std::string_view path) {
    for (const std::string_view start : {"/v1beta/models/", "/v1alpha/models/", "/v1/models/"}) {
        if (path.starts_with(start)) return path.substr(start.size());
    }
    return {};
}

json::object print_violation(const api_error& error) {
    json::object violation{
        {"quotaMetric", "generativelanguage.googleapis.com/generate_content_requests"},
        {"quotaId",
         error.code.empty() ? "GenerateRequestsPerMinutePerProjectPerModel" : error.code},
        {"quotaValue", "10"}};
    json::object failure{{"@type", "type.googleapis.com/google.rpc.QuotaFailure"}};
    failure["violations"] = list_of(std::move(violation));
    return failure;
}

json::array print_details(const api_error& error) {
    json::array details;
    if (error.status == 429) {
        details.push_back(print_violation(error));
        if (!error.pause.empty()) {
            details.push_back(json::object{
                {"@type", "type.googleapis.com/google.rpc.RetryInfo"},
                {"retryDelay", error.pause + "s"}});
        }
    } else if (!error.code.empty()) {
        details.push_back(json::object{
            {"@type", "type.googleapis.com/google.rpc.ErrorInfo"},
            {"reason", error.code},
            {"domain", "googleapis.com"}});
    }
    return details;
}

json::object print_envelope(const api_error& error) {
    json::object inner{
        {"code", error.status},
        {"message", error.message},
        {"status", google_status(error.status)}};
    auto details = print_details(error);
    if (!details.empty()) inner["details"] = std::move(details);
    json::object envelope;
    envelope["error"] = std::move(inner);
    return envelope;
}

}  // namespace

std::string_view google_status(int status) {
    switch (status) {
    case 401: return "UNAUTHENTICATED";
    case 403: return "PERMISSION_DENIED";
    case 404: return "NOT_FOUND";
    case 409: return "ABORTED";
    case 429: return "RESOURCE_EXHAUSTED";
    case 499: return "CANCELLED";
    case 501: return "UNIMPLEMENTED";
    case 503: return "UNAVAILABLE";
    case 504: return "DEADLINE_EXCEEDED";
    default: return status < 500 ? "INVALID_ARGUMENT" : "INTERNAL";
    }
}

std::optional<api_error> check_google_token(const question& asked, const key_ring& keys) {
    const auto field = find_field(asked.head, "authorization");
    if (!field.starts_with("Bearer ")) {
        return error_of(
            401,
            "Request is missing required authentication credential. Expected OAuth 2 access token, "
            "login cookie or other valid authentication credential.",
            "CREDENTIALS_MISSING"
        );
    }
    const auto token = asked.head.bearer;
    const bool good =
        keys.google().is_on() ? keys.google().accepts(token, asked.created) : keys.accepts(token);
    if (good) return std::nullopt;
    return error_of(
        401,
        "Request had invalid authentication credentials. Expected OAuth 2 access token, login "
        "cookie or other valid authentication credential.",
        "ACCESS_TOKEN_EXPIRED"
    );
}

std::optional<route> gemini_dialect::find(const http_head&, std::string_view path) const {
    const bool studio = surface_ == google_surface::studio;
    route found;
    found.voice = this;
    if (studio && path == "/token") {
        found.what = endpoint::token;
        return found;
    }
    if (studio && (path == "/v1beta/models" || path == "/v1alpha/models")) {
        found.method = "GET";
        found.what = endpoint::list_models;
        return found;
    }
    const auto rest = studio ? behind_models(path) : behind_publisher(path);
    if (rest.empty()) return std::nullopt;
    const auto colon = rest.rfind(':');
    if (colon != std::string_view::npos) found.what = endpoint_of(rest.substr(colon + 1));
    if (found.what == endpoint::invoke && studio) found.what = endpoint::unknown;
    found.model = decode_percent(rest.substr(0, colon));
    // GET /v1/models/m is OpenAI's.
    if (found.what == endpoint::unknown && path.starts_with("/v1/models/")) return std::nullopt;
    if (colon == std::string_view::npos && studio) {
        found.method = "GET";
        found.what = endpoint::show_model;
    }
    return found;
}

std::string_view gemini_dialect::credential(const http_head& head) const {
    const auto key = find_parameter(head.query, "key");
    return key.empty() ? head.bearer : key;
}

std::optional<api_error> gemini_dialect::check_access(
    const route& where, const question& asked, const key_ring& keys
) const {
    const auto key = find_field(asked.head, "x-goog-api-key");
    const bool is_express = asked.path.starts_with("/v1/publishers/");
    if (surface_ == google_surface::vertex && !(is_express && !key.empty()))
        return check_google_token(asked, keys);
    const auto shown = credential(asked.head);
    if (shown.empty()) {
        return error_of(
            403,
            "Method doesn't allow unregistered callers (callers without established identity). "
            "Please use API Key or other form of API consumer identity to call this API."
        );
    }
    if (keys.accepts(shown) || where.what == endpoint::token) return std::nullopt;
    return error_of(400, "API key not valid. Please pass a valid API key.", "API_KEY_INVALID");
}

reply gemini_dialect::answer(
    const route& where, json::object& raw, const question& asked, const answer_frame& frame
) const {
    const auto request = to_camel_case(raw);
    if (where.what == endpoint::count_tokens) return count(where, request, asked);
    if (where.what == endpoint::generate || where.what == endpoint::generate_stream)
        return generate(where, request, asked, frame);
    auto made = embed_gemini(request, where, surface_);
    if (const auto* wrong = std::get_if<std::string>(&made))
        return refuse(error_of(400, *wrong), asked.id);
    return std::get<reply>(std::move(made));
}

reply gemini_dialect::generate(
    const route& where,
    const json::object& request,
    const question& asked,
    const answer_frame& frame
) const {
    if (const auto wrong = check_gemini(request, where.model, surface_))
        return refuse(error_of(400, *wrong), asked.id);
    auto prompt = read_gemini_prompt(request, where.model);
    prompt.is_stream = where.what == endpoint::generate_stream;
    const auto made = decide(prompt, frame);
    const gemini_frame names{frame.id.substr(0, 22), prompt.model, surface_};
    if (!prompt.is_stream) return print_gemini(made, names);
    const bool events = find_parameter(asked.head.query, "alt") == "sse";
    return stream_gemini(made, names, events ? gemini_stream::events : gemini_stream::array);
}

reply gemini_dialect::count(const route& where, const json::object& request, const question& asked)
    const {
    const auto* inner = object_at(request, "generateContentRequest");
    const auto& counted = inner != nullptr ? *inner : request;
    if (const auto wrong = check_contents(counted, where.model, surface_))
        return refuse(error_of(400, *wrong), asked.id);
    const auto tokens = read_gemini_prompt(counted, where.model).tokens();
    json::object body{{"totalTokens", tokens}};
    body["promptTokensDetails"] =
        list_of(json::object{{"modality", "TEXT"}, {"tokenCount", tokens}});
    reply made;
    made.body = json::serialize(body);
    return made;
}

std::string
gemini_dialect::look_up(const route& where, const std::vector<std::string>& models) const {
    json::array list;
    for (const auto& name : models) {
        json::object one{
            {"name", "models/" + name},
            {"version", "001"},
            {"displayName", name},
            {"inputTokenLimit", 1048576},
            {"outputTokenLimit", 65536},
            {"thinking", true}};
        one["supportedGenerationMethods"] =
            list_of("generateContent", "countTokens", "embedContent");
        if (where.what == endpoint::show_model && name == where.model) return json::serialize(one);
        list.push_back(std::move(one));
    }
    if (where.what == endpoint::show_model) return {};
    json::object body;
    body["models"] = std::move(list);
    return json::serialize(body);
}

std::string gemini_dialect::print_error(const api_error& error, std::string_view) const {
    return json::serialize(print_envelope(error));
}

std::string
gemini_dialect::error_event(const reply& broken, const api_error& error, std::size_t after) const {
    const auto text = json::serialize(print_envelope(error));
    if (broken.content_type.starts_with("text/")) return fmt::format("data: {}\r\n\r\n", text);
    return (after == 0 ? "[" : "\r\n,\r\n") + text + "\r\n]";
}

api_error gemini_dialect::words_for(int status) const {
    switch (status) {
    case 401: return error_of(401, "Request had invalid authentication credentials.");
    case 403: return error_of(403, "The caller does not have permission");
    case 404:
        return error_of(
            404,
            "models/unknown is not found for API version v1beta, or is not supported for "
            "generateContent. Call ModelService.ListModels to see the list of available models and "
            "their supported methods."
        );
    case 429: return error_of(429, "You exceeded your current quota, please check your plan.");
    case 503: return error_of(503, "The model is overloaded. Please try again later.");
    default: break;
    }
    if (status >= 500)
        return error_of(status, "An internal error has occurred. Please retry or report.");
    return error_of(status, fmt::format("Simulated fault {}.", status));
}

api_error gemini_dialect::quota_exceeded() const {
    auto error = error_of(
        429,
        "You exceeded your current quota, please check your plan and billing details.",
        "GenerateRequestsPerDayPerProjectPerModel-FreeTier"
    );
    error.pause = "34.4";
    return error;
}

api_error gemini_dialect::context_exceeded() const {
    return error_of(
        400,
        "The input token count (1048577) exceeds the maximum number of tokens allowed (1048576)."
    );
}

std::string gemini_dialect::fields(const std::string&, std::chrono::milliseconds spent) const {
    return fmt::format(
        "x-gemini-service-tier: standard\r\nserver-timing: gfet4t7; dur={}\r\n", spent.count()
    );
}

}  // namespace spillway::bench::sim
