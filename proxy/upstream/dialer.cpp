#include "proxy/upstream/dialer.hpp"

#include <algorithm>

namespace spillway::upstream {

dialer::dialer(
    net::loop& on, net::timer_wheel& wheel, net::lookup_pool& lookups, std::uint64_t seed
)
    : wheel_{wheel}
    , resolver_{on, wheel, lookups}
    , connector_{on, wheel, seed} {}

net::task<result<std::unique_ptr<connection>>>
dialer::dial(const origin& to, const dial_limits& limits, net::activity& self) {
    const base::time_point until = std::min(self.now() + limits.connect, limits.deadline);
    self.until(until);
    const result<net::address_list> addresses = co_await resolver_.resolve(to.host, to.port, self);
    if (!addresses) co_return addresses.error();
    result<net::stream> opened = co_await connector_.connect(*addresses, self, until);
    if (!opened) co_return opened.error();
    if (to.scheme == scheme::https) {
        const result<> secured = co_await secure(*opened, to, limits, self);
        if (!secured) co_return secured.error();
    }
    co_return std::make_unique<connection>(std::move(*opened), to.id, self.now());
}

net::task<result<>> dialer::secure(
    net::stream& plain, const origin& to, const dial_limits& limits, net::activity& self
) {
    std::unique_ptr<net::tls_session> tls = tls_for(to.ca_file).start(to.host, to.port);
    self.until(std::min(self.now() + limits.tls, limits.deadline));
    co_return co_await plain.secure(std::move(tls), self);
}

net::tls_client& dialer::tls_for(const std::string& ca_file) {
    std::unique_ptr<net::tls_client>& found = tls_[ca_file];
    if (!found) found = std::make_unique<net::tls_client>(ca_file);
    return *found;
}

}  // namespace spillway::upstream
