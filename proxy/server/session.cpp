#include "proxy/server/session.hpp"

#include "adapters/inspect.hpp"
#include "adapters/models_list.hpp"
#include "adapters/operations/count_tokens.hpp"
#include "proxy/flow/error_reply.hpp"
#include "proxy/net/tls_session.hpp"
#include "proxy/server/request_expansion.hpp"
#include "proxy/wire/head_writer.hpp"

#include <utility>

#include <sys/socket.h>

namespace spillway::server {

namespace {

// A body nobody wants is read up to here to save the connection; past it the connection is closed (S-H5).
constexpr std::size_t most_skipped = 64 * 1024;
// What a coded body may become (S-H10): long prompts shrink to a quarter or so, bombs to a thousandth.
constexpr std::size_t free_growth = 64 * 1024;
constexpr std::size_t most_growth = 10;
constexpr std::chrono::seconds goodbye{2};
constexpr std::chrono::seconds last_chance{1};  // for a request, on a connection that drains

}  // namespace

session::session(session_context& home, net::stream client) noexcept
    : home_{home}
    , client_{std::move(client)}
    , self_{home.hall.wheel}
    , reply_{client_, self_} {}

void session::drain() noexcept {
    if (between_requests_) return self_.interrupt(net::wake::draining);
    // An answer whose head has not left says that it is the last; after any other one more request may be on its way.
    if (!reply_.is_started()) reply_.close_after();
    limits.keep_alive = last_chance;
}

net::task<> session::run(std::unique_ptr<net::tls_session> tls) {
    if (tls) {
        self_.until(self_.now() + limits.handshake);
        const result<> secured = co_await client_.secure(std::move(tls), self_);
        if (!secured) co_return;
    }
    for (;;) {
        net::io_step step{net::io_step::state::wants_read};
        head_end end = begin_head(step);
        while (end == head_end::incomplete) {
            const net::wake why = co_await client_.ready_for(step, self_);
            end = why == net::wake::ready ? look_for_head(step) : waited_in_vain(why);
        }
        if (end == head_end::over) co_return;
        reply_.begin(wire::method::get, 1, flow::keep::close);
        if (end == head_end::refused) {
            const auto why = problem_of(
                adapters::error_class::bad_request, std::string{refused_for_}, refused_with_
            );
            const adapters::question unread;
            co_await tell(*why, unread);
            break;
        }
        ++served_;
        co_await take_request();
        while (work_ && work_->goes_on()) {
            if (work_->has_backlog()) {
                co_await work_->flush();
            } else {
                work_->relay(co_await work_->more());
            }
        }
        if (work_) settle();
        if (!reply_.keeps_connection()) break;
    }
    co_await say_goodbye();
}

// ---------------------------------------------------------------------------------------------------------
// Reading a head

session::head_end session::begin_head(net::io_step& step) {
    slow_head_.reset();
    between_requests_ = inbox_.empty();
    self_.until(self_.now() + (between_requests_ ? limits.keep_alive : limits.head));
    if (!between_requests_) {
        const head_end end = take_octets({});
        if (end != head_end::incomplete) return end;
    }
    return look_for_head(step);
}

// Reads until the head is complete or there is nothing to read: then `step` says what to wait for.
session::head_end session::look_for_head(net::io_step& step) {
    using state = net::io_step::state;
    for (;;) {
        step = client_.try_read(home_.hall.scratch);
        if (step.what == state::closed || step.what == state::failed) return head_end::over;
        if (step.what != state::moved) return head_end::incomplete;
        const bool begins = std::exchange(between_requests_, false);
        const head_end end = take_octets({home_.hall.scratch.data(), step.octets});
        if (end != head_end::incomplete) return end;
        if (begins) self_.until(self_.now() + limits.head);
    }
}

session::head_end session::waited_in_vain(net::wake why) noexcept {
    if (why != net::wake::timeout || between_requests_) return head_end::over;
    refused_with_ = 408;
    refused_for_ = "the request head did not come in time";
    return head_end::refused;
}

// The usual head lies in the scratch buffer, whole. One that comes in pieces is collected in the inbox and
// parsed by a head of its own, because the worker's is used by others while we wait.
session::head_end session::take_octets(std::string_view octets) {
    if (inbox_.empty()) {
        home_.head.reset();
        const head_end end = parse(octets, home_.head);
        if (end != head_end::incomplete) return end;
        inbox_.assign(octets);
    } else {
        inbox_.append(octets);
    }
    if (!slow_head_) slow_head_ = std::make_unique<wire::request_head>();
    return parse(inbox_, *slow_head_);
}

session::head_end session::parse(std::string_view text, wire::request_head& head) {
    wire::head_limits most = wire::request_limits;
    most.head =
        static_cast<std::uint16_t>(std::min<std::size_t>(home_.plans.current()->head_limit, 65'535)
        );
    const wire::head_verdict verdict = wire::parse_request(text, head, most);
    if (verdict.state == wire::head_state::incomplete) return head_end::incomplete;
    if (verdict.state == wire::head_state::refused) {
        refused_with_ = verdict.status;
        refused_for_ = verdict.reason;
        return head_end::refused;
    }
    head_ = &head;
    rest_ = text.substr(verdict.consumed);
    return head_end::complete;
}

// ---------------------------------------------------------------------------------------------------------
// One request

// What came behind this request belongs to the next one.
void session::keep_surplus() {
    if (rest_.empty()) {
        inbox_.clear();
    } else {
        std::string surplus{rest_};  // `rest_` may lie in the inbox
        inbox_ = std::move(surplus);
    }
    rest_ = {};
}

net::task<> session::read_body(request_body& body, intake& about) {
    if (about.expects == wire::expectation::continue_ && about.buffer.size() == 0) {
        static constexpr std::string_view interim = "HTTP/1.1 100 Continue\r\n\r\n";
        const result<> invited = co_await client_.write(net::pieces{&interim, 1}, self_);
        if (!invited) co_return;
    }
    (void)co_await body.read(client_, home_.hall.scratch, about.buffer, inbox_, self_);
}

// From a complete head to its answer or, where that is a stream, to the stream's beginning. What this frame and those
// below it hold of the request (its fields, its body, the plan, the attempts) is gone while the stream goes on.
net::task<> session::take_request() {
    const base::time_point arrived = base::clock::now();
    intake about = take_in();
    if (about.problem || about.route.page != page::ask)
        co_return co_await answer_without_asking(about);
    flow::request_buffer& buffer = about.buffer;
    {
        request_body body{about.framing, about.pin->body_limit, home_.memory};
        body.take(rest_, buffer);
        keep_surplus();
        if (body.now() == request_body::state::open) co_await read_body(body, about);
        if (body.now() != request_body::state::whole)
            co_return co_await refuse_body(body, about.route.asked);
    }
    buffer.reserve(buffer.size());  // an empty body, too, has its padding
    if (about.coding != wire::content_coding::identity) {
        const auto why = expand_body(about);
        if (why) co_return co_await tell(*why, about.route.asked);
    }
    adapters::question asked = about.route.asked;
    asked.model = about.model;
    if (asked.what == adapters::operation::count_tokens) {
        co_return co_await answer_count(asked, buffer.view());
    }
    const flow::client_request request{
        asked, buffer.view(), buffer.forwarded, buffer.attribution, buffer.betas, about.limits};
    const flow::request_flow::client from{client_, self_, reply_};
    work_ = std::make_unique<flow::request_flow>(
        home_.hall, std::move(about.pin), *about.who, asked, from, arrived
    );
    flow::answer_beginning first;
    if (work_->enter()) co_await work_->obtain(request, first);  // steps 2 to 6
    if (work_->begin_answer(first)) co_return;                   // step 7; run() goes on
    if (work_->must_refuse()) co_await work_->refuse();
    settle();
}

void session::settle() {
    work_->settle();  // step 8
    work_.reset();
}

// Null: the buffer holds the body plain.
std::unique_ptr<adapters::problem> session::expand_body(intake& about) {
    using adapters::error_class;
    const std::size_t limit =
        std::min(about.pin->body_limit, std::max(free_growth, most_growth * about.buffer.size()));
    switch (expand(about.buffer, about.coding, limit, home_.memory)) {
    case expansion::done: return nullptr;
    case expansion::too_large:
        return problem_of(
            error_class::too_large,
            "The request body expands to more than --max-body, or to more than ten times what was "
            "sent.",
            413
        );
    case expansion::no_memory: return no_memory();
    case expansion::broken: break;
    }
    return problem_of(
        error_class::bad_request, "The request body is not what its Content-Encoding says.", 400
    );
}

// Counted here, for every provider alike: the estimate costs no call, and clients ask for it all the time.
net::task<> session::answer_count(const adapters::question& asked, adapters::padded_view text) {
    adapters::request_facts facts;
    const std::optional<adapters::problem> why = adapters::inspect(asked, text, facts);
    if (why) {
        co_await tell(*why, asked);
    } else {
        const std::uint64_t tokens = adapters::operations::estimate_tokens(facts);
        std::string body = adapters::operations::render_count(tokens, asked.dialect);
        co_await answer(200, "application/json", std::move(body));
    }
}

std::unique_ptr<adapters::problem> session::no_memory() {
    auto why =
        problem_of(adapters::error_class::unavailable, "out of memory for request bodies", 503);
    why->retry_after = std::chrono::seconds{1};
    home_.hall.count.add(observe::counter::shed);
    return why;
}

net::task<> session::refuse_body(const request_body& body, const adapters::question& asked) {
    using adapters::error_class;
    reply_.close_after();
    if (body.now() == request_body::state::open) {
        const auto slow =
            problem_of(error_class::bad_request, "The request body did not come in time.", 408);
        co_return co_await tell(*slow, asked);
    }
    if (body.status() == 503) {
        const auto full = no_memory();
        co_return co_await tell(*full, asked);
    }
    const auto why =
        problem_of(error_class::bad_request, std::string{body.refusal().detail}, body.status());
    if (body.status() == 413) why->what = error_class::too_large;
    co_await tell(*why, asked);
}

// Pages of our own, and problems known from the head. The answer goes first: a client that waits for 100 must not
// be made to send its body. A small body is read afterwards and thrown away; otherwise the connection ends.
net::task<> session::answer_without_asking(intake& about) {
    request_body body{about.framing, most_skipped, home_.memory};
    if (about.framing.kind != wire::body_kind::refused) body.take(rest_, about.buffer);
    keep_surplus();
    const bool may_skip = body.now() == request_body::state::open &&
                          about.expects != wire::expectation::continue_ &&
                          about.framing.length <= most_skipped;
    if (body.now() != request_body::state::whole && !may_skip) reply_.close_after();
    if (about.problem) {
        co_await tell(*about.problem, about.route.asked, about.route.allowed);
    } else {
        co_await answer_page(about);
    }
    if (may_skip && reply_.keeps_connection()) {
        const result<> skipped =
            co_await body.read(client_, home_.hall.scratch, about.buffer, inbox_, self_);
        if (!skipped) reply_.close_after();
    }
}

net::task<> session::answer_page(const intake& about) {
    const flow::deployment& plan = *about.pin;
    const adapters::list_form form =
        adapters::list_form_of(about.route.asked.dialect, about.route.asked.side);
    switch (about.route.page) {
    case page::root: co_return co_await answer(200, "text/plain", "Spillway is running\n");
    case page::version:
        co_return co_await answer(
            200, "application/json", "{\"version\":\"" SPILLWAY_VERSION "\"}"
        );
    case page::health: co_return co_await answer(200, "text/plain", "ok\n");
    case page::ready:
        if (is_draining()) co_return co_await answer(503, "text/plain", "draining\n");
        co_return co_await answer(200, "text/plain", "ready\n");
    case page::preflight: co_return co_await answer_preflight(about);
    case page::models:
        co_return co_await answer(
            200, "application/json", plan.models[static_cast<std::size_t>(form)]
        );
    case page::model: {
        std::string body = plan.render_model(about.model, form);
        if (!body.empty()) co_return co_await answer(200, "application/json", std::move(body));
        break;
    }
    case page::ask:
    case page::not_found:
    case page::wrong_method: break;
    }
    adapters::problem missing = adapters::make_problem(
        adapters::error_class::not_found, "The model '" + about.model + "' does not exist.", "model"
    );
    missing.code = "model_not_found";
    co_await tell(missing, about.route.asked);
}

net::task<> session::answer_preflight(const intake& about) {
    std::string text;
    wire::head_writer head{text};
    head.status_line(204);
    head.add(wire::field::date, home_.hall.date.text());
    head.add_fixed("access-control-allow-origin", "*");
    head.add_fixed("access-control-allow-methods", about.route.allowed);
    if (!about.asked_headers.empty())
        head.add_fixed("access-control-allow-headers", about.asked_headers);
    head.add_fixed("access-control-max-age", "86400");
    if (!head.finish_open()) co_return reply_.close_after();
    reply_.start_bodiless(std::move(text));
    if (!reply_.send({}, flow::part::last)) co_return reply_.close_after();
    co_await finish_sending();
}

net::task<> session::answer(unsigned status, std::string_view type, std::string body) {
    std::string text;
    wire::head_writer head{text};
    head.status_line(status);
    head.add(wire::field::date, home_.hall.date.text());
    head.add(wire::field::content_type, type);
    head.add_fixed("access-control-allow-origin", "*");
    if (!head.finish_open()) co_return reply_.close_after();
    reply_.start(std::move(text), body.size());
    const std::string_view piece = body;
    if (!reply_.send(net::pieces{&piece, 1}, flow::part::last)) co_return reply_.close_after();
    co_await finish_sending();
}

net::task<> session::tell(
    const adapters::problem& why, const adapters::question& asked, std::string_view allowed
) {
    const std::string body = flow::start_problem(reply_, why, asked, {}, home_.hall.date, allowed);
    const std::string_view piece = body;
    if (!reply_.send(net::pieces{&piece, 1}, flow::part::last)) co_return reply_.close_after();
    co_await finish_sending();
}

net::task<> session::finish_sending() {
    if (!reply_.has_backlog()) co_return;
    const result<> flushed = co_await reply_.flush(flow::idle_patience);
    if (!flushed) reply_.close_after();
}

// Closing a socket that holds unread octets resets it, and a reset can overtake the answer: say that nothing more
// comes, and wait a little for the client to leave first.
net::task<> session::say_goodbye() {
    self_.clear_interrupt();
    if (client_.is_secure()) co_return;  // close_notify does it
    shutdown(client_.native(), SHUT_WR);
    self_.until(self_.now() + goodbye);
    for (std::size_t skipped = 0; skipped < most_skipped;) {
        const net::io_step step = client_.try_read(home_.hall.scratch);
        if (step.what == net::io_step::state::closed || step.what == net::io_step::state::failed)
            co_return;
        skipped += step.octets;
        if (step.what == net::io_step::state::moved) continue;
        const net::wake why = co_await client_.ready_for(step, self_);
        if (why != net::wake::ready) co_return;
    }
}

}  // namespace spillway::server
