#include "proxy/net/frame_cache.hpp"

#include <algorithm>
#include <utility>

namespace spillway::net {

thread_local frame_cache frame_cache::mine_;

// Rounded up to the slot's size, so that any frame of the slot fits later.
void* frame_cache::make(std::size_t octets) {
    return ::operator new((slot_of(std::max<std::size_t>(octets, 1)) + 1) * grain);
}

frame_cache::~frame_cache() {
    for (block*& first : first_) {
        while (first != nullptr)
            ::operator delete(std::exchange(first, first->next));
    }
}

}  // namespace spillway::net
