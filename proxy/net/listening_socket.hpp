// How a listening socket comes to be: bind, listen, options. Start-up path: throws std::runtime_error with
// a sentence for the operator. Stateless; used by `listener` alone.
#pragma once

#include "proxy/net/address.hpp"

#include <string>

namespace spillway::net {

// Whether sockets that listen on the address already are ours.
enum class port_use : std::uint8_t { exclusive, join_group };

// Each returns a listening descriptor that the caller owns.
int listen_tcp(const address& where, port_use use);
int listen_unix(const std::string& path);
// Checks that an inherited descriptor listens.
int adopt_listening(int number);
int duplicate_listening(int socket);

// The bound TCP address; `none` for other families.
address bound_address(int socket) noexcept;

}  // namespace spillway::net
