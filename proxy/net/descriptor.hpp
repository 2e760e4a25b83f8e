// One non-blocking socket registered with the loop, and the two things one may wait for on it. Belongs to one
// worker's thread.
//
// Readiness is remembered: a direction is ready until a system call proved it exhausted (`exhausted`), and
// only then is the reactor asked again. The reactor operations live in a small node that outlives this
// object when the kernel still owes us an event, so closing never waits. One write, one read and one
// epoll_wait an event; Asio's own sockets pay one failing read more, async_wait an epoll_ctl (DECISIONS.md, 3).
#pragma once

#include "proxy/net/activity.hpp"
#include "proxy/net/executor.hpp"

namespace spillway::net {

class descriptor {
public:
    class direction;

    descriptor() noexcept = default;
    // Takes the socket over, makes it non-blocking, registers it.
    descriptor(loop& on, int socket);
    descriptor(descriptor&& other) noexcept;
    descriptor& operator=(descriptor&& other) noexcept;
    ~descriptor();

    int native() const noexcept;
    explicit operator bool() const noexcept { return node_ != nullptr; }
    void close() noexcept;
    // Closes with a reset: what is still unsent is dropped, and the other end is told at once.
    void abort() noexcept;

    direction& reading() noexcept;
    direction& writing() noexcept;

private:
    struct node;
    node* node_ = nullptr;
};

// A direction is `ready` when a system call may make progress.
class descriptor::direction : public waitable {
public:
    bool is_ready() const noexcept { return ready_; }
    // The last system call would have blocked.
    void exhausted() noexcept { ready_ = false; }
    // The last system call took all octets there were. A reset is none of them: if it was told by the same event,
    // no other event follows, and the next call must meet it.
    void emptied() noexcept { ready_ = broken_; }
    // Asks the reactor for the next event if nobody has yet. Call before waiting, and to watch a parked one.
    virtual void arm() = 0;

    // Is told of an event when no coroutine waits: the pool's watch over parked connections, the watch over a
    // client while its answer is under way.
    class observer {
    public:
        virtual void became_ready() = 0;

    protected:
        ~observer() = default;
    };
    void observe(observer* who) noexcept { observer_ = who; }

protected:
    ~direction() = default;
    bool ready_ = true;
    bool broken_ = false;  // the kernel has told of an error or of the end of both directions
    observer* observer_ = nullptr;
};

}  // namespace spillway::net
