#include "bench/sim/dialects/cohere_dialect.hpp"

#include "bench/sim/dialects/cohere_check.hpp"
#include "bench/sim/dialects/cohere_print.hpp"
#include "bench/sim/dialects/cohere_prompt.hpp"
#include "bench/sim/dialects/cohere_vectors.hpp"
#include "bench/sim/dialects/framing.hpp"
#include "bench/sim/dialects/json_view.hpp"
#include "bench/sim/dialects/key_ring.hpp"

#include <fmt/format.h>

namespace spillway::bench::sim {

std::optional<route> cohere_dialect::find(const http_head& head, std::string_view path) const {
    route found;
    found.voice = this;
    constexpr std::string_view own = "/cohere";
    const bool is_own = path.starts_with("/cohere/");
    if (is_own) path.remove_prefix(own.size());
    if (path == "/v2/chat") found.what = endpoint::generate;
    if (path == "/v2/embed") found.what = endpoint::embed;
    if (path == "/v2/rerank") found.what = endpoint::rerank;
    const bool is_client = find_field(head, "x-fern-sdk-name") == "cohere";
    if (path.starts_with("/v1/models") && (is_own || is_client)) {
        found.method = "GET";
        found.what = path == "/v1/models" ? endpoint::list_models : endpoint::show_model;
        if (path.size() > 11) found.model = decode_percent(path.substr(11));
    }
    if (found.what == endpoint::unknown && !is_own) return std::nullopt;
    return found;
}

std::optional<api_error>
cohere_dialect::check_access(const route&, const question& asked, const key_ring& keys) const {
    const auto field = find_field(asked.head, "authorization");
    if (!field.starts_with("Bearer ") && !field.starts_with("bearer "))
        return error_of(401, "no api key supplied");
    if (keys.accepts(asked.head.bearer)) return std::nullopt;
    return error_of(401, "invalid api token");
}

reply cohere_dialect::answer(
    const route& where, json::object& request, const question& asked, const answer_frame& frame
) const {
    if (!has_text(request, "model"))
        return refuse(error_of(400, "invalid request: model is required."), asked.id);
    verdict wrong;
    if (where.what == endpoint::generate) wrong = check_cohere_chat(request);
    if (where.what == endpoint::embed) wrong = check_cohere_embed(request);
    if (where.what == endpoint::rerank) wrong = check_cohere_rerank(request);
    if (wrong) {
        const int status = wrong->starts_with("unknown field") ? 422 : 400;
        return refuse(error_of(status, *wrong), asked.id);
    }
    if (where.what == endpoint::embed) return embed_cohere(request, asked.id);
    if (where.what == endpoint::rerank) return rerank_cohere(request, asked.id);
    const auto prompt = read_cohere_prompt(request);
    const auto made = decide(prompt, frame);
    return prompt.is_stream ? stream_cohere(made, frame) : print_cohere(made, frame);
}

std::string
cohere_dialect::look_up(const route& where, const std::vector<std::string>& models) const {
    json::array list;
    for (const auto& name : models) {
        json::object one{{"name", name}, {"finetuned", false}, {"context_length", 256000}};
        one["endpoints"] = list_of("chat", "embed", "rerank");
        if (where.what == endpoint::show_model && name == where.model) return json::serialize(one);
        list.push_back(std::move(one));
    }
    if (where.what == endpoint::show_model) return {};
    json::object body;
    body["models"] = std::move(list);
    return json::serialize(body);
}

std::string cohere_dialect::print_error(const api_error& error, std::string_view id) const {
    json::object body{{"id", uuid_of(id)}, {"message", error.message}};
    if (error.code.starts_with("TOO_")) body["error_type"] = error.code;
    return json::serialize(body);
}

std::string cohere_dialect::error_event(const reply&, const api_error& error, std::size_t) const {
    return frame_named(
        {{"type", "message-end"}, {"delta", {{"finish_reason", "ERROR"}, {"error", error.message}}}}
    );
}

api_error cohere_dialect::words_for(int status) const {
    switch (status) {
    case 401: return error_of(401, "invalid api token");
    case 404:
        return error_of(
            404,
            "model 'unknown' not found, make sure the correct model ID was used and that you have "
            "access to the model."
        );
    case 429:
        return error_of(
            429, "You are using a Trial key, which is limited to 20 API calls / minute."
        );
    case 503: return error_of(503, "service unavailable, please try again later");
    default: break;
    }
    if (status >= 500) return error_of(status, "internal server error");
    return error_of(status, fmt::format("Simulated fault {}.", status));
}

api_error cohere_dialect::quota_exceeded() const {
    return error_of(429, "You are using a Trial key, which is limited to 1000 API calls / month.");
}

api_error cohere_dialect::context_exceeded() const {
    return error_of(
        400,
        "too many tokens: total number of tokens in the prompt cannot exceed 256000 - received "
        "256001. Try using a shorter prompt, or enable prompt truncating.",
        "TOO_MANY_TOKENS"
    );
}

std::string cohere_dialect::fields(const std::string& id, std::chrono::milliseconds) const {
    return fmt::format("x-debug-trace-id: {}\r\n", id);
}

std::string cohere_dialect::limit_fields(const limit_verdict& state) const {
    if (!state.requests.is_limited) return {};
    return fmt::format(
        "x-trial-endpoint-call-limit: {}\r\nx-trial-endpoint-call-remaining: {}\r\n",
        state.requests.limit,
        state.requests.remaining
    );
}

}  // namespace spillway::bench::sim
