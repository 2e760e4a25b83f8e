#include "proxy/credentials/http_client.hpp"

#include "proxy/upstream/body_reader.hpp"
#include "proxy/upstream/exchange.hpp"

#include <array>
#include <chrono>
#include <span>

namespace spillway::credentials {

namespace {

constexpr std::size_t scratch_octets = 16 * 1024;
constexpr std::size_t most_octets = 64 * 1024;
constexpr std::chrono::seconds longest{10};  // for the whole question

std::string_view name_of(wire::method what) noexcept {
    if (what == wire::method::post) return "POST ";
    return what == wire::method::put ? "PUT " : "GET ";
}

std::string text_of(const http_question& what) {
    std::string text{name_of(what.method)};
    text.append(what.target).append(" HTTP/1.1\r\nHost: ").append(what.to.authority);
    text.append("\r\nUser-Agent: spillway/" SPILLWAY_VERSION "\r\nAccept: application/json\r\n");
    text.append("Accept-Encoding: identity\r\nConnection: close\r\n").append(what.fields);
    if (what.method != wire::method::get)
        text.append("Content-Length: ").append(std::to_string(what.body.size())).append("\r\n");
    return text.append("\r\n").append(what.body);
}

}  // namespace

http_client::http_client(net::loop& on, net::timer_wheel& wheel, net::lookup_pool& lookups)
    : dialer_{on, wheel, lookups, 1}
    , scratch_{new char[scratch_octets]} {}

net::task<result<http_answer>> http_client::ask(const http_question& what, net::activity& self) {
    const base::time_point deadline = self.now() + longest;
    const upstream::dial_limits limits{longest, longest, deadline};
    result<std::unique_ptr<upstream::connection>> opened =
        co_await dialer_.dial(what.to, limits, self);
    if (!opened) co_return opened.error();
    upstream::connection& on = **opened;
    self.until(deadline);
    const std::string text = text_of(what);
    const std::array<std::string_view, 1> pieces{text};
    upstream::exchange exchange{on, self, {scratch_.get(), scratch_octets}, head_};
    if (!exchange.try_send(pieces)) {
        const result<> sent = co_await exchange.send(pieces);
        if (!sent) co_return sent.error();
    }
    using look = upstream::exchange::look;
    for (;;) {
        const look seen = exchange.look_for_head(what.method);
        if (seen == look::failed) co_return exchange.why();
        if (seen == look::complete) break;
        const net::wake why = co_await on.stream.ready_for(exchange.awaited(), self);
        if (why != net::wake::ready) co_return on.stream.broken(why, fault::timeout_first_byte);
    }
    co_return co_await read(on, exchange.start(), self);
}

net::task<result<http_answer>> http_client::read(
    upstream::connection& from, const upstream::answer_start& start, net::activity& self
) {
    using state = upstream::body_reader::state;
    http_answer made;
    made.status = head_.status();
    upstream::body_reader body{start.framing};
    made.body = start.rest;
    made.body = std::string{body.take(made.body)};
    while (body.now() == state::open) {
        const upstream::body_step step =
            upstream::read_body(from, body, {scratch_.get(), scratch_octets});
        made.body.append(step.octets);
        if (made.body.size() > most_octets)
            co_return failure{
                fault::too_large, side::upstream, again::other_target, "an answer beyond 64 KiB"};
        if (!step.must_wait) continue;
        const net::wake why = co_await from.stream.ready_for(step.io, self);
        if (why != net::wake::ready) co_return from.stream.broken(why, fault::timeout_idle);
    }
    if (body.now() == state::broken)
        co_return failure{
            fault::closed, side::upstream, again::other_target, "closed before the end"};
    co_return std::move(made);
}

}  // namespace spillway::credentials
