#include "routing/access/key_ring.hpp"

#include <algorithm>
#include <cstring>

namespace spillway::routing {

namespace {

std::uint64_t prefix_of(const key_digest& digest) noexcept {
    std::uint64_t prefix;
    std::memcpy(&prefix, digest.data(), sizeof prefix);
    return prefix;
}

}  // namespace

bool same_digest(const key_digest& a, const key_digest& b) noexcept {
    std::uint64_t difference = 0;
    for (std::size_t at = 0; at < a.size(); at += sizeof difference) {
        std::uint64_t left;
        std::uint64_t right;
        std::memcpy(&left, a.data() + at, sizeof left);
        std::memcpy(&right, b.data() + at, sizeof right);
        difference |= left ^ right;
    }
    return difference == 0;
}

key_ring::key_ring(std::vector<entry> entries) : entries_{std::move(entries)} {
    std::ranges::sort(entries_, {}, [](const entry& e) { return prefix_of(e.digest); });
    for (std::size_t i = 0; i < entries_.size(); ++i) {
        entries_[i].key.id = client_key_id{static_cast<std::uint32_t>(i)};
        prefixes_.push_back(prefix_of(entries_[i].digest));
    }
}

const client_key* key_ring::find(const key_digest& presented) const noexcept {
    const auto prefix = prefix_of(presented);
    const auto first = std::ranges::lower_bound(prefixes_, prefix) - prefixes_.begin();
    const client_key* found = nullptr;
    for (auto i = static_cast<std::size_t>(first); i < prefixes_.size() && prefixes_[i] == prefix;
         ++i) {
        if (same_digest(entries_[i].digest, presented)) found = &entries_[i].key;
    }
    return found;
}

const client_key& key_ring::operator[](client_key_id id) const noexcept {
    return entries_[static_cast<std::size_t>(id)].key;
}

}  // namespace spillway::routing
