#include "proxy/net/listener.hpp"
#include "tests/support/loop_runner.hpp"
#include "tests/support/sockets.hpp"

#include <boost/test/unit_test.hpp>

#include <filesystem>
#include <string>
#include <vector>

#include <fcntl.h>
#include <netinet/tcp.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

namespace {

using namespace spillway;
using tests::raw_socket;

const net::address any_port = net::address::loopback(net::address::family::v4, 0);

struct acceptor {
    tests::loop_runner runner;
    net::activity self{runner.wheel()};
    std::vector<raw_socket> sockets;
    std::vector<net::address> clients;
    bool ended = false;

    void start(net::listener& on) { runner.start(run(on)); }
    void stop() {
        self.interrupt(net::wake::draining);
        BOOST_TEST(ended);
    }

private:
    net::task<> run(net::listener& on) {
        net::listener::accepted take = [this](int socket, const net::address& client) {
            sockets.emplace_back(socket);
            clients.push_back(client);
        };
        co_await on.run(std::move(take), self);
        ended = true;
    }
};

// The sentence somebody gets who wants the endpoint too.
std::string complaint_about(acceptor& at, const net::listen_endpoint& where) {
    try {
        const net::listener second{at.runner.loop(), at.runner.wheel(), where};
    } catch (const std::runtime_error& why) {
        return why.what();
    }
    return "";
}

int option(int socket, int level, int name) {
    int value = -1;
    socklen_t size = sizeof value;
    getsockopt(socket, level, name, &value, &size);
    return value;
}

struct temporary_path {
    std::string text = "/tmp/spillway-listener-" + std::to_string(::getpid()) + ".sock";
    ~temporary_path() { ::unlink(text.c_str()); }
};

raw_socket connect_unix(const std::string& path) {
    raw_socket made{::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)};
    sockaddr_un at{};
    at.sun_family = AF_UNIX;
    path.copy(at.sun_path, sizeof at.sun_path - 1);
    BOOST_REQUIRE(::connect(made.number(), reinterpret_cast<sockaddr*>(&at), sizeof at) == 0);
    return made;
}

// Lowers the limit of open files to what is open now.
class full_descriptor_table {
public:
    full_descriptor_table() {
        getrlimit(RLIMIT_NOFILE, &before_);
        const raw_socket next{::dup(0)};
        const rlimit full{static_cast<rlim_t>(next.number()), before_.rlim_max};
        setrlimit(RLIMIT_NOFILE, &full);
    }
    ~full_descriptor_table() { setrlimit(RLIMIT_NOFILE, &before_); }

private:
    rlimit before_{};
};

}  // namespace

BOOST_AUTO_TEST_SUITE(listener)

BOOST_AUTO_TEST_CASE(finds_a_free_port_and_accepts_prepared_sockets) {
    acceptor at;
    net::listener one{at.runner.loop(), at.runner.wheel(), any_port};
    BOOST_TEST(one.actual_address().port() != 0);
    at.start(one);
    const raw_socket client = tests::connect_to(one.actual_address());
    at.runner.until([&] { return at.sockets.size() == 1; });
    const int socket = at.sockets.front().number();
    BOOST_TEST((at.clients.front() == tests::local_address(client)));
    BOOST_TEST((fcntl(socket, F_GETFL) & O_NONBLOCK) != 0);
    BOOST_TEST((fcntl(socket, F_GETFD) & FD_CLOEXEC) != 0);
    BOOST_TEST(option(socket, IPPROTO_TCP, TCP_NODELAY) == 1);
    BOOST_TEST(option(socket, IPPROTO_TCP, TCP_INQ) == 1);
    at.stop();
}

BOOST_AUTO_TEST_CASE(listens_on_ipv6) {
    acceptor at;
    net::listener one{
        at.runner.loop(), at.runner.wheel(), net::address::loopback(net::address::family::v6, 0)};
    at.start(one);
    const raw_socket client = tests::connect_to(one.actual_address());
    at.runner.until([&] { return at.sockets.size() == 1; });
    BOOST_TEST(one.describe().starts_with("[::1]:"));
    at.stop();
}

BOOST_AUTO_TEST_CASE(workers_share_the_port_that_the_first_one_found) {
    acceptor first_worker;
    acceptor second_worker;
    net::listener first{first_worker.runner.loop(), first_worker.runner.wheel(), any_port};
    net::listener second{second_worker.runner.loop(), second_worker.runner.wheel(), first};
    BOOST_TEST((first.actual_address() == second.actual_address()));
    first_worker.start(first);
    second_worker.start(second);
    std::vector<raw_socket> clients;
    for (int i = 0; i < 64; ++i)
        clients.push_back(tests::connect_to(first.actual_address()));
    first_worker.runner.until([&] {
        second_worker.runner.settle();
        return first_worker.sockets.size() + second_worker.sockets.size() == clients.size();
    });
    BOOST_TEST(first_worker.sockets.size() > 0);
    BOOST_TEST(second_worker.sockets.size() > 0);
    first_worker.stop();
    second_worker.stop();
}

BOOST_AUTO_TEST_CASE(a_port_with_a_foreign_listener_is_refused) {
    acceptor at;
    const raw_socket foreign = tests::listen_on_loopback();
    const std::string complaint = complaint_about(at, tests::local_address(foreign));
    BOOST_TEST(complaint.ends_with("address in use by another process"), complaint);
}

BOOST_AUTO_TEST_CASE(a_port_with_a_foreign_listener_that_would_share_it_is_refused_too) {
    acceptor at;
    const raw_socket foreign{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
    const int on = 1;
    setsockopt(foreign.number(), SOL_SOCKET, SO_REUSEPORT, &on, sizeof on);
    setsockopt(foreign.number(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    BOOST_REQUIRE(::bind(foreign.number(), any_port.data(), any_port.size()) == 0);
    BOOST_REQUIRE(::listen(foreign.number(), 1) == 0);
    const std::string complaint = complaint_about(at, tests::local_address(foreign));
    BOOST_TEST(complaint.ends_with("address in use by another process"), complaint);
}

BOOST_AUTO_TEST_CASE(a_second_gateway_on_the_same_port_is_refused) {
    acceptor at;
    const net::listener first{at.runner.loop(), at.runner.wheel(), any_port};
    const net::listener sibling{at.runner.loop(), at.runner.wheel(), first};
    const std::string complaint = complaint_about(at, first.actual_address());
    BOOST_TEST(complaint.ends_with("address in use by another process"), complaint);
}

BOOST_AUTO_TEST_CASE(a_port_in_time_wait_is_not_in_use) {
    acceptor at;
    net::address where;
    {
        net::listener first{at.runner.loop(), at.runner.wheel(), any_port};
        where = first.actual_address();
        at.start(first);
        raw_socket client = tests::connect_to(where);
        at.runner.until([&] { return at.sockets.size() == 1; });
        at.sockets.clear();  // we close first: TIME_WAIT is ours
        BOOST_TEST(client.read() == "");
        at.stop();
    }
    BOOST_TEST(complaint_about(at, where) == "");
}

BOOST_AUTO_TEST_CASE(a_unix_socket_is_shared_removed_and_reclaimed) {
    const temporary_path path;
    {
        acceptor at;
        acceptor other;
        net::listener first{at.runner.loop(), at.runner.wheel(), net::unix_endpoint{path.text}};
        net::listener second{other.runner.loop(), other.runner.wheel(), first};
        BOOST_TEST(second.describe() == "unix:" + path.text);
        other.start(second);
        const raw_socket client = connect_unix(path.text);
        other.runner.until([&] { return other.sockets.size() == 1; });
        BOOST_TEST((other.clients.front().which() == net::address::family::none));
        const std::string complaint = complaint_about(at, net::unix_endpoint{path.text});
        BOOST_TEST(complaint.ends_with("in use by another process"), complaint);
        other.stop();
    }
    BOOST_TEST(!std::filesystem::exists(path.text));
}

BOOST_AUTO_TEST_CASE(the_socket_file_of_a_dead_process_is_replaced) {
    const temporary_path path;
    acceptor at;
    {
        const raw_socket dead{::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)};
        sockaddr_un name{};
        name.sun_family = AF_UNIX;
        path.text.copy(name.sun_path, sizeof name.sun_path - 1);
        BOOST_REQUIRE(::bind(dead.number(), reinterpret_cast<sockaddr*>(&name), sizeof name) == 0);
    }
    BOOST_TEST(complaint_about(at, net::unix_endpoint{path.text}) == "");
}

BOOST_AUTO_TEST_CASE(a_file_that_is_no_socket_is_left_alone) {
    const temporary_path path;
    acceptor at;
    const raw_socket file{::open(path.text.c_str(), O_CREAT | O_WRONLY | O_CLOEXEC, 0600)};
    const std::string complaint = complaint_about(at, net::unix_endpoint{path.text});
    BOOST_TEST(complaint != "");
    BOOST_TEST(std::filesystem::exists(path.text));
}

BOOST_AUTO_TEST_CASE(an_inherited_socket_is_taken_over_if_it_listens) {
    acceptor at;
    raw_socket handed = tests::listen_on_loopback();
    const net::address where = tests::local_address(handed);
    net::listener one{at.runner.loop(), at.runner.wheel(), net::inherited_endpoint{handed.take()}};
    at.start(one);
    const raw_socket client = tests::connect_to(where);
    at.runner.until([&] { return at.sockets.size() == 1; });
    at.stop();

    const raw_socket idle{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
    const std::string complaint = complaint_about(at, net::inherited_endpoint{idle.number()});
    BOOST_TEST(complaint.ends_with("the socket does not listen"), complaint);
    BOOST_TEST(complaint_about(at, net::inherited_endpoint{9999}) != "");
}

BOOST_AUTO_TEST_CASE(more_than_a_burst_is_accepted_without_another_event) {
    acceptor at;
    net::listener one{at.runner.loop(), at.runner.wheel(), any_port};
    std::vector<raw_socket> clients;
    for (int i = 0; i < 150; ++i)
        clients.push_back(tests::connect_to(one.actual_address()));
    at.start(one);
    BOOST_TEST(at.sockets.size() == 64U);  // the loop has not turned yet
    at.runner.until([&] { return at.sockets.size() == clients.size(); });
    at.stop();
}

BOOST_AUTO_TEST_CASE(what_is_queued_is_handed_over_before_the_listener_closes) {
    acceptor at;
    net::listener one{at.runner.loop(), at.runner.wheel(), any_port};
    at.start(one);
    const raw_socket late = tests::connect_to(one.actual_address());
    at.stop();  // no turn of the loop between connect and stop
    BOOST_TEST(at.sockets.size() == 1U);
    BOOST_CHECK_THROW(tests::connect_to(one.actual_address()), std::system_error);
}

BOOST_AUTO_TEST_CASE(without_descriptors_it_rests_and_then_goes_on) {
    acceptor at;
    net::listener one{at.runner.loop(), at.runner.wheel(), any_port};
    at.start(one);
    const raw_socket client = tests::connect_to(one.actual_address());
    {
        const full_descriptor_table full;
        const auto start = base::clock::now();
        at.runner.until([&] { return one.pauses() == 3; });
        // Two whole rests lie between three tries: it does not spin.
        BOOST_TEST((base::clock::now() - start >= std::chrono::milliseconds{200}));
        BOOST_TEST(at.sockets.empty());
    }
    at.runner.until([&] { return at.sockets.size() == 1; });
    at.stop();
}

BOOST_AUTO_TEST_SUITE_END()
