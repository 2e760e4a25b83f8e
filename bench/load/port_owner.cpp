#include "bench/load/port_owner.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

namespace spillway::bench::load {
namespace {

constexpr std::string_view listening = "0A";

// Inodes of the listening sockets of a port. Columns of /proc/net/tcp: sl local remote state … inode.
std::set<std::string> listeners_of(std::uint16_t port) {
    std::set<std::string> inodes;
    const auto suffix = fmt::format(":{:04X}", port);
    for (const char* table : {"/proc/net/tcp", "/proc/net/tcp6"}) {
        std::ifstream file{table};
        std::string line;
        while (std::getline(file, line)) {
            std::istringstream words{line};
            std::string slot, local, other, state, queues, timer, retransmits, user, timeouts,
                inode;
            words >> slot >> local >> other >> state >> queues >> timer >> retransmits >> user >>
                timeouts >> inode;
            if (local.ends_with(suffix) && state == listening) inodes.insert(inode);
        }
    }
    return inodes;
}

std::set<std::string> sockets_of(pid_t process) {
    std::set<std::string> inodes;
    std::error_code failed;
    auto files = std::filesystem::directory_iterator{fmt::format("/proc/{}/fd", process), failed};
    if (failed) return inodes;
    for (const auto& file : files) {
        const auto name = std::filesystem::read_symlink(file.path(), failed).string();
        if (!failed && name.starts_with("socket:[")) inodes.insert(name.substr(8, name.size() - 9));
    }
    return inodes;
}

}  // namespace

std::string check_port_owner(std::uint16_t port, const std::vector<pid_t>& processes) {
    const auto listeners = listeners_of(port);
    if (listeners.empty()) return fmt::format("nobody listens on port {}", port);
    if (processes.empty()) {
        if (listeners.size() == 1) return {};
        return fmt::format(
            "{} sockets listen on port {}: name the process under test with --pid",
            listeners.size(),
            port
        );
    }
    std::set<std::string> ours;
    for (const auto process : processes)
        ours.merge(sockets_of(process));
    for (const auto& listener : listeners) {
        if (ours.contains(listener)) continue;
        return fmt::format("a socket of another process listens on port {} too", port);
    }
    return {};
}

}  // namespace spillway::bench::load
