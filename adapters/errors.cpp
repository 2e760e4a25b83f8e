#include "adapters/errors.hpp"

#include "adapters/json/writer.hpp"

namespace spillway::adapters {

namespace {

// What OpenAI would call it, where the provider has no word.
std::string_view default_type(const problem& why) noexcept {
    switch (why.what) {
    case error_class::auth: return "authentication_error";
    case error_class::quota: return "insufficient_quota";
    case error_class::rate: return "rate_limit_error";
    case error_class::permission: return "permission_error";
    case error_class::not_found: return "not_found_error";
    case error_class::content:
    case error_class::context_length:
    case error_class::bad_request:
    case error_class::too_large: return "invalid_request_error";
    case error_class::overload:
    case error_class::timeout:
    case error_class::upstream_fault:
    case error_class::unavailable:
    case error_class::internal: return "server_error";
    }
    return "server_error";
}

void write_metadata(json::writer& out, const problem& why) {
    out.open().member("error_type", error_type_of(why));
    if (!why.code.empty()) out.member("provider_code", why.code);
    if (!why.provider.empty()) out.member("provider_name", why.provider);
    if (!why.raw.empty()) out.member("raw", why.raw);
    if (!why.previous.empty()) {
        out.name("previous_errors").raw("[");
        bool first = true;
        for (const auto& one : why.previous) {
            if (!first) out.raw(",");
            first = false;
            out.open().member("code", one.code).member("message", one.message);
            out.member("provider_name", one.provider).close();
        }
        out.raw("]");
    }
    out.close();
}

void write_error(json::writer& out, const problem& why) {
    out.open().member("message", why.message).member("code", why.status);
    out.member("type", why.type.empty() ? default_type(why) : std::string_view{why.type});
    out.name("param");
    if (why.param.empty()) {
        out.raw("null");
    } else {
        out.string(why.param);
    }
    out.name("metadata");
    write_metadata(out, why);
    out.close();
}

}  // namespace

std::string_view error_type_of(const problem& why) noexcept {
    switch (why.what) {
    case error_class::auth: return why.provider.empty() ? "authentication" : "provider_unavailable";
    case error_class::quota:
        return why.provider.empty() ? "payment_required" : "provider_unavailable";
    case error_class::permission:
        return why.provider.empty() ? "permission_denied" : "provider_unavailable";
    case error_class::rate: return "rate_limit_exceeded";
    case error_class::overload: return "provider_overloaded";
    case error_class::content: return "content_policy_violation";
    case error_class::context_length: return "context_length_exceeded";
    case error_class::bad_request: return why.status == 422 ? "unprocessable" : "invalid_request";
    case error_class::not_found: return "not_found";
    case error_class::too_large: return "payload_too_large";
    case error_class::timeout: return "timeout";
    case error_class::upstream_fault: return "provider_unavailable";
    case error_class::unavailable:
        return why.status == 503 ? "provider_overloaded" : "provider_unavailable";
    case error_class::internal: return "server";
    }
    return "unmapped";
}

std::string render_problem(const problem& why, face, std::string_view) {
    std::string text;
    json::writer out{text};
    out.raw("{\"error\":");
    write_error(out, why);
    out.raw("}");
    return text;
}

std::string render_stream_problem(const problem& why, const answer_context& context) {
    bool is_completion = context.what == operation::completions;
    std::string text{"data: "};
    json::writer out{text};
    out.open().member("id", context.generation_id);
    out.member("object", is_completion ? "text_completion" : "chat.completion.chunk");
    out.member("created", context.created).member("model", context.model);
    if (context.side == face::openrouter) out.member("provider", context.provider);
    out.name("error");
    write_error(out, why);
    out.raw(",\"choices\":[{\"index\":0,");
    out.raw(
        is_completion ? "\"text\":\"\"" : "\"delta\":{\"role\":\"assistant\",\"content\":\"\"}"
    );
    out.raw(",\"finish_reason\":\"error\"");
    if (context.side == face::openrouter) out.raw(",\"native_finish_reason\":null");
    out.raw("}]}\n\n");
    return text;
}

void redact(std::string& text, std::string_view secret) {
    if (secret.size() < 8) return;
    for (auto at = text.find(secret); at != text.npos; at = text.find(secret, at)) {
        text.replace(at, secret.size(), "***");
    }
}

void redact(problem& why, std::string_view secret) {
    for (auto* text : {&why.message, &why.raw, &why.code, &why.type, &why.param})
        redact(*text, secret);
}

}  // namespace spillway::adapters
