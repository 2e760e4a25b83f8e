#include "routing/facts.hpp"

namespace spillway::routing {

std::string_view name_of(outcome_kind kind) noexcept {
    switch (kind) {
    case outcome_kind::answered: return "answered";
    case outcome_kind::completed: return "completed";
    case outcome_kind::resolve_failed: return "resolve_failed";
    case outcome_kind::connect_failed: return "connect_failed";
    case outcome_kind::tls_failed: return "tls_failed";
    case outcome_kind::first_byte_timeout: return "first_byte_timeout";
    case outcome_kind::closed_early: return "closed_early";
    case outcome_kind::bad_answer: return "bad_answer";
    case outcome_kind::server_fault: return "server_fault";
    case outcome_kind::rate_limited: return "rate_limited";
    case outcome_kind::overloaded: return "overloaded";
    case outcome_kind::key_refused: return "key_refused";
    case outcome_kind::quota_spent: return "quota_spent";
    case outcome_kind::caller_fault: return "caller_fault";
    case outcome_kind::context_too_long: return "context_too_long";
    case outcome_kind::content_refused: return "content_refused";
    case outcome_kind::model_missing: return "model_missing";
    case outcome_kind::cut: return "cut";
    case outcome_kind::client_gone: return "client_gone";
    }
    return "unknown";
}

}  // namespace spillway::routing
