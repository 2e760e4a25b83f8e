// What the session makes of a head: where the request goes, who sends it, what of it is kept. Nothing here waits.
#include "proxy/base/bytes.hpp"
#include "proxy/server/asked_limits.hpp"
#include "proxy/server/session.hpp"
#include "proxy/wire/target.hpp"

namespace spillway::server {

std::unique_ptr<adapters::problem>
session::problem_of(adapters::error_class what, std::string text, unsigned status) {
    auto problem =
        std::make_unique<adapters::problem>(adapters::make_problem(what, std::move(text)));
    if (status != 0) problem->status = static_cast<std::uint16_t>(status);
    return problem;
}

session::intake session::take_in() {
    intake about{home_.plans.current()};
    const bool keeps = head_->keep_alive() && served_ < limits.requests && !is_draining();
    reply_.begin(
        head_->method(), head_->version_minor(), keeps ? flow::keep::open : flow::keep::close
    );
    look_at_head(about);
    head_ = nullptr;
    return about;
}

void session::look_at_head(intake& about) {
    const wire::request_head& head = *head_;
    about.expects = head.expectation();
    about.framing = wire::request_framing(head, about.pin->body_limit);
    if (about.framing.kind == wire::body_kind::refused) {
        about.problem = problem_of(
            about.framing.status == 413 ? adapters::error_class::too_large
                                        : adapters::error_class::bad_request,
            std::string{about.framing.reason},
            about.framing.status
        );
        reply_.close_after();
        return;
    }
    look_at_route(head, about);
    if (about.problem) return;
    if (about.expects == wire::expectation::unknown) {
        about.problem = problem_of(
            adapters::error_class::bad_request, "Only the expectation 100-continue is known.", 417
        );
        return;
    }
    const bool is_public = about.route.page == page::health || about.route.page == page::ready ||
                           about.route.page == page::preflight || about.route.page == page::root ||
                           about.route.page == page::version ||
                           about.route.asked.side == adapters::face::openrouter;
    if (about.route.page == page::ask || !is_public) check_credentials(head, about);
    if (about.problem) return;
    if (about.route.page == page::ask) {
        check_content(head, about);
        keep_fields(head, about);
    }
    if (about.route.page == page::preflight)
        about.asked_headers = head.value(wire::field::access_control_request_headers);
}

void session::look_at_route(const wire::request_head& head, intake& about) {
    // Nearly every request has one of these two targets, which need no closer look.
    const std::string_view target = head.target();
    if (head.method() == wire::method::post) {
        const bool is_openai = base::is(target, "/v1/chat/completions");
        if (is_openai || base::is(target, "/api/v1/chat/completions")) {
            about.route.page = page::ask;
            about.route.asked.side =
                is_openai ? adapters::face::openai : adapters::face::openrouter;
            return;
        }
    }
    const wire::target_parts parts = wire::split_target(target);
    std::string slashed;
    std::string decoded;
    const wire::path_verdict path =
        wire::check_path(with_model_slashes(parts.path, slashed), decoded);
    if (path.status != 0) {
        about.problem =
            problem_of(adapters::error_class::not_found, std::string{path.reason}, path.status);
        return;
    }
    about.route = find_route(head.method(), path.path, parts.query);
    about.model = about.route.asked.model;
    const bool lists = about.route.page == page::models || about.route.page == page::model;
    // Three kinds of clients list models at /v1/models.
    if (lists && head.has(wire::field::anthropic_version))
        about.route.asked.dialect = adapters::protocol::messages;
    if (lists && head.has(wire::field::x_goog_api_key))
        about.route.asked.dialect = adapters::protocol::gemini;
    about.route.asked.model = {};
    if (about.route.page == page::not_found) {
        about.problem = problem_of(
            adapters::error_class::not_found,
            "There is nothing at this path. The base URL ends in /v1 (OpenAI) or /api/v1 "
            "(OpenRouter)."
        );
    }
    if (about.route.page == page::wrong_method) {
        about.problem = problem_of(
            adapters::error_class::bad_request,
            "This path takes other methods: " + std::string{about.route.allowed} + ".",
            405
        );
    }
}

void session::check_credentials(const wire::request_head& head, intake& about) {
    const adapters::result<const routing::client_key*> who = admission_.admit(
        head,
        *about.pin,
        about.route.asked.dialect == adapters::protocol::gemini ? flow::query_key::taken
                                                                : flow::query_key::refused
    );
    if (who) {
        about.who = *who;
    } else {
        about.problem = std::make_unique<adapters::problem>(who.error());
    }
}

void session::check_content(const wire::request_head& head, intake& about) {
    about.coding = wire::coding_of(head.value(wire::field::content_encoding));
    if (about.coding == wire::content_coding::unknown) {
        about.problem = problem_of(
            adapters::error_class::bad_request,
            "Send the request body plain, or in one of the content codings gzip, deflate, br and "
            "zstd.",
            415
        );
        return;
    }
    const std::string_view type = head.value(wire::field::content_type);
    if (base::begins_ignoring_case(type, "multipart/")) {
        about.problem = problem_of(
            adapters::error_class::bad_request, "Send JSON: Content-Type: application/json.", 415
        );
    }
}

void session::keep_fields(const wire::request_head& head, intake& about) {
    using wire::field;
    static constexpr wire::field_set forwarded{
        field::idempotency_key, field::x_client_request_id, field::traceparent, field::tracestate};
    static constexpr wire::field_set attribution{
        field::http_referer, field::x_openrouter_title, field::x_title, field::x_session_id};
    const auto keep = [&head](std::string& in, field id, std::string_view as) {
        if (head.has(id)) in.append(as).append(": ").append(head.value(id)).append("\r\n");
    };
    if (head.has_any_of(forwarded)) {
        for (const field id : forwarded.members)
            keep(about.buffer.forwarded, id, wire::name_of(id));
    }
    // Betas are the protocol's own: only a provider that speaks the client's dialect gets them.
    const bool is_anthropic = about.route.asked.dialect == adapters::protocol::messages;
    const field betas = is_anthropic ? field::anthropic_beta : field::openai_beta;
    keep(about.buffer.betas, betas, wire::name_of(betas));
    if (head.has_any_of(attribution)) {
        keep(about.buffer.attribution, field::http_referer, "http-referer");
        const bool is_new = head.has(field::x_openrouter_title);
        keep(
            about.buffer.attribution, is_new ? field::x_openrouter_title : field::x_title, "x-title"
        );
        keep(about.buffer.attribution, field::x_session_id, "x-session-id");
    }
    const std::string_view unread = read_limits(head, about.limits);
    if (!unread.empty()) {
        about.problem = problem_of(
            adapters::error_class::bad_request,
            std::string{unread} + " must be a duration such as 250ms, 10s or 2m."
        );
    }
}

}  // namespace spillway::server
