// Notices that the client hung up while its answer is under way, also while the upstream is silent, and wakes
// whoever works for it: tokens cost money. A client that only shut its sending side down is asked by a write
// (reply::probe) whether it still listens. Lives as long as the request's work.
#pragma once

#include "proxy/flow/reply.hpp"
#include "proxy/net/stream.hpp"

namespace spillway::flow {

class client_watch final : net::descriptor::direction::observer {
public:
    client_watch(net::stream& client, reply& answer, net::activity& works_for) noexcept;
    client_watch(const client_watch&) = delete;
    client_watch& operator=(const client_watch&) = delete;
    ~client_watch();

private:
    void became_ready() override;

    net::stream& client_;
    reply& answer_;
    net::activity& works_for_;
    bool asked_ = false;
};

}  // namespace spillway::flow
