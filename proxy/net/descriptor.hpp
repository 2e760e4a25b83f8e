// One non-blocking socket registered with the loop, and the two things one may wait for on it. Belongs to one
// worker's thread.
//
// Readiness is remembered: a direction is ready until a system call proved it exhausted (`exhausted`), and it is
// ready again when the reactor told of the next event. The reactor's operations live in a small node that outlives
// this object while the kernel still owes us an event, so closing never waits. One write, one read and one
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
    struct write_event;
    node* node_ = nullptr;
};

// A direction is `ready` when a system call may make progress.
class descriptor::direction : public waitable {
public:
    bool is_ready() const noexcept { return is_due(); }
    // The last system call would have blocked.
    void exhausted() noexcept { set_due(false); }
    // A system call may make progress although no event has told so.
    void expect() noexcept { set_due(true); }
    // The last system call took all octets there were. A reset is none of them: if it was told by the same event,
    // no other event follows, and the next call must meet it.
    void emptied() noexcept { set_due(broken_); }
    // Wakes the waiter when the next event comes. Call before waiting. Nothing while the direction is ready: no event
    // need follow.
    void arm() {
        if (armed_ || is_due()) return;
        armed_ = true;
        if (node_ != nullptr) ask_for_event();
    }

    // Is told of every event for which no coroutine waits, also while octets lie unread: the pool's watch over parked
    // connections, the watch over a client while its answer is under way.
    class observer {
    public:
        virtual void became_ready() = 0;

    protected:
        ~observer() = default;
    };
    void observe(observer* who) noexcept { observer_ = who; }

private:
    friend struct descriptor::node;

    // Reading is watched all the time; writing (`home` is set) only on demand.
    explicit direction(node* home) noexcept : node_{home} { set_due(true); }
    void ask_for_event();
    // `this` may be gone afterwards.
    void told(bool broken);

    bool armed_ = false;
    bool broken_ = false;  // the kernel has told of an error or of the end of both directions
    observer* observer_ = nullptr;
    node* node_;
};

}  // namespace spillway::net
