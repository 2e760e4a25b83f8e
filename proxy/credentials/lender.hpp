// One account's credentials that change with time: what every worker may use now, and whom to ask for others. Shared by the
// deployments that name the account and, while it asks, by the keeper; outlives every request that uses it.
#pragma once

#include "proxy/credentials/issued.hpp"
#include "proxy/credentials/source.hpp"
#include "proxy/credentials/ticket.hpp"
#include "routing/snapshot.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace spillway::credentials {

class keeper;

// Makes the adapter that signs with the keys of a grant.
using signer_maker = std::function<std::shared_ptr<const adapters::adapter>(const grant&)>;

class lender {
public:
    using pin = routing::snapshot_reader<issued>::pin;

    // `make_signer` may be empty: what the source grants are tokens.
    lender(
        std::string name,
        std::unique_ptr<source> from,
        signer_maker make_signer,
        std::size_t workers,
        keeper& home
    );

    const std::string& name() const noexcept { return name_; }

    // The worker's thread only; no lock, no wait.
    pin current(std::size_t worker) noexcept { return published_.reader(worker).current(); }

    // Any thread. Calls `waiting` on its loop once there is something newer than `number`, or once asking has failed.
    // Asks at once if nothing newer is there; however many do, the source is asked once.
    void ask_for_newer(std::uint64_t number, net::loop& on, std::shared_ptr<ticket> waiting);

private:
    friend class keeper;

    void publish(const grant& what);
    void publish_nothing();

    std::string name_;
    std::unique_ptr<source> from_;
    signer_maker make_signer_;
    routing::snapshot_publisher<issued> published_;
    keeper& home_;
    std::uint64_t id_ = 0;      // at the keeper
    std::uint64_t number_ = 0;  // of the last that was published; the keeper's
};

}  // namespace spillway::credentials
