// Verifies AWS signatures (version 4) as the service does: the canonical request is built from what arrived,
// octet by octet, and signed with the secret. Pure functions but for OpenSSL's digests.
#pragma once

#include "bench/sim/dialects/dialect.hpp"

#include <optional>
#include <string_view>

namespace spillway::bench::sim {

// The access key id that a request names; empty when it is not signed.
std::string_view aws_key_id(const http_head& head);

// What is wrong with the signature, in AWS's words.
std::optional<api_error> check_aws_signature(const question& asked, const key_ring& keys);

}  // namespace spillway::bench::sim
