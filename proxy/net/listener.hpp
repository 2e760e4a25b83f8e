// One acceptor of one worker: a listening socket on the worker's loop. Several workers listen on the same
// endpoint: each has its own socket in a SO_REUSEPORT group (TCP) or its own duplicate of one socket (Unix,
// inherited). Opened and duplicated at start-up, afterwards touched on the worker's thread only.
//
// The first listener of an endpoint insists that no other process listens there (DECISIONS.md, 1). Sockets
// come out non-blocking, close-on-exec and prepared.
#pragma once

#include "proxy/net/address.hpp"
#include "proxy/net/descriptor.hpp"
#include "proxy/net/next_turn.hpp"
#include "proxy/net/pause.hpp"
#include "proxy/net/task.hpp"

#include <functional>
#include <string>
#include <variant>

namespace spillway::net {

struct unix_endpoint {
    std::string path;
};
// A listening socket that came with the process (socket activation). Taken over.
struct inherited_endpoint {
    int number = -1;
};
using listen_endpoint = std::variant<address, unix_endpoint, inherited_endpoint>;

class listener {
public:
    // Takes the socket over. The client's address is `none` on Unix sockets.
    using accepted = std::move_only_function<void(int socket, const address& client)>;

    // Binds and listens. Throws std::runtime_error with a sentence for the operator.
    listener(loop& on, timer_wheel& wheel, const listen_endpoint& where);
    // The same endpoint for another worker. Throws as above.
    listener(loop& on, timer_wheel& wheel, const listener& first);
    listener(const listener&) = delete;
    listener& operator=(const listener&) = delete;
    ~listener();

    // With the port that was found when 0 was asked for; `none` unless TCP.
    const address& actual_address() const noexcept { return actual_; }
    // "127.0.0.1:8080" or "unix:/run/x.sock".
    std::string describe() const;

    // Accepts until `self` is interrupted. Then what the kernel has queued is still handed over, because
    // closing a listener resets it, and the socket is closed.
    task<> run(accepted on_accept, activity& self);

    // How often the process had no descriptor or memory for a connection; each is a pause of 100 ms.
    std::size_t pauses() const noexcept { return pauses_; }

private:
    enum class burst : std::uint8_t { emptied, more, no_room };
    burst accept_some(accepted& on_accept);
    void finish(accepted& on_accept);

    descriptor socket_;
    next_turn turn_;
    pause rest_;
    address actual_;
    std::string path_;          // of a Unix socket
    bool shares_port_ = false;  // TCP bound by us: other workers join the group
    bool owns_path_ = false;    // bound by us: unlinked when we close
    std::size_t pauses_ = 0;
};

}  // namespace spillway::net
