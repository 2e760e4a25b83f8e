// Memory of coroutine frames, kept for the next frame of the same size. A request makes a dozen frames, several
// above the kilobyte at which malloc's own cache ends; taking them from here costs ten instructions each
// instead of a hundred to three hundred (DECISIONS.md, 10). The one thread_local of the hall: a promise's operator
// new is handed no context, and frames never change threads.
#pragma once

#include <cstddef>
#include <new>

namespace spillway::net {

class frame_cache {
public:
    static void* take(std::size_t octets) {
        const std::size_t slot = slot_of(octets);
        if (slot < slots && mine_.first_[slot] != nullptr) [[likely]] {
            block* const found = mine_.first_[slot];
            mine_.first_[slot] = found->next;
            --mine_.count_[slot];
            return found;
        }
        return make(octets);
    }

    static void give_back(void* memory, std::size_t octets) noexcept {
        const std::size_t slot = slot_of(octets);
        if (slot < slots && mine_.count_[slot] < most_kept) [[likely]] {
            mine_.first_[slot] = new (memory) block{mine_.first_[slot]};
            ++mine_.count_[slot];
            return;
        }
        ::operator delete(memory);
    }

    frame_cache() = default;
    frame_cache(const frame_cache&) = delete;
    frame_cache& operator=(const frame_cache&) = delete;
    ~frame_cache();

private:
    struct block {
        block* next;
    };
    static constexpr std::size_t grain = 128;
    static constexpr std::size_t slots = 64;  // frames up to 8 KiB
#if defined(BOOST_ASIO_DISABLE_SMALL_BLOCK_RECYCLING)
    static constexpr std::size_t most_kept = 0;  // sanitizers must see every use after free
#else
    static constexpr std::size_t most_kept = 32;
#endif

    static constexpr std::size_t slot_of(std::size_t octets) noexcept {
        return (octets + grain - 1) / grain - 1;
    }
    static void* make(std::size_t octets);

    block* first_[slots]{};
    std::size_t count_[slots]{};
    static thread_local frame_cache mine_;
};

}  // namespace spillway::net
