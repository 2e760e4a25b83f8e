// What an account says now to prove who it is, where that changes with time: an access token, or keys that sign. Made by the
// keeper, published to the workers; immutable from then on.
#pragma once

#include "adapters/adapter.hpp"
#include "proxy/base/secret.hpp"

#include <cstdint>
#include <memory>

namespace spillway::credentials {

struct issued {
    std::uint64_t number = 0;  // counts what was issued to the account; 0: nothing is valid now
    base::secret line;         // a field line with its end; empty where requests are signed
    base::secret key;          // what of it must not be shown to anybody
    std::shared_ptr<const adapters::adapter> signer;  // instead of the account's own

    bool is_there() const noexcept { return number != 0; }
};

}  // namespace spillway::credentials
