#include "proxy/net/tls_ticket_keys.hpp"

#include <openssl/crypto.h>

#include <algorithm>

namespace spillway::net {

tls_ticket_keys::tls_ticket_keys(const ticket_secret& secret)
    : next_step_{secret.since + period}
    , secret_{secret.octets}
    , current_{derive(secret_)}
    , previous_{current_} {}

tls_ticket_keys::~tls_ticket_keys() {
    OPENSSL_cleanse(secret_.data(), secret_.size());
    OPENSSL_cleanse(&current_, sizeof current_);
    OPENSSL_cleanse(&previous_, sizeof previous_);
}

tls_ticket_keys::key tls_ticket_keys::derive(const digest& from) noexcept {
    key made;
    const digest name = hmac_sha256(from, "name");
    std::copy_n(name.begin(), made.name.size(), made.name.begin());
    made.cipher = hmac_sha256(from, "cipher");
    made.mac = hmac_sha256(from, "mac");
    return made;
}

void tls_ticket_keys::advance(base::time_point now) {
    while (now >= next_step_) {
        next_step_ += period;
        secret_ = hmac_sha256(secret_, "next");
        previous_ = current_;
        current_ = derive(secret_);
    }
}

const tls_ticket_keys::key* tls_ticket_keys::find(std::span<const std::uint8_t, 16> name
) const noexcept {
    for (const key* one : {&current_, &previous_}) {
        if (std::equal(name.begin(), name.end(), one->name.begin())) return one;
    }
    return nullptr;
}

}  // namespace spillway::net
