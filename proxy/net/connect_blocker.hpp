// Addresses that did not answer of late, and until when they come last. An address is never refused: where
// all are blocked, the first to recover is tried, and whether a provider is healthy is decided elsewhere.
// Owned by the worker's connector.
#pragma once

#include "proxy/base/clock.hpp"
#include "proxy/net/address.hpp"

#include <cstdint>
#include <random>
#include <unordered_map>

namespace spillway::net {

class connect_blocker {
public:
    explicit connect_blocker(std::uint64_t seed);

    // Doubles from 250 ms to 30 s, with up to a half taken off at random so that workers do not return
    // to an address in step.
    void failed(const address& at, base::time_point now);
    void connected(const address& at) noexcept { blocks_.erase(at); }

    // base::time_point::min() when not blocked.
    base::time_point blocked_until(const address& at, base::time_point now) const noexcept;

private:
    struct block {
        base::time_point until;
        base::duration length;
    };
    void forget_old(base::time_point now);

    std::unordered_map<address, block, address_hash> blocks_;
    std::minstd_rand random_;
};

}  // namespace spillway::net
