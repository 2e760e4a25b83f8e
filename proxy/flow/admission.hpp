// Step 2: who asks? Finds the client key of a request's credentials. One a client connection: the last key
// that was accepted is remembered, so that a connection pays for one keyed hash and not for one a request.
#pragma once

#include "adapters/message.hpp"
#include "proxy/base/secret.hpp"
#include "proxy/flow/deployment.hpp"
#include "proxy/wire/head.hpp"

namespace spillway::flow {

// Google's clients may show their key as ?key=. Elsewhere it would only leak into other people's logs.
enum class query_key : std::uint8_t { refused, taken };

class admission {
public:
    // The key lives as long as the deployment. Unknown, expired and revoked keys are told alike (S-K4).
    adapters::result<const routing::client_key*>
    admit(const wire::request_head& head, const deployment& plan, query_key in_query);

private:
    base::secret accepted_;
    std::uint64_t generation_ = 0;
    routing::client_key_id key_{};
};

}  // namespace spillway::flow
