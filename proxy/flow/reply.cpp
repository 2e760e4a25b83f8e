#include "proxy/flow/reply.hpp"

#include "proxy/base/bytes.hpp"
#include "proxy/base/check.hpp"
#include "proxy/base/pen.hpp"

#include <array>

namespace spillway::flow {

namespace {

constexpr std::string_view empty_comment = ":\n\n";
constexpr std::size_t most_pieces = 20;  // more are joined first

// What leaves in one write: head, framing, body. Not initialised: most writes have two or three pieces.
class gather_list {
public:
    gather_list() noexcept {}

    void add(std::string_view piece) noexcept {
        all_[count_++] = piece;
        octets_ += piece.size();
    }
    net::pieces pieces() const noexcept { return net::pieces{all_}.first(count_); }
    std::size_t octets() const noexcept { return octets_; }

private:
    union {
        std::array<std::string_view, most_pieces + 4> all_;
    };
    std::size_t count_ = 0;
    std::size_t octets_ = 0;
};

bool ends_event(net::pieces body) noexcept {
    for (std::size_t i = body.size(); i-- > 0;) {
        if (!body[i].empty()) return body[i].ends_with("\n\n") || body[i].ends_with("\n\r\n");
    }
    return true;
}

}  // namespace

void reply::begin(wire::method asked, unsigned version_minor, keep connection) noexcept {
    head_.clear();
    body_octets_ = 0;
    connection_ = connection;
    version_minor_ = static_cast<std::uint8_t>(version_minor);
    has_no_body_ = asked == wire::method::head;
    started_ = head_left_ = complete_ = streams_events_ = false;
    is_between_events_ = true;
}

void reply::start(std::string&& head, std::optional<std::uint64_t> length) {
    head_ = std::move(head);
    started_ = true;
    if (length) {
        framing_ = framing::length;
    } else if (version_minor_ == 0) {
        framing_ = framing::until_close;
        connection_ = keep::close;
    } else {
        framing_ = framing::chunked;
    }
    end_head(length);
}

void reply::start_bodiless(std::string&& head) {
    head_ = std::move(head);
    started_ = true;
    framing_ = framing::length;
    has_no_body_ = true;
    end_head({});
}

// All that is left of the head in one growth of the string.
void reply::end_head(std::optional<std::uint64_t> length) {
    std::array<char, 128> rest;
    base::pen line{rest.data()};
    if (length) {
        line.word("Content-Length: ");
        line.number(*length);
        line.word("\r\n");
    } else if (framing_ == framing::chunked) {
        line.word("Transfer-Encoding: chunked\r\n");
    }
    if (connection_ == keep::close) line.word("Connection: close\r\n");
    line.word("\r\n");
    head_.append(rest.data(), static_cast<std::size_t>(line.at() - rest.data()));
}

result<> reply::send(net::pieces body, part which) {
    SPILLWAY_ASSERT(started_ && !complete_ && backlog_.empty());
    const bool is_usual = head_left_ && framing_ == framing::chunked && !has_no_body_;
    if (is_usual && body.size() == 1 && which == part::more) return send_event(body.front());
    if (body.size() > most_pieces) return send_many(body, which);
    gather_list all;
    if (!head_left_) all.add(head_);
    std::size_t octets = 0;
    for (const std::string_view piece : body)
        octets += piece.size();
    const bool framed = framing_ == framing::chunked && !has_no_body_;
    wire::chunk_line line;
    if (octets > 0 && !has_no_body_) {
        if (framed) all.add(wire::chunk_size_line(line, octets));
        for (const std::string_view piece : body)
            all.add(piece);
        body_octets_ += octets;
        if (streams_events_) is_between_events_ = ends_event(body);
        if (framed) all.add(which == part::last ? "\r\n0\r\n\r\n" : wire::chunk_end);
    } else if (framed && which == part::last) {
        all.add(wire::last_chunk);
    }
    complete_ = which == part::last;
    return write(all.pieces(), all.octets());
}

// One piece in the middle of a chunked body: what most events are.
result<> reply::send_event(std::string_view event) {
    if (event.empty()) return {};
    wire::chunk_line line;
    const std::string_view size = wire::chunk_size_line(line, event.size());
    const std::string_view all[] = {size, event, wire::chunk_end};
    if (streams_events_) is_between_events_ = ends_event(net::pieces{&event, 1});
    body_octets_ += event.size();
    return write(all, size.size() + event.size() + wire::chunk_end.size());
}

result<> reply::send_many(net::pieces body, part which) {
    std::string joined;
    for (const std::string_view piece : body)
        joined.append(piece);
    const std::string_view whole = joined;
    return send(net::pieces{&whole, 1}, which);
}

result<> reply::write(net::pieces all, std::size_t total) {
    using state = net::io_step::state;
    if (total == 0) return {};
    const net::io_step step = client_.try_write(all);
    if (step.what == state::closed || step.what == state::failed) {
        return failure{
            fault::closed,
            side::client,
            again::never,
            "the client closed the connection",
            step.cause()};
    }
    if (step.octets < total) {
        for (const std::string_view piece : all)
            backlog_.append(piece);
        backlog_.erase(0, step.octets);
    }
    if (!head_left_) {
        head_left_ = true;
        base::let_go(head_);  // a stream of minutes does not keep its head, nor room for one
    }
    return {};
}

net::task<result<>> reply::flush(std::chrono::milliseconds patience) {
    using state = net::io_step::state;
    std::size_t done = 0;
    while (done < backlog_.size()) {
        const std::string_view left = std::string_view{backlog_}.substr(done);
        const net::io_step step = client_.try_write(net::pieces{&left, 1});
        if (step.what == state::moved) {
            done += step.octets;
            self_.until(self_.now() + patience);
            continue;
        }
        if (step.what == state::closed || step.what == state::failed) {
            co_return failure{
                fault::closed,
                side::client,
                again::never,
                "the client closed the connection",
                step.cause()};
        }
        if (done > 0) {
            backlog_.erase(0, done);
            done = 0;
        } else {
            self_.until(self_.now() + patience);
        }
        const net::wake why = co_await client_.ready_for(step, self_);
        if (why != net::wake::ready) co_return client_.broken(why, fault::timeout_write);
    }
    std::string{}.swap(backlog_);
    co_return result<>{};
}

void reply::probe() {
    if (!backlog_.empty() || complete_ || version_minor_ == 0) return;
    if (!head_left_) {
        static constexpr std::string_view interim = "HTTP/1.1 100 Continue\r\n\r\n";
        (void)client_.try_write(net::pieces{&interim, 1});
        return;
    }
    if (!streams_events_ || !is_between_events_ || framing_ != framing::chunked) return;
    (void)send(net::pieces{&empty_comment, 1}, part::more);
}

}  // namespace spillway::flow
