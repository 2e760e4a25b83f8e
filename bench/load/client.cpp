#include "bench/load/client.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/write.hpp>

#include <algorithm>
#include <string_view>

namespace spillway::bench::load {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t buffer_size = 16 * 1024;

std::uint64_t nanoseconds_of(time_point when) {
    return static_cast<std::uint64_t>(when.time_since_epoch().count());
}

}  // namespace

client::client(plan& shared, tally& counts, asio::io_context& lane, std::size_t index)
    : shared_(shared)
    , counts_(counts)
    , socket_(lane.get_executor())
    , timer_(lane.get_executor())
    , reader_(*this)
    , buffer_(std::make_unique_for_overwrite<char[]>(buffer_size))
    , index_(index) {}

task<void> client::run() {
    timer_.expires_at(shared_.start + shared_.stagger * static_cast<std::int64_t>(index_));
    co_await timer_.async_wait(token);
    while (!shared_.stopping.load(std::memory_order_relaxed)) {
        if (!shared_.take_request()) break;
        failed_ = false;
        const bool ready = connected_ || co_await connect();
        if (ready) {
            const auto due = co_await wait_for_turn();
            connected_ = co_await exchange(due);
        }
        if (!connected_) {
            boost::system::error_code ignored;
            socket_.close(ignored);
        }
        if (failed_) {  // a target that refuses must not be hammered
            timer_.expires_after(10ms);
            co_await timer_.async_wait(token);
        }
    }
}

task<bool> client::connect() {
    auto [error] = co_await socket_.async_connect(shared_.target, token);
    if (error) co_return fail("connect");
    boost::system::error_code ignored;
    socket_.set_option(tcp::no_delay{true}, ignored);
    socket_.non_blocking(true, ignored);
    connected_ = true;
    co_return true;
}

// In an open loop turns are fixed beforehand: connection i sends at start + (i + k * connections) / rate. A
// late turn is sent at once and its latency counts from the schedule.
task<time_point> client::wait_for_turn() {
    if (shared_.interval == 0ns) co_return clock::now();
    const auto offset = shared_.interval * static_cast<std::int64_t>(index_) /
                        static_cast<std::int64_t>(shared_.connections);
    const auto due = shared_.start + offset + shared_.interval * static_cast<std::int64_t>(turn_++);
    if (due > clock::now()) {
        timer_.expires_at(due);
        co_await timer_.async_wait(token);
    }
    co_return due;
}

task<bool> client::send() {
    boost::system::error_code error;
    const auto bytes = asio::buffer(shared_.request);
    const auto taken = socket_.write_some(bytes, error);
    if (error && error != asio::error::would_block) co_return false;
    if (taken == bytes.size()) co_return true;
    auto [failed, count] = co_await asio::async_write(socket_, bytes + taken, token);
    co_return !failed;
}

// True when the connection can be used again.
task<bool> client::exchange(time_point due) {
    const auto sent = clock::now();
    reader_.start();
    first_at_ = 0;
    const bool written = co_await send();
    if (!written) co_return fail("send");
    for (;;) {
        const auto into = asio::buffer(buffer_.get(), buffer_size);
        auto [error, count] = co_await socket_.async_read_some(into, token);
        if (error) {
            if (shared_.stopping.load(std::memory_order_relaxed)) co_return false;
            co_return fail(reader_.has_begun() ? "cut" : "closed before an answer");
        }
        const auto now = nanoseconds_of(clock::now());
        if (first_at_ == 0 && shared_.what == kind::whole) first_at_ = now;
        const auto progress = reader_.feed({buffer_.get(), count}, now);
        if (progress == response_reader::progress::broken) co_return fail("broken framing");
        if (progress == response_reader::progress::complete) break;
    }
    if (reader_.status() != 200) co_return fail("status");
    if (shared_.what != kind::whole && !reader_.saw_done()) co_return fail("no [DONE]");
    settle(due, sent);
    co_return reader_.keeps_connection();
}

void client::on_event(std::uint64_t stamp, std::uint64_t now) {
    if (first_at_ == 0) first_at_ = now;
    if (!counted_open_) {
        counted_open_ = true;
        shared_.open_streams.fetch_add(1, std::memory_order_relaxed);
    }
    if (!is_measuring()) return;
    ++counts_.events;
    counts_.relay.record(std::chrono::nanoseconds{static_cast<std::int64_t>(now - stamp)});
}

void client::settle(time_point due, time_point sent) {
    if (!is_measuring()) return;
    ++counts_.requests;
    counts_.latency.record(clock::now() - due);
    const auto first = static_cast<std::int64_t>(first_at_ - nanoseconds_of(sent));
    if (first_at_ != 0) counts_.first.record(std::chrono::nanoseconds{first});
}

bool client::fail(const char* reason) {
    connected_ = false;
    failed_ = true;
    ++counts_.errors;
    ++counts_.reasons[reason];
    return false;
}

}  // namespace spillway::bench::load
