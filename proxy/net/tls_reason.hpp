// What went wrong in TLS, in fixed words for logs and error answers: they hold nothing of the wire and name
// the cause an operator can act on. Pure functions.
#pragma once

#include <string_view>

namespace spillway::net {

// `verify_result` as X509_V_*, `error` as the OpenSSL error queue has it.
std::string_view explain_tls(long verify_result, unsigned long error) noexcept;

}  // namespace spillway::net
