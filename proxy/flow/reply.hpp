// The answer on its way to the client: head, framing, body parts, each part one write together with whatever
// has to go before it. Owned by the session, reset for every request; touched on the worker's thread.
//
// send() writes at once what the socket takes and keeps the rest as backlog; the caller flushes before it sends
// more, which is the whole of our back-pressure: nobody reads an upstream while its client has a backlog.
#pragma once

#include "proxy/net/stream.hpp"
#include "proxy/wire/chunk_writer.hpp"
#include "proxy/wire/head.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace spillway::flow {

enum class part : std::uint8_t { more, last };
enum class keep : std::uint8_t { open, close };

class reply {
public:
    reply(net::stream& client, net::activity& self) noexcept : client_{client}, self_{self} {}

    void begin(wire::method asked, unsigned version_minor, keep connection) noexcept;

    // Takes the status line and fields (wire::head_writer's text without its end) and adds framing: a length, or
    // chunks, or the end of the connection for HTTP/1.0. The head leaves with the first send().
    void start(std::string&& head, std::optional<std::uint64_t> length);
    // The same for an answer that has no body by its status (204).
    void start_bodiless(std::string&& head);

    // REQUIRES: start() was called, no backlog.
    result<> send(net::pieces body, part which);
    bool has_backlog() const noexcept { return !backlog_.empty(); }
    // Until the backlog is gone, or nothing of it went within `patience`.
    net::task<result<>> flush(std::chrono::milliseconds patience);

    // Asks a client that shut its sending side down whether it still listens; only a write can tell.
    void probe();

    bool is_started() const noexcept { return started_; }
    bool head_has_left() const noexcept { return head_left_; }
    bool is_complete() const noexcept { return complete_; }
    // The connection may carry another request.
    bool keeps_connection() const noexcept { return complete_ && connection_ == keep::open; }
    void close_after() noexcept { connection_ = keep::close; }
    std::uint64_t body_octets() const noexcept { return body_octets_; }
    bool streams_events() const noexcept { return streams_events_; }
    void mark_event_stream() noexcept { streams_events_ = true; }

private:
    enum class framing : std::uint8_t { length, chunked, until_close };
    void end_head(std::optional<std::uint64_t> length);
    result<> write(net::pieces all, std::size_t total);
    result<> send_event(std::string_view event);
    result<> send_many(net::pieces body, part which);

    net::stream& client_;
    net::activity& self_;
    std::string head_;
    std::string backlog_;
    std::uint64_t body_octets_ = 0;
    framing framing_ = framing::length;
    keep connection_ = keep::open;
    std::uint8_t version_minor_ = 1;
    bool has_no_body_ = false;
    bool started_ = false;
    bool head_left_ = false;
    bool complete_ = false;
    bool streams_events_ = false;
    bool is_between_events_ = true;  // a comment may stand next
};

}  // namespace spillway::flow
