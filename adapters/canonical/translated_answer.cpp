#include "adapters/canonical/translated_answer.hpp"

namespace spillway::adapters::canonical {

translated_answer::translated_answer(
    std::unique_ptr<answer_decoder> decoder,
    std::unique_ptr<answer_encoder> encoder,
    const answer_context& context,
    std::string_view provider
)
    : answer_watch{std::move(decoder), context, provider}
    , encoder_{std::move(encoder)}
    , free_texts_{context.free_texts} {}

// Google signs parts of other kinds, too: those signatures go with what they sign.
bool translated_answer::is_hidden(const event& one) noexcept {
    const bool is_all = context_.thoughts == thoughts::hidden;
    switch (one.kind) {
    case event_kind::reasoning: thought_part_ = one.part; return true;
    case event_kind::encrypted: return is_all;
    case event_kind::signature:
        return is_all && (one.format != reasoning_format::google || one.part == thought_part_);
    default: return false;
    }
}

void translated_answer::feed(std::string_view octets, piece_list& out) {
    read(octets);
    give(out);
}

void translated_answer::finish(std::string_view last_octets, ending how, piece_list& out) {
    read(last_octets);
    read_frame last;
    if (frames_ && how == ending::complete && !is_over() && frames_->flush(last)) decode(last);
    if (frames_ && frames_->is_broken()) broken("The provider's stream is damaged.");
    if (!frames_ && how == ending::complete && !is_over()) decode_whole();
    settle(how);
    give(out);
}

void translated_answer::read(std::string_view octets) {
    if (is_over() || octets.empty()) return;
    if (!frames_) {
        static_cast<void>(collect(octets));
        return;
    }
    frames_->feed(octets);
    read_frame one;
    while (frames_->next(one)) {
        if (!is_over()) decode(one);
    }
    if (frames_->is_broken()) broken("The provider's stream is damaged.");
}

void translated_answer::give(piece_list& out) {
    if (!facts_.content_started || encoder_->text().empty()) return;
    facts_.next_event = encoder_->next_event();
    leaving_.clear();
    leaving_.swap(encoder_->text());
    out.push(leaving_);
}

}  // namespace spillway::adapters::canonical
