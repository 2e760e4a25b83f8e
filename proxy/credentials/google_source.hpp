// Access tokens for a Google service account: a signed grant (RFC 7523) goes to the account's token endpoint, and a token that
// holds for an hour comes back.
#pragma once

#include "proxy/credentials/service_account.hpp"
#include "proxy/credentials/source.hpp"
#include "proxy/net/rsa_key.hpp"

#include <chrono>
#include <memory>
#include <string>

namespace spillway::credentials {

class google_source final : public source {
public:
    // Null: the private key cannot be used. `asked_at` stands in for the account's own endpoint unless it is empty; so does
    // `ca_file` for the system's authorities.
    static std::unique_ptr<google_source>
    make(service_account account, std::string asked_at, std::string ca_file);

    net::task<granted> ask(http_client& by, net::activity& self) override;

private:
    google_source(
        service_account account, net::rsa_key key, const std::string& asked_at, std::string ca_file
    );
    std::string assertion(std::chrono::system_clock::time_point now) const;

    service_account account_;
    net::rsa_key key_;
    http_question question_;
};

}  // namespace spillway::credentials
