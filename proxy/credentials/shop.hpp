// Where the keeper works: its loop, and for each account in its care a coroutine that asks, publishes, rests and asks
// again. Made by the keeper; touched on the keeper's thread alone, but for the loop's send().
#pragma once

#include "proxy/base/random.hpp"
#include "proxy/credentials/keeper.hpp"
#include "proxy/net/pause.hpp"

#include <memory>
#include <unordered_map>
#include <vector>

namespace spillway::credentials {

class keeper::shop {
public:
    shop(teller tell, std::uint64_t seed);

    net::loop& loop() noexcept { return loop_; }
    // Ends every coroutine, then the loop.
    void close();
    void admit(std::uint64_t id, std::weak_ptr<lender> whom);
    void
    obtain(std::uint64_t id, std::uint64_t number, net::loop& on, std::shared_ptr<ticket> waiting);

private:
    struct waiter {
        net::loop* on;
        std::shared_ptr<ticket> waiting;
    };
    struct ward {
        ward(net::timer_wheel& wheel, std::weak_ptr<lender> who_) noexcept
            : who{std::move(who_)}
            , self{wheel}
            , rest{wheel} {}

        std::weak_ptr<lender> who;
        net::activity self;
        net::pause rest;
        std::vector<waiter> waiting;
        base::time_point asked{};              // last
        base::time_point ends{};               // of what was issued last
        base::duration resting{};              // after the last answer
        base::time_point no_renewal_before{};  // because somebody was refused with what is valid
        unsigned failures = 0;                 // in a row
        bool is_asking = false;
        bool was_told = false;  // that all is well
    };

    net::task<> care_for(std::uint64_t id);
    void leave(std::uint64_t id);
    net::task<> refresh(ward& one, lender& who);
    void took(ward& one, lender& who, const grant& what);
    void failed(ward& one, lender& who, const std::string& why);
    void answer(ward& one);
    double share() noexcept;

    net::loop loop_;
    net::timer_wheel wheel_{loop_};
    net::lookup_pool lookups_;
    http_client client_{loop_, wheel_, lookups_};
    base::random_source random_;
    teller tell_;
    std::unordered_map<std::uint64_t, std::unique_ptr<ward>> wards_;
    bool is_closing_ = false;
};

}  // namespace spillway::credentials
