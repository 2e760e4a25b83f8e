// Everything a request needs to know of the configuration, as one immutable value: the routing table, the
// provider accounts it speaks of, ready-made texts, limits. Published to every worker's mailbox; a request pins
// the one it began with, so a reload never changes a request under way.
#pragma once

#include "adapters/adapter.hpp"
#include "adapters/models_list.hpp"
#include "adapters/registry.hpp"
#include "proxy/base/secret.hpp"
#include "proxy/credentials/lender.hpp"
#include "proxy/upstream/origin.hpp"
#include "routing/limit/gate.hpp"
#include "routing/snapshot.hpp"
#include "routing/table.hpp"

#include <array>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace spillway::flow {

struct time_limits {
    std::chrono::milliseconds connect;
    std::chrono::milliseconds tls;
    std::chrono::milliseconds first_octet;
    std::chrono::milliseconds idle;
    std::chrono::milliseconds total;
};

// Operations whose heads are written once, by their numbers.
inline constexpr std::size_t asked_operations = adapters::operation_count;

// A provider that no table knows: its row, and the names the row points to.
struct custom_provider {
    std::string name;
    std::string display_name;
    adapters::provider_row row;
};

// One account of a provider; its place in the list is its routing::account_id.
struct provider_account {
    std::unique_ptr<const custom_provider> custom;  // outlives the adapter
    std::unique_ptr<const adapters::adapter> adapter;
    upstream::origin origin;
    base::secret key;
    std::shared_ptr<credentials::lender> lender;  // in place of a key, where it changes with time
    time_limits limits{};
    // "POST … HTTP/1.1" and every field that is alike for all requests, an operation and whether it streams; empty
    // where the path names the model.
    std::array<std::array<std::string, 2>, asked_operations> request_heads;
    std::string common_fields;  // the fields alone
    std::string answer_fields;  // that every answer from this account carries to its client

    std::string& ready_head(const adapters::call& what) noexcept {
        return request_heads[static_cast<std::size_t>(what.what)]
                            [static_cast<std::size_t>(what.how)];
    }
    const std::string& ready_head(const adapters::call& what) const noexcept {
        return request_heads[static_cast<std::size_t>(what.what)]
                            [static_cast<std::size_t>(what.how)];
    }
    // The same made for one request.
    std::string request_head(const adapters::call& what, std::string_view upstream_model) const;
};

enum class auth_mode : std::uint8_t { keys, off };

// How many requests of one client key may be in flight. The count outlives deployments.
struct key_limit {
    routing::gate* in_flight = nullptr;  // null: no limit
    std::uint32_t most = 0;
};

struct deployment {
    std::uint64_t generation = 0;  // differs for every reload
    std::shared_ptr<const routing::table> routes;
    std::vector<provider_account> accounts;
    auth_mode auth = auth_mode::keys;
    std::vector<key_limit> key_limits;  // by routing::client_key_id
    std::array<std::uint8_t, 32>
        digest_key{};  // of the keyed hash under which client keys are kept
    std::array<std::string, adapters::list_forms> models;  // GET /models, a text a form
    std::size_t body_limit = 0;
    std::size_t head_limit = 0;
    std::optional<std::chrono::milliseconds> keepalive;  // SSE comments while an upstream is silent

    // GET /models/{id}; empty when there is no such model.
    std::string render_model(std::string_view id, adapters::list_form form) const;
    // No limit for the anonymous client.
    key_limit limit_of(const routing::client_key& who) const {
        const auto at = static_cast<std::size_t>(who.id);
        return auth == auth_mode::keys && at < key_limits.size() ? key_limits[at] : key_limit{};
    }
    const provider_account& at(routing::account_id id) const {
        return accounts[static_cast<std::size_t>(id)];
    }
};

using deployment_reader = routing::snapshot_reader<deployment>;
using deployment_pin = deployment_reader::pin;

}  // namespace spillway::flow
