#include "adapters/canonical/codec.hpp"

#include "adapters/protocols/chat/codec.hpp"

namespace spillway::adapters::canonical {

void answer_decoder::body_ended(event_sink&) {}

const codec* codec_of(protocol which) noexcept {
    switch (which) {
    case protocol::chat: return &chat::codec();
    case protocol::messages:
    case protocol::responses:
    case protocol::gemini:
    case protocol::converse:
    case protocol::cohere:
    case protocol::ollama: return nullptr;
    }
    return nullptr;
}

}  // namespace spillway::adapters::canonical
