// Reads Cohere's answers into events, whole and streamed. The answer ends with message-end. One object an answer.
#pragma once

#include "adapters/canonical/codec.hpp"
#include "adapters/json/document.hpp"

#include <string>

namespace spillway::adapters::cohere {

class decoder final : public canonical::answer_decoder {
public:
    explicit decoder(const canonical::decode_context& context) noexcept
        : provider_{context.provider} {}

    void whole(padded_view body, canonical::event_sink& out) override;
    void next(const canonical::frame& one, canonical::event_sink& out) override;

private:
    enum class channel : std::uint8_t { none, plan, text, thought };

    void start(canonical::escaped id, canonical::event_sink& out);
    void say(channel what, canonical::escaped text, canonical::event_sink& out);
    void call_start(json::value call, canonical::event_sink& out);
    void call_fragment(canonical::escaped fragment, canonical::event_sink& out);
    void call_end(canonical::event_sink& out);
    void cite(json::value citation, canonical::event_sink& out);
    void finish(json::value from, json::value usage, canonical::event_sink& out);

    std::string_view provider_;
    json::document read_;
    channel open_ = channel::none;
    std::uint32_t parts_ = 0;  // opened so far; the last one is open
    std::uint32_t tools_ = 0;
    bool has_open_call_ = false;
    bool has_arguments_ = false;
};

}  // namespace spillway::adapters::cohere
