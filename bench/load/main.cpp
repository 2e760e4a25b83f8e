#include "bench/load/options.hpp"
#include "bench/load/report.hpp"
#include "bench/load/run.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <exception>
#include <fstream>
#include <system_error>

#include <sched.h>
#include <sys/resource.h>

namespace {

using namespace spillway::bench::load;

void pin_to(unsigned processor) {
    cpu_set_t set;
    CPU_ZERO(&set);
    CPU_SET(processor, &set);
    if (::sched_setaffinity(0, sizeof set, &set) != 0) {
        throw std::system_error(errno, std::generic_category(), "--cpu");
    }
}

void raise_descriptor_limit() {
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
    limit.rlim_cur = limit.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &limit);
}

// 1 when any request failed: a figure from a run with errors is no figure.
int measure(const options& chosen) {
    std::signal(SIGPIPE, SIG_IGN);
    raise_descriptor_limit();
    if (chosen.cpu) pin_to(*chosen.cpu);
    const auto measured = run(chosen);
    fmt::print("{}", print_table(chosen, measured));
    if (!chosen.json.empty()) {
        std::ofstream file{chosen.json};
        file << print_json(chosen, measured) << "\n";
        if (!file.flush()) throw std::runtime_error("cannot write " + chosen.json);
    }
    return measured.counts.errors == 0 ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
    try {
        const auto parsed = parse_options(argc, argv);
        return parsed.done ? 0 : measure(parsed.values);
    } catch (const std::exception& error) {
        fmt::print(stderr, "spillway-bench: {}\n", error.what());
        return 2;
    }
}
