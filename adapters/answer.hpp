// The face of an answer on its way to the client: takes the upstream's decoded body octets as they come and
// gives the octets that leave, keeping watch for usage, the finish and failures. One object an answer, owned
// by the attempt, touched on the worker's thread. Never holds an octet back longer than needed to decide.
#pragma once

#include "adapters/json/piece_list.hpp"
#include "adapters/message.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace spillway::adapters {

enum class delivery : std::uint8_t { whole, streamed };
enum class ending : std::uint8_t { complete, cut };

// How a protocol cuts a stream into frames.
enum class framing : std::uint8_t {
    none,          // the answer is no stream
    events,        // server-sent events
    lines,         // one JSON document a line
    event_stream,  // application/vnd.amazon.eventstream
};

// By an answer's Content-Type.
[[nodiscard]] framing framing_of(std::string_view content_type) noexcept;

// How much of a model's thoughts a client wants to see.
enum class thoughts : std::uint8_t {
    shown,
    signed_only,  // only what the next turn needs: signatures and encrypted thoughts
    hidden,
};

// What an answer has to know of its request: found while the provider's request is made, read when the answer's
// translator is.
struct answer_wishes {
    adapters::thoughts thoughts = thoughts::shown;
    std::string settings;    // of Responses: the members of its answers that say what was asked
    std::string free_texts;  // names of the tools that take one text, a line each
};

// What the face shows. All views but those of answer_wishes must outlive the translator.
struct answer_context {
    operation what = operation::chat;
    face side = face::openai;
    protocol dialect = protocol::chat;  // the client's
    stream_form form = stream_form::usual;
    delivery how = delivery::whole;                        // by the answer's content type
    framing frames = framing::none;                        // the same; none if and only if whole
    usage_request usage_asked = usage_request::not_asked;  // by the client
    std::string_view generation_id;                        // "gen-…"
    std::string_view model;                                // public slug
    std::string_view provider;                             // display name
    const cost_source* costs = nullptr;                    // none: cost is null
    std::size_t prompt_octets = 0;  // for the estimate when nobody reports usage
    std::int64_t created = 0;       // unix seconds, for events of our own making
    // What the client asked, while the translator is being made; gone afterwards.
    const request_facts* asked = nullptr;
    std::optional<std::uint64_t> prompt_tokens{};  // where the answer's head counts them
    adapters::thoughts thoughts = thoughts::shown;
    std::string_view settings{};    // of answer_wishes, as is the next one: copied when the …
    std::string_view free_texts{};  // … translator is made
    std::uint64_t next_event = 0;   // answer_facts::next_event, for the problem that ends a stream
};

// Counted so far; may be asked at any time.
struct answer_facts {
    usage tokens;  // the last one reported; present == false: none yet
    std::string_view
        finish_reason;         // the provider's own word, the last seen; owned by the translator
    std::uint64_t events = 0;  // answer chunks seen (1 for a whole JSON answer)
    std::uint64_t text_octets = 0;  // octets of those chunks' payloads
    bool content_started = false;  // a chunk of the answer was handed out: no failover from here on
    bool terminal_seen = false;    // [DONE], or a finish where the provider sends no [DONE]
    bool complete = false;         // ended as the protocol wants it; set by finish()
    bool at_boundary = true;  // what was handed out ends between events: an error event may follow
    bool usage_suspect = false;    // the numbers do not fit 64 bits or contradict each other
    std::uint64_t next_event = 0;  // where a stream's events are numbered: of the next one
};

class answer_translator {
public:
    answer_translator() = default;
    answer_translator(const answer_translator&) = delete;
    answer_translator& operator=(const answer_translator&) = delete;
    virtual ~answer_translator() = default;

    // Appends what leaves for these octets, which are not the last. Pieces view into `octets` or into this
    // object and are valid until the next call. A failure inside the answer and what follows it never come out.
    virtual void feed(std::string_view octets, piece_list& out) = 0;
    // The upstream's body is over with these octets (none, if all have been fed). Called once, after which
    // there is no feed(). A cut answer never gets a [DONE] or anything that makes it look whole.
    virtual void finish(std::string_view last_octets, ending how, piece_list& out) = 0;

    [[nodiscard]] const answer_facts& facts() const noexcept { return facts_; }
    // The problem found inside a 200, or nullptr. While content_started is false nothing of the answer has
    // been handed out and another target may be tried; the pieces of that call can be thrown away. Afterwards
    // the owner tells the client, if at_boundary, by render_stream_problem(), our key cut out.
    [[nodiscard]] const problem* failure() const noexcept { return failed_.get(); }
    // A whole answer leaves octet for octet: as many as the upstream announced.
    [[nodiscard]] bool keeps_length() const noexcept { return keeps_length_; }

protected:
    // The first problem counts.
    void fail(problem why) {
        if (!failed_) failed_ = std::make_unique<problem>(std::move(why));
    }

    answer_facts facts_;
    std::unique_ptr<problem> failed_;  // rare, and large
    bool keeps_length_ = false;
};

// Rule of thumb where the provider reported nothing: 4 octets of JSON text a prompt token, one token an
// event, or 4 octets a token in a whole answer. Marked as estimated.
[[nodiscard]] usage
estimate_usage(std::size_t prompt_octets, const answer_facts& facts, delivery how) noexcept;

}  // namespace spillway::adapters
