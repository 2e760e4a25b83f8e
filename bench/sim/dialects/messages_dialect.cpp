#include "bench/sim/dialects/messages_dialect.hpp"

#include "bench/sim/dialects/framing.hpp"
#include "bench/sim/dialects/json_view.hpp"
#include "bench/sim/dialects/key_ring.hpp"
#include "bench/sim/dialects/messages_check.hpp"
#include "bench/sim/dialects/messages_print.hpp"
#include "bench/sim/dialects/messages_prompt.hpp"
#include "proxy/base/bytes.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <ctime>

namespace spillway::bench::sim {
namespace {

constexpr std::array<std::string_view, 26> betas{
    "message-batches-2024-09-24",
    "prompt-caching-2024-07-31",
    "pdfs-2024-09-25",
    "token-counting-2024-11-01",
    "computer-use-2024-10-22",
    "computer-use-2025-01-24",
    "token-efficient-tools-2025-02-19",
    "output-128k-2025-02-19",
    "files-api-2025-04-14",
    "mcp-client-2025-04-04",
    "mcp-client-2025-11-20",
    "dev-full-thinking-2025-05-14",
    "interleaved-thinking-2025-05-14",
    "fine-grained-tool-streaming-2025-05-14",
    "code-execution-2025-05-22",
    "extended-cache-ttl-2025-04-11",
    "context-1m-2025-08-07",
    "context-management-2025-06-27",
    "compact-2026-01-12",
    "model-context-window-exceeded-2025-08-26",
    "skills-2025-10-02",
    "fast-mode-2026-02-01",
    "claude-code-20250219",
    "oauth-2025-04-20",
    "structured-outputs-2025-11-13",
    "effort-2025-11-24"};

// Took the sampling parameters out of the protocol; the current clients send it.
constexpr std::string_view newest_version = "2026-10-21";

// What the version of a request does not have any more.
verdict check_version_members(const http_head& head, const json::object& request) {
    if (find_field(head, "anthropic-version") != newest_version) return {};
    for (const char* name : {"temperature", "top_p", "top_k"}) {
        if (request.contains(name)) return fmt::format("{}: Extra inputs are not permitted", name);
    }
    return {};
}

// The first beta that is none.
std::optional<std::string> find_unknown_beta(std::string_view list) {
    while (!list.empty()) {
        const auto comma = list.find(',');
        const auto one = base::trim(list.substr(0, comma));
        list.remove_prefix(comma == std::string_view::npos ? list.size() : comma + 1);
        if (std::find(betas.begin(), betas.end(), one) == betas.end()) return std::string{one};
    }
    return std::nullopt;
}

std::string_view type_of(int status) {
    switch (status) {
    case 401: return "authentication_error";
    case 402: return "billing_error";
    case 403: return "permission_error";
    case 404: return "not_found_error";
    case 413: return "request_too_large";
    case 429: return "rate_limit_error";
    case 504: return "timeout_error";
    case 529: return "overloaded_error";
    default: return status < 500 ? "invalid_request_error" : "api_error";
    }
}

json::object print_envelope(const api_error& error) {
    return {
        {"type", "error"},
        {"error",
         {{"details", nullptr}, {"type", type_of(error.status)}, {"message", error.message}}},
    };
}

std::string print_bucket(const bucket_state& state, std::string_view kind) {
    if (!state.is_limited) return {};
    const auto full =
        std::time(nullptr) + std::chrono::ceil<std::chrono::seconds>(state.reset).count();
    return fmt::format(
        "anthropic-ratelimit-{0}-limit: {1}\r\nanthropic-ratelimit-{0}-remaining: {2}\r\n"
        "anthropic-ratelimit-{0}-reset: {3:%Y-%m-%dT%H:%M:%SZ}\r\n",
        kind,
        state.limit,
        state.remaining,
        fmt::gmtime(full)
    );
}

reply start_reply(const answer& made) {
    reply started;
    started.prompt_tokens = made.prompt_tokens;
    started.completion_tokens = made.completion_tokens;
    return started;
}

reply stream_message(const answer& made, const message_frame& frame) {
    auto printed = start_reply(made);
    printed.is_stream = true;
    printed.content_type = event_stream_type;
    auto events = message_events(made, frame);
    printed.closing = frame_named(events.back());
    events.pop_back();
    for (const auto& event : events) {
        printed.events.push_back(frame_named(event));
        // A ping comes behind the opening of the first block.
        if (printed.events.size() == 2) printed.events.back() += frame_named({{"type", "ping"}});
    }
    return printed;
}

}  // namespace

std::optional<route> messages_dialect::find(const http_head& head, std::string_view path) const {
    route found;
    found.voice = this;
    if (path == "/v1/messages") {
        found.what = endpoint::generate;
        return found;
    }
    if (path == "/v1/messages/count_tokens") {
        found.what = endpoint::count_tokens;
        return found;
    }
    if (!path.starts_with("/v1/models") || find_field(head, "anthropic-version").empty())
        return std::nullopt;
    found.method = "GET";
    found.what = path == "/v1/models" ? endpoint::list_models : endpoint::show_model;
    if (path.size() > 11) found.model = decode_percent(path.substr(11));
    return found;
}

std::optional<api_error>
messages_dialect::check_access(const route&, const question& asked, const key_ring& keys) const {
    const auto key = find_field(asked.head, "x-api-key");
    const auto bearer = find_field(asked.head, "authorization");
    if (key.empty() && bearer.empty()) return error_of(401, "x-api-key header is required");
    if (!key.empty() && !bearer.empty())
        return error_of(401, "only one of x-api-key and authorization may be given");
    if (key.empty() && !bearer.starts_with("Bearer ")) return error_of(401, "invalid bearer token");
    if (!keys.accepts(asked.head.bearer))
        return error_of(401, key.empty() ? "invalid bearer token" : "invalid x-api-key");
    const auto version = find_field(asked.head, "anthropic-version");
    if (version.empty()) return error_of(400, "anthropic-version: header is required");
    if (!is_one_of(version, {"2023-01-01", "2023-06-01", newest_version})) {
        return error_of(
            400, fmt::format("anthropic-version: \"{}\" is not a valid version", version)
        );
    }
    const auto unknown = find_unknown_beta(find_field(asked.head, "anthropic-beta"));
    if (!unknown) return std::nullopt;
    return error_of(
        400, fmt::format("Unexpected value(s) `{}` for the `anthropic-beta` header.", *unknown)
    );
}

reply messages_dialect::answer(
    const route& where, json::object& request, const question& asked, const answer_frame& frame
) const {
    const bool counts = where.what == endpoint::count_tokens;
    const auto purpose = counts ? messages_purpose::count : messages_purpose::generate;
    if (const auto wrong = check_messages(request, messages_host::anthropic, purpose))
        return refuse(error_of(400, *wrong), asked.id);
    if (const auto wrong = check_version_members(asked.head, request))
        return refuse(error_of(400, *wrong), asked.id);
    const auto prompt = read_messages_prompt(request, std::string{text_at(request, "model")});
    if (counts) {
        reply counted;
        counted.body = json::serialize(json::object{{"input_tokens", prompt.tokens()}});
        return counted;
    }
    const auto made = decide(prompt, frame);
    const message_frame names{"msg_" + frame.id.substr(0, 24), prompt.model};
    if (prompt.is_stream) return stream_message(made, names);
    auto printed = start_reply(made);
    printed.body = json::serialize(print_message(made, names));
    return printed;
}

std::string
messages_dialect::look_up(const route& where, const std::vector<std::string>& models) const {
    json::array list;
    for (const auto& name : models) {
        json::object one{
            {"type", "model"},
            {"id", name},
            {"display_name", name},
            {"created_at", "2025-01-01T00:00:00Z"},
            {"max_input_tokens", 200000},
            {"max_tokens", 64000}};
        if (where.what == endpoint::show_model && name == where.model) return json::serialize(one);
        list.push_back(std::move(one));
    }
    if (where.what == endpoint::show_model) return {};
    json::object body{
        {"has_more", false}, {"first_id", models.front()}, {"last_id", models.back()}};
    body["data"] = std::move(list);
    return json::serialize(body);
}

std::string messages_dialect::print_error(const api_error& error, std::string_view id) const {
    auto envelope = print_envelope(error);
    envelope["request_id"] = fmt::format("req_{}", id);
    return json::serialize(envelope);
}

std::string messages_dialect::error_event(const reply&, const api_error& error, std::size_t) const {
    return fmt::format("event: error\ndata: {}\n\n", json::serialize(print_envelope(error)));
}

api_error messages_dialect::words_for(int status) const {
    switch (status) {
    case 401: return error_of(401, "invalid x-api-key");
    case 403: return error_of(403, "Your API key does not have permission to use this model.");
    case 404: return error_of(404, "model: unknown");
    case 413: return error_of(413, "Request exceeds the maximum size");
    case 429: return error_of(429, "This request would exceed your rate limit.");
    case 529: return error_of(529, "Overloaded");
    default: break;
    }
    if (status >= 500) return error_of(status, "Internal server error");
    return error_of(status, fmt::format("Simulated fault {}.", status));
}

api_error messages_dialect::quota_exceeded() const {
    return error_of(
        400,
        "Your credit balance is too low to access the Anthropic API. Please go to Plans & Billing "
        "to upgrade or purchase credits."
    );
}

api_error messages_dialect::context_exceeded() const {
    return error_of(400, "prompt is too long: 200001 tokens > 200000 maximum");
}

std::string messages_dialect::idle_event() const {
    return frame_named({{"type", "ping"}});
}

std::string messages_dialect::fields(const std::string& id, std::chrono::milliseconds) const {
    return fmt::format(
        "request-id: req_{}\r\nanthropic-organization-id: 00000000-0000-4000-8000-000000000000\r\n",
        id
    );
}

std::string messages_dialect::limit_fields(const limit_verdict& state) const {
    return print_bucket(state.requests, "requests") + print_bucket(state.tokens, "tokens");
}

}  // namespace spillway::bench::sim
