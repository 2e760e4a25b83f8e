#include "proxy/net/slab_store.hpp"

#include <algorithm>
#include <cstdint>
#include <new>

#include <sys/mman.h>

namespace spillway::net {

slab_store::~slab_store() {
    if (out_ != 0) return;
    for (std::byte* const region : regions_)
        munmap(region, region_octets + slab_octets);
}

std::byte* slab_store::take() {
    if (warm_.empty() && cold_.empty()) map_region();
    std::vector<std::byte*>& from = warm_.empty() ? cold_ : warm_;
    std::byte* const slab = from.back();
    from.pop_back();
    ++out_;
    unused_ = std::min(unused_, warm_.size());
    return slab;
}

// Neither list grows: map_region() made room for every slab there is.
void slab_store::give_back(std::byte* slab) noexcept {
    --out_;
    warm_.push_back(slab);
}

void slab_store::tidy() noexcept {
    while (unused_ > 0 && has_spare()) {
        --unused_;
        std::byte* const slab = warm_.back();
        warm_.pop_back();
        madvise(slab, slab_octets, MADV_DONTNEED);
        cold_.push_back(slab);
    }
    unused_ = warm_.size();
}

void slab_store::map_region() {
    constexpr std::size_t slabs = region_octets / slab_octets;
    regions_.reserve(regions_.size() + 1);
    warm_.reserve((regions_.size() + 1) * slabs);
    cold_.reserve((regions_.size() + 1) * slabs);
    void* const mapped = mmap(
        nullptr,
        region_octets + slab_octets,
        PROT_READ | PROT_WRITE,
        MAP_PRIVATE | MAP_ANONYMOUS,
        -1,
        0
    );
    if (mapped == MAP_FAILED) throw std::bad_alloc{};
    auto* const region = static_cast<std::byte*>(mapped);
    regions_.push_back(region);
    const std::size_t past = reinterpret_cast<std::uintptr_t>(region) % slab_octets;
    std::byte* const first = past == 0 ? region : region + (slab_octets - past);
    for (std::size_t i = slabs; i-- > 0;)
        cold_.push_back(first + i * slab_octets);
}

}  // namespace spillway::net
