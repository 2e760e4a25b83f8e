// A bounded ring of octets from one thread to one other. The writer never waits: what does not fit is refused
// and counted by the caller. Each push is taken whole or not at all.
//
// `head_` is written by the producer alone, `tail_` by the consumer alone. The producer publishes octets with a
// release store of head_, the consumer acquires it and so sees them; the consumer frees room with a release store of
// tail_, the producer acquires it before it writes over that room. Neither ever reads what the other may be writing.
#pragma once

#include <algorithm>
#include <atomic>
#include <concepts>
#include <cstddef>
#include <cstring>
#include <memory>
#include <string_view>

namespace spillway::base {

class ring {
public:
    // REQUIRES: a power of two.
    explicit ring(std::size_t capacity) : mask_{capacity - 1}, octets_{new char[capacity]} {}

    // Producer.
    bool push(std::string_view record) noexcept {
        const std::size_t head = head_.load(std::memory_order_relaxed);
        if (record.size() > free_behind(head)) return false;
        const std::size_t at = head & mask_;
        const std::size_t first = std::min(record.size(), mask_ + 1 - at);
        std::memcpy(octets_.get() + at, record.data(), first);
        std::memcpy(octets_.get(), record.data() + first, record.size() - first);
        head_.store(head + record.size(), std::memory_order_release);
        return true;
    }
    // Room in one stretch for `most` octets, to write a record in place; null where there is none, which is no reason
    // not to push. What was written counts once it is published.
    char* claim(std::size_t most) noexcept {
        const std::size_t head = head_.load(std::memory_order_relaxed);
        const std::size_t at = head & mask_;
        return most <= std::min(free_behind(head), mask_ + 1 - at) ? octets_.get() + at : nullptr;
    }
    void publish(std::size_t size) noexcept {
        head_.store(head_.load(std::memory_order_relaxed) + size, std::memory_order_release);
    }

    // Consumer: shows everything there is, in one or two stretches, and frees the room afterwards.
    template <std::invocable<std::string_view> Use>
    void drain(Use use) {
        const std::size_t tail = tail_.load(std::memory_order_relaxed);
        const std::size_t size = head_.load(std::memory_order_acquire) - tail;
        if (size == 0) return;
        const std::size_t at = tail & mask_;
        const std::size_t first = std::min(size, mask_ + 1 - at);
        use(std::string_view{octets_.get() + at, first});
        if (first < size) use(std::string_view{octets_.get(), size - first});
        tail_.store(tail + size, std::memory_order_release);
    }

private:
    std::size_t free_behind(std::size_t head) const noexcept {
        return mask_ + 1 - (head - tail_.load(std::memory_order_acquire));
    }

    std::size_t mask_;
    std::unique_ptr<char[]> octets_;
    alignas(64) std::atomic<std::size_t> head_{0};
    alignas(64) std::atomic<std::size_t> tail_{0};
};

}  // namespace spillway::base
