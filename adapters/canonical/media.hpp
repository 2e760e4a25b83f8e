// Media sources as URLs and back: what OpenAI's protocols write as one text. Stateless.
#pragma once

#include "adapters/canonical/arena.hpp"
#include "adapters/canonical/request.hpp"
#include "adapters/json/long_texts.hpp"

#include <string>

namespace spillway::adapters::canonical {

// Takes a data: URL apart; any other URL stays whole. False: a data: URL that is not base64.
[[nodiscard]] bool read_url(escaped url, media_source& into, arena& made);
// The inside of a JSON string: the URL, or a data: URL of `type` where the source does not say its own.
void append_url(std::string& out, const media_source& source, std::string_view type);
// The same for a request under way.
void append_url(
    std::string& out, const media_source& source, std::string_view type, json::long_texts& longs
);

// "wav" of audio/wav and audio/x-wav, "mp3" of audio/mpeg; empty if it is no audio type.
[[nodiscard]] std::string_view audio_format(std::string_view type) noexcept;

}  // namespace spillway::adapters::canonical
