// Lets everything else that is ready run first: a coroutine that has used up its share waits for this and
// goes on in a later turn of the loop. Belongs to one worker's thread; may be destroyed while a turn is
// still owed, the posted handler notices.
#pragma once

#include "proxy/net/activity.hpp"
#include "proxy/net/executor.hpp"

namespace spillway::net {

class next_turn final : public waitable {
public:
    explicit next_turn(loop& on) noexcept : loop_{on} {}
    ~next_turn();

    // co_await turn.begin(self)
    activity::awaiter begin(activity& self);

private:
    struct ticket {
        next_turn* owner;
    };

    loop& loop_;
    ticket* owed_ = nullptr;
};

}  // namespace spillway::net
