// Google's protocol on its two surfaces: the Gemini API (/v1beta/models/{m}:verb, API keys) and Vertex AI
// (/v1/projects/…/publishers/google/models/{m}:verb, access tokens, which POST /token hands out).
#pragma once

#include "bench/sim/dialects/dialect.hpp"
#include "bench/sim/dialects/gemini_check.hpp"

namespace spillway::bench::sim {

class gemini_dialect : public dialect {
public:
    explicit gemini_dialect(google_surface surface) : surface_(surface) {}

    std::string_view name() const override { return "gemini"; }
    std::optional<route> find(const http_head& head, std::string_view path) const override;
    std::string_view credential(const http_head& head) const override;
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
    std::string fields(const std::string& id, std::chrono::milliseconds spent) const override;
    std::string_view stream_type() const override { return "text/event-stream"; }

private:
    reply generate(
        const route& where,
        const boost::json::object& request,
        const question& asked,
        const answer_frame& frame
    ) const;
    reply
    count(const route& where, const boost::json::object& request, const question& asked) const;

    google_surface surface_;
};

// The error of a request that shows no, or no good, access token.
std::optional<api_error> check_google_token(const question& asked, const key_ring& keys);

// "404" → "NOT_FOUND".
std::string_view google_status(int status);

}  // namespace spillway::bench::sim
