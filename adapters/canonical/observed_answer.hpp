// An answer whose client and provider speak the same protocol: passed on octet for octet, frame by frame, while the
// protocol's decoder watches for usage, the finish and failures. A frame that reports a failure does not leave; the
// owner renders it. Nothing leaves before the first content.
#pragma once

#include "adapters/canonical/answer_watch.hpp"

namespace spillway::adapters::canonical {

class observed_answer final : public answer_watch {
public:
    observed_answer(
        std::unique_ptr<answer_decoder> decoder,
        const answer_context& context,
        std::string_view provider
    );

    void feed(std::string_view octets, piece_list& out) override;
    void finish(std::string_view last_octets, ending how, piece_list& out) override;

private:
    void heard(const event&) override {}
    void read(std::string_view octets);
    void pass(const read_frame& one);
    void give(piece_list& out);

    std::string held_;  // frames that have been read and may leave
    std::string leaving_;
};

}  // namespace spillway::adapters::canonical
