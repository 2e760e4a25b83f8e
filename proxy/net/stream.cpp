#include "proxy/net/stream.hpp"

#include "proxy/net/tls_session.hpp"

#include <boost/asio/error.hpp>

#include <array>
#include <cerrno>
#include <cstring>
#include <string>

#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace spillway::net {

namespace {

using state = io_step::state;

io_cause last_error() noexcept {
    return io_cause{errno};
}

// Straight to the kernel: the C library's wrappers are cancellation points, which costs forty instructions a call
// in a process with threads, and nobody cancels ours.
ssize_t receive(int socket, msghdr& message) noexcept {
    return syscall(SYS_recvmsg, socket, &message, 0);
}
ssize_t transmit(int socket, const msghdr& message) noexcept {
    return syscall(SYS_sendmsg, socket, &message, MSG_NOSIGNAL);
}

bool would_block() noexcept {
    return errno == EAGAIN || errno == EWOULDBLOCK;
}

// The kernel's count of octets behind what was just read; it is not zero after an orderly end of the stream.
// That is what makes it safe to wait for the next edge without a failing read in between. Resets are not counted:
// `emptied` looks out for them.
bool took_everything(msghdr& message) noexcept {
    const cmsghdr* note = CMSG_FIRSTHDR(&message);
    if (note == nullptr || note->cmsg_level != SOL_TCP || note->cmsg_type != TCP_CM_INQ)
        return false;
    int left = 0;
    std::memcpy(&left, CMSG_DATA(note), sizeof left);
    return left == 0;
}

// What recv does not tell: it answers 0 for ever after an orderly end, also when a reset followed, and knows of
// neither as long as octets wait.
presence end_behind(int socket, presence otherwise) noexcept {
    pollfd asked{socket, POLLRDHUP, 0};
    if (poll(&asked, 1, 0) != 1) return otherwise;
    if ((asked.revents & (POLLERR | POLLHUP)) != 0) return presence::gone;
    return (asked.revents & POLLRDHUP) != 0 ? presence::half_closed : otherwise;
}

constexpr std::size_t max_pieces = 64;

}  // namespace

boost::system::error_code to_error(io_cause why) noexcept {
    if (why == io_cause::none) return {};
    if (why == io_cause::end_of_stream) return boost::asio::error::eof;
    return {static_cast<int>(why), boost::system::system_category()};
}

void prepare_socket(int socket) noexcept {
    const int on = 1;
    // Both fail harmlessly on Unix sockets.
    setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    setsockopt(socket, IPPROTO_TCP, TCP_INQ, &on, sizeof on);
}

stream::stream() noexcept = default;
stream::stream(stream&&) noexcept = default;
stream& stream::operator=(stream&&) noexcept = default;

stream::stream(descriptor socket, side where) noexcept
    : socket_{std::move(socket)}
    , where_{where} {}

stream::~stream() {
    close();
}

void stream::close() noexcept {
    if (tls_ && socket_) tls_->say_goodbye();
    tls_.reset();
    socket_.close();
}

void stream::abort() noexcept {
    tls_.reset();
    socket_.abort();
}

failure stream::failed(const io_step& step) const noexcept {
    if (step.what == state::closed) {
        return failure{fault::closed, where_, again::other_target, "connection closed"};
    }
    const std::string_view detail = tls_ ? tls_->reason() : "connection broken";
    return failure{fault::reset, where_, again::other_target, detail, step.cause()};
}

failure stream::broken(wake why, fault on_timeout) const noexcept {
    if (why == wake::timeout)
        return failure{on_timeout, where_, again::other_target, "time limit reached"};
    return failure{fault::cancelled, side::client, again::never, "given up"};
}

task<result<>> stream::secure(std::unique_ptr<tls_session> tls, activity& self) {
    tls_ = std::move(tls);
    tls_->bind(socket_.native());
    for (;;) {
        const io_step step = tls_->handshake();
        if (step.what == state::moved) co_return result<>{};
        if (step.what == state::closed || step.what == state::failed) {
            co_return failure{
                fault::tls, where_, again::other_target, tls_->reason(), step.cause()};
        }
        exhausted(step);
        const wake why = co_await ready_for(step, self);
        if (why != wake::ready) co_return broken(why, fault::timeout_tls);
    }
}

void stream::exhausted(const io_step& step) noexcept {
    if (step.what == state::wants_read) socket_.reading().exhausted();
    if (step.what == state::wants_write) socket_.writing().exhausted();
}

io_step stream::try_read(std::span<char> into) {
    if (tls_) {
        const io_step step = tls_->read(into);
        exhausted(step);
        return step;
    }
    if (!socket_.reading().is_ready()) return {state::wants_read};
    return plain_read(into);
}

io_step stream::plain_read(std::span<char> into) {
    iovec part{into.data(), into.size()};
    alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(int))> notes;
    msghdr message{};
    message.msg_iov = &part;
    message.msg_iovlen = 1;
    message.msg_control = notes.data();
    message.msg_controllen = notes.size();
    for (;;) {
        const ssize_t got = receive(socket_.native(), message);
        if (got > 0) {
            if (took_everything(message)) socket_.reading().emptied();
            return {state::moved, static_cast<std::size_t>(got)};
        }
        if (got == 0) return {state::closed};
        if (errno == EINTR) continue;
        if (!would_block()) return {state::failed, 0, last_error()};
        socket_.reading().exhausted();
        return {state::wants_read};
    }
}

io_step stream::try_write(pieces what) {
    return tls_ ? tls_write(what) : plain_write(what);
}

io_step stream::plain_write(pieces what) {
    std::array<iovec, max_pieces> parts;
    const std::size_t count = std::min(what.size(), max_pieces);
    for (std::size_t i = 0; i < count; ++i) {
        parts[i] = {const_cast<char*>(what[i].data()), what[i].size()};
    }
    msghdr message{};
    message.msg_iov = parts.data();
    message.msg_iovlen = count;
    for (;;) {
        const ssize_t sent = transmit(socket_.native(), message);
        if (sent >= 0) return {state::moved, static_cast<std::size_t>(sent)};
        if (errno == EINTR) continue;
        if (!would_block()) return {state::failed, 0, last_error()};
        socket_.writing().exhausted();
        return {state::wants_write};
    }
}

// Each SSL_write is a record and there is no gathering write: small pieces are joined up to one record. A
// retried write joins the same octets again, which is all OpenSSL asks for.
io_step stream::tls_write(pieces what) {
    constexpr std::size_t record = 16 * 1024;
    if (what.size() == 1 || what.front().size() >= record) return tls_->write(what.front());
    std::string joined;
    for (const std::string_view piece : what) {
        joined.append(piece.substr(0, record - joined.size()));
        if (joined.size() == record) break;
    }
    return tls_->write(joined);
}

task<result<std::size_t>> stream::read(std::span<char> into, activity& self) {
    for (;;) {
        const io_step step = try_read(into);
        if (step.what == state::moved) co_return step.octets;
        if (step.what == state::closed) co_return std::size_t{0};
        if (step.what == state::failed) co_return failed(step);
        const wake why = co_await ready_for(step, self);
        if (why != wake::ready) co_return broken(why, fault::timeout_idle);
    }
}

task<result<>> stream::write(pieces what, activity& self) {
    std::size_t total = 0;
    for (const std::string_view piece : what)
        total += piece.size();
    if (total == 0) co_return result<>{};
    const io_step step = try_write(what);
    if (step.what == state::moved && step.octets == total) co_return result<>{};
    if (step.what == state::closed || step.what == state::failed) co_return failed(step);
    co_return co_await finish_write(what, step.octets, self);
}

task<result<>> stream::finish_write(pieces what, std::size_t written, activity& self) {
    std::string rest;
    for (const std::string_view piece : what)
        rest.append(piece);
    std::string_view left = std::string_view{rest}.substr(written);
    while (!left.empty()) {
        const io_step step = try_write(pieces{&left, 1});
        if (step.what == state::moved) {
            left.remove_prefix(step.octets);
            continue;
        }
        if (step.what == state::closed || step.what == state::failed) co_return failed(step);
        exhausted(step);
        const wake why = co_await ready_for(step, self);
        if (why != wake::ready) co_return broken(why, fault::timeout_write);
    }
    co_return result<>{};
}

presence stream::look() {
    if (tls_) {
        const io_step step = tls_->peek();
        if (step.what == state::moved) return end_behind(socket_.native(), presence::talking);
        exhausted(step);
        const bool is_there = step.what == state::wants_read || step.what == state::wants_write;
        return is_there ? presence::silent : presence::gone;
    }
    char octet = 0;
    const ssize_t got = recv(socket_.native(), &octet, 1, MSG_PEEK | MSG_DONTWAIT);
    if (got > 0) return end_behind(socket_.native(), presence::talking);
    if (got < 0 && !would_block()) return presence::gone;
    socket_.reading().exhausted();
    if (got < 0) return presence::silent;
    return end_behind(socket_.native(), presence::half_closed);
}

}  // namespace spillway::net
