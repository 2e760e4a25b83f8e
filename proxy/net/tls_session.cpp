#include "proxy/net/tls_session.hpp"

#include "proxy/net/tls_reason.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>

#include <cerrno>

namespace spillway::net {

namespace {

using state = io_step::state;

// A stale error of another connection on this thread would be taken for ours.
void start_afresh() noexcept {
    ERR_clear_error();
    errno = 0;
}

}  // namespace

tls_session::tls_session(SSL* ssl, role as) noexcept : ssl_{ssl} {
    if (as == role::client) {
        SSL_set_connect_state(ssl_);
    } else {
        SSL_set_accept_state(ssl_);
    }
}

tls_session::~tls_session() {
    SSL_free(ssl_);
}

void tls_session::bind(int socket) noexcept {
    SSL_set_fd(ssl_, socket);
}

io_step tls_session::handshake() noexcept {
    start_afresh();
    return judge(SSL_do_handshake(ssl_), 0);
}

io_step tls_session::read(std::span<char> into) noexcept {
    start_afresh();
    std::size_t got = 0;
    const int returned = SSL_read_ex(ssl_, into.data(), into.size(), &got);
    return judge(returned, got);
}

io_step tls_session::write(std::string_view what) noexcept {
    std::size_t total = 0;
    for (;;) {
        start_afresh();
        std::size_t sent = 0;
        const int returned = SSL_write_ex(ssl_, what.data() + total, what.size() - total, &sent);
        const io_step step = judge(returned, sent);
        total += step.octets;
        if (step.what == state::failed) return step;
        if (step.what != state::moved) return total == 0 ? step : io_step{state::moved, total};
        if (total == what.size()) return {state::moved, total};
    }
}

io_step tls_session::judge(int returned, std::size_t octets) noexcept {
    if (returned > 0) return {state::moved, octets};
    const int system_error = errno;
    switch (SSL_get_error(ssl_, returned)) {
    case SSL_ERROR_WANT_READ: return {state::wants_read};
    case SSL_ERROR_WANT_WRITE: return {state::wants_write};
    case SSL_ERROR_ZERO_RETURN: return {state::closed};
    case SSL_ERROR_SYSCALL:
        is_broken_ = true;
        reason_ = "connection broken";
        return {state::failed, 0, io_cause{system_error}};
    default: break;
    }
    is_broken_ = true;
    const unsigned long error = ERR_peek_error();
    reason_ = explain_tls(SSL_get_verify_result(ssl_), error);
    if (ERR_GET_REASON(error) == SSL_R_UNEXPECTED_EOF_WHILE_READING)
        return {state::failed, 0, io_cause::end_of_stream};
    return {state::failed, 0, io_cause{EPROTO}};
}

bool tls_session::has_pending() const noexcept {
    return SSL_has_pending(ssl_) == 1;
}

io_step tls_session::peek() noexcept {
    start_afresh();
    char octet = 0;
    std::size_t seen = 0;
    const int returned = SSL_peek_ex(ssl_, &octet, 1, &seen);
    return judge(returned, seen);
}

void tls_session::say_goodbye() noexcept {
    if (is_broken_ || SSL_in_init(ssl_) == 1) return;
    start_afresh();
    SSL_shutdown(ssl_);
}

bool tls_session::resumed() const noexcept {
    return SSL_session_reused(ssl_) == 1;
}

}  // namespace spillway::net
