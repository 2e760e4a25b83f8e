#include "adapters/message.hpp"

#include <boost/assert/source_location.hpp>
#include <boost/throw_exception.hpp>

#include <stdexcept>

namespace spillway::adapters {

namespace {

static_assert(static_cast<std::size_t>(error_class::internal) + 1 == error_class_count);

}  // namespace

std::string_view name_of(operation what) noexcept {
    switch (what) {
    case operation::chat: return "chat";
    case operation::completions: return "completions";
    case operation::embeddings:
    case operation::embed_one: return "embeddings";
    case operation::models: return "models";
    case operation::count_tokens: return "count_tokens";
    case operation::rerank: return "rerank";
    case operation::moderations: return "moderations";
    case operation::images: return "images";
    }
    return {};
}

std::string_view name_of(protocol which) noexcept {
    switch (which) {
    case protocol::chat: return "chat";
    case protocol::messages: return "messages";
    case protocol::responses: return "responses";
    case protocol::gemini: return "gemini";
    case protocol::converse: return "converse";
    case protocol::cohere: return "cohere";
    case protocol::ollama: return "ollama";
    }
    return {};
}

std::string_view name_of(face side) noexcept {
    return side == face::openai ? "openai" : "openrouter";
}

std::string_view name_of(error_class what) noexcept {
    switch (what) {
    case error_class::auth: return "auth";
    case error_class::quota: return "quota";
    case error_class::rate: return "rate";
    case error_class::overload: return "overload";
    case error_class::content: return "content";
    case error_class::context_length: return "context_length";
    case error_class::bad_request: return "bad_request";
    case error_class::not_found: return "not_found";
    case error_class::permission: return "permission";
    case error_class::too_large: return "too_large";
    case error_class::timeout: return "timeout";
    case error_class::upstream_fault: return "upstream_fault";
    case error_class::unavailable: return "unavailable";
    case error_class::internal: return "internal";
    }
    return {};
}

bool problem::retryable() const noexcept {
    switch (what) {
    case error_class::auth:
    case error_class::quota:
    case error_class::content:
    case error_class::context_length:
    case error_class::bad_request:
    case error_class::not_found:
    case error_class::permission:
    case error_class::too_large:
    case error_class::internal: return false;
    case error_class::rate:
    case error_class::overload:
    case error_class::timeout:
    case error_class::upstream_fault:
    case error_class::unavailable: return true;
    }
    return false;
}

namespace {

std::uint16_t own_status(error_class what) noexcept {
    switch (what) {
    case error_class::auth: return 401;
    case error_class::quota: return 402;
    case error_class::rate: return 429;
    case error_class::overload: return 503;
    case error_class::content: return 403;
    case error_class::context_length: return 400;
    case error_class::bad_request: return 400;
    case error_class::not_found: return 404;
    case error_class::permission: return 403;
    case error_class::too_large: return 413;
    case error_class::timeout: return 504;
    case error_class::upstream_fault: return 502;
    case error_class::unavailable: return 503;
    case error_class::internal: return 500;
    }
    return 500;
}

}  // namespace

problem make_problem(error_class what, std::string message, std::string_view param) {
    problem made;
    made.what = what;
    made.status = own_status(what);
    made.message = std::move(message);
    made.param = param;
    return made;
}

void throw_exception_from_error(const problem& why, const boost::source_location& where) {
    boost::throw_exception(std::logic_error{"value of a failed result: " + why.message}, where);
}

const member_span* request_facts::find(member which) const noexcept {
    if (!has(which)) return nullptr;
    for (const auto& known : members()) {
        if (known.which == which) return &known;
    }
    return nullptr;
}

}  // namespace spillway::adapters
