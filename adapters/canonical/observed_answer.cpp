#include "adapters/canonical/observed_answer.hpp"

namespace spillway::adapters::canonical {

observed_answer::observed_answer(
    std::unique_ptr<answer_decoder> decoder,
    const answer_context& context,
    std::string_view provider
)
    : answer_watch{std::move(decoder), context, provider} {}

void observed_answer::feed(std::string_view octets, piece_list& out) {
    read(octets);
    give(out);
}

void observed_answer::finish(std::string_view last_octets, ending how, piece_list& out) {
    read(last_octets);
    read_frame last;
    if (frames_ && how == ending::complete && !is_over() && frames_->flush(last)) pass(last);
    if (frames_ && frames_->is_broken()) broken("The provider's stream is damaged.");
    if (!frames_ && how == ending::complete && !is_over()) {
        decode_whole();
        if (!failed_) held_ = std::move(body_);
    }
    settle(how);
    give(out);
}

void observed_answer::read(std::string_view octets) {
    if (failed_ || octets.empty()) return;
    if (!frames_) {
        static_cast<void>(collect(octets));
        return;
    }
    frames_->feed(octets);
    read_frame one;
    while (frames_->next(one)) {
        if (!failed_) pass(one);
    }
    if (frames_->is_broken()) broken("The provider's stream is damaged.");
}

// What comes behind the terminal marker passes unread.
void observed_answer::pass(const read_frame& one) {
    if (!is_over()) decode(one);
    if (failed_) return;
    if (one.has_data) ++facts_.next_event;
    held_.append(one.whole);
}

void observed_answer::give(piece_list& out) {
    if (!facts_.content_started || held_.empty()) return;
    leaving_.clear();
    leaving_.swap(held_);
    out.push(leaving_);
}

}  // namespace spillway::adapters::canonical
