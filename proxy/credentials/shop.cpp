#include "proxy/credentials/shop.hpp"

#include "proxy/net/spawn.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <exception>

namespace spillway::credentials {

namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr double renewed_at = 0.8;  // of the life of what was issued, a little earlier by chance
constexpr double spread = 0.05;
constexpr milliseconds shortest_rest{250};
constexpr seconds longest_rest{60};
// Who asks sooner has to do with what is there: requests must not make a flood of questions.
constexpr seconds between_failures{1};
constexpr seconds between_renewals{5};

base::duration part_of(base::duration whole, double part) noexcept {
    return std::chrono::duration_cast<base::duration>(whole * part);
}

}  // namespace

keeper::shop::shop(teller tell, std::uint64_t seed) : random_{seed}, tell_{std::move(tell)} {}

void keeper::shop::admit(std::uint64_t id, std::weak_ptr<lender> whom) {
    wards_.emplace(id, std::make_unique<ward>(wheel_, std::move(whom)));
    // Out of memory is the case in mind: the account stays without credentials, and its requests say so.
    const auto on_failure = [this, id](const std::exception_ptr&) {
        tell_(news::bad, fmt::format("credentials: account {} is given up", id));
        leave(id);
    };
    net::spawn(care_for(id), on_failure);
}

net::task<> keeper::shop::care_for(std::uint64_t id) {
    ward& one = *wards_.at(id);
    for (;;) {
        {
            const std::shared_ptr<lender> who = one.who.lock();
            if (!who || is_closing_) break;
            one.is_asking = true;
            one.asked = one.self.now();
            co_await refresh(one, *who);
            one.is_asking = false;
            answer(one);
        }
        one.self.until_told();
        (void)co_await one.rest.for_a(one.resting, one.self);
    }
    leave(id);
}

void keeper::shop::leave(std::uint64_t id) {
    wards_.erase(id);
    if (is_closing_ && wards_.empty()) loop_.stop();
}

void keeper::shop::close() {
    is_closing_ = true;
    if (wards_.empty()) return loop_.stop();
    std::vector<ward*> all;
    for (const auto& [id, one] : wards_)
        all.push_back(one.get());
    for (ward* one : all)  // each ends its own coroutine, and itself with it
        one->self.interrupt(net::wake::draining);
}

net::task<> keeper::shop::refresh(ward& one, lender& who) {
    const granted got = co_await who.from_->ask(client_, one.self);
    if (got) {
        took(one, who, *got);
    } else {
        failed(one, who, got.error().why);
    }
}

void keeper::shop::took(ward& one, lender& who, const grant& what) {
    who.publish(what);
    one.ends = one.asked + what.life;
    one.resting =
        std::max<base::duration>(part_of(what.life, renewed_at - spread * share()), shortest_rest);
    if (one.failures > 0 || !one.was_told) {
        tell_(
            news::good,
            fmt::format("credentials of {}: good for {} s", who.name(), what.life.count())
        );
    }
    one.failures = 0;
    one.was_told = true;
}

void keeper::shop::failed(ward& one, lender& who, const std::string& why) {
    if (is_closing_) return;
    tell_(news::bad, fmt::format("credentials of {}: {}", who.name(), why));
    const unsigned doublings = std::min(one.failures++, 6U);
    const base::duration patience =
        std::min<base::duration>(seconds{1U << doublings}, longest_rest);
    one.resting = part_of(patience, 0.5 + share());
    const base::time_point now = one.self.now();
    if (one.ends <= now) return who.publish_nothing();
    one.resting = std::min(one.resting, one.ends - now);
}

void keeper::shop::answer(ward& one) {
    for (waiter& who : one.waiting) {
        auto call = [waiting = std::move(who.waiting)] {
            waiting->call();
        };
        who.on->send(std::move(call));
    }
    one.waiting.clear();
}

void keeper::shop::obtain(
    std::uint64_t id, std::uint64_t number, net::loop& on, std::shared_ptr<ticket> waiting
) {
    const auto found = wards_.find(id);
    const std::shared_ptr<lender> who = found == wards_.end() ? nullptr : found->second->who.lock();
    if (!who) return;  // and nobody waits: whoever does holds the account
    ward& one = *found->second;
    one.waiting.push_back({&on, std::move(waiting)});
    if (one.is_asking) return;
    const base::time_point now = one.self.now();
    const bool is_newer = one.failures == 0 && who->number_ > number;
    const bool is_too_soon =
        one.failures > 0 ? now - one.asked < between_failures : now < one.no_renewal_before;
    if (is_newer || is_too_soon) return answer(one);
    one.no_renewal_before = now + between_renewals;
    one.self.nudge();
}

// From zero to one.
double keeper::shop::share() noexcept {
    return static_cast<double>(random_() >> 11) * 0x1.0p-53;
}

}  // namespace spillway::credentials
