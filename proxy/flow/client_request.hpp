// One request as the session read it: operation, face and body, and of the head only what may matter later.
// Nothing of the client's head is ever copied to an upstream but the fields on the allow-list, spelled anew.
#pragma once

#include "adapters/json/padded.hpp"
#include "adapters/message.hpp"
#include "proxy/base/memory_gate.hpp"

#include <chrono>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace spillway::flow {

// Limits a client asked for (X-Spillway-Timeout-*); they can only lower the configured ones.
struct asked_limits {
    std::optional<std::chrono::milliseconds> connect;
    std::optional<std::chrono::milliseconds> tls;
    std::optional<std::chrono::milliseconds> first_octet;
    std::optional<std::chrono::milliseconds> idle;
    std::optional<std::chrono::milliseconds> total;
};

// The octets of a request: its body with the padding that JSON parsers want behind it, and the field lines to
// forward. Kept until no attempt can follow any more, then gone while the answer streams on; a usual body lies in the
// frame cache, so that it leaves no hole in the heap between what lives on with the streams.
class request_buffer {
public:
    request_buffer() = default;
    request_buffer(request_buffer&& other) noexcept;
    request_buffer& operator=(request_buffer&&) = delete;
    ~request_buffer() { give_back(); }

    // Room for `octets` of body and the padding; keeps what is there.
    std::span<char> reserve(std::size_t octets);
    // What is reserved and not used yet.
    std::span<char> room() noexcept { return {octets_ + size_, capacity_ - size_}; }
    void append(std::string_view octets);
    // The other's octets and their promise in place of these; the field lines stay.
    void take_octets(request_buffer&& other) noexcept;
    void grow_by(std::size_t octets) noexcept { size_ += octets; }
    std::size_t size() const noexcept { return size_; }
    std::size_t capacity() const noexcept { return capacity_; }
    adapters::padded_view view() const noexcept { return {octets_, size_}; }

    std::string forwarded;
    std::string attribution;
    std::string betas;
    base::memory_gate::share promised;  // by the process, for the octets held here

private:
    void give_back() noexcept;

    char* octets_ = nullptr;  // room for capacity_ and the padding
    std::size_t size_ = 0;
    std::size_t capacity_ = 0;
};

struct client_request {
    adapters::question asked;
    adapters::padded_view body;
    std::string_view forwarded;    // field lines any provider may see
    std::string_view attribution;  // field lines for providers that know OpenRouter's members
    std::string_view betas;        // field lines for providers that speak the client's dialect
    asked_limits limits;
};

}  // namespace spillway::flow
