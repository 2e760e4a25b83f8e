// The last few sessions one origin gave us, to be resumed. Owned by the worker's tls_client. A TLS 1.3 ticket
// is used once (RFC 8446 C.4: reuse lets an observer link connections); a TLS 1.2 session stays.
#pragma once

#include <openssl/types.h>

#include <array>
#include <cstddef>

struct ssl_session_st;  // SSL_SESSION; <openssl/types.h> leaves it out

namespace spillway::net {

class tls_tickets {
public:
    tls_tickets() = default;
    tls_tickets(const tls_tickets&) = delete;
    tls_tickets& operator=(const tls_tickets&) = delete;
    ~tls_tickets();

    // Takes the session over; the oldest makes room.
    void keep(ssl_session_st* session) noexcept;
    // Offers the newest usable session in the coming handshake.
    void offer(SSL* connection) noexcept;

    std::size_t size() const noexcept { return count_; }

private:
    static constexpr std::size_t capacity = 4;
    std::array<ssl_session_st*, capacity> sessions_{};  // oldest first
    std::size_t count_ = 0;
};

}  // namespace spillway::net
