#include "adapters/canonical/codec.hpp"

#include "adapters/protocols/chat/codec.hpp"
#include "adapters/protocols/cohere/codec.hpp"
#include "adapters/protocols/converse/codec.hpp"
#include "adapters/protocols/gemini/codec.hpp"
#include "adapters/protocols/messages/codec.hpp"
#include "adapters/protocols/ollama/codec.hpp"
#include "adapters/protocols/responses/codec.hpp"

#include <utility>

namespace spillway::adapters::canonical {

void answer_decoder::body_ended(event_sink&) {}

const codec& codec_of(protocol which) noexcept {
    switch (which) {
    case protocol::chat: return chat::codec();
    case protocol::responses: return responses::codec();
    case protocol::gemini: return gemini::codec();
    case protocol::converse: return converse::codec();
    case protocol::ollama: return ollama::codec();
    case protocol::messages: return messages::codec();
    case protocol::cohere: return cohere::codec();
    }
    std::unreachable();
}

}  // namespace spillway::adapters::canonical
