// What both translators of a foreign or observed answer share: hears the decoder's events, keeps the facts and the
// failure, and hands the events on. One an answer, on the worker's thread.
#pragma once

#include "adapters/answer.hpp"
#include "adapters/canonical/codec.hpp"
#include "adapters/canonical/frame_reader.hpp"

#include <memory>
#include <string>

namespace spillway::adapters::canonical {

inline constexpr std::size_t most_whole_octets = 64 * 1024 * 1024;

class answer_watch : public answer_translator, public event_sink {
public:
    void take(const event& one) final;
    void fail(problem why) final;

protected:
    // REQUIRES: what the context views outlives the translator.
    answer_watch(
        std::unique_ptr<answer_decoder> decoder,
        const answer_context& context,
        std::string_view provider
    );

    // Hears each event once the facts have it.
    virtual void heard(const event& one) = 0;
    [[nodiscard]] bool is_over() const noexcept { return has_ended_ || failed_ != nullptr; }
    // Keeps the octets of an answer that is no stream. False: there are too many, and it has failed.
    bool collect(std::string_view octets);
    void decode_whole();
    void decode(const read_frame& one);
    void broken(std::string_view message);
    // The body is over: whether the answer was complete.
    void settle(ending how);

    const answer_context context_;
    std::unique_ptr<answer_decoder> decoder_;
    std::unique_ptr<frame_reader> frames_;
    std::string body_;  // of an answer that is no stream

private:
    std::string_view provider_;
    std::string finish_;  // owns facts_.finish_reason
    bool has_ended_ = false;
};

}  // namespace spillway::adapters::canonical
