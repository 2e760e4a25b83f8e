// How much memory the process may use, and how much of it request bodies have been promised. Shared by all
// workers, atomics only. Relaxed order: the counts guard no other data; the cap has ten per cent of slack.
#pragma once

#include <atomic>
#include <cstddef>
#include <utility>

namespace spillway::base {

class memory_gate {
public:
    // A cap of 0: no bound. `resident` is what the process uses at start.
    memory_gate(std::size_t cap, std::size_t resident) noexcept
        : most_{cap / 10 * 9}
        , resident_{resident} {}

    // Octets promised to one request; given back when it goes.
    class [[nodiscard]] share {
    public:
        share() noexcept = default;
        share(share&& other) noexcept
            : home_{std::exchange(other.home_, nullptr)}
            , octets_{other.octets_} {}
        share& operator=(share&& other) noexcept {
            std::swap(home_, other.home_);
            std::swap(octets_, other.octets_);
            return *this;
        }
        ~share() { release(); }
        void release() noexcept {
            if (home_ != nullptr) home_->promised_.fetch_sub(octets_, std::memory_order_relaxed);
            home_ = nullptr;
        }
        std::size_t octets() const noexcept { return home_ == nullptr ? 0 : octets_; }
        explicit operator bool() const noexcept { return home_ != nullptr; }

    private:
        friend class memory_gate;
        share(memory_gate* home, std::size_t octets) noexcept : home_{home}, octets_{octets} {}
        memory_gate* home_ = nullptr;
        std::size_t octets_ = 0;
    };

    // Empty when the cap would be passed.
    share try_take(std::size_t octets) noexcept {
        if (most_ == 0) return {};
        const std::size_t before = promised_.fetch_add(octets, std::memory_order_relaxed);
        if (resident_.load(std::memory_order_relaxed) + before + octets <= most_)
            return share{this, octets};
        promised_.fetch_sub(octets, std::memory_order_relaxed);
        return {};
    }
    bool is_bounded() const noexcept { return most_ != 0; }
    std::size_t promised() const noexcept { return promised_.load(std::memory_order_relaxed); }

private:
    std::size_t most_;
    std::atomic<std::size_t> resident_;
    std::atomic<std::size_t> promised_{0};
};

}  // namespace spillway::base
