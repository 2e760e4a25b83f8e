#include "bench/load/process_probe.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <string>

namespace spillway::bench::load {

std::chrono::nanoseconds process_probe::run_time() const {
    std::int64_t total = 0;
    for (const auto process : processes_) {
        std::error_code gone;
        const auto tasks =
            std::filesystem::directory_iterator{fmt::format("/proc/{}/task", process), gone};
        if (gone) continue;
        for (const auto& task : tasks) {
            std::ifstream file{task.path() / "schedstat"};
            std::int64_t on_cpu = 0;
            if (file >> on_cpu) total += on_cpu;
        }
    }
    return std::chrono::nanoseconds{total};
}

std::uint64_t process_probe::memory() const {
    std::uint64_t total = 0;
    for (const auto process : processes_) {
        std::ifstream file{fmt::format("/proc/{}/smaps_rollup", process)};
        std::string word;
        std::uint64_t kilobytes = 0;
        while (file >> word) {
            if (word != "Pss:") continue;
            if (file >> kilobytes) total += kilobytes * 1024;
            break;
        }
    }
    return total;
}

}  // namespace spillway::bench::load
