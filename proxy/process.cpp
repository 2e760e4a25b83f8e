#include "proxy/process.hpp"

#include "proxy/net/address.hpp"

#include <boost/asio/post.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <stdexcept>

#include <fcntl.h>
#include <malloc.h>
#include <unistd.h>

namespace spillway {

namespace {

std::size_t resident_octets() {
    std::size_t pages = 0;
    if (std::FILE* file = std::fopen("/proc/self/statm", "r")) {
        std::size_t all = 0;
        if (std::fscanf(file, "%zu %zu", &all, &pages) != 2) pages = 0;
        std::fclose(file);
    }
    return pages * static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
}

net::listen_endpoint endpoint_of(const settings::listener& from) {
    if (const auto* tcp = std::get_if<settings::tcp_address>(&from)) {
        const std::optional<net::address> where = net::address::parse(tcp->host, tcp->port);
        if (!where) throw std::runtime_error{"--listen: '" + tcp->host + "' is not an address"};
        return *where;
    }
    if (const auto* local = std::get_if<settings::unix_path>(&from))
        return net::unix_endpoint{local->path};
    return net::inherited_endpoint{std::get<settings::inherited_descriptor>(from).number};
}

int open_log_file(const std::string& path) noexcept {
    return open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0640);
}

// The allocator's own way to return memory, whenever more than 128 KiB lie free at the end of its heap, costs every wave
// of requests with bodies of 20 KB two page faults a request; and a larger body would be mapped and unmapped by itself.
// Memory is returned by tidy_memory_later() instead.
void keep_freed_memory() {
    constexpr int own_mapping = 4 << 20;  // from here on an allocation is mapped by itself
    mallopt(M_TRIM_THRESHOLD, INT_MAX);
    mallopt(M_MMAP_THRESHOLD, own_mapping);
}

// Between the refusal of new connections and the end of idle ones.
constexpr std::chrono::milliseconds longest_grace{2000};

}  // namespace

process::process(
    options configuration,
    deployment_builder& builder,
    std::shared_ptr<const flow::deployment> first,
    observe::process_log& log,
    reparse again
)
    : options_{std::move(configuration)}
    , builder_{builder}
    , log_{log}
    , reparse_{std::move(again)}
    , shared_{
          base::memory_gate{options_.bounds.memory.value_or(0), resident_octets()},
          routing::retry_budget{options_.retry_budget_percent}}
    , plans_{worker_count(options_), std::move(first)} {
    keep_freed_memory();
    // Before anybody is told that we listen: a signal that follows must find us ready.
    for (const int number : {SIGTERM, SIGINT, SIGHUP})
        signals_.add(number);
    wait_for_signal();
    shared_.most_connections = options_.bounds.connections.value_or(UINT32_MAX);
    std::uint64_t seed = 0;
    net::fill_randomly({reinterpret_cast<std::uint8_t*>(&seed), sizeof seed});
    for (std::size_t i = 0; i < plans_.readers(); ++i) {
        workers_.push_back(std::make_unique<server::worker>(i, shared_, lookups_, seed));
        workers_.back()->set_plans(plans_.reader(i));
        if (options_.tls) workers_.back()->set_tls(make_tls(options_));
    }
    open_access_log();
    open_listeners();
}

process::~process() {
    builder_.keeper().stop();  // it calls into the workers' loops
}

std::unique_ptr<net::tls_server> process::make_tls(const options& from) const {
    const net::tls_server_files files{from.tls->certificate, from.tls->key, from.tls->client_ca};
    return std::make_unique<net::tls_server>(files, tickets_);
}

void process::open_listeners() {
    for (const settings::listener& where : options_.listeners) {
        const net::listener* first = nullptr;
        for (const std::unique_ptr<server::worker>& one : workers_) {
            auto made =
                first == nullptr
                    ? std::make_unique<net::listener>(one->loop(), one->wheel(), endpoint_of(where))
                    : std::make_unique<net::listener>(one->loop(), one->wheel(), *first);
            if (first == nullptr) {
                first = made.get();
                log_.info(
                    fmt::format("listening on {}{}", made->describe(), options_.tls ? " (TLS)" : "")
                );
            }
            one->listen(std::move(made));
        }
    }
}

void process::open_access_log() {
    int file = -1;
    switch (options_.access_log.where) {
    case settings::access_log::target::off: return;
    case settings::access_log::target::standard_output: file = STDOUT_FILENO; break;
    case settings::access_log::target::file:
        file = open_log_file(options_.access_log.path);
        if (file < 0) {
            throw std::runtime_error{fmt::format(
                "--access-log: {}: {}", options_.access_log.path, std::strerror(errno)
            )};
        }
        break;
    }
    std::vector<observe::counters*> lanes;
    for (const std::unique_ptr<server::worker>& one : workers_)
        lanes.push_back(&one->count());
    access_log_ = std::make_unique<observe::access_log>(file, lanes);
    for (std::size_t i = 0; i < workers_.size(); ++i)
        workers_[i]->set_log(&access_log_->of_worker(i));
}

// A file that was moved away is written anew; false when it cannot be opened. A log that is off, or on standard
// output, stays so until a restart.
bool process::reopen_access_log(const settings::access_log& where) {
    const auto to_file = settings::access_log::target::file;
    if (options_.access_log.where != to_file || where.where != to_file) return true;
    const int file = open_log_file(where.path);
    if (file < 0) {
        log_.error(fmt::format("--access-log: {}: {}", where.path, std::strerror(errno)));
        return false;
    }
    access_log_->replace_file(file);
    return true;
}

int process::run() {
    tidy_memory_later();
    keep_credentials();
    running_ = workers_.size();
    for (const std::unique_ptr<server::worker>& one : workers_) {
        threads_.emplace_back([this, &worker = *one] {
            worker.run();
            boost::asio::post(main_, [this] {
                if (--running_ == 0) main_.stop();
            });
        });
    }
    main_.run();
    for (std::thread& one : threads_)
        one.join();
    log_.info("stopped");
    return 0;
}

void process::keep_credentials() {
    auto tell = [this](credentials::news what, const std::string& text) {
        what == credentials::news::good ? log_.info(text) : log_.warn(text);
    };
    builder_.keeper().start(std::move(tell));
}

void process::wait_for_signal() {
    signals_.async_wait([this](const boost::system::error_code& error, int number) {
        if (error) return;
        handle_signal(number);
        wait_for_signal();
    });
}

// After a peak the allocator keeps what it got. It is asked to give it back when a good part lies idle; the
// question costs microseconds and comes from this thread, not from a request's.
void process::tidy_memory_later() {
    constexpr std::size_t worth_it = 1U << 20;
    tidy_.expires_after(std::chrono::seconds{2});
    tidy_.async_wait([this](const boost::system::error_code& error) {
        if (error) return;
        const auto heap = mallinfo2();
        if (heap.fordblks > worth_it && heap.fordblks > heap.uordblks / 4) malloc_trim(0);
        tidy_memory_later();
    });
}

void process::handle_signal(int number) {
    if (number == SIGHUP) return reload();
    if (shared_.life.load() == server::phase::draining) return cut();
    drain();
}

void process::drain() {
    std::size_t open = 0;
    for (const std::unique_ptr<server::worker>& one : workers_)
        open += one->sessions();
    log_.info(fmt::format(
        "draining: {} connections, at most {} ms; a second signal cuts them",
        open,
        options_.drain_timeout.count()
    ));
    shared_.life.store(server::phase::draining);
    const auto grace = std::min(longest_grace, options_.drain_timeout / 2);
    for (const std::unique_ptr<server::worker>& one : workers_)
        one->drain(grace);
    drain_limit_.expires_after(options_.drain_timeout);
    drain_limit_.async_wait([this](const boost::system::error_code& error) {
        if (!error) cut();
    });
}

void process::cut() {
    log_.info("cutting what is left");
    for (const std::unique_ptr<server::worker>& one : workers_)
        one->cut_sessions();
}

// All or nothing: a configuration with a fault leaves the old one serving.
void process::reload() {
    const std::optional<options> fresh = reparse_();
    if (!fresh) return log_.error("reload refused: the old configuration goes on");
    built_deployment built = builder_.build(*fresh);
    if (!built.value) {
        for (const std::string& one : built.complaints)
            log_.error(one);
        return log_.error("reload refused: the old configuration goes on");
    }
    std::vector<std::unique_ptr<net::tls_server>> tls;
    try {
        if (fresh->tls) {
            for (std::size_t i = 0; i < workers_.size(); ++i)
                tls.push_back(make_tls(*fresh));
        }
    } catch (const std::exception& error) {
        log_.error(error.what());
        return log_.error("reload refused: the old configuration goes on");
    }
    if (!reopen_access_log(fresh->access_log))
        return log_.error("reload refused: the old configuration goes on");
    if (fresh->listeners != options_.listeners || worker_count(*fresh) != workers_.size()) {
        log_.warn("listeners and workers change with a restart only");
    }
    for (std::size_t i = 0; i < tls.size(); ++i)
        workers_[i]->replace_tls(std::move(tls[i]));
    plans_.publish(std::move(built.value));
    options_.drain_timeout = fresh->drain_timeout;
    log_.info("reloaded");
}

}  // namespace spillway
