// One provider's protocol: which paths it has, who may use them, how it answers, and in which words it fails.
// Instances belong to the provider, are immutable and used by all threads.
#pragma once

#include "bench/sim/dialects/answer.hpp"
#include "bench/sim/http_request.hpp"
#include "bench/sim/rate_limit.hpp"
#include "bench/sim/reply.hpp"

#include <boost/json/object.hpp>

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace spillway::bench::sim {

class dialect;
class key_ring;

enum class endpoint {
    unknown,
    generate,
    generate_stream,
    complete,
    count_tokens,
    embed,
    embed_batch,
    rerank,
    moderate,
    draw,
    list_models,
    show_model,
    version,
    token,
    invoke,
    invoke_stream,
};

struct route {
    const dialect* voice = nullptr;
    endpoint what = endpoint::unknown;
    std::string_view method = "POST";
    std::string model;  // as the path names it, decoded; else empty
};

struct question {
    const http_head& head;
    std::string path;  // without the segments that choose a fault
    std::string_view body;
    std::string id;  // hex, names the answer
    std::int64_t created = 0;
};

class dialect {
public:
    virtual ~dialect() = default;

    virtual std::string_view name() const = 0;

    // Nothing when the path is none of this dialect's.
    virtual std::optional<route> find(const http_head& head, std::string_view path) const = 0;

    // What the request shows to be let in; names its account.
    virtual std::string_view credential(const http_head& head) const { return head.bearer; }
    virtual std::optional<api_error>
    check_access(const route& where, const question& asked, const key_ring& keys) const = 0;

    // Checks the request as the real provider does, and answers it.
    virtual reply answer(
        const route& where,
        boost::json::object& request,
        const question& asked,
        const answer_frame& frame
    ) const = 0;

    // The body for endpoints that are asked by GET. Empty: no such thing.
    virtual std::string
    look_up(const route& where, const std::vector<std::string>& models) const = 0;

    // How it fails.
    virtual std::string print_error(const api_error& error, std::string_view id) const = 0;
    virtual std::string error_fields(const api_error&) const { return {}; }
    virtual std::string
    error_event(const reply& broken, const api_error& error, std::size_t after) const = 0;
    virtual api_error words_for(int status) const = 0;
    virtual api_error quota_exceeded() const = 0;
    virtual api_error context_exceeded() const = 0;
    virtual bool asks_for_a_pause_in_fields() const { return false; }

    // Sent while nothing is to be said; empty where the protocol has no such thing.
    virtual std::string idle_event() const { return {}; }

    // Field lines of every answer, and of answers under a limit.
    virtual std::string fields(const std::string& id, std::chrono::milliseconds spent) const = 0;
    virtual std::string limit_fields(const limit_verdict&) const { return {}; }
    virtual std::string_view stream_type() const { return event_stream_type; }

    reply refuse(const api_error& error, std::string_view id) const;
};

}  // namespace spillway::bench::sim
