#include "proxy/flow/client_request.hpp"

#include "proxy/net/frame_cache.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

namespace spillway::flow {

namespace {

// Small bodies come in few sizes, so that they share slabs.
constexpr std::size_t rounded(std::size_t octets) noexcept {
    constexpr std::size_t small = 8 * 1024;
    constexpr std::size_t grain = 512;
    return octets < small ? (octets + grain - 1) / grain * grain : octets;
}

}  // namespace

request_buffer::request_buffer(request_buffer&& other) noexcept
    : forwarded{std::move(other.forwarded)}
    , attribution{std::move(other.attribution)}
    , betas{std::move(other.betas)}
    , promised{std::move(other.promised)}
    , octets_{std::exchange(other.octets_, nullptr)}
    , size_{std::exchange(other.size_, 0)}
    , capacity_{std::exchange(other.capacity_, 0)} {}

std::span<char> request_buffer::reserve(std::size_t octets) {
    if (octets > capacity_ || octets_ == nullptr) {
        // Twice as much at least, so that a body of unknown length is copied a few times only.
        const std::size_t taken = rounded(std::max(octets, capacity_ * 2) + adapters::padding);
        auto* const larger = static_cast<char*>(net::frame_cache::take(taken));
        if (size_ > 0) std::memcpy(larger, octets_, size_);
        give_back();
        octets_ = larger;
        capacity_ = taken - adapters::padding;
        std::memset(octets_ + octets, 0, adapters::padding);
    }
    return room();
}

void request_buffer::give_back() noexcept {
    if (octets_ != nullptr) net::frame_cache::give_back(octets_, capacity_ + adapters::padding);
}

void request_buffer::append(std::string_view octets) {
    const std::span<char> room = reserve(size_ + octets.size());
    if (!octets.empty()) std::memcpy(room.data(), octets.data(), octets.size());
    size_ += octets.size();
}

void request_buffer::take_octets(request_buffer&& other) noexcept {
    give_back();
    octets_ = std::exchange(other.octets_, nullptr);
    size_ = std::exchange(other.size_, 0);
    capacity_ = std::exchange(other.capacity_, 0);
    promised = std::move(other.promised);
    other.promised.release();
}

}  // namespace spillway::flow
