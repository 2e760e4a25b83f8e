// Ollama's own protocol: /api/chat, /api/generate, /api/embed, /api/tags, /api/version and /api/show. A key is
// asked for only when some are configured, as its cloud does.
#pragma once

#include "bench/sim/dialects/dialect.hpp"

namespace spillway::bench::sim {

class ollama_dialect : public dialect {
public:
    std::string_view name() const override { return "ollama"; }
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
    std::string fields(const std::string&, std::chrono::milliseconds) const override { return {}; }
    std::string_view stream_type() const override { return "application/x-ndjson"; }

private:
    reply embed_all(const boost::json::object& request, const question& asked) const;
};

}  // namespace spillway::bench::sim
