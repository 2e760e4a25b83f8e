// Host and port as a Host field or an absolute target spells them. Pure.
#pragma once

#include <string_view>

namespace spillway::wire {

// True for host [ ":" port ] with a name of letters, digits and -._~, a dotted address, or a bracketed IPv6
// address; port is 1 to 65535. Narrower than RFC 3986: no user information, percent-encoding or sub-delims.
// Octets from `floor` on are readable.
bool is_authority(std::string_view text, const char* floor) noexcept;

}  // namespace spillway::wire
