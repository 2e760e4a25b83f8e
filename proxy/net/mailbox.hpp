// Commands from other threads to a loop that has no locks: a list behind a mutex, and an event descriptor that wakes
// the loop. Owned by the loop; `send` from any thread, the rest on the loop's.
#pragma once

#include "proxy/net/descriptor.hpp"

#include <mutex>
#include <vector>

namespace spillway::net {

class mailbox final : private descriptor::direction::observer {
public:
    explicit mailbox(loop& on);
    mailbox(const mailbox&) = delete;
    mailbox& operator=(const mailbox&) = delete;

    void send(loop::command what);

private:
    void became_ready() override;
    void watch();

    std::mutex mutex_;
    std::vector<loop::command> waiting_;  // guarded by mutex_
    descriptor bell_;
};

}  // namespace spillway::net
