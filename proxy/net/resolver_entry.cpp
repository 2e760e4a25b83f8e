#include "proxy/net/resolver_entry.hpp"

namespace spillway::net {

bool resolver_entry::is_good_for(base::duration age) const noexcept {
    return !good_.empty() && wheel_.now() < good_since_ + age;
}

bool resolver_entry::is_refused() const noexcept {
    return wheel_.now() < refused_until_;
}

// While a refresh is under way or comes to nothing, the last good answer serves on. After a pause nobody
// kept it fresh, so it has to be asked for first.
const address_list* resolver_entry::use() {
    used_ = wheel_.now();
    if (is_good_for(limits_.fresh)) return &good_;
    const bool kept_up = state_ == state::refreshing || deadline() != base::never;
    if (kept_up && is_good_for(limits_.usable)) return &good_;
    if (!is_refused() && state_ == state::resting) ask(state::asking);
    return nullptr;
}

const address_list* resolver_entry::after_answer() const noexcept {
    return is_good_for(limits_.usable) ? &good_ : nullptr;
}

void resolver_entry::ask(state as) {
    state_ = as;
    wheel_.set(*this, base::never);
    owner_.ask(host_);
}

void resolver_entry::expired() {
    if (state_ == state::resting && wheel_.now() < used_ + limits_.in_use) ask(state::refreshing);
}

void resolver_entry::take(const lookup_answer& answer) {
    using outcome = lookup_answer::outcome;
    state_ = state::resting;
    last_ = answer.what;
    const base::time_point now = wheel_.now();
    switch (answer.what) {
    case outcome::found:
        good_ = answer.addresses;
        good_since_ = now;
        refused_until_ = {};
        wheel_.set(*this, now + limits_.fresh * 3 / 4);
        break;
    case outcome::no_such_name:
        good_ = {};
        refused_until_ = now + limits_.negative;
        break;
    case outcome::failed:
        refused_until_ = now + limits_.negative;
        if (!good_.empty()) wheel_.set(*this, now + limits_.negative);
        break;
    }
    // Whoever is woken may ask again and wait again: only those of this answer are woken now.
    decltype(waiters_) woken;
    woken.swap(waiters_);
    while (!woken.empty()) {
        waiter& one = woken.front();
        woken.pop_front();
        one.wake_waiter();
    }
}

}  // namespace spillway::net
