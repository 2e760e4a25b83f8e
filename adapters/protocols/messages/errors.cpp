#include "adapters/protocols/messages/errors.hpp"

#include "adapters/errors.hpp"
#include "adapters/json/text.hpp"
#include "adapters/json/writer.hpp"
#include "adapters/protocols/messages/codec.hpp"
#include "adapters/provider_words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

namespace spillway::adapters::messages {

namespace {

struct type_row {
    std::string_view type;
    int status;  // what the type would have come with
};
constexpr std::array<type_row, 11> types{{
    {"invalid_request_error", 400},
    {"authentication_error", 401},
    {"billing_error", 402},
    {"permission_error", 403},
    {"not_found_error", 404},
    {"request_too_large", 413},
    {"rate_limit_error", 429},
    {"api_error", 500},
    {"timeout_error", 504},
    {"timeout", 504},
    {"overloaded_error", 529},
}};

// Bedrock's exceptions, and the status each would have come with.
constexpr std::array<type_row, 6> exceptions{{
    {"throttlingException", 429},
    {"modelStreamErrorException", 502},
    {"internalServerException", 500},
    {"serviceUnavailableException", 503},
    {"modelTimeoutException", 504},
    {"validationException", 400},
}};

template <std::size_t Size>
int status_of(const std::array<type_row, Size>& rows, std::string_view type) noexcept {
    const auto* row = std::ranges::find(rows, type, &type_row::type);
    return row == rows.end() ? 0 : row->status;
}

// Anthropic's envelope says "error" beside the error: the word inside is the type.
provider_words words_of_body(std::string_view body) {
    const padded_text text{body};
    json::document read;
    if (!read.read(text.view())) return words_of(body);
    const auto error = read.root()["error"];
    if (!read.root()["type"].equals("error") || !error.is_object()) return words_of(body);
    provider_words what;
    what.message = json::unescaped_leniently(error["message"].string().raw);
    what.type = json::unescaped_leniently(error["type"].string().raw);
    return what;
}

problem
explain_words(provider_words&& what, int status, std::string_view body, std::string_view provider) {
    const auto kind = what.type == "billing_error" ? error_class::quota
                      : status != 0                ? class_of(status, what)
                                                   : class_of_words(what);
    if (what.message.empty()) what.message = "The provider reported an error.";
    return problem_of(std::move(what), kind, status, body, provider);
}

std::string_view type_of(const problem& why) noexcept {
    switch (why.what) {
    case error_class::auth: return why.provider.empty() ? "authentication_error" : "api_error";
    case error_class::quota: return why.provider.empty() ? "billing_error" : "api_error";
    case error_class::permission: return why.provider.empty() ? "permission_error" : "api_error";
    case error_class::not_found: return "not_found_error";
    case error_class::rate: return "rate_limit_error";
    case error_class::overload: return "overloaded_error";
    case error_class::timeout: return "timeout_error";
    case error_class::too_large: return "request_too_large";
    case error_class::content:
    case error_class::context_length:
    case error_class::bad_request: return "invalid_request_error";
    case error_class::unavailable: return why.status == 503 ? "overloaded_error" : "api_error";
    case error_class::upstream_fault:
    case error_class::internal: return "api_error";
    }
    return "api_error";
}

// Claude Code shortens its history when it reads these words, and only these.
std::string context_message(const std::string& said) {
    constexpr std::string_view magic = "prompt is too long";
    if (said.contains(magic)) return said;
    std::uint64_t most = 0;
    std::uint64_t used = 0;
    const char* const end = said.data() + said.size();
    for (const char* p = said.data(); p != end;) {
        std::uint64_t number = 0;
        const auto [behind, error] = std::from_chars(p, end, number);
        if (behind == p) {
            ++p;
            continue;
        }
        p = behind;
        if (error != std::errc{} || number < 256) continue;
        used = std::max(used, number);
        most = most == 0 ? number : std::min(most, number);
    }
    if (used > most) return fmt::format("{}: {} tokens > {} maximum ({})", magic, used, most, said);
    return fmt::format("{}: {}", magic, said);
}

std::string rendered(const problem& why, face side, std::string_view request_id) {
    std::string text;
    json::writer out{text};
    out.open().member("type", "error").name("error").open().member("type", type_of(why));
    const bool is_overflow = why.what == error_class::context_length;
    out.member("message", is_overflow ? context_message(why.message) : why.message);
    if (side == face::openrouter) out.member("error_type", error_type_of(why));
    out.close().name("request_id");
    if (request_id.empty()) {
        out.raw("null");
    } else {
        out.string(request_id);
    }
    out.close();
    return text;
}

}  // namespace

problem explain_inside(json::value root, std::string_view provider) {
    auto what = words_of_body(root.raw());
    const auto status = status_of(types, what.type);
    return explain_words(std::move(what), status, root.raw(), provider);
}

problem explain_exception(const canonical::frame& one, std::string_view provider) {
    auto what = words_of(one.data.text());
    what.type = one.name;
    return explain_words(
        std::move(what), status_of(exceptions, one.name), one.data.text(), provider
    );
}

problem explain(
    const answer_head& head, std::string_view body, const provider_row&, std::string_view provider
) {
    auto why = explain_words(words_of_body(body), head.status, body, provider);
    why.retry_after = retry_after_of(head);
    return why;
}

std::string render_problem(const problem& why, face side, std::string_view request_id) {
    return rendered(why, side, request_id);
}

std::string render_stream_problem(const problem& why, const answer_context& context) {
    return fmt::format(
        "event: error\ndata: {}\n\n", rendered(why, context.side, context.generation_id)
    );
}

}  // namespace spillway::adapters::messages
