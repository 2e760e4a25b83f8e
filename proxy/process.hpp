// The running gateway: owns the workers and their threads, the published deployment, the log; answers signals.
// Lives on the main thread. SIGHUP reloads, SIGTERM and SIGINT drain, a second one cuts.
#pragma once

#include "proxy/deployment_builder.hpp"
#include "proxy/net/tls_server.hpp"
#include "proxy/observe/process_log.hpp"
#include "proxy/server/worker.hpp"

#include <boost/asio/signal_set.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <thread>
#include <vector>

namespace spillway {

class process {
public:
    // Parses the configuration anew, as at start; logs what is wrong. Nothing: keep the old one.
    using reparse = std::function<std::optional<options>()>;

    // Opens the listeners. Throws std::runtime_error with a sentence for the operator.
    process(
        options configuration,
        deployment_builder& builder,
        std::shared_ptr<const flow::deployment> first,
        observe::process_log& log,
        reparse again
    );
    process(const process&) = delete;
    process& operator=(const process&) = delete;
    ~process();

    // Serves until it has drained. The exit status.
    int run();

private:
    void open_listeners();
    void open_access_log();
    bool reopen_access_log(const settings::access_log& where);
    void wait_for_signal();
    void tidy_memory_later();
    void keep_credentials();
    void handle_signal(int number);
    void drain();
    void cut();
    void reload();
    std::unique_ptr<net::tls_server> make_tls(const options& from) const;

    options options_;
    deployment_builder& builder_;
    observe::process_log& log_;
    reparse reparse_;
    boost::asio::io_context main_{1};
    boost::asio::signal_set signals_{main_};
    boost::asio::steady_timer drain_limit_{main_};
    boost::asio::steady_timer tidy_{main_};
    net::lookup_pool lookups_;
    net::ticket_secret tickets_;
    server::shared_state shared_;
    routing::snapshot_publisher<flow::deployment> plans_;
    std::vector<std::unique_ptr<server::worker>> workers_;
    std::unique_ptr<observe::access_log> access_log_;
    std::vector<std::thread> threads_;
    std::size_t running_ = 0;
};

}  // namespace spillway
