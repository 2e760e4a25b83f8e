// A vector of at most `Capacity` plain values inside the object itself: no allocation, no work for places that are
// not used (neither set up nor copied). For the few candidates of one request.
#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <new>
#include <span>
#include <type_traits>

namespace spillway::routing {

template <class T, std::size_t Capacity>
class inline_vector {
    static_assert(std::is_trivially_copyable_v<T> && std::is_trivially_destructible_v<T>);

public:
    inline_vector() noexcept {}  // NOLINT(modernize-use-equals-default): must not zero the storage
    inline_vector(const inline_vector& other) noexcept { *this = other; }
    inline_vector& operator=(const inline_vector& other) noexcept {
        if (this != &other) {
            std::uninitialized_copy_n(other.data(), other.count_, data());
            count_ = other.count_;
        }
        return *this;
    }

    std::size_t size() const noexcept { return count_; }
    bool is_full() const noexcept { return count_ == Capacity; }
    // REQUIRES: !is_full()
    T& push(const T& value) noexcept { return *std::construct_at(data() + count_++, value); }

    T& operator[](std::size_t i) noexcept { return data()[i]; }
    const T& operator[](std::size_t i) const noexcept { return data()[i]; }
    std::span<T> all() noexcept { return {data(), count_}; }
    std::span<const T> all() const noexcept { return {data(), count_}; }

private:
    T* data() noexcept { return std::launder(reinterpret_cast<T*>(storage_.data())); }
    const T* data() const noexcept {
        return std::launder(reinterpret_cast<const T*>(storage_.data()));
    }

    std::size_t count_ = 0;
    alignas(T) std::array<std::byte, Capacity * sizeof(T)> storage_;
};

}  // namespace spillway::routing
