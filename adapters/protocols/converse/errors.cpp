// What Bedrock's exceptions mean, and ours in its words.
#include "adapters/json/document.hpp"
#include "adapters/json/text.hpp"
#include "adapters/json/writer.hpp"
#include "adapters/protocols/converse/codec.hpp"
#include "adapters/protocols/converse/event_stream.hpp"
#include "adapters/provider_words.hpp"

#include <algorithm>
#include <array>

namespace spillway::adapters::converse {

namespace {

struct exception_row {
    std::string_view name;  // without "Exception", small letters
    error_class what;
    std::uint16_t status;  // as Bedrock sends it, where a stream does not say
};

constexpr std::array<exception_row, 18> exceptions{{
    {"validation", error_class::bad_request, 400},
    {"accessdenied", error_class::permission, 403},
    {"unrecognizedclient", error_class::auth, 403},
    {"invalidsignature", error_class::auth, 403},
    {"signaturedoesnotmatch", error_class::auth, 403},
    {"incompletesignature", error_class::auth, 403},
    {"invalidclienttokenid", error_class::auth, 403},
    {"missingauthenticationtoken", error_class::auth, 403},
    {"expiredtoken", error_class::auth, 403},
    {"resourcenotfound", error_class::not_found, 404},
    {"throttling", error_class::rate, 429},
    {"modelnotready", error_class::overload, 429},
    {"servicequotaexceeded", error_class::rate, 400},
    {"modeltimeout", error_class::timeout, 408},
    {"modelerror", error_class::upstream_fault, 424},
    {"modelstreamerror", error_class::upstream_fault, 424},
    {"internalserver", error_class::upstream_fault, 500},
    {"serviceunavailable", error_class::overload, 503},
}};

char lower(char c) noexcept {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
}

bool same(std::string_view a, std::string_view b) noexcept {
    return std::ranges::equal(a, b, {}, lower, lower);
}

bool contains(std::string_view text, std::string_view part) noexcept {
    const auto is_same = [](char a, char b) {
        return lower(a) == lower(b);
    };
    return std::search(text.begin(), text.end(), part.begin(), part.end(), is_same) != text.end();
}

// "com.amazon.coral.service#ThrottlingException:http://…" is ThrottlingException.
std::string_view bare_name(std::string_view name) noexcept {
    name = name.substr(0, name.find(':'));
    if (const auto mark = name.find('#'); mark != name.npos) name.remove_prefix(mark + 1);
    return name;
}

const exception_row* row_of(std::string_view name) noexcept {
    constexpr std::string_view tail = "exception";
    if (name.size() > tail.size() && same(name.substr(name.size() - tail.size()), tail))
        name.remove_suffix(tail.size());
    const auto* row = std::ranges::find_if(exceptions, [name](const exception_row& one) {
        return same(one.name, name);
    });
    return row == exceptions.end() ? nullptr : row;
}

// A validation's words tell more than its name.
error_class class_of_validation(std::string_view message) noexcept {
    for (const std::string_view part :
         {"input is too long",
          "input tokens exceeded",
          "maximum context",
          "too many input tokens",
          "prompt is too long",
          "context window"}) {
        if (contains(message, part)) return error_class::context_length;
    }
    for (const std::string_view part :
         {"on-demand throughput isn", "model identifier is invalid", "end of its life"}) {
        if (contains(message, part)) return error_class::not_found;
    }
    return error_class::bad_request;
}

struct told {
    std::string name;
    std::string message;
    int status = 0;  // of the model behind Bedrock
};

told read_body(std::string_view body) {
    told out;
    const padded_text padded{body};
    json::document text;
    if (!text.read(padded.view()) || !text.root().is_object()) return out;
    const json::value root = text.root();
    const auto word = [&root](std::string_view name) {
        return json::unescaped_leniently(root[name].string().raw);
    };
    out.name = word("__type");
    if (out.name.empty()) out.name = word("code");
    out.message = word("message");
    if (out.message.empty()) out.message = word("Message");
    if (const std::string original = word("originalMessage"); !original.empty())
        out.message = out.message.empty() ? original : out.message + " (" + original + ")";
    out.status = static_cast<int>(
        std::min<std::uint64_t>(root["originalStatusCode"].count().value_or(0), 599)
    );
    return out;
}

problem problem_from(
    std::string_view name, told&& said, int status, std::string_view body, std::string_view provider
) {
    provider_words words;
    words.message = std::move(said.message);
    words.code = name;
    const exception_row* const row = row_of(name);
    error_class what = error_class::upstream_fault;
    if (row != nullptr) {
        what = row->what;
        if (status == 0) status = row->status;
        if (what == error_class::bad_request) what = class_of_validation(words.message);
    } else if (status >= 300) {
        what = status == 400 ? class_of_validation(words.message) : class_of(status, words);
    }
    if (words.message.empty() && status < 300) words.message = "The provider reported an error.";
    // What Bedrock calls 424 and 408 has a number of its own with our clients, by its class.
    return problem_of(std::move(words), what, status, body, provider);
}

// A day's tokens come back at midnight.
std::chrono::milliseconds until_midnight(std::chrono::system_clock::time_point now) noexcept {
    const auto next = std::chrono::floor<std::chrono::days>(now) + std::chrono::days{1};
    return std::chrono::ceil<std::chrono::milliseconds>(next - now);
}

// The account is ours: its troubles must not look like those of the client's key.
bool is_of_our_account(const problem& why) noexcept {
    const bool is_account = why.what == error_class::auth || why.what == error_class::quota ||
                            why.what == error_class::permission;
    return is_account && !why.provider.empty();
}

}  // namespace

problem explain(
    const answer_head& head, std::string_view body, const provider_row&, std::string_view provider
) {
    told said = read_body(body);
    std::string name{bare_name(said.name)};
    for (const head_field_view& field : head.fields) {
        if (same(field.name, "x-amzn-errortype")) name = bare_name(field.value);
    }
    if (said.message.empty()) said.message = words_of(body).message;
    problem made = problem_from(name, std::move(said), head.status, body, provider);
    made.retry_after = retry_after_of(head);
    if (!made.retry_after && made.what == error_class::rate && contains(made.message, "per day"))
        made.retry_after = until_midnight(head.now);
    return made;
}

problem explain_inside(std::string_view name, std::string_view body, std::string_view provider) {
    told said = read_body(body);
    const std::string found{bare_name(name.empty() ? std::string_view{said.name} : name)};
    return problem_from(found, std::move(said), 0, body, provider);
}

std::string_view exception_of(const problem& why) noexcept {
    if (is_of_our_account(why)) return "ModelErrorException";
    switch (why.what) {
    case error_class::auth: return "UnrecognizedClientException";
    case error_class::permission: return "AccessDeniedException";
    case error_class::quota: return "ServiceQuotaExceededException";
    case error_class::rate: return "ThrottlingException";
    case error_class::not_found: return "ResourceNotFoundException";
    case error_class::content:
    case error_class::context_length:
    case error_class::bad_request:
    case error_class::too_large: return "ValidationException";
    case error_class::timeout: return "ModelTimeoutException";
    case error_class::overload:
    case error_class::unavailable: return "ServiceUnavailableException";
    case error_class::upstream_fault: return "ModelErrorException";
    case error_class::internal: return "InternalServerException";
    }
    return "InternalServerException";
}

std::string render_problem(const problem& why, face, std::string_view) {
    std::string text;
    json::writer{text}
        .open()
        .member("message", why.message)
        .member("__type", exception_of(why))
        .close();
    return text;
}

std::string render_stream_problem(const problem& why, const answer_context&) {
    // The stream knows five of them, each beginning with a small letter.
    const auto name = [&why]() -> std::string_view {
        if (is_of_our_account(why)) return "modelStreamErrorException";
        switch (why.what) {
        case error_class::rate:
        case error_class::quota: return "throttlingException";
        case error_class::content:
        case error_class::context_length:
        case error_class::bad_request:
        case error_class::too_large:
        case error_class::not_found: return "validationException";
        case error_class::overload:
        case error_class::unavailable: return "serviceUnavailableException";
        case error_class::timeout:
        case error_class::upstream_fault: return "modelStreamErrorException";
        case error_class::auth:
        case error_class::permission:
        case error_class::internal: return "internalServerException";
        }
        return "internalServerException";
    };
    std::string text;
    const std::size_t begin = open_message(text, message_type::exception, name());
    json::writer{text}.open().member("message", why.message).close();
    close_message(text, begin);
    return text;
}

}  // namespace spillway::adapters::converse
