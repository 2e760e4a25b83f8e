// Google's token endpoint for service accounts: verifies the signed grant (JWT, RS256) and hands out access
// tokens that carry their own end and a keyed digest, so none has to be remembered. Immutable, all threads.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace spillway::bench::sim {

struct reply;

class google_tokens {
public:
    // `files` are key files as Google issues them (client_email, private_key, token_uri). Throws on others.
    google_tokens(const std::vector<std::string>& files, std::chrono::seconds life);
    ~google_tokens();

    google_tokens(const google_tokens&) = delete;
    google_tokens& operator=(const google_tokens&) = delete;

    bool is_on() const { return !accounts_.empty(); }

    // Answers POST /token with `form` as its body.
    reply exchange(std::string_view form, std::int64_t now) const;

    // A token of ours that is not over.
    bool accepts(std::string_view token, std::int64_t now) const;

private:
    struct account;

    std::optional<std::string> find_fault(std::string_view assertion, std::int64_t now) const;
    const account* find(std::string_view email) const;
    std::string seal(std::string_view text) const;

    std::vector<std::unique_ptr<account>> accounts_;
    std::chrono::seconds life_;
    std::string secret_;
};

}  // namespace spillway::bench::sim
