#include "bench/load/run.hpp"

#include "bench/load/client.hpp"
#include "bench/load/plan.hpp"
#include "bench/load/port_owner.hpp"
#include "bench/load/process_probe.hpp"

#include <boost/asio/co_spawn.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <exception>
#include <memory>
#include <stdexcept>
#include <thread>
#include <vector>

namespace spillway::bench::load {
namespace {

using namespace std::chrono_literals;

// How long streams may take to open before holding starts with those that did.
constexpr auto open_patience = 60s;

std::string write_body(const options& chosen) {
    const auto stream = chosen.what == kind::whole
                            ? ""
                            : R"("stream":true,"stream_options":{"include_usage":true},)";
    const auto frame = [&](std::string_view filler) {
        return fmt::format(
            R"({{"model":"{}",{}"temperature":0.7,"max_tokens":1024,"messages":[{{"role":"system",)"
            R"("content":"You are a helpful assistant."}},{{"role":"user","content":"{}"}}]}})",
            chosen.model,
            stream,
            filler
        );
    };
    constexpr std::string_view words = "Tell me something about the weather in the mountains. ";
    const auto bare = frame("").size();
    std::string filler;
    while (bare + filler.size() < chosen.body_bytes) {
        filler += words.substr(0, std::min(words.size(), chosen.body_bytes - bare - filler.size()));
    }
    return frame(filler);
}

task<void> drive(std::unique_ptr<client> one) {
    co_await one->run();
}

void rethrow(std::exception_ptr error) {
    if (error) std::rethrow_exception(error);
}

// One thread with its clients and what they measured.
class lane {
public:
    lane(plan& shared, std::size_t number, std::size_t lanes) {
        for (std::size_t i = number; i < shared.connections; i += lanes) {
            auto one = std::make_unique<client>(shared, counts_, context_, i);
            asio::co_spawn(context_.get_executor(), drive(std::move(one)), rethrow);
        }
    }

    void start() {
        thread_ = std::jthread{[this] {
            context_.run();
        }};
    }
    void stop() { context_.stop(); }
    void join() { thread_.join(); }
    const tally& counts() const { return counts_; }

private:
    tally counts_;
    asio::io_context context_{1};
    std::jthread thread_;
};

using lane_list = std::vector<std::unique_ptr<lane>>;

void wait_until_open(const plan& shared) {
    const auto until = clock::now() + open_patience;
    while (shared.open_streams.load(std::memory_order_relaxed) < shared.connections &&
           clock::now() < until) {
        std::this_thread::sleep_for(50ms);
    }
}

void measure_by_time(
    const options& chosen, plan& shared, const process_probe& probe, figures& result
) {
    if (chosen.what == kind::hold) wait_until_open(shared);
    std::this_thread::sleep_for(chosen.warm_up);
    const auto before = probe.run_time();
    const auto start = clock::now();
    shared.measuring = true;
    std::this_thread::sleep_for(chosen.length);
    shared.measuring = false;
    result.window = clock::now() - start;
    result.processor_time = probe.run_time() - before;
    if (probe.is_on()) result.held_memory = probe.memory();
    shared.stopping = true;
}

}  // namespace

plan::plan(const options& chosen)
    : what(chosen.what)
    , target(asio::ip::make_address(chosen.address), chosen.port)
    , stagger(chosen.stagger)
    , counts_requests(chosen.requests > 0)
    , connections(chosen.connections)
    , start(clock::now())
    , left(static_cast<std::int64_t>(chosen.requests)) {
    const auto body = write_body(chosen);
    request = fmt::format(
        "POST {} HTTP/1.1\r\nHost: {}:{}\r\nAuthorization: Bearer {}\r\nContent-Type: "
        "application/json\r\n"
        "Accept: */*\r\nUser-Agent: spillway-bench\r\nContent-Length: {}\r\n\r\n{}",
        chosen.path,
        chosen.address,
        chosen.port,
        chosen.key,
        body.size(),
        body
    );
    if (chosen.rate > 0) {
        const auto seconds = static_cast<double>(connections) / chosen.rate;
        interval = duration{static_cast<duration::rep>(seconds * 1e9)};
    }
}

figures run(const options& chosen) {
    const auto complaint = check_port_owner(chosen.port, chosen.processes);
    if (!complaint.empty()) throw std::runtime_error(complaint);
    const process_probe probe{chosen.processes};
    figures result;
    if (probe.is_on()) result.idle_memory = probe.memory();
    plan shared{chosen};
    lane_list lanes;
    for (unsigned i = 0; i < chosen.threads; ++i) {
        lanes.push_back(std::make_unique<lane>(shared, i, chosen.threads));
    }
    const auto start = clock::now();
    const auto before = probe.run_time();
    shared.measuring = chosen.requests > 0;
    for (auto& one : lanes)
        one->start();
    if (chosen.requests == 0) {
        measure_by_time(chosen, shared, probe, result);
        for (auto& one : lanes)
            one->stop();
    }
    for (auto& one : lanes)
        one->join();
    if (chosen.requests > 0) {
        result.window = clock::now() - start;
        result.processor_time = probe.run_time() - before;
    }
    for (auto& one : lanes)
        result.counts.merge(one->counts());
    result.open_streams = shared.open_streams;
    return result;
}

}  // namespace spillway::bench::load
