#include "proxy/server/worker.hpp"

#include "proxy/net/housekeeper.hpp"
#include "proxy/net/spawn.hpp"

#include <cstdio>
#include <exception>

namespace spillway::server {

namespace {

// A request that throws ends its own connection and nothing else (R-P10). Out of memory is the case in mind.
void report(std::exception_ptr error) noexcept {
    try {
        std::rethrow_exception(error);
    } catch (const std::exception& what) {
        std::fprintf(
            stderr, "spillway: a connection ended with an internal error: %s\n", what.what()
        );
    } catch (...) {
        std::fprintf(stderr, "spillway: a connection ended with an unknown internal error\n");
    }
}

}  // namespace

worker::worker(
    std::size_t number, shared_state& shared, net::lookup_pool& lookups, std::uint64_t seed
)
    : wheel_{loop_}
    , shared_{shared}
    , scratch_{new char[scratch_octets]}
    , random_{seed + number}
    , pool_{wheel_, upstream::pool_limits{}}
    , dialer_{loop_, wheel_, lookups, random_()}
    , hall_{loop_, number, wheel_, {scratch_.get(), scratch_octets}, answer_head_, pieces_, pool_, dialer_, shared.retries, count_, nullptr, random_, date_}
    , grace_{wheel_}
    , pause_{wheel_} {}

worker::~worker() = default;

void worker::listen(std::unique_ptr<net::listener> on) {
    doors_.push_back({std::move(on), std::make_unique<net::activity>(wheel_)});
}

void worker::run() {
    context_ = std::make_unique<session_context>(
        hall_, *plans_, request_head_, shared_.memory, shared_.life
    );
    const net::housekeeper tidies{wheel_};
    open_doors_ = doors_.size();
    for (door& one : doors_)
        net::spawn(run_listener(*one.on, *one.accepting), report);
    loop_.run();
}

net::task<> worker::run_listener(net::listener& on, net::activity& accepting) {
    net::listener::accepted take = [this](int socket, const net::address&) {
        accept(socket);
    };
    co_await on.run(std::move(take), accepting);
    --open_doors_;
    stop_when_done();
}

void worker::accept(int socket) {
    count_.add(observe::counter::connections_accepted);
    if (shared_.connections.fetch_add(1, std::memory_order_relaxed) >= shared_.most_connections) {
        shared_.connections.fetch_sub(1, std::memory_order_relaxed);
        count_.add(observe::counter::connections_refused);
        net::descriptor{loop_, socket}.abort();
        return;
    }
    net::spawn(serve(socket), report);
}

net::task<> worker::serve(int socket) {
    // Counted in and out whatever happens in between.
    struct presence {
        presence(worker& home_, session& who_) : home{home_}, who{who_} {
            home.sessions_.insert(&who);
            home.session_count_.store(home.sessions_.size(), std::memory_order_relaxed);
        }
        presence(const presence&) = delete;
        presence& operator=(const presence&) = delete;
        ~presence() {
            home.sessions_.erase(&who);
            home.session_count_.store(home.sessions_.size(), std::memory_order_relaxed);
            home.shared_.connections.fetch_sub(1, std::memory_order_relaxed);
            home.count_.add(observe::counter::connections_closed);
            home.stop_when_done();
        }
        worker& home;
        session& who;
    };
    session one{*context_, net::stream{net::descriptor{loop_, socket}, side::client}};
    const presence here{*this, one};
    std::unique_ptr<net::tls_session> tls = tls_ ? tls_->accept() : nullptr;
    co_await one.run(std::move(tls));
}

void worker::drain(std::chrono::milliseconds idle_grace) {
    loop_.send([this, idle_grace] {
        for (door& one : doors_)
            one.accepting->interrupt(net::wake::draining);
        net::spawn(drain_after(idle_grace), report);
    });
}

// Connections that wait for a request get the chance to send one and to be told that it was the last: closing
// them at once would meet requests already on their way.
net::task<> worker::drain_after(std::chrono::milliseconds grace) {
    (void)co_await pause_.for_a(grace, grace_);
    const std::vector<session*> all{sessions_.begin(), sessions_.end()};
    for (session* one : all) {
        if (sessions_.contains(one)) one->drain();
    }
    stop_when_done();
}

void worker::cut_sessions() {
    loop_.send([this] {
        const std::vector<session*> all{sessions_.begin(), sessions_.end()};
        for (session* one : all) {
            if (sessions_.contains(one)) one->cut();
        }
    });
}

void worker::replace_tls(std::unique_ptr<net::tls_server> tls) {
    loop_.send([this, fresh = std::move(tls)]() mutable { tls_ = std::move(fresh); });
}

void worker::stop_when_done() {
    if (shared_.life.load(std::memory_order_relaxed) != phase::draining) return;
    if (open_doors_ != 0 || !sessions_.empty()) return;
    pool_.clear();
    loop_.stop();
}

}  // namespace spillway::server
