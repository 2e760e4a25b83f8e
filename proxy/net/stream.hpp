// One octet stream, plain or TLS, behind one concrete type. Belongs to one worker's thread.
//
// try_read and try_write make at most one useful system call and never wait; read and write wait through the
// activity. Data that a write could not place at once is copied and finished by `write` itself, so pieces
// only need to live until it returns.
#pragma once

#include "proxy/base/failure.hpp"
#include "proxy/net/descriptor.hpp"
#include "proxy/net/task.hpp"

#include <memory>
#include <span>
#include <string_view>

namespace spillway::net {

class tls_session;

// Why a step failed: an errno, or an end that should not have been.
enum class io_cause : std::int32_t { none = 0, end_of_stream = -1 };
boost::system::error_code to_error(io_cause why) noexcept;

// What a non-blocking step came to. Two words, so that it travels in registers: there are three a streamed event.
struct io_step {
    enum class state : std::uint8_t { moved, wants_read, wants_write, closed, failed };

    constexpr io_step(state what_, std::size_t octets_ = 0, io_cause why_ = io_cause::none) noexcept
        : what{what_}
        , why{why_}
        , octets{octets_} {}

    boost::system::error_code cause() const noexcept { return to_error(why); }

    state what;
    io_cause why;
    std::size_t octets;
};

using pieces = std::span<const std::string_view>;

enum class presence : std::uint8_t {
    silent,
    talking,      // octets are waiting
    half_closed,  // it sends no more; whether it still listens only a write can tell
    gone,
};

class stream {
public:
    stream() noexcept;
    stream(descriptor socket, side where) noexcept;
    stream(stream&&) noexcept;
    stream& operator=(stream&&) noexcept;
    ~stream();

    bool is_open() const noexcept { return static_cast<bool>(socket_); }
    int native() const noexcept { return socket_.native(); }
    descriptor& socket() noexcept { return socket_; }
    bool is_secure() const noexcept { return tls_ != nullptr; }

    // From here on octets travel inside TLS. Completes the handshake.
    task<result<>> secure(std::unique_ptr<tls_session> tls, activity& self);
    const tls_session* tls() const noexcept { return tls_.get(); }

    io_step try_read(std::span<char> into);
    io_step try_write(pieces what);

    // The next try_read asks the kernel, whatever is known of events: it may know of octets first.
    void expect_octets() noexcept { socket_.reading().expect(); }

    // At least one octet; 0 means the other end closed in good order.
    task<result<std::size_t>> read(std::span<char> into, activity& self);
    // Every octet of every piece.
    task<result<>> write(pieces what, activity& self);

    // Waits until try_read (or, in TLS, whatever it asked for) may make progress.
    activity::awaiter readable(activity& self) { return when(socket_.reading(), self); }
    activity::awaiter writable(activity& self) { return when(socket_.writing(), self); }

    // What a step that moved nothing waits for.
    activity::awaiter ready_for(const io_step& step, activity& self) {
        return step.what == io_step::state::wants_write ? writable(self) : readable(self);
    }

    // Looks at the other end without taking anything. `silent` also says that the next event will be news.
    presence look();

    void close() noexcept;
    // Makes the other end see a broken connection instead of an end.
    void abort() noexcept;

    // A wait that did not end with wake::ready, as a failure of this stream's side.
    failure broken(wake why, fault on_timeout) const noexcept;

private:
    static activity::awaiter when(descriptor::direction& way, activity& self) {
        way.arm();
        return self.wait_for(way);
    }
    io_step plain_read(std::span<char> into);
    io_step plain_write(pieces what);
    io_step tls_write(pieces what);
    void exhausted(const io_step& step) noexcept;
    task<result<>> finish_write(pieces what, std::size_t written, activity& self);
    failure failed(const io_step& step) const noexcept;

    descriptor socket_;
    std::unique_ptr<tls_session> tls_;
    side where_ = side::internal;
};

// Options every TCP socket of ours has: no delay, and the count of octets left behind each read.
void prepare_socket(int socket) noexcept;

}  // namespace spillway::net
