#include "bench/sim/request_reader.hpp"

#include <boost/asio/buffer.hpp>

#include <algorithm>
#include <utility>

namespace spillway::bench::sim {
namespace {

constexpr std::size_t first_read = 4096;
constexpr std::size_t chunk_read = 16 * 1024;
constexpr std::size_t largest_body = 64 * 1024 * 1024;

}  // namespace

task<bool> request_reader::read_more(std::size_t wanted) {
    const auto have = input_.size();
    input_.resize(have + wanted);
    const auto count = co_await transport_.read_some(asio::buffer(input_.data() + have, wanted));
    input_.resize(have + count);
    co_return count > 0;
}

task<bool> request_reader::read_anything() {
    const bool any = co_await read_more(first_read);
    co_return any;
}

task<bool> request_reader::read_head() {
    auto state = input_.empty() ? head_state::need_more : parse_head(input_, head_);
    while (state == head_state::need_more) {
        // A buffer that has grown for a large body takes the next one in one read.
        const auto room = std::max(first_read, input_.capacity() - input_.size());
        const bool more = co_await read_more(room);
        if (!more) co_return false;
        state = parse_head(input_, head_);
    }
    body_ = {};
    size_ = head_.size;
    co_return state == head_state::complete&& head_.content_length <= largest_body;
}

task<bool> request_reader::read_body() {
    if (head_.is_chunked) {
        const bool complete = co_await read_chunked_body();
        co_return complete;
    }
    size_ = head_.size + head_.content_length;
    if (input_.size() < size_) {
        while (input_.size() < size_) {
            const bool more = co_await read_more(size_ - input_.size());
            if (!more) co_return false;
        }
        parse_head(input_, head_);  // the views moved with the buffer
    }
    body_ = std::string_view{input_}.substr(head_.size, head_.content_length);
    co_return true;
}

task<bool> request_reader::read_chunked_body() {
    for (;;) {
        auto parsed = dechunk(std::string_view{input_}.substr(head_.size));
        if (parsed.state == head_state::broken || input_.size() > largest_body) co_return false;
        if (parsed.state == head_state::complete) {
            decoded_ = std::move(parsed.body);
            body_ = decoded_;
            size_ = head_.size + parsed.encoded_size;
            parse_head(input_, head_);
            co_return true;
        }
        const bool more = co_await read_more(chunk_read);
        if (!more) co_return false;
    }
}

}  // namespace spillway::bench::sim
