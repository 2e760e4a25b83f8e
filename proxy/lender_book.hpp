// Which accounts have credentials that change with time, and who lends them: the same account with the same source keeps its
// lender over reloads, and with it what was lent. Part of the deployment builder; the main thread's.
#pragma once

#include "adapters/registry.hpp"
#include "proxy/credentials/keeper.hpp"
#include "proxy/net/digest.hpp"
#include "proxy/options.hpp"

#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

namespace spillway {

class lender_book {
public:
    // Null: the account's credentials stay as they are, or there is a complaint.
    std::shared_ptr<credentials::lender> lender_of(
        const settings::provider& one,
        const adapters::account_settings& said,
        std::size_t workers,
        std::vector<std::string>& complaints
    );

    // Idle until it is started.
    credentials::keeper& keeper() noexcept { return keeper_; }

private:
    struct made_source {
        std::unique_ptr<credentials::source> from;  // null: there is a complaint
        credentials::signer_maker make_signer;
    };
    made_source google(const settings::provider& one, std::vector<std::string>& complaints) const;
    made_source amazon(const settings::provider& one, const adapters::account_settings& said) const;
    std::string identity_of(const settings::provider& one) const;

    net::digest digest_key_ = net::random_digest();
    credentials::keeper keeper_;
    std::unordered_map<std::string, std::weak_ptr<credentials::lender>> known_;  // by identity
};

}  // namespace spillway
