// What all connections of the simulator share: the provider, keys, faults, the log and the counters.
// Created before the threads and destroyed after them; everything reachable from here is thread-safe.
#pragma once

#include "bench/sim/accounts.hpp"
#include "bench/sim/fault_switch.hpp"
#include "bench/sim/options.hpp"
#include "bench/sim/provider.hpp"
#include "bench/sim/truth_log.hpp"

#include <boost/asio/ssl/context.hpp>

#include <atomic>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

namespace spillway::bench::sim {

// Relaxed counters: statistics, nothing is ordered by them.
struct counters {
    std::atomic<std::uint64_t> connections{0};
    std::atomic<std::int64_t> open_connections{0};
    std::atomic<std::uint64_t> requests{0};
    std::atomic<std::int64_t> in_flight{0};
    std::atomic<std::uint64_t> aborted{0};
    std::atomic<std::uint64_t> events{0};
    std::atomic<std::uint64_t> faults{0};
    std::atomic<std::uint64_t> failed_handshakes{0};
};

class service {
public:
    explicit service(options chosen);

    const options& settings() const { return options_; }
    const provider& model() const { return provider_; }
    accounts& keys() { return accounts_; }
    fault_switch& faults() { return faults_; }
    truth_log& log() { return log_; }
    counters& counts() { return counters_; }
    asio::ssl::context* tls() { return tls_ ? &*tls_ : nullptr; }

    std::uint64_t next_number() {
        return counters_.requests.fetch_add(1, std::memory_order_relaxed);
    }
    std::string request_id(std::uint64_t number) const;
    void record_body(const std::string& id, std::string_view body) const;

    // The simulator's own endpoints under /sim/.
    reply control(std::string_view path, std::string_view body);

    // Set by the listener: closes it for a while.
    void on_refuse(std::function<void(duration)> close_listener) {
        refuse_ = std::move(close_listener);
    }
    void refuse_for(duration time);
    bool is_refusing() const;

private:
    std::string print_stats() const;

    options options_;
    provider provider_;
    accounts accounts_;
    fault_switch faults_;
    truth_log log_;
    counters counters_;
    std::optional<asio::ssl::context> tls_;
    std::function<void(duration)> refuse_;
    std::atomic<clock::rep> refusing_until_{0};
};

}  // namespace spillway::bench::sim
