// Collects one request after the other from a connection. Owned by it; one thread. The head and the body are
// views into its buffers and live until drop() or the next read.
#pragma once

#include "bench/sim/http_request.hpp"
#include "bench/sim/transport.hpp"

#include <string>
#include <string_view>

namespace spillway::bench::sim {

class request_reader {
public:
    explicit request_reader(transport& stream) : transport_(stream) {}

    // False: closed, broken, or nothing that a simulator has to understand.
    task<bool> read_head();

    // REQUIRES: read_head() was true.
    task<bool> read_body();

    // Whatever comes first, for those who will not understand it anyway.
    task<bool> read_anything();

    // Forgets the request and keeps what came behind it.
    void drop() { input_.erase(0, size_); }

    const http_head& head() const { return head_; }
    std::string_view body() const { return body_; }
    std::size_t size() const { return size_; }

private:
    task<bool> read_more(std::size_t wanted);
    task<bool> read_chunked_body();

    transport& transport_;
    std::string input_;
    std::string decoded_;
    std::string_view body_;  // into input_ or decoded_
    std::size_t size_ = 0;   // of the whole request as received
    http_head head_;
};

}  // namespace spillway::bench::sim
