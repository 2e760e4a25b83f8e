// The static client keys of one table: digest of the presented key → who it is. The hall computes the digest
// (HMAC-SHA-256 under a server secret); this room never sees a key. Immutable, read by every worker.
#pragma once

#include "routing/glob.hpp"
#include "routing/ids.hpp"

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace spillway::routing {

using key_digest = std::array<std::uint8_t, 32>;
using wall_time = std::chrono::system_clock::time_point;

// A default-constructed key is the anonymous one of `--auth off`: it may do everything.
struct client_key {
    client_key_id id{};
    std::string name;
    std::string organisation;
    std::vector<glob> models;     // empty: all
    std::vector<glob> providers;  // empty: all
    std::optional<wall_time> expires;

    bool is_expired(wall_time now) const noexcept { return expires && now >= *expires; }
};

// Compares all octets whatever they hold: no branch and no early end on the content.
bool same_digest(const key_digest& a, const key_digest& b) noexcept;

class key_ring {
public:
    struct entry {
        key_digest digest;
        client_key key;
    };

    key_ring() = default;
    explicit key_ring(std::vector<entry> entries);  // REQUIRES: digests differ. Sets the ids.

    // Null when no key has this digest. Expiry is the caller's question, so that the answers can be
    // alike. The search branches on the first eight octets: they are the output of a MAC, so who
    // measures them learns nothing about a key; the rest is compared without a branch.
    const client_key* find(const key_digest& presented) const noexcept;
    const client_key& operator[](client_key_id id) const noexcept;
    std::size_t size() const noexcept { return entries_.size(); }

private:
    std::vector<std::uint64_t> prefixes_;  // sorted; the same order as entries_
    std::vector<entry> entries_;
};

}  // namespace spillway::routing
