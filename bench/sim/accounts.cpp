#include "bench/sim/accounts.hpp"

#include <fmt/format.h>
#include <openssl/sha.h>

namespace spillway::bench::sim {

std::string hash_key(std::string_view key) {
    unsigned char digest[SHA256_DIGEST_LENGTH];
    SHA256(reinterpret_cast<const unsigned char*>(key.data()), key.size(), digest);
    std::string text;
    for (int i = 0; i < 8; ++i)
        text += fmt::format("{:02x}", digest[i]);
    return text;
}

account::account(std::string_view key, double requests_per_minute, double tokens_per_minute)
    : key_hash(hash_key(key))
    , limit_(requests_per_minute, tokens_per_minute) {}

limit_verdict account::admit(double tokens, time_point now) {
    const std::lock_guard lock{mutex_};
    return limit_.admit(tokens, now);
}

account& accounts::of(std::string_view key) {
    const std::lock_guard lock{mutex_};
    auto found = map_.find(key);
    if (found == map_.end()) {
        found =
            map_.try_emplace(std::string{key}, key, requests_per_minute_, tokens_per_minute_).first;
    }
    return found->second;
}

}  // namespace spillway::bench::sim
