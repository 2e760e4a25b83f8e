#include "proxy/net/mailbox.hpp"

#include <boost/asio/detail/reactor.hpp>

#include <cerrno>
#include <cstdint>
#include <system_error>
#include <utility>

#include <sys/eventfd.h>
#include <unistd.h>

namespace spillway::net {

namespace {

int make_bell() {
    const int made = ::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    if (made < 0) throw std::system_error{errno, std::generic_category(), "eventfd"};
    return made;
}

}  // namespace

mailbox::mailbox(loop& on) : bell_{on, make_bell()} {
    bell_.reading().observe(this);
    watch();
}

void mailbox::watch() {
    bell_.reading().exhausted();
    bell_.reading().arm();
}

// Rung once for all commands that wait: whoever finds the list empty rings.
void mailbox::send(loop::command what) {
    const std::lock_guard lock{mutex_};
    waiting_.push_back(std::move(what));
    if (waiting_.size() > 1) return;
    const std::uint64_t one = 1;
    // Fails only when the counter is full, and then the bell rings anyhow.
    (void)!::write(bell_.native(), &one, sizeof one);
}

void mailbox::became_ready() {
    std::uint64_t rung = 0;
    (void)!::read(bell_.native(), &rung, sizeof rung);
    // Before the commands: one of them may end the loop, and the next bell may ring while they run.
    watch();
    std::vector<loop::command> due;
    {
        const std::lock_guard lock{mutex_};
        due.swap(waiting_);
    }
    for (loop::command& one : due)
        one();
}

loop::loop() : io_context{BOOST_ASIO_CONCURRENCY_HINT_UNSAFE}, mail_{new mailbox{*this}} {
    // The scheduler runs the reactor from now on; Asio's own sockets and timers would ask for that.
    boost::asio::use_service<boost::asio::detail::reactor>(*this).init_task();
}

loop::~loop() = default;

void loop::send(command what) {
    mail_->send(std::move(what));
}

}  // namespace spillway::net
