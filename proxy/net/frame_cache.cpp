#include "proxy/net/frame_cache.hpp"

#include <memory>

namespace spillway::net {

constinit thread_local frame_cache frame_cache::mine_;

struct frame_cache_end {
    ~frame_cache_end() { frame_cache::mine_.end(); }
    std::unique_ptr<slab_store> store = std::make_unique<slab_store>();
};

namespace {

thread_local frame_cache_end at_end;

}  // namespace

void* frame_cache::take_slowly(std::size_t slot) {
    // Slabs without room leave the list; a block that comes back brings them in again.
    for (slab* first = open_[slot]; first != nullptr; first = open_[slot]) {
        if (first->free != nullptr) {
            block* const found = first->free;
            first->free = found->next;
            ++first->used;
            return found;
        }
        if (void* const fresh = take_fresh(*first)) return fresh;
        shut(*first);
    }
    slab& made = make_slab(slot);
    open(made);
    return take_fresh(made);
}

// Blocks are cut off one by one, so that pages of a slab that nobody needs are never touched.
void* frame_cache::take_fresh(slab& from) noexcept {
    const std::size_t octets = (from.slot + 1) * grain;
    if (from.fresh + octets > slab_store::slab_octets) return nullptr;
    void* const found = reinterpret_cast<std::byte*>(&from) + from.fresh;
    from.fresh += static_cast<std::uint32_t>(octets);
    ++from.used;
    return found;
}

frame_cache::slab& frame_cache::make_slab(std::size_t slot) {
    if (store_ == nullptr) store_ = at_end.store.get();
    slab* const made = new (store_->take()) slab{this, slot};
    made->fresh = grain;
    return *made;
}

void frame_cache::settle(slab& touched) noexcept {
    frame_cache* const home = touched.owner;
    if (home == nullptr) return;
    if (!touched.is_open) {
        unlink(home->full_, touched);
        home->open(touched);
    }
    // The last one of its size is kept: the next request wants it again.
    const bool is_alone = touched.next == nullptr && touched.previous == nullptr;
    if (touched.used != 0 || is_alone) return;
    unlink(home->open_[touched.slot], touched);
    home->store_->give_back(reinterpret_cast<std::byte*>(&touched));
    home->tell_keeper();
}

void frame_cache::tell_keeper() noexcept {
    if (keeper_ == nullptr || keeper_knows_ || !store_->has_spare()) return;
    keeper_knows_ = true;
    keeper_->has_spare();
}

void frame_cache::tidy() noexcept {
    if (mine_.store_ == nullptr) return;
    for (slab*& first : mine_.open_) {
        if (first == nullptr || first->used != 0) continue;
        slab& empty = *first;  // the last of its size
        unlink(first, empty);
        mine_.store_->give_back(reinterpret_cast<std::byte*>(&empty));
    }
    mine_.store_->tidy();
    mine_.keeper_knows_ = false;
    mine_.tell_keeper();
}

// Behind the slab in use, which is used up first: the others may run empty meanwhile.
void frame_cache::open(slab& one) noexcept {
    slab*& first = open_[one.slot];
    one.is_open = true;
    one.previous = first;
    one.next = first == nullptr ? nullptr : first->next;
    if (one.next != nullptr) one.next->previous = &one;
    (first == nullptr ? first : first->next) = &one;
}

void frame_cache::shut(slab& one) noexcept {
    unlink(open_[one.slot], one);
    one.is_open = false;
    one.next = full_;
    if (full_ != nullptr) full_->previous = &one;
    full_ = &one;
}

void frame_cache::unlink(slab*& first, slab& one) noexcept {
    (one.previous == nullptr ? first : one.previous->next) = one.next;
    if (one.next != nullptr) one.next->previous = one.previous;
    one.next = one.previous = nullptr;
}

// Slabs without blocks go back. What still lies in others belongs to objects that outlive the thread, and whoever
// destroys them must not look for this cache.
void frame_cache::end() noexcept {
    const auto leave = [this](slab*& first) {
        while (first != nullptr) {
            slab& one = *first;
            unlink(first, one);
            one.owner = nullptr;
            if (one.used == 0) store_->give_back(reinterpret_cast<std::byte*>(&one));
        }
    };
    for (slab*& first : open_)
        leave(first);
    leave(full_);
}

}  // namespace spillway::net
