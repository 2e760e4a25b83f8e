// How many requests are in flight at one place. Any thread may enter and leave. The limit belongs to the table
// and may change with a reload; the count outlives tables. Relaxed order throughout: the count guards no other
// data, and one location has one modification order, so the limit holds exactly.
#pragma once

#include <atomic>
#include <cstdint>
#include <utility>

namespace spillway::routing {

class gate {
public:
    class [[nodiscard]] pass;

    // An empty pass when `limit` are inside already; a limit of 0 admits everybody.
    pass try_enter(std::uint32_t limit) noexcept;
    std::uint32_t inside() const noexcept { return inside_.load(std::memory_order_relaxed); }
    bool is_full(std::uint32_t limit) const noexcept { return limit != 0 && inside() >= limit; }

private:
    std::atomic<std::uint32_t> inside_{0};
};

// One place inside a gate; gives it back when destroyed. May be destroyed on any thread.
class gate::pass {
public:
    pass() noexcept = default;
    pass(pass&& other) noexcept : owner_{std::exchange(other.owner_, nullptr)} {}
    pass& operator=(pass&& other) noexcept {
        if (this != &other) {
            leave();
            owner_ = std::exchange(other.owner_, nullptr);
        }
        return *this;
    }
    ~pass() { leave(); }

    explicit operator bool() const noexcept { return owner_ != nullptr; }
    void leave() noexcept {
        if (owner_ != nullptr) owner_->inside_.fetch_sub(1, std::memory_order_relaxed);
        owner_ = nullptr;
    }

private:
    friend class gate;
    explicit pass(gate* owner) noexcept : owner_{owner} {}

    gate* owner_ = nullptr;
};

inline gate::pass gate::try_enter(std::uint32_t limit) noexcept {
    if (limit == 0) {
        inside_.fetch_add(1, std::memory_order_relaxed);
        return pass{this};
    }
    auto seen = inside_.load(std::memory_order_relaxed);
    while (seen < limit) {
        if (inside_.compare_exchange_weak(seen, seen + 1, std::memory_order_relaxed))
            return pass{this};
    }
    return pass{};
}

}  // namespace spillway::routing
