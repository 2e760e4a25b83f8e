// The keys under which a server seals session tickets. Every worker derives the same sequence from one secret,
// a step every two hours, and forgets what lies before the last step: nothing crosses threads, and old tickets
// stay sealed for somebody who reads our memory later. Owned by the server context; one thread.
#pragma once

#include "proxy/base/clock.hpp"
#include "proxy/net/digest.hpp"

#include <array>
#include <cstdint>
#include <span>

namespace spillway::net {

// Made once a process and reload, handed to every worker.
struct ticket_secret {
    digest octets = random_digest();
    base::time_point since = base::clock::now();
};

class tls_ticket_keys {
public:
    using key_name = std::array<std::uint8_t, 16>;
    struct key {
        key_name name;
        digest cipher;
        digest mac;
    };

    explicit tls_ticket_keys(const ticket_secret& secret);
    tls_ticket_keys(const tls_ticket_keys&) = delete;
    tls_ticket_keys& operator=(const tls_ticket_keys&) = delete;
    ~tls_ticket_keys();

    // Moves on to the keys of `now`; call before using them.
    void advance(base::time_point now);
    const key& current() const noexcept { return current_; }
    // The current or the previous key; null for older and foreign ones.
    const key* find(std::span<const std::uint8_t, 16> name) const noexcept;

    static constexpr std::chrono::hours period{2};

private:
    static key derive(const digest& from) noexcept;

    base::time_point next_step_;
    digest secret_;
    key current_;
    key previous_;
};

}  // namespace spillway::net
