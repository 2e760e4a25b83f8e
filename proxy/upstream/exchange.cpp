#include "proxy/upstream/exchange.hpp"

#include <algorithm>
#include <array>

namespace spillway::upstream {

namespace {

constexpr unsigned most_interim_answers = 16;

// What is left of a gather list while it goes out.
class remainder {
public:
    remainder(net::pieces all, std::size_t written) noexcept : all_{all} {
        skip_empty();
        advance(written);
    }

    bool empty() const noexcept { return next_ == all_.size(); }

    // The next pieces, the first one perhaps shortened.
    net::pieces window() noexcept {
        std::size_t count = 0;
        for (std::size_t i = next_; i < all_.size() && count < window_.size(); ++i) {
            const std::string_view piece = i == next_ ? all_[i].substr(done_) : all_[i];
            if (!piece.empty()) window_[count++] = piece;
        }
        return net::pieces{window_}.first(count);
    }

    void advance(std::size_t octets) noexcept {
        while (octets > 0) {
            const std::size_t step = std::min(octets, all_[next_].size() - done_);
            done_ += step;
            octets -= step;
            skip_empty();
        }
    }

private:
    void skip_empty() noexcept {
        while (next_ < all_.size() && done_ == all_[next_].size()) {
            ++next_;
            done_ = 0;
        }
    }

    net::pieces all_;
    std::size_t next_ = 0;
    std::size_t done_ = 0;
    std::array<std::string_view, 24> window_;
};

// Wakes the sender when the upstream says something before it has taken everything.
class early_answer_watch final : net::descriptor::direction::observer {
public:
    early_answer_watch(net::stream& over, net::activity& wakes) noexcept
        : over_{over}
        , wakes_{wakes} {
        over_.socket().reading().observe(this);
    }
    ~early_answer_watch() { over_.socket().reading().observe(nullptr); }
    early_answer_watch(const early_answer_watch&) = delete;
    early_answer_watch& operator=(const early_answer_watch&) = delete;

private:
    void became_ready() override { wakes_.nudge(); }

    net::stream& over_;
    net::activity& wakes_;
};

}  // namespace

bool exchange::try_send(net::pieces request) {
    on_.count_request();
    std::size_t total = 0;
    for (const std::string_view piece : request)
        total += piece.size();
    const net::io_step step = on_.stream.try_write(request);
    written_ = step.octets;
    return written_ == total;
}

net::task<result<>> exchange::send(net::pieces request) {
    using state = net::io_step::state;
    remainder left{request, written_};
    while (!left.empty()) {
        const net::io_step step = on_.stream.try_write(left.window());
        if (step.what == state::moved) {
            left.advance(step.octets);
            continue;
        }
        const bool is_broken = step.what == state::closed || step.what == state::failed;
        if (look_for_early_answer(is_broken ? glance_at::what_is_left : glance_at::news) ==
            glance::answer)
            co_return result<>{};
        if (is_broken) {
            co_return failure{
                fault::reset,
                side::upstream,
                again::other_target,
                "closed while sending",
                step.cause()};
        }
        const early_answer_watch watch{on_.stream, self_};
        const net::wake why = co_await on_.stream.ready_for(step, self_);
        if (why != net::wake::ready) co_return on_.stream.broken(why, fault::timeout_first_byte);
    }
    co_return result<>{};
}

// A reset does not take away what came before it, but we may hear of it by our own write first, before the loop tells
// that there is something to read.
exchange::glance exchange::look_for_early_answer(glance_at where) {
    if (where == glance_at::what_is_left) on_.stream.expect_octets();
    const net::io_step step = on_.stream.try_read(scratch_);
    if (step.what != net::io_step::state::moved) return glance::nothing;
    pending_.append(scratch_.data(), step.octets);
    octets_ += step.octets;
    answered_early_ = has_unread_ = true;
    return glance::answer;
}

exchange::look exchange::look_for_head(wire::method asked) {
    using state = net::io_step::state;
    if (has_unread_) {
        has_unread_ = false;
        if (const look seen = take(pending_, asked); seen != look::must_wait) return seen;
    }
    for (;;) {
        awaited_ = on_.stream.try_read(scratch_);
        if (awaited_.what == state::closed || awaited_.what == state::failed) {
            const fault what = awaited_.what == state::closed ? fault::closed : fault::reset;
            return fail(
                {what,
                 side::upstream,
                 again::other_target,
                 "closed before a whole answer head",
                 awaited_.cause()}
            );
        }
        if (awaited_.what != state::moved) return look::must_wait;
        octets_ += awaited_.octets;
        std::string_view text{scratch_.data(), awaited_.octets};
        if (!pending_.empty()) {
            pending_.append(text);
            text = pending_;
        }
        if (const look seen = take(text, asked); seen != look::must_wait) return seen;
    }
}

exchange::look exchange::fail(const failure& why) noexcept {
    why_ = why;
    return look::failed;
}

// A head that is not complete is kept in pending_. Others use the worker's head while we wait, and the text may
// move: every look begins anew. A head is at most 64 KiB, and an upstream that drips it is the operator's own choice.
exchange::look exchange::take(std::string_view text, wire::method asked) {
    constexpr auto refused = [](fault what, std::string_view why) {
        return failure{what, side::upstream, again::other_target, why};
    };
    for (;;) {
        head_.reset();
        const wire::head_verdict verdict = wire::parse_response(text, head_);
        if (verdict.state == wire::head_state::refused)
            return fail(refused(fault::bad_head, verdict.reason));
        if (verdict.state == wire::head_state::incomplete) {
            if (pending_.empty() || text.data() != pending_.data()) pending_ = std::string{text};
            return look::must_wait;
        }
        text.remove_prefix(verdict.consumed);
        if (!head_.is_interim()) break;
        if (++interim_ > most_interim_answers)
            return fail(refused(fault::bad_head, "too many interim answers"));
    }
    start_.framing = wire::response_framing(head_, asked);
    start_.rest = text;
    if (start_.framing.kind == wire::body_kind::refused)
        return fail(refused(fault::bad_framing, start_.framing.reason));
    return look::complete;
}

}  // namespace spillway::upstream
