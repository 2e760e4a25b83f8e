// OpenAI's Responses API: /v1/responses without state behind it. Errors before the stream are those of chat.
#pragma once

#include "bench/sim/dialects/openai_dialect.hpp"

namespace spillway::bench::sim {

class responses_dialect : public openai_dialect {
public:
    std::string_view name() const override { return "responses"; }
    std::optional<route> find(const http_head& head, std::string_view path) const override;
    reply answer(
        const route& where,
        boost::json::object& request,
        const question& asked,
        const answer_frame& frame
    ) const override;
    std::string
    error_event(const reply& broken, const api_error& error, std::size_t after) const override;
    std::string idle_event() const override { return ": keep-alive\n\n"; }
};

}  // namespace spillway::bench::sim
