// From options to the immutable value the workers serve from. Kept for the life of the process, because what
// must survive a reload lives here: the state of targets, the numbers of origins, the key of the keyed hash.
#pragma once

#include "proxy/flow/deployment.hpp"
#include "proxy/lender_book.hpp"
#include "proxy/net/digest.hpp"
#include "proxy/options.hpp"
#include "proxy/options/parser.hpp"
#include "routing/table_builder.hpp"

#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

namespace spillway {

// How many workers `from` means on this machine.
std::size_t worker_count(const options& from);

// The adapters' provider rows in the words of the options. Views of static data.
std::vector<known_provider> known_providers();

struct built_deployment {
    std::shared_ptr<const flow::deployment> value;  // null when there are complaints
    std::vector<std::string> complaints;
};

class deployment_builder {
public:
    // REQUIRES: `from` was parsed without complaints.
    built_deployment build(const options& from);

    // Of the credentials that change with time; idle until it is started.
    credentials::keeper& keeper() noexcept { return lenders_.keeper(); }

private:
    routing::description describe(const options& from) const;
    void limit_keys(const options& from, flow::deployment& made);
    flow::provider_account account_of(
        const settings::provider& one, const options& from, std::vector<std::string>& complaints
    );

    routing::state_registry states_;
    std::unordered_map<std::string, std::unique_ptr<routing::gate>> key_gates_;  // by key name
    std::unordered_map<std::string, upstream::origin_id> origins_;
    net::digest digest_key_ = net::random_digest();
    lender_book lenders_;
    std::size_t workers_ = 0;  // of the first configuration: the others change with a restart only
    std::uint64_t generation_ = 0;
};

}  // namespace spillway
