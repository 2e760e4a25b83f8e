// An answer of one protocol on its way to a client of another: frame by frame through the decoder of the one and
// the encoder of the other, each read leaving as one piece. Nothing leaves before the first content, so that an
// answer that fails at once can still be asked for elsewhere.
#pragma once

#include "adapters/canonical/answer_watch.hpp"

namespace spillway::adapters::canonical {

class translated_answer final : public answer_watch {
public:
    translated_answer(
        std::unique_ptr<answer_decoder> decoder,
        std::unique_ptr<answer_encoder> encoder,
        const answer_context& context,
        std::string_view provider
    );

    void feed(std::string_view octets, piece_list& out) override;
    void finish(std::string_view last_octets, ending how, piece_list& out) override;

private:
    void heard(const event& one) override { encoder_->take(one); }
    void read(std::string_view octets);
    void give(piece_list& out);

    std::unique_ptr<answer_encoder> encoder_;
    std::string leaving_;
};

}  // namespace spillway::adapters::canonical
