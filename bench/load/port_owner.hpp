// Who listens on a port. With SO_REUSEPORT a forgotten process can take half of the load and spoil a
// measurement without any error; a run starts only when every listener belongs to the processes under test.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <sys/types.h>

namespace spillway::bench::load {

// Empty when all is well, else the complaint. Without processes there must be exactly one listener.
std::string check_port_owner(std::uint16_t port, const std::vector<pid_t>& processes);

}  // namespace spillway::bench::load
