// The credentials the simulator accepts: plain keys, AWS access keys with their secrets, Google service
// accounts. With none of a kind configured every credential of that kind is good. Immutable, all threads.
#pragma once

#include "bench/sim/dialects/google_tokens.hpp"
#include "bench/sim/options.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace spillway::bench::sim {

class key_ring {
public:
    explicit key_ring(const options& chosen)
        : options_(chosen)
        , google_(chosen.service_accounts, chosen.token_life) {}

    // Nothing at all is configured.
    bool is_open() const {
        return options_.keys.empty() && options_.aws_keys.empty() && !google_.is_on();
    }
    bool has_keys() const { return !options_.keys.empty(); }
    bool is_strict() const { return options_.strict; }

    // One of --key, or any key when there is none and no other kind of credential is asked for.
    bool accepts(std::string_view key) const;

    const aws_key* find_aws_key(std::string_view id) const;
    bool has_aws_keys() const { return !options_.aws_keys.empty(); }

    const google_tokens& google() const { return google_; }

private:
    const options& options_;
    google_tokens google_;
};

}  // namespace spillway::bench::sim
