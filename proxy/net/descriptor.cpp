#include "proxy/net/descriptor.hpp"

#include "proxy/base/check.hpp"

#include <boost/asio/detail/reactor.hpp>
#include <boost/asio/detail/reactor_op.hpp>

#include <cerrno>
#include <system_error>

#include <fcntl.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace spillway::net {

namespace asio_detail = boost::asio::detail;

namespace {

// The reactor keeps the events it was told last as the result of the descriptor's own operation, whose base is not
// open to others; hence the cast and the derived reader.
bool tells_of_breakage(const asio_detail::reactor::per_descriptor_data& data) noexcept {
    struct reader : asio_detail::operation {
        static unsigned result_of(const asio_detail::operation& of) {
            return of.*&reader::task_result_;
        }
    };
    const auto& told = (const asio_detail::operation&)*data;
    return (reader::result_of(told) & (EPOLLERR | EPOLLHUP)) != 0;
}

}  // namespace

// Waits for writing are rare (a new connection, a slow reader), so their operation is made on demand. It does no
// I/O and completes with the next event.
struct descriptor::write_event final : asio_detail::reactor_op {
    explicit write_event(node& home_) noexcept
        : reactor_op{{}, &write_event::perform_event, &write_event::complete_event}
        , home{home_} {}

    static status perform_event(reactor_op* self) noexcept;
    static void complete_event(
        void* scheduler, asio_detail::operation* base, const boost::system::error_code&, std::size_t
    );

    node& home;
};

// The node itself is the reactor's operation for reading. It never completes while the socket is open: when it is
// asked to perform, an event has come, and whoever waits runs at once. That saves queueing it anew for every
// event, and the reactor touches nothing of ours behind it.
struct descriptor::node final : asio_detail::reactor_op {
    node(loop& on, int socket_)
        : reactor_op{{}, &node::perform_read, &node::complete_read}
        , reactor{boost::asio::use_service<asio_detail::reactor>(on)}
        , socket{socket_} {}

    int begin() {
        if (const int error = reactor.register_descriptor(socket, data); error != 0) return error;
        reactor.start_op(asio_detail::reactor::read_op, socket, data, this, false, true);
        is_read_watched = true;
        return 0;
    }

    void await_write_event() {
        writer = new write_event{*this};
        is_starting = true;
        reactor.start_op(asio_detail::reactor::write_op, socket, data, writer, false, true);
        is_starting = false;
        was_write_watched = true;
    }

    static status perform_read(reactor_op* self) {
        node* const me = static_cast<node*>(self);
        if (me->is_read_watched) me->read.told(tells_of_breakage(me->data));
        return not_done;
    }

    // The socket was closed, or the loop is being destroyed.
    static void complete_read(
        void* scheduler, asio_detail::operation* base, const boost::system::error_code&, std::size_t
    ) {
        node* const me = static_cast<node*>(base);
        if (scheduler == nullptr && !me->is_orphan) return;
        me->is_read_watched = false;
        me->let_go();
    }

    void write_completed() {
        delete std::exchange(writer, nullptr);
        if (is_orphan) return let_go();
        write.told(tells_of_breakage(data));
    }

    void let_go() noexcept {
        if (!is_read_watched && writer == nullptr) delete this;
    }

    asio_detail::reactor& reactor;
    asio_detail::reactor::per_descriptor_data data{};
    write_event* writer = nullptr;  // while armed
    direction read{nullptr};
    direction write{this};
    int socket;
    bool is_read_watched = false;
    bool was_write_watched = false;
    bool is_starting = false;
    bool is_orphan = false;  // the descriptor has gone
};

// The reactor asks a new operation at once when it cannot rule out that an event has come before. The first time it
// asks without need, since the kernel has not been asked for such events yet.
asio_detail::reactor_op::status descriptor::write_event::perform_event(reactor_op* self) noexcept {
    const node& home = static_cast<write_event*>(self)->home;
    return home.is_starting && !home.was_write_watched ? not_done : done_and_exhausted;
}

void descriptor::write_event::complete_event(
    void* scheduler, asio_detail::operation* base, const boost::system::error_code&, std::size_t
) {
    node& home = static_cast<write_event*>(base)->home;
    // Without a scheduler the loop is being destroyed: nothing may run any more, memory is still given back.
    if (scheduler == nullptr && !home.is_orphan) return;
    home.write_completed();
}

void descriptor::direction::ask_for_event() {
    node_->await_write_event();
}

void descriptor::direction::told(bool broken) {
    // Set anew by each event: a socket that is not connected yet is told of with EPOLLHUP, too.
    broken_ = broken;
    set_due(true);
    armed_ = false;
    if (has_waiter()) return wake_waiter();
    if (observer_ != nullptr) observer_->became_ready();
}

descriptor::descriptor(loop& on, int socket) {
    SPILLWAY_CHECK(socket >= 0);
    const int flags = fcntl(socket, F_GETFL);
    if ((flags & O_NONBLOCK) == 0) fcntl(socket, F_SETFL, flags | O_NONBLOCK);
    node_ = new node{on, socket};
    if (const int error = node_->begin(); error != 0) {
        ::close(socket);
        delete std::exchange(node_, nullptr);
        throw std::system_error{error, std::generic_category(), "epoll_ctl"};
    }
}

descriptor::descriptor(descriptor&& other) noexcept : node_{std::exchange(other.node_, nullptr)} {}

descriptor& descriptor::operator=(descriptor&& other) noexcept {
    if (this != &other) {
        close();
        node_ = std::exchange(other.node_, nullptr);
    }
    return *this;
}

descriptor::~descriptor() {
    close();
}

int descriptor::native() const noexcept {
    return node_ == nullptr ? -1 : node_->socket;
}

void descriptor::close() noexcept {
    node* const me = std::exchange(node_, nullptr);
    if (me == nullptr) return;
    me->is_orphan = true;
    // The reactor's operations complete, aborted, on a later turn of the loop; the last one deletes the node.
    me->reactor.deregister_descriptor(me->socket, me->data, true);
    ::close(me->socket);
    me->reactor.cleanup_descriptor_data(me->data);
}

void descriptor::abort() noexcept {
    if (node_ == nullptr) return;
    const linger at_once{1, 0};
    setsockopt(node_->socket, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    close();
}

descriptor::direction& descriptor::reading() noexcept {
    return node_->read;
}
descriptor::direction& descriptor::writing() noexcept {
    return node_->write;
}

}  // namespace spillway::net
