#include "proxy/net/connect_race.hpp"

#include "proxy/net/stream.hpp"

#include <cerrno>
#include <system_error>

#include <sys/socket.h>

namespace spillway::net {

namespace {

// Says nothing about the address.
bool is_ours(int error) noexcept {
    return error == EMFILE || error == ENFILE || error == ENOMEM || error == ENOBUFS ||
           error == ENOSPC || error == EADDRNOTAVAIL;
}

}  // namespace

class connect_race::attempt final : private descriptor::direction::observer {
public:
    attempt(connect_race& race, const address& to) noexcept : race_{race}, to_{to} {}

    // 0, or the errno of what failed at once.
    int begin() {
        const int kind = SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC;
        const int socket = ::socket(to_.data()->sa_family, kind, 0);
        if (socket < 0) return errno;
        prepare_socket(socket);
        try {
            socket_ = descriptor{race_.loop_, socket};
        } catch (const std::system_error& full) {
            return full.code().value();
        }
        if (::connect(socket, to_.data(), to_.size()) != 0 && errno != EINPROGRESS) {
            const int error = errno;
            socket_.close();
            return error;
        }
        socket_.writing().observe(this);
        watch();
        return 0;
    }

    void watch() {
        socket_.writing().exhausted();
        socket_.writing().arm();
    }

    // EINPROGRESS while the kernel is still at it: events may be early.
    int state() const noexcept {
        int error = 0;
        socklen_t size = sizeof error;
        if (getsockopt(socket_.native(), SOL_SOCKET, SO_ERROR, &error, &size) != 0) return errno;
        if (error != 0) return error;
        sockaddr_storage there;
        size = sizeof there;
        if (getpeername(socket_.native(), reinterpret_cast<sockaddr*>(&there), &size) == 0)
            return 0;
        return errno == ENOTCONN ? EINPROGRESS : errno;
    }

    descriptor take() {
        socket_.writing().observe(nullptr);
        return std::move(socket_);
    }
    void close() noexcept { socket_.close(); }
    const address& to() const noexcept { return to_; }

    outcome so_far = outcome::under_way;

private:
    void became_ready() override { race_.judge(*this); }

    connect_race& race_;
    const address& to_;
    descriptor socket_;
};

connect_race::connect_race(
    loop& on, timer_wheel& wheel, const address_list& order, base::duration head_start
)
    : loop_{on}
    , wheel_{wheel}
    , order_{order}
    , head_start_{head_start} {
    attempts_.reserve(order.size());
}

connect_race::~connect_race() = default;

void connect_race::start() {
    start_next();
}

// Goes on to the first address that does not fail at once.
void connect_race::start_next() {
    while (attempts_.size() < order_.size()) {
        attempt& one =
            *attempts_.emplace_back(std::make_unique<attempt>(*this, order_[attempts_.size()]));
        const int error = one.begin();
        if (error == 0) {
            ++running_;
            break;
        }
        one.so_far = is_ours(error) ? outcome::not_tried : outcome::failed;
        last_error_ = error;
    }
    const bool more = attempts_.size() < order_.size();
    wheel_.set(*this, more ? wheel_.now() + head_start_ : base::never);
}

void connect_race::expired() {
    // Whoever was given a head start and did not use it is slow.
    attempts_.back()->so_far = outcome::overtaken;
    start_next();
}

void connect_race::judge(attempt& one) {
    if (winner_ != nullptr) return;
    const int error = one.state();
    if (error == EINPROGRESS) return one.watch();
    if (error != 0) return attempt_failed(one, error);
    one.so_far = outcome::connected;
    winner_ = &one;
    wheel_.set(*this, base::never);
    wake_waiter();
}

void connect_race::attempt_failed(attempt& one, int error) {
    one.so_far = outcome::failed;
    one.close();
    last_error_ = error;
    --running_;
    start_next();
    if (running_ == 0) wake_waiter();
}

void connect_race::give_up() noexcept {
    for (const auto& one : attempts_) {
        if (one->so_far == outcome::under_way) one->so_far = outcome::overtaken;
    }
}

descriptor connect_race::take_winner() {
    return winner_ == nullptr ? descriptor{} : winner_->take();
}

connect_race::outcome connect_race::outcome_of(const address& at) const noexcept {
    for (const auto& one : attempts_) {
        if (one->to() == at) return one->so_far;
    }
    return outcome::not_tried;
}

}  // namespace spillway::net
