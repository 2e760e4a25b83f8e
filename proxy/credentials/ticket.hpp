// Who waits, on a worker's thread, for an account's next credentials. Shared with the keeper, whose call may come after
// the waiter has gone; but for its making and its end it is touched on the worker's thread alone.
#pragma once

#include "proxy/net/activity.hpp"

namespace spillway::credentials {

class ticket final : public net::waitable {
public:
    net::activity::awaiter called(net::activity& self) noexcept { return self.wait_for(*this); }

    // There are new credentials, or there will be none for the moment.
    void call() {
        set_due(true);
        if (has_waiter()) wake_waiter();
    }
};

}  // namespace spillway::credentials
