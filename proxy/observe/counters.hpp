// Counters of one worker. Written by its thread with plain relaxed load and store (no shared cache line, no
// locked instruction), summed by whoever asks. A sum is not a moment: counters of one request may be seen apart.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <string_view>

namespace spillway::observe {

enum class counter : std::uint8_t {
    connections_accepted,
    connections_closed,
    connections_refused,  // over --max-connections or out of descriptors
    requests,
    answers_2xx,
    answers_4xx,
    answers_5xx,
    attempts,
    streams_truncated,
    clients_gone,
    shed,  // refused for want of memory
    prompt_tokens,
    completion_tokens,
    cost_nano_usd,
    octets_sent,
    log_lines_dropped,
};
inline constexpr std::size_t counter_count = 16;

std::string_view name_of(counter which) noexcept;

class alignas(64) counters {
public:
    void add(counter which, std::uint64_t by = 1) noexcept {
        std::atomic<std::uint64_t>& word = words_[static_cast<std::size_t>(which)];
        word.store(word.load(std::memory_order_relaxed) + by, std::memory_order_relaxed);
    }
    std::uint64_t value(counter which) const noexcept {
        return words_[static_cast<std::size_t>(which)].load(std::memory_order_relaxed);
    }

    // Faults by reason label. Rare, hence a lock; labels are static texts, so their number is bounded.
    void add_fault(std::string_view reason);
    void collect_faults(std::map<std::string, std::uint64_t, std::less<>>& into) const;

private:
    std::array<std::atomic<std::uint64_t>, counter_count> words_{};
    mutable std::mutex guard_;
    std::map<std::string_view, std::uint64_t> faults_;
};

}  // namespace spillway::observe
