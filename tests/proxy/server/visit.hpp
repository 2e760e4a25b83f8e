// One client connection served by a session over a socket pair, with everything a worker lends to it. No upstream
// is ever asked: this is what a session does by itself, and requests for models that nobody serves.
#pragma once

#include "proxy/server/session.hpp"
#include "tests/proxy/flow/plans.hpp"
#include "tests/support/loop_runner.hpp"
#include "tests/support/sockets.hpp"

#include <memory>
#include <string>
#include <vector>

#include <sys/socket.h>

namespace spillway::tests {

class visit {
public:
    explicit visit(std::size_t memory_cap = 0) : memory{memory_cap, 0}, plans_{1, make_plan()} {}
    visit(const visit&) = delete;
    visit& operator=(const visit&) = delete;
    // The session ends before the things it borrows.
    ~visit() {
        if (one_ != nullptr) one_->cut();
        other.close();
        runner.until([this] { return one_ == nullptr; });
    }

    // Serves a new connection. Limits are set before the first octet is read.
    void begin(const server::session_limits& limits = {}) {
        socket_pair pair = unix_pair();
        other = std::move(pair.theirs);
        runner.start(serve(
            net::stream{net::descriptor{runner.loop(), pair.ours.take()}, side::client}, limits
        ));
        runner.settle();
    }
    void say(std::string_view octets) { other.write(octets); }
    // Runs until the client has got `text`, or the connection is over.
    void until(std::string_view text) {
        runner.until([&] {
            take();
            return got.contains(text) || is_over();
        });
    }
    void until_over() {
        runner.until([&] {
            take();
            return is_over();
        });
        take();
    }
    bool is_over() const noexcept { return one_ == nullptr; }
    server::session& session() { return *one_; }
    // The status of every answer so far, interim ones included.
    std::string statuses() const {
        std::string all;
        for (std::size_t at = got.find("HTTP/1.1 "); at != std::string::npos;
             at = got.find("HTTP/1.1 ", at + 1))
            all += (all.empty() ? "" : " ") + got.substr(at + 9, 3);
        return all;
    }

    loop_runner runner;
    raw_socket other;
    std::string got;
    base::memory_gate memory;
    std::atomic<server::phase> life{server::phase::serving};
    observe::counters count;

private:
    std::shared_ptr<const flow::deployment> make_plan() {
        world_.add_key("alpha", "sk-alpha");
        auto made = std::make_shared<flow::deployment>(world_.plan());
        made->body_limit = 1 << 20;
        made->head_limit = 32 << 10;
        made->models = {"{\"openai\":1}", "{\"openrouter\":1}"};
        return made;
    }
    net::task<> serve(net::stream client, server::session_limits limits) {
        server::session one{context_, std::move(client)};
        one.limits = limits;
        one_ = &one;
        co_await one.run(nullptr);
        one_ = nullptr;
    }
    void take() {
        char room[65536];
        for (;;) {
            const ssize_t size = ::recv(other.number(), room, sizeof room, MSG_DONTWAIT);
            if (size <= 0) return;
            got.append(room, static_cast<std::size_t>(size));
        }
    }

    world world_;
    routing::snapshot_publisher<flow::deployment> plans_;
    std::vector<char> scratch_ = std::vector<char>(64 * 1024);
    wire::request_head request_head_;
    wire::response_head answer_head_;
    adapters::piece_list pieces_;
    base::random_source random_{1};
    base::http_date date_;
    routing::retry_budget retries_;
    net::lookup_pool lookups_;
    upstream::pool pool_{runner.wheel(), upstream::pool_limits{}};
    upstream::dialer dialer_{runner.loop(), runner.wheel(), lookups_, 1};
    flow::surroundings hall_{
        runner.loop(),
        0,
        runner.wheel(),
        scratch_,
        answer_head_,
        pieces_,
        pool_,
        dialer_,
        retries_,
        count,
        nullptr,
        random_,
        date_};
    server::session_context context_{hall_, plans_.reader(0), request_head_, memory, life};
    server::session* one_ = nullptr;
};

}  // namespace spillway::tests
