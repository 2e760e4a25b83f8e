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

class readiness;

// The reactor's view of a direction: an operation that completes on the next event and does no I/O itself.
struct event_operation : asio_detail::reactor_op {
    explicit event_operation(readiness& owner_) noexcept
        : reactor_op{{}, &event_operation::perform_event, &event_operation::complete_event}
        , owner{owner_} {}

    static status perform_event(reactor_op* self) noexcept;
    static void complete_event(
        void* scheduler, asio_detail::operation* base, const boost::system::error_code&, std::size_t
    );

    readiness& owner;
};

class readiness final : public descriptor::direction {
public:
    explicit readiness(int kind) noexcept : kind_{kind}, operation_{*this} {}

    void arm() override;
    void completed();
    void note_events() noexcept;
    bool is_armed() const noexcept { return armed_; }

    asio_detail::reactor* reactor = nullptr;
    int socket = -1;
    asio_detail::reactor::per_descriptor_data* data = nullptr;
    void (*orphan_done)(void* node) = nullptr;  // set once the descriptor has gone
    void* node = nullptr;

private:
    int kind_;
    bool armed_ = false;
    bool starting_ = false;  // start_op asks the operation by itself: no event stands behind that
    event_operation operation_;
};

}  // namespace

struct descriptor::node {
    node(loop& on, int socket_)
        : reactor{boost::asio::use_service<asio_detail::reactor>(on)}
        , socket{socket_} {
        for (readiness* way : {&read, &write}) {
            way->reactor = &reactor;
            way->socket = socket;
            way->data = &data;
            way->node = this;
        }
    }

    static void let_go(void* self) noexcept;

    asio_detail::reactor& reactor;
    int socket;
    asio_detail::reactor::per_descriptor_data data{};
    readiness read{asio_detail::reactor::read_op};
    readiness write{asio_detail::reactor::write_op};
};

namespace {

void readiness::arm() {
    if (armed_ || ready_) return;
    armed_ = true;
    starting_ = true;
    reactor->start_op(kind_, socket, *data, &operation_, false, true);
    starting_ = false;
}

void readiness::completed() {
    armed_ = false;
    if (orphan_done != nullptr) return orphan_done(node);
    ready_ = true;
    if (has_waiter()) return wake_waiter();
    if (observer_ != nullptr) observer_->became_ready();
}

// The reactor keeps the events it was told last as the result of the descriptor's own operation, whose base is not
// open to others; hence the cast and the derived reader.
void readiness::note_events() noexcept {
    if (starting_) return;
    struct reader : asio_detail::operation {
        static unsigned result_of(const asio_detail::operation& of) {
            return of.*&reader::task_result_;
        }
    };
    const auto& told = (const asio_detail::operation&)**data;
    // Set anew by each event: a socket that is not connected yet is told of with EPOLLHUP, too.
    broken_ = (reader::result_of(told) & (EPOLLERR | EPOLLHUP)) != 0;
}

asio_detail::reactor_op::status event_operation::perform_event(reactor_op* self) noexcept {
    static_cast<event_operation*>(self)->owner.note_events();
    return done_and_exhausted;
}

void event_operation::complete_event(
    void* scheduler, asio_detail::operation* base, const boost::system::error_code&, std::size_t
) {
    readiness& owner = static_cast<event_operation*>(base)->owner;
    // Without a scheduler the loop is being destroyed: nothing may run any more, memory is still given back.
    if (scheduler == nullptr && owner.orphan_done == nullptr) return;
    owner.completed();
}

}  // namespace

void descriptor::node::let_go(void* self) noexcept {
    node* const me = static_cast<node*>(self);
    if (!me->read.is_armed() && !me->write.is_armed()) delete me;
}

descriptor::descriptor(loop& on, int socket) {
    SPILLWAY_CHECK(socket >= 0);
    const int flags = fcntl(socket, F_GETFL);
    if ((flags & O_NONBLOCK) == 0) fcntl(socket, F_SETFL, flags | O_NONBLOCK);
    node_ = new node{on, socket};
    if (const int error = node_->reactor.register_descriptor(socket, node_->data); error != 0) {
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
    me->read.orphan_done = me->write.orphan_done = &node::let_go;
    const bool owed = me->read.is_armed() || me->write.is_armed();
    // Armed operations complete, aborted, on a later turn of the loop; the last one deletes the node.
    me->reactor.deregister_descriptor(me->socket, me->data, true);
    ::close(me->socket);
    me->reactor.cleanup_descriptor_data(me->data);
    if (!owed) delete me;
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
