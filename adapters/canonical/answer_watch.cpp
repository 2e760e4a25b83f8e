#include "adapters/canonical/answer_watch.hpp"

namespace spillway::adapters::canonical {

answer_watch::answer_watch(
    std::unique_ptr<answer_decoder> decoder,
    const answer_context& context,
    std::string_view provider
)
    : context_{context}
    , decoder_{std::move(decoder)}
    , frames_{make_frame_reader(context.frames)}
    , provider_{provider} {}

void answer_watch::take(const event& one) {
    if (is_over()) return;
    switch (one.kind) {
    case event_kind::start: break;
    case event_kind::text:
    case event_kind::refusal:
    case event_kind::reasoning:
    case event_kind::encrypted:
    case event_kind::tool_start:
    case event_kind::tool_arguments:
    case event_kind::image:
    case event_kind::audio:
        ++facts_.events;
        facts_.text_octets += one.text.raw.size();
        facts_.content_started = true;
        break;
    case event_kind::signature:
    case event_kind::tool_end:
    case event_kind::citation:
    case event_kind::logprobs: break;
    case event_kind::finish:
        finish_ = one.native.empty() ? name_of(one.why) : one.native.raw;
        facts_.finish_reason = finish_;
        break;
    case event_kind::usage: facts_.tokens = one.tokens; break;
    case event_kind::end:
        if (!facts_.tokens.present) {
            event guess;
            guess.kind = event_kind::usage;
            guess.tokens = estimate_usage(context_.prompt_octets, facts_, context_.how);
            heard(guess);
        }
        facts_.terminal_seen = true;
        facts_.content_started = true;
        heard(one);
        has_ended_ = true;
        return;
    }
    heard(one);
}

void answer_watch::fail(problem why) {
    if (is_over()) return;
    if (why.provider.empty()) why.provider = provider_;
    answer_translator::fail(std::move(why));
}

void answer_watch::broken(std::string_view message) {
    fail(make_problem(error_class::upstream_fault, std::string{message}));
}

bool answer_watch::collect(std::string_view octets) {
    if (body_.size() + octets.size() > most_whole_octets) {
        broken("The provider's answer is larger than the gateway holds.");
        return false;
    }
    body_.append(octets);
    return true;
}

void answer_watch::decode_whole() {
    const std::size_t size = body_.size();
    body_.append(padding, '\0');
    decoder_->whole(padded_view{body_.data(), size}, *this);
    body_.resize(size);
}

void answer_watch::decode(const read_frame& one) {
    if (one.has_data) decoder_->next(one.frame, *this);
}

void answer_watch::settle(ending how) {
    if (how == ending::complete && !is_over() && frames_) decoder_->body_ended(*this);
    facts_.complete = has_ended_ && !failed_;
}

}  // namespace spillway::adapters::canonical
