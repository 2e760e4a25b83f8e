// /v1 towards a streaming client: the provider's octets as they are, watched. An event that is spread over reads is
// held back until it is known to be a chunk of the answer: it may be an error, which is told in our words and
// without our key, or usage that nobody but us asked for. The first event is held until it is whole: its error may be made
// good by another target.
#include "adapters/protocols/chat/stream.hpp"
#include "adapters/sse/plain_form.hpp"

namespace spillway::adapters::chat {

namespace {

constexpr std::size_t first_event_limit = 16 * 1024;  // held back for the sake of failover
constexpr std::size_t watched_limit = 64 * 1024;      // kept of an event that is spread over reads

// Known to be an answer chunk with a choice in it, and no error so far.
bool is_chunk_so_far(std::string_view part) noexcept {
    constexpr std::string_view name = "\"choices\"";
    auto at = part.find(name);
    if (at == part.npos) return false;
    at = part.find_first_not_of(": \t[", at + name.size());
    return at != part.npos && part[at] != ']' && part.find("\"error\"") == part.npos;
}

class verbatim_stream final : public stream {
public:
    verbatim_stream(const provider_row& row, const answer_context& context)
        : stream{row, context}
        , hides_usage_{
              row.usage == stream_usage::ask && context.usage_asked == usage_request::not_asked} {}

    void feed(std::string_view octets, piece_list& out) override {
        if (!is_over() && reader_.is_idle()) {
            const auto taken = pass_plain(octets, out);
            if (taken == octets.size()) return;
            octets = {octets.data() + taken, octets.size() - taken};
        }
        read(octets, out);
    }

    // A last event whose blank line never came is no event to readers: it is closed if it is whole.
    void finish(std::string_view last_octets, ending how, piece_list& out) override {
        if (!last_octets.empty()) feed(last_octets, out);
        sse::block block;
        if (!is_over() && reader_.flush(block) && block.has_data) {
            const bool begun = begun_;
            if (how == ending::complete && is_whole(block)) {
                const auto before = out.octets();
                take(block, out);
                if (out.octets() != before || begun) out.push("\n\n");
            } else {
                how = ending::cut;
                facts_.at_boundary = !begun;
            }
        }
        settle_end(how);
        if (facts_.complete && !done_) out.push(done_event);
    }

private:
    // Ordinary events at the start of a read need no look at their lines. How many octets they take.
    std::size_t pass_plain(std::string_view octets, piece_list& out) {
        const auto* p = octets.data();
        const auto* const end = p + octets.size();
        while (p != end) {
            const auto size = form_.match(p, end);
            if (size == 0) break;
            ++facts_.events;
            facts_.text_octets += size - framing_octets;
            p += size;
        }
        const auto taken = static_cast<std::size_t>(p - octets.data());
        if (taken == 0) return 0;
        out.push({octets.data(), taken});
        last_left_ = true;
        return taken;
    }

    [[gnu::noinline]] void read(std::string_view octets, piece_list& out) {
        if (is_over()) {
            const auto late = reader_.take_late_lf(octets);
            if (last_left_) out.push(late);
            return;
        }
        if (begun_ && reader_.held().size() > watched_limit) reader_.skip_unfinished();
        reader_.feed(octets);
        sse::block block;
        while (reader_.next(block)) {
            take(block, out);
            if (is_over()) return;
        }
        part(out);
    }

    void take(const sse::block& block, piece_list& out) {
        if (block.is_late_lf) {
            if (last_left_) out.push(block.whole);
            return;
        }
        auto kind = classify(block);
        const bool begun = begun_;
        begun_ = false;
        last_left_ = false;
        facts_.at_boundary = true;
        switch (kind) {
        case event_kind::usage_only:
            if (hides_usage_) return;
            break;
        case event_kind::failure:
            // Told by whoever renders failure(). What has left of this event cannot be taken back.
            facts_.at_boundary = !begun;
            return;
        case event_kind::chunk: facts_.content_started = true; break;
        case event_kind::plain:
            facts_.content_started = true;
            form_.learn(block.whole);
            break;
        case event_kind::done:
            // [DONE] and nothing before it is no answer.
            if (facts_.events == 0) return;
            break;
        case event_kind::none: break;
        }
        out.push(begun ? block.fresh : block.whole);
        last_left_ = true;
    }

    // The unfinished block: on it goes, unless there is reason to wait.
    void part(piece_list& out) {
        auto fresh = reader_.rest();
        if (fresh.empty()) return;
        if (!begun_) {
            auto held = reader_.held();
            if (!facts_.content_started && held.size() <= first_event_limit) return;
            if (held.size() <= watched_limit && !is_chunk_so_far(held)) return;
            out.push(held.size() == fresh.size() ? fresh : held);
            begun_ = true;
            facts_.content_started = true;
        } else {
            out.push(fresh);
        }
        facts_.at_boundary = false;
    }

    sse::plain_form form_;
    const bool hides_usage_;
    bool begun_ = false;      // the unfinished block has been handed out so far
    bool last_left_ = false;  // the last block was handed out
};

}  // namespace

std::unique_ptr<answer_translator>
make_verbatim_stream(const provider_row& row, const answer_context& context) {
    return std::make_unique<verbatim_stream>(row, context);
}

}  // namespace spillway::adapters::chat
