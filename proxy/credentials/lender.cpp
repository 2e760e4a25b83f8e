#include "proxy/credentials/lender.hpp"

#include "proxy/credentials/keeper.hpp"

namespace spillway::credentials {

lender::lender(
    std::string name,
    std::unique_ptr<source> from,
    signer_maker make_signer,
    std::size_t workers,
    keeper& home
)
    : name_{std::move(name)}
    , from_{std::move(from)}
    , make_signer_{std::move(make_signer)}
    , published_{workers, std::make_shared<const issued>()}
    , home_{home} {}

void lender::ask_for_newer(std::uint64_t number, net::loop& on, std::shared_ptr<ticket> waiting) {
    home_.obtain(id_, number, on, std::move(waiting));
}

void lender::publish(const grant& what) {
    auto made = std::make_shared<issued>();
    made->number = ++number_;
    if (what.token.empty()) {
        made->signer = make_signer_(what);
        made->key = what.secret_access_key;
    } else {
        std::string line{"Authorization: Bearer "};
        line.append(what.token.reveal()).append("\r\n");
        made->line = base::secret{std::move(line)};
        made->key = what.token;
    }
    published_.publish(std::move(made));
}

void lender::publish_nothing() {
    published_.publish(std::make_shared<const issued>());
}

}  // namespace spillway::credentials
