// Slabs of 64 KiB, aligned to their size, mapped from the kernel in larger regions. A slab that comes back stays warm:
// requests come in waves, and giving its memory back between two of them costs sixteen page faults in the next
// (proxy/DECISIONS.md, 15). Once in a while tidy() returns what no wave has used. Owned by one thread's frame cache.
#pragma once

#include <cstddef>
#include <vector>

namespace spillway::net {

class slab_store {
public:
    static constexpr std::size_t slab_octets = 64 * 1024;

    slab_store() = default;
    slab_store(const slab_store&) = delete;
    slab_store& operator=(const slab_store&) = delete;
    // Slabs that are still out stay mapped for ever: something that outlives the thread lies in them.
    ~slab_store();

    std::byte* take();
    void give_back(std::byte* slab) noexcept;

    // Returns the memory of the slabs that were not needed since the last call; of a slab only its address is kept.
    void tidy() noexcept;
    // More lie warm than always may: tidy() has work to do, sooner or later.
    bool has_spare() const noexcept { return warm_.size() > most_warm; }

    std::size_t out() const noexcept { return out_; }

private:
    static constexpr std::size_t region_octets = 4 * 1024 * 1024;
    static constexpr std::size_t most_warm = 4;  // that nobody needs

    void map_region();

    std::vector<std::byte*> regions_;  // as mapped: one slab longer than what is used of them
    std::vector<std::byte*> warm_;
    std::vector<std::byte*> cold_;
    std::size_t out_ = 0;
    std::size_t unused_ = 0;  // warm ones that were there at every moment since the last tidy()
};

}  // namespace spillway::net
