// The head and body of a request to an upstream as a gather list over what is there already: the account's ready
// head, the client's field lines, the edited body. Made by an attempt, which keeps it, and what was lent to the account,
// until it has been sent.
#pragma once

#include "adapters/json/edit_list.hpp"
#include "adapters/json/piece_list.hpp"
#include "proxy/flow/client_request.hpp"
#include "proxy/flow/deployment.hpp"
#include "proxy/net/stream.hpp"

#include <array>
#include <string>
#include <string_view>

namespace spillway::flow {

class request_text {
public:
    request_text(
        const provider_account& account,
        const client_request& request,
        const adapters::call& what,
        std::string_view upstream_model,
        const adapters::edit_list& edits,
        const credentials::issued* lent  // in place of what the account's ready head says; or null
    );
    request_text(const request_text&) = delete;
    request_text& operator=(const request_text&) = delete;

    net::pieces pieces() const noexcept { return pieces_.pieces(); }

private:
    void sign(
        const adapters::adapter& by,
        const provider_account& account,
        std::string_view target,
        const adapters::edit_list& edits
    );

    std::string head_;       // where the path names the model
    std::string betas_;      // a field line, where not all that the client asked for are known
    std::string signature_;  // field lines, where requests are signed one by one
    std::array<char, 48> length_;  // and what separates the head from the body
    adapters::piece_list pieces_;
};

}  // namespace spillway::flow
