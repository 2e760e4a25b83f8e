// One immutable routing table: accounts, models with their endpoints, names, lists, client keys. Built by the
// table builder, published to the workers, read through a pin. Everything a view or pointer of it reaches lives
// as long as the pin; the states it refers to live in the registry and longer.
#pragma once

#include "routing/access/key_ring.hpp"
#include "routing/description.hpp"
#include "routing/glob.hpp"
#include "routing/ids.hpp"
#include "routing/price.hpp"
#include "routing/target_state.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace spillway::routing {

enum class list_verdict : std::uint8_t { allowed, denied };

struct account {
    account_id id{};
    std::string name;          // `openai/backup`
    std::string provider;      // `openai`
    std::string display_name;  // `OpenAI`
    std::uint32_t weight = 1;
    std::uint32_t priority = 0;
    std::uint32_t concurrency_limit = 0;
    data_use data = data_use::train;
    list_verdict by_organisation = list_verdict::allowed;
    account_state* state = nullptr;
};

struct endpoint {
    target_id id{};
    const account* at = nullptr;
    std::string upstream_model;  // empty for the endpoint that serves models no table names
    price_list price;
    std::uint32_t context = 0;
    std::uint32_t max_output = 0;
    std::uint32_t weight = 1;
    target_state* state = nullptr;  // null for models no table names: see account_state::unnamed
};

struct model {
    model_id id{};
    std::string slug;
    std::string display_name;
    std::int64_t created = 0;
    list_verdict by_organisation = list_verdict::allowed;
    std::span<const endpoint> endpoints;
};

// What a name stands for: a chain of models, or a model no table names at a known provider.
struct resolved {
    std::span<const model* const> chain;
    std::span<const endpoint> unnamed;  // one endpoint an account of the provider
    std::string_view upstream_model;    // the name without its prefix; a view of what was asked

    bool is_known() const noexcept { return !chain.empty() || !unnamed.empty(); }
};

class table {
public:
    table(const table&) = delete;
    table& operator=(const table&) = delete;

    // Exact name first, then the alias, then the part behind the slash where it is unique, then the
    // provider's prefix. No allocation.
    resolved find(std::string_view name) const noexcept;
    // The nearest names by edit distance, best first; only for explaining an error.
    std::vector<std::string> near_misses(std::string_view name) const;

    list_verdict organisation_verdict_on_model(std::string_view slug) const noexcept;

    std::span<const account> accounts() const noexcept { return accounts_; }
    std::span<const model> models() const noexcept {
        return models_;
    }  // sorted by slug: GET /models
    const account& at(account_id id) const noexcept {
        return accounts_[static_cast<std::size_t>(id)];
    }
    const model& at(model_id id) const noexcept { return models_[static_cast<std::size_t>(id)]; }
    const endpoint& at(target_id id) const noexcept {
        return endpoints_[static_cast<std::size_t>(id)];
    }
    const key_ring& keys() const noexcept { return keys_; }
    std::string_view default_model() const noexcept { return default_model_; }
    data_floor data() const noexcept { return data_; }
    std::uint32_t max_attempts() const noexcept { return max_attempts_; }
    std::uint32_t retry_percent() const noexcept { return retry_percent_; }

private:
    friend class table_builder;
    table() = default;

    struct text_hash {
        using is_transparent = void;
        // Not noexcept on purpose: then libstdc++ keeps the hash in the node instead of hashing every
        // name of a bucket again (999 → 725 instructions a plan).
        std::size_t operator()(std::string_view text) const {
            return std::hash<std::string_view>{}(text);
        }
    };
    using chains =
        std::unordered_map<std::string, std::vector<const model*>, text_hash, std::equal_to<>>;
    using unnamed_endpoints =
        std::unordered_map<std::string, std::span<const endpoint>, text_hash, std::equal_to<>>;

    std::vector<account> accounts_;
    std::vector<endpoint> endpoints_;
    std::vector<model> models_;
    chains names_;
    unnamed_endpoints prefixes_;
    std::vector<glob> allow_models_;
    std::vector<glob> deny_models_;
    key_ring keys_;
    std::string default_model_;
    data_floor data_ = data_floor::any;
    std::uint32_t max_attempts_ = 3;
    std::uint32_t retry_percent_ = 20;
};

}  // namespace spillway::routing
