#include "proxy/flow/client_request.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

namespace spillway::flow {

std::span<char> request_buffer::reserve(std::size_t octets) {
    if (octets > capacity_ || !octets_) {
        // Twice as much at least, so that a body of unknown length is copied a few times only.
        const std::size_t wanted = std::max(octets, capacity_ * 2);
        std::unique_ptr<char[]> larger{new char[wanted + adapters::padding]};
        if (size_ > 0) std::memcpy(larger.get(), octets_.get(), size_);
        octets_ = std::move(larger);
        capacity_ = wanted;
        std::memset(octets_.get() + capacity_, 0, adapters::padding);
    }
    return room();
}

void request_buffer::append(std::string_view octets) {
    const std::span<char> room = reserve(size_ + octets.size());
    if (!octets.empty()) std::memcpy(room.data(), octets.data(), octets.size());
    size_ += octets.size();
}

void request_buffer::take_octets(request_buffer&& other) noexcept {
    octets_ = std::move(other.octets_);
    size_ = std::exchange(other.size_, 0);
    capacity_ = std::exchange(other.capacity_, 0);
    promised = std::move(other.promised);
    other.promised.release();
}

void request_buffer::release() noexcept {
    octets_.reset();
    promised.release();
    size_ = capacity_ = 0;
    // Most requests have neither; a stream of minutes keeps neither's memory.
    if (!forwarded.empty()) forwarded = std::string{};
    if (!attribution.empty()) attribution = std::string{};
    if (!betas.empty()) betas = std::string{};
}

}  // namespace spillway::flow
