// Google's errors both ways: {"error":{"code","message","status","details"}}, sometimes in a list of one, or HTML of
// its front end. Waits stand in the details, not in the head.
#include "adapters/json/document.hpp"
#include "adapters/json/text.hpp"
#include "adapters/json/writer.hpp"
#include "adapters/protocols/gemini/codec.hpp"
#include "adapters/provider_words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace spillway::adapters::gemini {

using std::chrono::milliseconds;

namespace {

struct status_row {
    std::string_view status;
    std::uint16_t code;
    error_class what;
};
constexpr std::array<status_row, 15> statuses{{
    {"INVALID_ARGUMENT", 400, error_class::bad_request},
    {"FAILED_PRECONDITION", 400, error_class::permission},
    {"OUT_OF_RANGE", 400, error_class::bad_request},
    {"UNAUTHENTICATED", 401, error_class::auth},
    {"PERMISSION_DENIED", 403, error_class::permission},
    {"NOT_FOUND", 404, error_class::not_found},
    {"ABORTED", 409, error_class::unavailable},
    {"ALREADY_EXISTS", 409, error_class::bad_request},
    {"RESOURCE_EXHAUSTED", 429, error_class::rate},
    {"CANCELLED", 499, error_class::unavailable},
    {"INTERNAL", 500, error_class::upstream_fault},
    {"UNKNOWN", 500, error_class::upstream_fault},
    {"UNIMPLEMENTED", 501, error_class::bad_request},
    {"UNAVAILABLE", 503, error_class::overload},
    {"DEADLINE_EXCEEDED", 504, error_class::timeout},
}};

const status_row* row_of(std::string_view status) noexcept {
    const auto* row = std::ranges::find(statuses, status, &status_row::status);
    return row == statuses.end() ? nullptr : row;
}

// What an error object says beyond its words.
struct said {
    std::string message;
    std::string status;
    std::uint64_t code = 0;
    std::string reason;  // of ErrorInfo
    std::optional<milliseconds> retry;
    bool is_daily = false;
    bool is_never = false;  // the quota is nothing at all
};

bool contains(std::string_view text, std::string_view part) noexcept {
    return text.find(part) != text.npos;
}

// "34.4s", rounded up.
std::optional<milliseconds> wait_of(std::string_view text) noexcept {
    constexpr double longest = 365.0 * 24 * 3600;
    double seconds = 0;
    const auto [end, error] =
        std::from_chars(text.data(), text.data() + text.size(), seconds, std::chars_format::fixed);
    const bool has_unit = end != text.data() + text.size() && *end == 's';
    if (error != std::errc{} || !has_unit || !std::isfinite(seconds) || seconds < 0)
        return std::nullopt;
    return milliseconds{static_cast<std::int64_t>(std::ceil(std::min(seconds, longest) * 1000))};
}

std::optional<milliseconds> wait_in_words(std::string_view message) noexcept {
    constexpr std::string_view words = "retry in ";
    const auto at = message.find(words);
    return at == message.npos ? std::nullopt : wait_of(message.substr(at + words.size()));
}

void read_detail(json::value detail, said& out) {
    if (const auto delay = detail["retryDelay"]; delay.is_string())
        out.retry = wait_of(delay.string().raw);
    if (const auto reason = detail["reason"]; reason.is_string() && out.reason.empty())
        out.reason = reason.string().raw;
    for (const auto violation : detail["violations"].elements()) {
        if (contains(violation["quotaId"].string().raw, "PerDay")) out.is_daily = true;
        if (violation["quotaValue"].equals("0")) out.is_never = true;
    }
}

said read_body(std::string_view body) {
    said out;
    const padded_text padded{body};
    json::document read;
    if (!read.read(padded.view())) return out;
    auto root = read.root();
    if (root.is_array() && !root.is_empty()) root = *root.elements().begin();
    const auto error = root["error"];
    out.message = json::unescaped_leniently(error["message"].string().raw);
    if (error.is_string()) out.message = json::unescaped_leniently(error.string().raw);
    out.status = error["status"].string().raw;
    out.code = error["code"].count().value_or(0);
    for (const auto detail : error["details"].elements())
        read_detail(detail, out);
    if (!out.retry) out.retry = wait_in_words(out.message);
    return out;
}

// The first Sunday of the month, or the n-th, at two in the morning is when clocks change in Los Angeles.
std::chrono::sys_days
sunday(std::chrono::year year, std::chrono::month month, unsigned ordinal) noexcept {
    using namespace std::chrono;
    return sys_days{year / month / weekday_indexed{Sunday, ordinal}};
}

// Days of quotas end at midnight in Los Angeles.
milliseconds until_midnight(std::chrono::system_clock::time_point now) noexcept {
    using namespace std::chrono;
    const auto today = floor<days>(now - hours{8});
    const year_month_day date{today};
    const auto summer = sunday(date.year(), March, 2) + hours{10};
    const auto winter = sunday(date.year(), November, 1) + hours{9};
    const auto offset = now >= summer && now < winter ? hours{7} : hours{8};
    const auto midnight = floor<days>(now - offset) + days{1} + offset;
    return ceil<milliseconds>(midnight - now);
}

bool is_context_overflow(const said& what) noexcept {
    return contains(what.message, "exceeds the maximum number of tokens");
}

bool is_bad_key(const said& what) noexcept {
    return what.reason == "API_KEY_INVALID" || contains(what.message, "API key not valid") ||
           contains(what.message, "API key expired");
}

error_class class_of(const said& what, int status) noexcept {
    if (is_context_overflow(what)) return error_class::context_length;
    if (is_bad_key(what)) return error_class::auth;
    if (what.is_never) return error_class::quota;
    if (contains(what.message, "overloaded")) return error_class::overload;
    if (contains(what.message, "payload size")) return error_class::too_large;
    if (const auto* row = row_of(what.status); row != nullptr) return row->what;
    // The front end's own words are HTML: the number decides. 499 is Google's "cancelled".
    if (status == 499) return error_class::unavailable;
    return adapters::class_of(status, {});
}

problem made_of(const said& what, int status, std::string_view body, std::string_view provider) {
    provider_words words;
    words.message = what.message;
    words.code = what.reason.empty() ? what.status : what.reason;
    auto out = problem_of(std::move(words), class_of(what, status), status, body, provider);
    out.retry_after = what.retry;
    return out;
}

std::string_view status_of(const problem& why) noexcept {
    switch (why.what) {
    case error_class::auth: return why.provider.empty() ? "UNAUTHENTICATED" : "UNAVAILABLE";
    case error_class::quota: return why.provider.empty() ? "PERMISSION_DENIED" : "UNAVAILABLE";
    case error_class::permission: return why.provider.empty() ? "PERMISSION_DENIED" : "UNAVAILABLE";
    case error_class::rate: return "RESOURCE_EXHAUSTED";
    case error_class::content:
    case error_class::context_length:
    case error_class::bad_request:
    case error_class::too_large: return "INVALID_ARGUMENT";
    case error_class::not_found: return "NOT_FOUND";
    case error_class::timeout: return "DEADLINE_EXCEEDED";
    case error_class::overload:
    case error_class::upstream_fault:
    case error_class::unavailable: return "UNAVAILABLE";
    case error_class::internal: return "INTERNAL";
    }
    return "INTERNAL";
}

void append_details(std::string& out, const problem& why) {
    char before = '[';
    const auto open = [&](std::string_view type) {
        out.push_back(before);
        before = ',';
        out.append("{\"@type\":\"type.googleapis.com/google.rpc.").append(type).push_back('"');
    };
    if (why.retry_after) {
        open("RetryInfo");
        const auto wait = why.retry_after->count();
        out.append(fmt::format(",\"retryDelay\":\"{}.{:03}s\"}}", wait / 1000, wait % 1000));
    }
    if (!why.param.empty()) {
        open("BadRequest");
        out.append(",\"fieldViolations\":[{\"field\":");
        json::append_string(out, why.param);
        out.append(",\"description\":");
        json::append_string(out, why.message);
        out.append("}]}");
    }
    if (!why.provider.empty()) {
        open("ErrorInfo");
        out.append(",\"reason\":");
        json::append_string(out, why.code.empty() ? name_of(why.what) : why.code);
        out.append(",\"domain\":\"gateway\",\"metadata\":{\"provider\":");
        json::append_string(out, why.provider);
        out.append("}}");
    }
    out.append(before == '[' ? "[]" : "]");
}

std::string render(const problem& why) {
    std::string out{"{\"error\":{\"code\":"};
    // Google has no word for "pay first".
    json::writer{out}.number(why.status == 402 ? 403 : why.status);
    out.append(",\"message\":");
    json::append_string(out, why.message);
    out.append(",\"status\":\"").append(status_of(why)).append("\",\"details\":");
    append_details(out, why);
    return out.append("}}");
}

}  // namespace

problem explain(
    const answer_head& head, std::string_view body, const provider_row&, std::string_view provider
) {
    const said what = read_body(body);
    auto out = made_of(what, head.status, body, provider);
    if (!out.retry_after) out.retry_after = retry_after_of(head);
    // What RetryInfo says of a quota of the day is much too short.
    if (head.status == 429 && (what.is_daily || what.is_never))
        out.retry_after = until_midnight(head.now);
    return out;
}

problem explain_inside(std::string_view object, std::string_view provider) {
    const said what = read_body(object);
    const auto* row = row_of(what.status);
    const auto code = what.code >= 400 && what.code < 600 ? what.code
                      : row != nullptr                    ? row->code
                                                          : 500;
    auto out = made_of(what, static_cast<int>(code), object, provider);
    if (what.message.empty()) out.message = "The provider reported an error.";
    return out;
}

std::string render_problem(const problem& why, face, std::string_view) {
    return render(why);
}

// In a list, the error is its last element; one has left before it.
std::string render_stream_problem(const problem& why, const answer_context& context) {
    if (context.form == stream_form::array) return ",\r\n" + render(why) + "]";
    return "data: " + render(why) + "\r\n\r\n";
}

}  // namespace spillway::adapters::gemini
