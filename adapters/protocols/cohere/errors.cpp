#include "adapters/json/writer.hpp"
#include "adapters/protocols/cohere/codec.hpp"
#include "adapters/provider_words.hpp"

#include <fmt/format.h>

namespace spillway::adapters::cohere {

namespace {

// Cohere's own numbers: an invalid token, and a client that hung up.
int known_status(int status) noexcept {
    if (status == 498) return 401;
    return status == 499 ? 503 : status;
}

}  // namespace

problem explain(
    const answer_head& head, std::string_view body, const provider_row&, std::string_view provider
) {
    auto what = words_of(body);
    const int status = known_status(head.status);
    auto kind = class_of(status, what);
    // A trial key has its calls of the month: waiting for a minute does not help.
    if (kind == error_class::rate && what.message.contains("month")) kind = error_class::quota;
    auto why = problem_of(std::move(what), kind, status, body, provider);
    why.upstream_status = head.status;
    why.retry_after = retry_after_of(head);
    return why;
}

problem explain_inside(std::string_view message, std::string_view provider) {
    provider_words what;
    what.message = message.empty() ? "The provider reported an error." : message;
    const auto kind = class_of_words(what);
    return problem_of(std::move(what), kind, 0, message, provider);
}

std::string render_problem(const problem& why, face, std::string_view) {
    std::string text;
    json::writer{text}.open().member("message", why.message).close();
    return text;
}

std::string render_stream_problem(const problem& why, const answer_context&) {
    std::string text{"event: message-end\ndata: {\"type\":\"message-end\",\"delta\":"};
    json::writer{text}.open().member("finish_reason", "ERROR").member("error", why.message).close();
    return text.append("}\n\n");
}

}  // namespace spillway::adapters::cohere
