// Opens connections of one worker to upstreams: races the addresses of a name and remembers those that did
// not answer. Owned by the worker; touched on its thread.
#pragma once

#include "proxy/net/address.hpp"
#include "proxy/net/connect_blocker.hpp"
#include "proxy/net/stream.hpp"

namespace spillway::net {

class connect_race;

class connector {
public:
    // `seed` comes from the worker so that tests can repeat a run.
    connector(loop& on, timer_wheel& wheel, std::uint64_t seed);

    // The first address that answers. Sets the deadline of `self` and leaves it set.
    // Failures: timeout_connect, refused, cancelled, exhausted (no descriptor or memory of ours).
    task<result<stream>> connect(const address_list& to, activity& self, base::time_point deadline);

    // RFC 8305: the later address waits this long for the earlier one.
    static constexpr std::chrono::milliseconds head_start{250};

private:
    address_list plan(const address_list& to) const;
    void remember(const connect_race& race, const address_list& order);

    loop& loop_;
    timer_wheel& wheel_;
    connect_blocker blocker_;
};

}  // namespace spillway::net
