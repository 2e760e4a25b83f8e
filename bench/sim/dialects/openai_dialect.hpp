// OpenAI's protocol: chat and legacy completions, embeddings, models, behind any path prefix, and Azure's
// deployments. Takes every path that no other dialect wants. The Responses API words its errors alike and
// derives from it.
#pragma once

#include "bench/sim/dialects/dialect.hpp"

namespace spillway::bench::sim {

class openai_dialect : public dialect {
public:
    std::string_view name() const override { return "openai"; }
    std::optional<route> find(const http_head& head, std::string_view path) const override;
    std::optional<api_error>
    check_access(const route& where, const question& asked, const key_ring& keys) const override;
    reply answer(
        const route& where,
        boost::json::object& request,
        const question& asked,
        const answer_frame& frame
    ) const override;
    std::string look_up(const route& where, const std::vector<std::string>& models) const override;

    std::string print_error(const api_error& error, std::string_view id) const override;
    std::string
    error_event(const reply& broken, const api_error& error, std::size_t after) const override;
    api_error words_for(int status) const override;
    api_error quota_exceeded() const override;
    api_error context_exceeded() const override;
    bool asks_for_a_pause_in_fields() const override { return true; }
    std::string idle_event() const override { return ": keep-alive\n\n"; }
    std::string fields(const std::string& id, std::chrono::milliseconds spent) const override;
    std::string limit_fields(const limit_verdict& state) const override;
};

}  // namespace spillway::bench::sim
