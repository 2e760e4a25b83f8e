// One name of a worker's resolver: its last good answer, who waits for a new one, and when to ask again.
// Owned by the resolver; touched on the worker's thread.
//
//   unknown --resolve--> asking --found--> fresh --22 s, in use--> refreshing --found--> fresh
//                          ^                 |                        | failed: good answer stays,
//                          +---- resolve ----+ unused for 5 min       +--- asked again every second
#pragma once

#include "proxy/net/activity.hpp"
#include "proxy/net/lookup_pool.hpp"

#include <boost/intrusive/list.hpp>

namespace spillway::net {

struct resolver_limits {
    base::duration fresh = std::chrono::seconds{30};  // age of an answer that needs no second look
    base::duration usable = std::chrono::minutes{5};  // age of an answer while the resolver is down
    base::duration negative = std::chrono::seconds{1};  // rest after an answer that did not help
    base::duration in_use = std::chrono::minutes{5};  // refreshed that long after the last question
};

class resolver_entry final : private wheel_entry {
public:
    class owner {
    public:
        virtual void ask(const std::string& host) = 0;

    protected:
        ~owner() = default;
    };

    // A coroutine that waits for the next answer; leaves the entry when it is destroyed.
    class waiter final : public waitable,
                         public boost::intrusive::list_base_hook<
                             boost::intrusive::link_mode<boost::intrusive::auto_unlink>> {
    private:
        friend class resolver_entry;
    };

    resolver_entry(std::string host, owner& asks, timer_wheel& wheel, const resolver_limits& limits)
        : host_{std::move(host)}
        , owner_{asks}
        , wheel_{wheel}
        , limits_{limits} {}

    // Notes that the name is wanted. The addresses when they may be used now; otherwise null, and then
    // either `refusal` says why nothing can be had, or a question is under way.
    const address_list* use();
    bool is_refused() const noexcept;
    // Why the last question brought nothing.
    lookup_answer::outcome last_outcome() const noexcept { return last_; }

    void enqueue(waiter& who) { waiters_.push_back(who); }
    void take(const lookup_answer& answer);
    // After an answer: what may be used, however it went.
    const address_list* after_answer() const noexcept;

private:
    enum class state : std::uint8_t { resting, asking, refreshing };

    void expired() override;
    void ask(state as);
    bool is_good_for(base::duration age) const noexcept;

    std::string host_;
    owner& owner_;
    timer_wheel& wheel_;
    const resolver_limits& limits_;
    address_list good_;
    base::time_point good_since_{};
    base::time_point refused_until_{};
    base::time_point used_{};
    lookup_answer::outcome last_ = lookup_answer::outcome::failed;
    state state_ = state::resting;
    boost::intrusive::list<waiter, boost::intrusive::constant_time_size<false>> waiters_;
};

}  // namespace spillway::net
