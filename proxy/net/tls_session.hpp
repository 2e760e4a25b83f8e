// One TLS connection over a non-blocking socket: OpenSSL on a socket BIO. Each step makes progress or says
// which readiness it needs; a read may want to write and the other way round. Belongs to one worker's thread.
// Made by tls_client_context or tls_server_context. REQUIRES: SIGPIPE is ignored; OpenSSL writes with write().
#pragma once

#include "proxy/net/stream.hpp"

#include <openssl/types.h>

namespace spillway::net {

class tls_session {
public:
    enum class role : std::uint8_t { client, server };

    // Takes the SSL object over; it is bound to `socket` when the stream starts the handshake.
    tls_session(SSL* ssl, role as) noexcept;
    tls_session(const tls_session&) = delete;
    tls_session& operator=(const tls_session&) = delete;
    ~tls_session();

    void bind(int socket) noexcept;
    io_step handshake() noexcept;
    // `closed` only after a close_notify. An end without one is `failed` with asio::error::eof as its cause.
    io_step read(std::span<char> into) noexcept;
    // Whole records as long as the socket takes them. After wants_write the next write must begin with the same
    // octets and not be shorter.
    io_step write(std::string_view what) noexcept;
    // Octets that OpenSSL holds already: a readable event may never come for them.
    bool has_pending() const noexcept;
    // `moved` when application data waits; it is not taken. Takes in what else has come (tickets, alerts).
    io_step peek() noexcept;
    // Tells the other end that nothing more comes; does not wait.
    void say_goodbye() noexcept;

    bool resumed() const noexcept;
    // Why a step failed, in fixed words that hold nothing of the wire.
    std::string_view reason() const noexcept { return reason_; }

private:
    io_step judge(int returned, std::size_t octets) noexcept;

    SSL* ssl_;
    bool is_broken_ = false;  // OpenSSL allows nothing more but freeing
    std::string_view reason_ = "TLS failed";
};

}  // namespace spillway::net
