// Memory of coroutine frames, and of other things that live as long as a step of a request. A request makes a dozen
// frames, several above the kilobyte at which malloc's own cache ends; taking them from here costs fifteen
// instructions each instead of a hundred to three hundred (DECISIONS.md, 10). The one thread_local of the hall: a
// promise's operator new is handed no context, and frames never change threads.
//
// Blocks of one size share slabs, and a slab without blocks is given back: what thousands of requests need while they
// wait for their answers does not stay behind as holes between what lives on with their streams. The thread's keeper
// is told when there is memory to return, and calls tidy() when a wave of requests must have passed.
//
//   slab  | its header | block | block | … | never used yet |
#pragma once

#include "proxy/net/slab_store.hpp"

#include <cstddef>
#include <cstdint>
#include <new>

namespace spillway::net {

class frame_cache {
public:
    static void* take(std::size_t octets) {
        const std::size_t slot = slot_of(octets);
        if (slot >= slots) return ::operator new(octets);
        slab* const from = mine_.open_[slot];
        if (from == nullptr || from->free == nullptr) [[unlikely]]
            return mine_.take_slowly(slot);
        block* const found = from->free;
        from->free = found->next;
        ++from->used;
        return found;
    }

    // `octets` as they were taken.
    static void give_back(void* memory, std::size_t octets) noexcept {
        if (slot_of(octets) >= slots) return ::operator delete(memory);
        slab& of = slab_of(memory);
        of.free = new (memory) block{of.free};
        if (--of.used == 0 || !of.is_open) [[unlikely]]
            settle(of);
    }

    // Told once of spare slabs, again after a tidy() that left some.
    class keeper {
    public:
        virtual void has_spare() = 0;

    protected:
        ~keeper() = default;
    };
    // Of this thread; null: nobody.
    static void set_keeper(keeper* who) noexcept { mine_.keeper_ = who; }
    // Returns memory that no request has needed since the last call.
    static void tidy() noexcept;

    // That this thread holds.
    static std::size_t slabs() noexcept {
        return mine_.store_ == nullptr ? 0 : mine_.store_->out();
    }
    static constexpr bool is_off() noexcept { return slots == 0; }

private:
    struct block {
        block* next;
    };
    struct slab {
        frame_cache* owner;
        std::size_t slot;
        block* free = nullptr;
        slab* next = nullptr;
        slab* previous = nullptr;
        std::uint32_t used = 0;   // blocks
        std::uint32_t fresh = 0;  // where the part begins that was never used
        bool is_open = false;     // in its list: it may have room
    };

    static constexpr std::size_t grain = 64;
    static_assert(sizeof(slab) <= grain);
#if defined(BOOST_ASIO_DISABLE_SMALL_BLOCK_RECYCLING)
    static constexpr std::size_t slots = 0;  // sanitizers must see every use after free
#else
    static constexpr std::size_t slots = 128;  // blocks up to 8 KiB
#endif

    static constexpr std::size_t slot_of(std::size_t octets) noexcept {
        return (octets - 1) / grain;
    }
    static slab& slab_of(void* memory) noexcept {
        constexpr std::uintptr_t mask = slab_store::slab_octets - 1;
        return *reinterpret_cast<slab*>(reinterpret_cast<std::uintptr_t>(memory) & ~mask);
    }

    friend struct frame_cache_end;
    void* take_slowly(std::size_t slot);
    static void* take_fresh(slab& from) noexcept;
    static void settle(slab& touched) noexcept;
    slab& make_slab(std::size_t slot);
    void open(slab& one) noexcept;
    void shut(slab& one) noexcept;
    static void unlink(slab*& first, slab& one) noexcept;
    void tell_keeper() noexcept;
    void end() noexcept;

    // By size: slabs that may have room, the one in use first. Nothing here has a destructor, so that reaching it
    // needs no guard; frame_cache_end tidies up behind the thread.
    slab* open_[slots + 1]{};
    slab* full_ = nullptr;
    slab_store* store_ = nullptr;
    keeper* keeper_ = nullptr;
    bool keeper_knows_ = false;
    static constinit thread_local frame_cache mine_;
};

}  // namespace spillway::net
