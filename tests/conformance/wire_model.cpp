#include "tests/conformance/wire_model.hpp"

#include "proxy/wire/chunk_decoder.hpp"
#include "proxy/wire/framing.hpp"
#include "proxy/wire/head_parser.hpp"

namespace spillway::conformance {
namespace {

using namespace wire;

constexpr std::uint64_t body_limit = std::uint64_t{32} << 20;
constexpr int max_interim = 16;

enum class outcome : std::uint8_t { wants_more, done, refused };

// Reads one body from the front of `input`.
class body_reader {
public:
    void start(const body_framing& framing) {
        framing_ = framing;
        left_ = framing.length;
        chunks_ = chunk_decoder{body_limit};
    }

    outcome read(std::string_view& input) {
        switch (framing_.kind) {
        case body_kind::none: return outcome::done;
        case body_kind::length: {
            const auto size =
                static_cast<std::size_t>(std::min<std::uint64_t>(left_, input.size()));
            input.remove_prefix(size);
            left_ -= size;
            return left_ == 0 ? outcome::done : outcome::wants_more;
        }
        case body_kind::until_close: input = {}; return outcome::wants_more;
        case body_kind::refused: return outcome::refused;
        case body_kind::chunked: break;
        }
        for (;;) {
            const chunk_step step = chunks_.decode(input);
            status_ = step.status;
            if (step.event == chunk_event::done) return outcome::done;
            if (step.event == chunk_event::refused) return outcome::refused;
            if (step.event == chunk_event::need_more) return outcome::wants_more;
        }
    }

    body_kind kind() const { return framing_.kind; }
    unsigned status() const { return framing_.status != 0 ? framing_.status : status_; }

private:
    body_framing framing_;
    std::uint64_t left_ = 0;
    unsigned status_ = 0;
    chunk_decoder chunks_;
};

class request_connection {
public:
    connection_story story;

    void feed(std::string_view piece) {
        if (story.closed) return;
        pending_.append(piece);
        while (!story.closed && step()) {
        }
    }

    void end() {
        if (story.closed || (is_idle() && !story.verdicts.empty())) return;
        refuse("end");
    }

    // Empty lines between requests are no request.
    bool is_idle() const {
        return !in_body_ && pending_.find_first_not_of("\r\n") == std::string::npos;
    }

private:
    // True if something was finished and more may follow at once.
    bool step() {
        if (!in_body_ && !read_head()) return false;
        std::string_view rest = pending_;
        const outcome body = body_.read(rest);
        pending_.erase(0, pending_.size() - rest.size());
        if (body == outcome::wants_more) return false;
        in_body_ = false;
        if (body == outcome::refused) {
            refuse(std::to_string(body_.status()));
            return false;
        }
        answer();
        return !pending_.empty();
    }

    bool read_head() {
        const head_verdict verdict = parse_request(pending_, head_);
        if (verdict.state == head_state::incomplete) return false;
        if (verdict.state == head_state::refused) {
            refuse(std::to_string(verdict.status));
            return false;
        }
        keep_alive_ = head_.keep_alive();
        known_ = head_.method() != method::other;
        expected_ = head_.expectation() != expectation::unknown;
        body_.start(request_framing(head_, body_limit));
        head_.reset();
        pending_.erase(0, verdict.consumed);
        in_body_ = true;
        return true;
    }

    void answer() {
        if (!expected_) return refuse("417");
        story.verdicts.emplace_back(known_ ? "accept" : "501");
        story.closed = !keep_alive_;
    }

    void refuse(const std::string& verdict) {
        story.verdicts.push_back(verdict);
        story.closed = true;
    }

    std::string pending_;
    request_head head_;
    body_reader body_;
    bool in_body_ = false;
    bool keep_alive_ = false;
    bool known_ = false;
    bool expected_ = false;
};

}  // namespace

std::string connection_story::words() const {
    std::string out;
    for (const std::string& verdict : verdicts) {
        if (!out.empty()) out += ',';
        out += verdict;
    }
    return out;
}

connection_story read_requests(const testing::pieces& pieces, ending how) {
    request_connection connection;
    for (std::string_view piece : pieces) {
        connection.feed(piece);
    }
    if (how == ending::closes) {
        connection.end();
    } else if (!connection.story.closed && !connection.is_idle()) {
        connection.story.verdicts.emplace_back("open");
    }
    return connection.story;
}

connection_story read_response(const testing::pieces& pieces, ending how) {
    std::string pending;
    response_head head;
    body_reader body;
    bool in_body = false;
    int interim = 0;
    const auto say = [](std::string verdict) {
        return connection_story{{std::move(verdict)}, true};
    };
    for (std::string_view piece : pieces) {
        pending.append(piece);
        while (!in_body) {
            const head_verdict verdict = parse_response(pending, head);
            if (verdict.state == head_state::incomplete) break;
            if (verdict.state == head_state::refused) return say(std::to_string(verdict.status));
            in_body = !head.is_interim();
            if (!in_body && ++interim > max_interim) return say("502");
            if (in_body) body.start(response_framing(head, method::post));
            head.reset();
            pending.erase(0, verdict.consumed);
        }
        if (!in_body) continue;
        std::string_view rest = pending;
        const outcome got = body.read(rest);
        pending.erase(0, pending.size() - rest.size());
        if (got == outcome::refused) return say("502");
        if (got == outcome::done) return say("accept");
    }
    if (in_body && body.kind() == body_kind::until_close && how == ending::closes) {
        return say("accept");
    }
    return say(how == ending::closes ? "end" : "open");
}

}  // namespace spillway::conformance
