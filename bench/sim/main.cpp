#include "bench/sim/listener.hpp"
#include "bench/sim/options.hpp"
#include "bench/sim/service.hpp"

#include <boost/asio/signal_set.hpp>
#include <fmt/format.h>

#include <csignal>
#include <cstdio>
#include <exception>
#include <memory>
#include <thread>
#include <vector>

#include <sys/resource.h>

namespace {

using namespace spillway::bench;
using namespace spillway::bench::sim;

// Thousands of held streams need descriptors; the soft limit is usually 1024.
void raise_descriptor_limit() {
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
    limit.rlim_cur = limit.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &limit);
}

void serve(options chosen) {
    service shared{std::move(chosen)};
    std::vector<std::unique_ptr<asio::io_context>> lanes;
    for (unsigned i = 0; i < shared.settings().threads; ++i) {
        lanes.push_back(std::make_unique<asio::io_context>(1));
    }
    listener port{shared, lanes};
    shared.on_refuse([&port](duration time) { port.close_for(time); });
    port.start();

    asio::signal_set signals{*lanes.front(), SIGINT, SIGTERM};
    signals.async_wait([&lanes](boost::system::error_code, int) {
        for (auto& lane : lanes)
            lane->stop();
    });
    fmt::print("listening on {}:{}\n", shared.settings().address, port.port());
    std::fflush(stdout);

    std::vector<std::jthread> threads;
    for (std::size_t i = 1; i < lanes.size(); ++i) {
        threads.emplace_back([&lane = *lanes[i]] {
            const auto work = asio::make_work_guard(lane);
            lane.run();
        });
    }
    lanes.front()->run();
}

}  // namespace

int main(int argc, char** argv) {
    try {
        auto parsed = parse_options(argc, argv);
        if (parsed.done) return 0;
        std::signal(SIGPIPE, SIG_IGN);
        raise_descriptor_limit();
        serve(std::move(parsed.values));
        return 0;
    } catch (const std::exception& error) {
        fmt::print(stderr, "spillway-sim: {}\n", error.what());
        return 2;
    }
}
