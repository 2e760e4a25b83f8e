#include "proxy/net/tls_tickets.hpp"

#include <openssl/ssl.h>

#include <algorithm>

namespace spillway::net {

tls_tickets::~tls_tickets() {
    for (std::size_t i = 0; i < count_; ++i)
        SSL_SESSION_free(sessions_[i]);
}

void tls_tickets::keep(SSL_SESSION* session) noexcept {
    if (count_ == capacity) {
        SSL_SESSION_free(sessions_.front());
        std::shift_left(sessions_.begin(), sessions_.end(), 1);
        --count_;
    }
    sessions_[count_++] = session;
}

void tls_tickets::offer(SSL* connection) noexcept {
    while (count_ > 0) {
        SSL_SESSION* const newest = sessions_[count_ - 1];
        const bool usable = SSL_SESSION_is_resumable(newest) == 1;
        const bool again = usable && SSL_SESSION_get_protocol_version(newest) < TLS1_3_VERSION;
        if (usable) SSL_set_session(connection, newest);
        if (again) return;
        SSL_SESSION_free(newest);
        --count_;
        if (usable) return;
    }
}

}  // namespace spillway::net
