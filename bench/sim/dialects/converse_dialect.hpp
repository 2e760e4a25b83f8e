// Bedrock's runtime protocol: Converse and InvokeModel (for Claude and for embeddings), whole and as Amazon's event
// stream, behind a bearer key or an AWS signature.
#pragma once

#include "bench/sim/dialects/dialect.hpp"

namespace spillway::bench::sim {

class converse_dialect : public dialect {
public:
    std::string_view name() const override { return "converse"; }
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
    std::string look_up(const route&, const std::vector<std::string>&) const override { return {}; }

    std::string print_error(const api_error& error, std::string_view id) const override;
    std::string error_fields(const api_error& error) const override;
    std::string
    error_event(const reply& broken, const api_error& error, std::size_t after) const override;
    api_error words_for(int status) const override;
    api_error quota_exceeded() const override;
    api_error context_exceeded() const override;
    std::string fields(const std::string& id, std::chrono::milliseconds spent) const override;
    std::string_view stream_type() const override;

private:
    reply invoke(
        const route& where,
        const boost::json::object& request,
        const question& asked,
        const answer_frame& frame
    ) const;
    reply
    count(const route& where, const boost::json::object& request, const question& asked) const;
};

}  // namespace spillway::bench::sim
