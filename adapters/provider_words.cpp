#include "adapters/provider_words.hpp"

#include "adapters/json/text.hpp"
#include "adapters/json/walker.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

namespace spillway::adapters {

namespace {

constexpr std::size_t raw_limit = 2048;      // of the provider's body kept for the client
constexpr std::size_t message_limit = 1024;  // of a text that becomes our message

std::string text_of(std::string_view value) {
    if (value.size() >= 2 && value.front() == '"') {
        auto inner = value.substr(1, value.size() - 2);
        return json::unescaped(inner).value_or(std::string{inner});
    }
    if (value == "null" || value == "{}" || value == "[]") return {};
    return std::string{value};
}

void set_if_empty(std::string& out, std::string_view value) {
    if (out.empty()) out = text_of(value);
}

void read_object(padded_view object, provider_words& out, int depth);

// A list of complaints: [{loc,msg,type}] or [{code,message}]; the first one speaks for all.
void read_list(padded_view list, provider_words& out, int depth) {
    json::walker walk{list};
    bool first = true;
    static_cast<void>(walk.elements(list.data(), [&](const char* p) {
        auto end = walk.any(p, 1);
        if (end && first) {
            std::string_view value{p, static_cast<std::size_t>(end - p)};
            if (*p == '{') {
                read_object({p, value.size()}, out, depth + 1);
            } else {
                set_if_empty(out.message, value);
            }
        }
        first = false;
        return end;
    }));
}

void read_member(std::string_view name, std::string_view value, provider_words& out, int depth) {
    bool is_object = value.front() == '{';
    bool is_list = value.front() == '[';
    padded_view padded{value.data(), value.size()};
    if (name == "error" || name == "errors" || name == "detail" || name == "fault" ||
        name == "innererror" || name == "base_resp" || name == "details") {
        if (depth > 3) return;
        if (is_object) return read_object(padded, out, depth + 1);
        if (is_list) return read_list(padded, out, depth + 1);
        if (value != "null" && value != "true" && value != "false")
            set_if_empty(out.message, value);
        return;
    }
    if (is_object || is_list) return;
    if (name == "message" || name == "msg" || name == "status_msg" || name == "faultstring" ||
        name == "title") {
        return set_if_empty(out.message, value);
    }
    if (name == "type" || name == "error_type") return set_if_empty(out.type, value);
    if (name == "param") return set_if_empty(out.param, value);
    if (name == "reason") return set_if_empty(out.code, value);
    if (name == "code" || name == "error_code" || name == "status_code" || name == "status") {
        auto number = json::to_integer(text_of(value));
        if (number && *number >= 400 && *number < 600) {
            out.status = static_cast<int>(*number);
        } else if (name != "status") {
            set_if_empty(out.code, value);
        }
    }
}

void read_object(padded_view object, provider_words& out, int depth) {
    json::walker walk{object};
    auto from = walk.skip_space(object.data());
    static_cast<void>(walk.members(from, [&](json::raw_string name, const char* p) {
        auto end = walk.any(p, 1);
        if (end) read_member(name.text, {p, static_cast<std::size_t>(end - p)}, out, depth);
        return end;
    }));
}

bool is_markup(std::string_view body) noexcept {
    auto at = body.find_first_not_of(" \t\r\n");
    return at != body.npos && body[at] == '<';
}

bool contains(std::string_view text, std::string_view part) noexcept {
    auto same = [](char a, char b) {
        return std::tolower(static_cast<unsigned char>(a)) ==
               std::tolower(static_cast<unsigned char>(b));
    };
    return std::search(text.begin(), text.end(), part.begin(), part.end(), same) != text.end();
}

bool contains_any(std::string_view text, std::initializer_list<std::string_view> parts) noexcept {
    return std::any_of(parts.begin(), parts.end(), [&](auto part) { return contains(text, part); });
}

bool is_context_overflow(const provider_words& what) noexcept {
    if (contains_any(what.code, {"context_length_exceeded", "exceed_context_size"})) return true;
    if (contains_any(what.type, {"exceed_context_size", "context_length", "too_many_tokens"}))
        return true;
    return contains_any(
               what.message,
               {"maximum context length",
                "context_length_exceeded",
                "exceeds the context window",
                "prompt too long",
                "prompt is too long",
                "too_many_prompt_tokens",
                "exceed_context_size",
                "input length and `max_tokens`",
                "token limit reached",
                "exceeds the available context size",
                "context window",
                "input is too long",
                "input tokens exceeded",
                "too many input tokens",
                "exceeds the maximum number of tokens"}
           ) ||
           contains(what.type, "too_many_prompt_tokens");
}

bool is_quota(const provider_words& what) noexcept {
    if (contains_any(what.code, {"insufficient_quota", "billing", "1113", "insufficient_balance"}))
        return true;
    if (contains_any(what.type, {"insufficient_quota", "exceeded_current_quota"})) return true;
    return contains_any(
        what.message,
        {"insufficient balance",
         "insufficient credit",
         "exceeded your current quota",
         "credits exhausted",
         "payment required",
         "out of credits",
         "credit balance"}
    );
}

bool is_content(const provider_words& what) noexcept {
    if (contains_any(
            what.code,
            {"content_filter",
             "content_policy",
             "ResponsibleAIPolicy",
             "data_inspection",
             "1301",
             "safety",
             "moderation_blocked"}
        )) {
        return true;
    }
    if (contains_any(what.type, {"content_filter", "content_policy"})) return true;
    return contains_any(
        what.message,
        {"content management policy",
         "content_policy",
         "content policy",
         "safety system",
         "safety_check"}
    );
}

bool is_bad_key(const provider_words& what) noexcept {
    return contains_any(what.code, {"invalid_api_key", "invalid_authentication"}) ||
           contains_any(
               what.message, {"incorrect api key", "invalid api key", "api key not valid"}
           );
}

bool is_unknown_model(const provider_words& what) noexcept {
    return contains_any(what.code, {"model_not_found", "DeploymentNotFound"}) ||
           contains_any(what.message, {"is not a valid model", "model does not exist"});
}

bool is_rate(const provider_words& what) noexcept {
    return contains_any(
               what.code, {"rate_limit", "RateLimitReached", "Throttling", "REQUEST_LIMIT"}
           ) ||
           contains(what.type, "rate_limit") || what.type == "tokens" || what.type == "requests";
}

bool is_overload(const provider_words& what) noexcept {
    return contains_any(what.type, {"overloaded", "engine_overloaded"}) ||
           contains_any(what.code, {"overloaded", "slow_down", "capacity"}) ||
           contains(what.message, "overloaded");
}

error_class class_of_400(const provider_words& what) noexcept {
    if (is_bad_key(what)) return error_class::auth;
    if (is_content(what)) return error_class::content;
    if (is_unknown_model(what)) return error_class::not_found;
    return error_class::bad_request;
}

error_class class_of_status(int status, const provider_words& what) noexcept {
    switch (status) {
    case 400:
    case 422: return class_of_400(what);
    case 401: return error_class::auth;
    case 402: return error_class::quota;
    case 403:
        if (is_content(what)) return error_class::content;
        return is_bad_key(what) ? error_class::auth : error_class::permission;
    case 404:
    case 405:
    case 410: return error_class::not_found;
    case 408:
    case 504:
    case 524: return error_class::timeout;
    case 409:
    case 425: return error_class::unavailable;
    case 413: return error_class::too_large;
    case 429:
        return is_overload(what) && !is_rate(what) ? error_class::overload : error_class::rate;
    case 451: return error_class::content;
    case 498:
    case 503:
    case 529: return error_class::overload;
    case 501: return error_class::bad_request;
    case 502:
    case 520:
    case 521:
    case 522:
    case 523: return error_class::unavailable;
    default: break;
    }
    if (status >= 500)
        return is_overload(what) ? error_class::overload : error_class::upstream_fault;
    return error_class::bad_request;
}

// What our client gets. Troubles of the account are ours, not the client's: a 401 would send it looking at
// its own key. The provider's own troubles keep the number it gave them, where clients know it.
std::uint16_t client_status(error_class what, int upstream) noexcept {
    if (upstream >= 500 && upstream <= 504) return static_cast<std::uint16_t>(upstream);
    switch (what) {
    case error_class::auth:
    case error_class::quota:
    case error_class::permission:
    case error_class::upstream_fault:
    case error_class::unavailable: return 502;
    case error_class::overload: return 503;
    case error_class::timeout: return 504;
    case error_class::rate: return 429;
    case error_class::too_large: return 413;
    case error_class::not_found: return 404;
    case error_class::context_length: return 400;
    case error_class::content: return upstream == 403 || upstream == 451 ? 403 : 400;
    case error_class::bad_request: return upstream == 422 ? 422 : 400;
    case error_class::internal: return 500;
    }
    return 502;
}

}  // namespace

provider_words words_of(std::string_view body) {
    provider_words out;
    auto at = body.find_first_not_of(" \t\r\n");
    if (at == body.npos) return out;
    if (body[at] == '{' || body[at] == '[') {
        padded_text text{body.substr(at)};
        json::walker walk{text.view()};
        if (walk.is(text.view().data(), '{')) {
            read_object(text.view(), out, 0);
        } else {
            read_list(text.view(), out, 0);
        }
    } else if (!is_markup(body)) {
        out.message = body.substr(at, message_limit);
    }
    // xAI puts a sentence into code and the text into error.
    if (out.message.empty() && out.code.find(' ') != out.code.npos) out.message = out.code;
    return out;
}

error_class class_of(int status, const provider_words& what) noexcept {
    if (is_context_overflow(what) && status < 500) return error_class::context_length;
    if (is_quota(what) && status < 500) return error_class::quota;
    return class_of_status(status, what);
}

error_class class_of_words(const provider_words& what) noexcept {
    if (is_context_overflow(what)) return error_class::context_length;
    if (is_quota(what)) return error_class::quota;
    if (is_content(what)) return error_class::content;
    if (is_bad_key(what)) return error_class::auth;
    if (is_overload(what)) return error_class::overload;
    if (is_rate(what)) return error_class::rate;
    if (contains(what.type, "invalid_request")) return error_class::bad_request;
    return error_class::upstream_fault;
}

problem problem_of(
    provider_words&& what,
    error_class kind,
    int status,
    std::string_view body,
    std::string_view provider
) {
    problem out;
    out.what = kind;
    out.upstream_status = static_cast<std::uint16_t>(status);
    out.status = client_status(kind, status);
    out.message = std::move(what.message);
    if (out.message.empty())
        out.message = fmt::format("{} answered with status {}.", provider, status);
    if (out.message.size() > message_limit) out.message.resize(message_limit);
    out.type = std::move(what.type);
    out.code = std::move(what.code);
    out.param = std::move(what.param);
    out.provider = provider;
    out.raw = body.substr(0, raw_limit);
    return out;
}

}  // namespace spillway::adapters
