#include "proxy/base/failure.hpp"

#include <stdexcept>
#include <string>

namespace spillway {

std::string_view name_of(fault what) noexcept {
    switch (what) {
    case fault::bad_head: return "bad_head";
    case fault::bad_framing: return "bad_framing";
    case fault::bad_body: return "bad_body";
    case fault::too_large: return "too_large";
    case fault::timeout_connect: return "timeout_connect";
    case fault::timeout_tls: return "timeout_tls";
    case fault::timeout_first_byte: return "timeout_first_byte";
    case fault::timeout_idle: return "timeout_idle";
    case fault::timeout_total: return "timeout_total";
    case fault::timeout_read: return "timeout_read";
    case fault::timeout_write: return "timeout_write";
    case fault::refused: return "refused";
    case fault::resolve: return "resolve";
    case fault::tls: return "tls";
    case fault::closed: return "closed";
    case fault::reset: return "reset";
    case fault::cancelled: return "cancelled";
    case fault::exhausted: return "exhausted";
    case fault::internal: return "internal";
    }
    return "unknown";
}

std::string_view name_of(side where) noexcept {
    switch (where) {
    case side::client: return "client";
    case side::upstream: return "upstream";
    case side::internal: return "internal";
    }
    return "unknown";
}

void throw_exception_from_error(const failure& why, const boost::source_location&) {
    throw std::logic_error(std::string("a failed result was read: ") + std::string(why.detail));
}

}  // namespace spillway
