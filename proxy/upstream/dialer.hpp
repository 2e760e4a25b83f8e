// Opens connections to origins: resolve, connect, and for https a verified handshake, each within its limit.
// Owned by the worker; touched on its thread.
#pragma once

#include "proxy/net/connector.hpp"
#include "proxy/net/resolver.hpp"
#include "proxy/net/tls_client.hpp"
#include "proxy/upstream/connection.hpp"

#include <memory>
#include <string>
#include <unordered_map>

namespace spillway::upstream {

struct dial_limits {
    std::chrono::milliseconds connect;
    std::chrono::milliseconds tls;
    base::time_point deadline;  // of the whole request
};

class dialer {
public:
    dialer(net::loop& on, net::timer_wheel& wheel, net::lookup_pool& lookups, std::uint64_t seed);

    // A connection on which nothing was sent yet. REQUIRES: `to` outlives the task.
    net::task<result<std::unique_ptr<connection>>>
    dial(const origin& to, const dial_limits& limits, net::activity& self);

private:
    net::task<result<>>
    secure(net::stream& plain, const origin& to, const dial_limits& limits, net::activity& self);
    net::tls_client& tls_for(const std::string& ca_file);

    net::timer_wheel& wheel_;
    net::resolver resolver_;
    net::connector connector_;
    std::unordered_map<std::string, std::unique_ptr<net::tls_client>> tls_;  // by authorities file
};

}  // namespace spillway::upstream
