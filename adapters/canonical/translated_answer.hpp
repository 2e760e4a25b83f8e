// An answer of one protocol on its way to a client of another: frame by frame through the decoder of the one and
// the encoder of the other, each read leaving as one piece. Nothing leaves before the first content, so that an
// answer that fails at once can still be asked for elsewhere. Thoughts the client did not ask for stay here.
#pragma once

#include "adapters/canonical/answer_watch.hpp"
#include "adapters/canonical/free_text_calls.hpp"

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
    void heard(const event& one) override {
        if (context_.thoughts != thoughts::shown && is_hidden(one)) return;
        if (!free_texts_.take(one, *encoder_)) encoder_->take(one);
    }
    [[nodiscard]] bool is_hidden(const event& one) noexcept;
    void read(std::string_view octets);
    void give(piece_list& out);

    std::unique_ptr<answer_encoder> encoder_;
    free_text_calls free_texts_;
    std::string leaving_;
    std::uint32_t thought_part_ = UINT32_MAX;  // the last part that was a thought
};

}  // namespace spillway::adapters::canonical
