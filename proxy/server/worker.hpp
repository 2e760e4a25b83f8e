// One core: its loop and everything that lives on it. Built and destroyed by the process, run by one thread;
// touched from elsewhere only through the functions that say so. Declared in order of need: the loop goes last.
#pragma once

#include "proxy/net/listener.hpp"
#include "proxy/net/tls_server.hpp"
#include "proxy/server/session.hpp"

#include <array>
#include <unordered_set>

namespace spillway::server {

// What all workers share; owned by the process, outlives them.
struct shared_state {
    base::memory_gate memory;
    routing::retry_budget retries;
    std::atomic<phase> life{phase::serving};
    std::atomic<std::uint32_t> connections{0};
    std::uint32_t most_connections = UINT32_MAX;
};

class worker {
public:
    worker(std::size_t number, shared_state& shared, net::lookup_pool& lookups, std::uint64_t seed);
    worker(const worker&) = delete;
    worker& operator=(const worker&) = delete;
    ~worker();

    net::loop& loop() noexcept { return loop_; }
    net::timer_wheel& wheel() noexcept { return wheel_; }
    observe::counters& count() noexcept { return count_; }

    // Before run(). TLS is served on every listener once a context is set.
    void listen(std::unique_ptr<net::listener> on);
    void set_plans(flow::deployment_reader& plans) noexcept { plans_ = &plans; }
    void set_log(observe::access_log::lane* lane) noexcept { hall_.log = lane; }
    void set_tls(std::unique_ptr<net::tls_server> tls) noexcept { tls_ = std::move(tls); }

    // The worker's thread: serves until stop() and the end of every session.
    void run();

    // From any thread: posted to the loop.
    void drain(std::chrono::milliseconds idle_grace);
    void cut_sessions();
    void replace_tls(std::unique_ptr<net::tls_server> tls);
    std::size_t sessions() const noexcept { return session_count_.load(std::memory_order_relaxed); }

private:
    static constexpr std::size_t scratch_octets = 64 * 1024;

    void start_listening();
    void accept(int socket);
    net::task<> serve(int socket);
    net::task<> run_listener(net::listener& on, net::activity& accepting);
    net::task<> drain_after(std::chrono::milliseconds grace);
    void stop_when_done();

    net::loop loop_;
    net::timer_wheel wheel_;
    shared_state& shared_;
    std::unique_ptr<char[]> scratch_;
    wire::request_head request_head_;
    wire::response_head answer_head_;
    adapters::piece_list pieces_;
    observe::counters count_;
    base::random_source random_;
    base::http_date date_;
    upstream::pool pool_;
    upstream::dialer dialer_;
    flow::surroundings hall_;
    flow::deployment_reader* plans_ = nullptr;
    std::unique_ptr<session_context> context_;
    std::unique_ptr<net::tls_server> tls_;
    struct door {
        std::unique_ptr<net::listener> on;
        std::unique_ptr<net::activity> accepting;
    };
    std::vector<door> doors_;
    std::unordered_set<session*> sessions_;
    std::atomic<std::size_t> session_count_{0};
    std::size_t open_doors_ = 0;
    net::activity grace_;
    net::pause pause_;
};

}  // namespace spillway::server
