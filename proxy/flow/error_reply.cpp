#include "proxy/flow/error_reply.hpp"

#include "adapters/canonical/translate.hpp"
#include "adapters/protocols/converse/codec.hpp"
#include "proxy/flow/generation_id.hpp"
#include "proxy/wire/head_writer.hpp"

#include <algorithm>

namespace spillway::flow {

namespace {

// Anthropic has a status of its own for a provider without capacity.
unsigned status_for(const adapters::problem& why, adapters::protocol dialect) noexcept {
    const bool is_overload = why.what == adapters::error_class::overload && why.status == 503;
    return is_overload && dialect == adapters::protocol::messages ? 529 : why.status;
}

}  // namespace

std::string start_problem(
    reply& answer,
    const adapters::problem& why,
    const adapters::question& asked,
    const observe::request_record& about,
    base::http_date& date,
    std::string_view allowed
) {
    const std::string_view id = about.id[0] != 0 ? about.id_text() : std::string_view{};
    std::string body = adapters::canonical::render_problem(why, asked, id);
    std::string text;
    wire::head_writer head{text};
    const unsigned status = status_for(why, asked.dialect);
    head.status_line(status);
    head.add(wire::field::date, date.text());
    head.add(wire::field::content_type, "application/json");
    if (!id.empty()) add_generation_id(head, asked.dialect, id, named_by::nobody);
    if (asked.dialect == adapters::protocol::converse)
        head.add_fixed("x-amzn-errortype", adapters::converse::exception_of(why));
    if (about.attempts > 0) head.add_fixed("x-spillway-attempts", std::to_string(about.attempts));
    const bool may_come_back = status == 429 || status == 503 || status == 529;
    if (may_come_back && why.retry_after) {
        // Whole seconds, rounded up; milliseconds beside them for clients that know the finer field.
        const auto wait = std::max(*why.retry_after, std::chrono::milliseconds{1});
        head.add(
            wire::field::retry_after,
            static_cast<std::uint64_t>(std::chrono::ceil<std::chrono::seconds>(wait).count())
        );
        head.add(wire::field::retry_after_ms, static_cast<std::uint64_t>(wait.count()));
    }
    if (why.status == 405) head.add_fixed("allow", allowed);
    if (why.status == 401) head.add(wire::field::www_authenticate, "Bearer realm=\"spillway\"");
    head.add_fixed("access-control-allow-origin", "*");
    (void)head.finish_open();  // only fixed words and numbers of ours
    answer.start(std::move(text), body.size());
    return body;
}

}  // namespace spillway::flow
