#include "proxy/net/resolver.hpp"

#include "proxy/base/bytes.hpp"

namespace spillway::net {

namespace {

failure unresolved(lookup_answer::outcome why) noexcept {
    const std::string_view detail = why == lookup_answer::outcome::no_such_name
                                        ? "the name has no address"
                                        : "name resolution failed";
    return {fault::resolve, side::upstream, again::other_target, detail};
}

// RFC 6761 6.3: loopback, without asking anybody. IPv4 first: that is where local model servers listen.
address_list loopback_addresses(std::uint16_t port) noexcept {
    address_list both;
    both.add(address::loopback(address::family::v4, port));
    both.add(address::loopback(address::family::v6, port));
    return both;
}

}  // namespace

resolver::resolver(loop& on, timer_wheel& wheel, lookup_pool& pool, resolver_limits limits)
    : loop_{on}
    , wheel_{wheel}
    , pool_{pool}
    , limits_{limits} {}

resolver::~resolver() {
    pool_.forget(*this);
}

resolver_entry& resolver::entry_of(std::string_view host) {
    if (const auto found = entries_.find(host); found != entries_.end()) return *found->second;
    std::string name{host};
    resolver_entry::owner& me = *this;
    auto made = std::make_unique<resolver_entry>(name, me, wheel_, limits_);
    return *entries_.emplace(std::move(name), std::move(made)).first->second;
}

task<result<address_list>>
resolver::resolve(std::string_view host, std::uint16_t port, activity& self) {
    if (const auto literal = address::parse(host, port)) {
        address_list one;
        one.add(*literal);
        co_return one;
    }
    if (base::equals_ignoring_case(host, "localhost")) co_return loopback_addresses(port);
    resolver_entry& entry = entry_of(host);
    if (const address_list* known = entry.use()) co_return known->with_port(port);
    if (entry.is_refused()) co_return unresolved(entry.last_outcome());
    resolver_entry::waiter waiting;
    entry.enqueue(waiting);
    const wake why = co_await self.wait_for(waiting);
    if (why == wake::timeout) {
        co_return failure{
            fault::resolve, side::upstream, again::other_target, "name resolution took too long"};
    }
    if (why != wake::ready)
        co_return failure{fault::cancelled, side::client, again::never, "given up"};
    if (const address_list* known = entry.after_answer()) co_return known->with_port(port);
    co_return unresolved(entry.last_outcome());
}

// On a thread of the pool.
void resolver::answered(const std::string& host, const lookup_answer& answer) {
    loop_.send([this, host, answer] {
        if (const auto found = entries_.find(host); found != entries_.end())
            found->second->take(answer);
    });
}

}  // namespace spillway::net
