// Reads Ollama's answers: one object, or a line for each piece of it until one says done. One an answer.
#pragma once

#include "adapters/canonical/codec.hpp"
#include "adapters/json/document.hpp"

#include <string>

namespace spillway::adapters::ollama {

class decoder final : public canonical::answer_decoder {
public:
    explicit decoder(const canonical::decode_context& context) noexcept
        : provider_{context.provider} {}

    void whole(padded_view body, canonical::event_sink& out) override;
    void next(const canonical::frame& one, canonical::event_sink& out) override;

private:
    enum class open_part : std::uint8_t { none, text, thought };

    void line(json::value root, canonical::event_sink& out);
    void start(json::value root, canonical::event_sink& out);
    void
    say(canonical::event_kind kind,
        open_part part,
        canonical::escaped words,
        canonical::event_sink& out);
    void call(json::value one, canonical::event_sink& out);
    void images(json::value list, canonical::event_sink& out);
    void done(json::value root, canonical::event_sink& out);
    void broken(std::string_view message, canonical::event_sink& out);

    std::string_view provider_;
    json::document read_;
    std::string began_;  // when the answer was made: tells its calls from those of others
    std::string made_;   // a text of our own, as long as an event lives
    open_part open_ = open_part::none;
    std::uint32_t parts_ = 0;
    std::uint32_t calls_ = 0;
    bool has_started_ = false;
    bool is_over_ = false;
};

}  // namespace spillway::adapters::ollama
