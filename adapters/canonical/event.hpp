// An answer as a sequence of events, the same for a stream and a whole body: what a decoder says and an encoder
// hears. A closed set. Order: start, contents in any mixture, finish once a choice, usage any number of times, end.
// No end: the answer is not complete. Views live as long as the call.
#pragma once

#include "adapters/canonical/request.hpp"
#include "adapters/canonical/text.hpp"
#include "adapters/message.hpp"

#include <cstdint>

namespace spillway::adapters::canonical {

enum class event_kind : std::uint8_t {
    start,      // id, name: the provider's own id and model
    text,       // text
    refusal,    // text
    reasoning,  // text; part, thought, format; id where the protocol has one
    signature,  // text: of the reasoning part, or (thought == text and part of another kind) of that part
    encrypted,       // text: a whole encrypted reasoning block; format, id
    tool_start,      // id, name; tool
    tool_arguments,  // text: a fragment of JSON text as it stands inside a string; tool
    tool_end,        // tool: nothing more comes for it
    image,           // source
    audio,           // source, text: transcript, id
    citation,        // cited
    logprobs,        // value: elements of OpenAI's logprobs.content, without the brackets
    finish,          // why, native; text: the stop sequence that was met
    usage,           // tokens: cumulative, the last one counts
    end,             // the protocol's terminal marker was seen: the answer is complete
};

enum class finish_reason : std::uint8_t { stop, length, tool_calls, content_filter, error };

struct citation {
    escaped url;  // empty: a document of the request
    escaped title;
    escaped text;  // what is cited
    std::uint32_t document = 0;
    std::uint32_t from = 0;  // in the answer's text, code points; both 0: not said
    std::uint32_t to = 0;
    raw_value native;  // the provider's own object
};

struct event {
    event_kind kind = event_kind::text;
    finish_reason why = finish_reason::stop;
    reasoning_kind thought = reasoning_kind::text;
    reasoning_format format = reasoning_format::unknown;
    std::uint32_t choice = 0;
    // Ordinal of the content part in the choice, counted by the decoder from 0 over all kinds: events of one part
    // carry one number, and a new number begins a new part.
    std::uint32_t part = 0;
    std::uint32_t tool = 0;  // ordinal among the choice's tool calls: 0, 1, …
    bool is_free_text =
        false;  // tool_*: of a custom tool; its arguments are {"input":"…"}, opened and closed apart
    escaped text;
    escaped id;
    escaped name;
    escaped native;  // finish: the provider's own word
    raw_value value;
    media_source source;
    citation cited;
    usage tokens;
};

class event_sink {
public:
    event_sink() = default;
    event_sink(const event_sink&) = delete;
    event_sink& operator=(const event_sink&) = delete;
    virtual ~event_sink() = default;

    virtual void take(const event& one) = 0;
    // The provider reports an error inside its answer, or what it sent is no answer. Nothing follows.
    virtual void fail(problem why) = 0;
};

[[nodiscard]] std::string_view name_of(finish_reason why) noexcept;  // OpenAI's words
// A finish is "tool_calls" whenever a call was made, unless length, filter or error say otherwise.
[[nodiscard]] constexpr finish_reason with_calls(finish_reason why, bool has_calls) noexcept {
    return has_calls && why == finish_reason::stop ? finish_reason::tool_calls : why;
}

}  // namespace spillway::adapters::canonical
