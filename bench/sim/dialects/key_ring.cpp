#include "bench/sim/dialects/key_ring.hpp"

#include <algorithm>

namespace spillway::bench::sim {

bool key_ring::accepts(std::string_view key) const {
    if (is_open()) return true;
    return std::find(options_.keys.begin(), options_.keys.end(), key) != options_.keys.end();
}

const aws_key* key_ring::find_aws_key(std::string_view id) const {
    for (const auto& one : options_.aws_keys)
        if (one.id == id) return &one;
    return nullptr;
}

}  // namespace spillway::bench::sim
