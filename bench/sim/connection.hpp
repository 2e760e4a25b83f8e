// One client of the simulator, from the handshake to the close: reads requests one by one, lets the
// provider answer, and plays the answer with its pauses and faults. Lives in the frame of its own coroutine
// on one thread. "bench-" models without a fault take a short cut that neither parses nor allocates.
#pragma once

#include "bench/sim/bench_page.hpp"
#include "bench/sim/player.hpp"
#include "bench/sim/request_reader.hpp"
#include "bench/sim/service.hpp"
#include "bench/sim/transport.hpp"

#include <cstdint>
#include <random>
#include <string>
#include <string_view>

namespace spillway::bench::sim {

class connection {
public:
    connection(service& shared, socket accepted);
    ~connection();

    connection(const connection&) = delete;
    connection& operator=(const connection&) = delete;

    task<void> run();

private:
    task<bool> shake_hands();

    task<bool> read_request();

    // Answering as a model would.
    task<next_step> answer();
    task<next_step> answer_fully();
    task<void> answer_early(fault wrong);
    std::optional<fault> fault_for(std::string_view model);
    delivery delivery_for(const answered& said, const std::string& id);
    void admit(account& who, answered& said, delivery& how);
    account& account_of(std::string_view key);

    // The short cut.
    bool is_short_cut(std::string_view model) const;
    task<next_step> answer_bench(std::string_view model);
    task<bool> stream_bench(std::uint64_t number, bool with_usage, progress& sent);
    void log_bench(const account& who, std::uint64_t number, bool is_stream, const progress& sent);

    duration draw_first(const spread_duration& spread);

    service& shared_;
    transport transport_;
    player player_;
    request_reader request_;
    std::minstd_rand random_;
    bench_page page_;
    std::string known_key_;
    account* account_ = nullptr;
    std::uint64_t requests_served_ = 0;
};

}  // namespace spillway::bench::sim
