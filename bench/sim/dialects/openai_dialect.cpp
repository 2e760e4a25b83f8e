#include "bench/sim/dialects/openai_dialect.hpp"

#include "bench/base/duration_text.hpp"
#include "bench/sim/dialects/framing.hpp"
#include "bench/sim/dialects/json_view.hpp"
#include "bench/sim/dialects/key_ring.hpp"
#include "bench/sim/dialects/openai_completion.hpp"
#include "bench/sim/dialects/openai_other.hpp"
#include "bench/sim/dialects/openai_validate.hpp"

#include <fmt/format.h>

namespace spillway::bench::sim {
namespace {

// Azure names the model in the path: /openai/deployments/{name}/chat/completions.
std::string_view deployment_of(std::string_view path) {
    constexpr std::string_view mark = "/deployments/";
    const auto at = path.find(mark);
    if (at == std::string_view::npos) return {};
    const auto rest = path.substr(at + mark.size());
    return rest.substr(0, rest.find('/'));
}

std::string mask(std::string_view key) {
    if (key.size() < 12) return "***";
    return fmt::format("{}***{}", key.substr(0, 4), key.substr(key.size() - 4));
}

std::string print_bucket(const bucket_state& state, std::string_view kind) {
    if (!state.is_limited) return {};
    return fmt::format(
        "x-ratelimit-limit-{0}: {1}\r\nx-ratelimit-remaining-{0}: {2}\r\nx-ratelimit-reset-{0}: "
        "{3}\r\n",
        kind,
        state.limit,
        state.remaining,
        print_duration(state.reset)
    );
}

}  // namespace

std::optional<route> openai_dialect::find(const http_head&, std::string_view path) const {
    route found;
    found.voice = this;
    found.model = deployment_of(path);
    if (path.ends_with("/chat/completions"))
        found.what = endpoint::generate;
    else if (path.ends_with("/completions"))
        found.what = endpoint::complete;
    else if (path.ends_with("/embeddings"))
        found.what = endpoint::embed;
    else if (path.ends_with("/rerank"))
        found.what = endpoint::rerank;
    else if (path.ends_with("/moderations"))
        found.what = endpoint::moderate;
    else if (path.ends_with("/images/generations"))
        found.what = endpoint::draw;
    else if (path.ends_with("/models"))
        found.what = endpoint::list_models;
    else if (const auto at = path.rfind("/models/"); at != std::string_view::npos) {
        found.what = endpoint::show_model;
        found.model = decode_percent(path.substr(at + 8));
    }
    if (found.what == endpoint::list_models || found.what == endpoint::show_model)
        found.method = "GET";
    return found;
}

std::optional<api_error>
openai_dialect::check_access(const route&, const question& asked, const key_ring& keys) const {
    const auto key = asked.head.bearer;
    if (keys.accepts(key)) return std::nullopt;
    if (keys.is_strict()) {
        return api_error{
            400, "strict: the authorisation was not replaced", "strict", "", "strict_key", ""};
    }
    if (key.empty()) return error_of(401, "You didn't provide an API key.");
    const auto message = fmt::format("Incorrect API key provided: {}.", mask(key));
    return error_of(401, message, "invalid_api_key");
}

reply openai_dialect::answer(
    const route& where, json::object& request, const question& asked, const answer_frame& frame
) const {
    if (!where.model.empty()) request["model"] = where.model;
    std::optional<api_error> wrong;
    if (where.what == endpoint::generate) wrong = validate_chat(request);
    if (where.what == endpoint::complete) wrong = validate_completion(request);
    if (where.what == endpoint::embed) wrong = validate_embeddings(request);
    if (where.what == endpoint::rerank) wrong = validate_rerank(request);
    if (where.what == endpoint::moderate) wrong = validate_moderation(request);
    if (where.what == endpoint::draw) wrong = validate_images(request);
    if (wrong) return refuse(*wrong, asked.id);
    if (where.what == endpoint::rerank) return answer_rerank(request, frame);
    if (where.what == endpoint::moderate) return answer_moderation(request, frame);
    if (where.what == endpoint::draw) return answer_images(request, frame);
    if (where.what == endpoint::generate) return answer_chat(request, frame);
    return where.what == endpoint::complete ? answer_completion(request, frame)
                                            : answer_embeddings(request);
}

std::string
openai_dialect::look_up(const route& where, const std::vector<std::string>& models) const {
    json::array list;
    for (const auto& name : models) {
        json::object one{
            {"id", name},
            {"object", "model"},
            {"created", 1700000000},
            {"owned_by", "spillway-sim"}};
        if (where.what == endpoint::show_model && name == where.model) return json::serialize(one);
        list.push_back(std::move(one));
    }
    if (where.what == endpoint::show_model) return {};
    json::object body{{"object", "list"}};
    body["data"] = std::move(list);
    return json::serialize(body);
}

std::string openai_dialect::print_error(const api_error& error, std::string_view) const {
    return sim::print_error(error);
}

std::string openai_dialect::error_event(const reply&, const api_error& error, std::size_t) const {
    return frame_data(sim::print_error(error));
}

api_error openai_dialect::words_for(int status) const {
    api_error error;
    error.status = status;
    switch (status) {
    case 401:
        error.message = "Incorrect API key provided: sk-***.";
        error.code = "invalid_api_key";
        return error;
    case 403: error.message = "You are not allowed to sample from this model."; return error;
    case 404:
        error.message = "The model does not exist or you do not have access to it.";
        error.code = "model_not_found";
        return error;
    case 413: error.message = "Request too large."; return error;
    case 429:
        return {429, "Rate limit reached for requests.", "requests", "", "rate_limit_exceeded", ""};
    case 503:
        error.message = "The engine is currently overloaded, please try again later.";
        error.type = "server_error";
        error.code = "overloaded";
        return error;
    default: break;
    }
    error.message = fmt::format("Simulated fault {}.", status);
    if (status < 500) return error;
    error.message = "The server had an error while processing your request.";
    error.type = "server_error";
    return error;
}

api_error openai_dialect::quota_exceeded() const {
    return {
        429,
        "You exceeded your current quota, please check your plan and billing details.",
        "insufficient_quota",
        "",
        "insufficient_quota",
        ""};
}

api_error openai_dialect::context_exceeded() const {
    return {
        400,
        "This model's maximum context length is 8192 tokens. However, your messages resulted in "
        "9000 tokens. Please reduce the length of the messages.",
        "invalid_request_error",
        "messages",
        "context_length_exceeded",
        ""};
}

std::string openai_dialect::fields(const std::string& id, std::chrono::milliseconds spent) const {
    return fmt::format(
        "openai-version: 2020-10-01\r\nopenai-processing-ms: {}\r\nx-request-id: req_{}\r\n",
        spent.count(),
        id
    );
}

std::string openai_dialect::limit_fields(const limit_verdict& state) const {
    return print_bucket(state.requests, "requests") + print_bucket(state.tokens, "tokens");
}

}  // namespace spillway::bench::sim
