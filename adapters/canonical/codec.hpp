// What a protocol has to bring so that it can stand on either side of the waist: one table of functions a
// protocol, found by codec_of(). The functions are pure; decoders and encoders are objects of one answer.
#pragma once

#include "adapters/answer.hpp"
#include "adapters/canonical/event.hpp"
#include "adapters/canonical/request.hpp"
#include "adapters/json/long_texts.hpp"
#include "adapters/registry.hpp"

#include <array>
#include <memory>
#include <string>
#include <string_view>

namespace spillway::adapters::canonical {

// One frame of a stream. Views live as long as the call.
struct frame {
    // Event stream: the :event-type or :exception-type. Of server-sent events "error" or nothing: no protocol needs
    // more of the event line than its data says, too.
    std::string_view name;
    padded_view data;           // its payload
    bool is_exception = false;  // event stream: a message of type exception or error
};

// What an encoder of requests is told about the target, and where it reports.
struct encode_context {
    const provider_row& row;
    std::string_view upstream_model;  // not escaped: has none of JSON's special characters
    operation what = operation::chat;
    dropped_names& dropped;   // what the target cannot carry, by its canonical names
    json::long_texts& longs;  // every text that may be large goes through it
};

// Reads answers of the protocol. The terminal marker becomes `end`; a body that is over without it is cut.
class answer_decoder {
public:
    answer_decoder() = default;
    answer_decoder(const answer_decoder&) = delete;
    answer_decoder& operator=(const answer_decoder&) = delete;
    virtual ~answer_decoder() = default;

    // The body of an answer that is no stream.
    virtual void whole(padded_view body, event_sink& out) = 0;
    virtual void next(const frame& one, event_sink& out) = 0;
    // The stream is over as its framing wants it: for protocols whose end is the end of the body after a finish.
    // Default: nothing, the marker has been seen or the answer is cut.
    virtual void body_ended(event_sink& out);
};

struct decode_context {
    const provider_row& row;
    std::string_view provider;  // display name, for problems
    std::string_view model{};   // public slug, where an answer does not say whose it is
};

// Writes answers of the protocol, whole or streamed as its context says. take() appends to text(), which the owner
// sends and clears. Usage, estimated if need be, always comes before `end`. A failure is not its business: the owner
// renders it (render_stream_problem), and nothing may have been written that makes the answer look complete.
class answer_encoder {
public:
    answer_encoder() = default;
    answer_encoder(const answer_encoder&) = delete;
    answer_encoder& operator=(const answer_encoder&) = delete;
    virtual ~answer_encoder() = default;

    virtual void take(const event& one) = 0;
    [[nodiscard]] std::string& text() noexcept { return text_; }
    [[nodiscard]] std::uint64_t next_event() const noexcept { return next_event_; }

protected:
    std::string text_;
    std::uint64_t next_event_ = 0;  // where the dialect numbers its events
};

struct codec {
    protocol which;
    framing streams;               // how its clients get them
    std::string_view stream_type;  // the Content-Type of its streams
    // What shows a client of a silent stream that it is alive, between two frames; empty where nothing may.
    std::string_view keepalive;

    // The client's side. A problem: 400 in the client's words.
    result<> (*decode_request)(padded_view body, const request_facts& facts, request& into);
    std::unique_ptr<answer_encoder> (*make_encoder)(const answer_context& context);
    // An error body, and an error inside a stream that has begun (framed). The id may be empty.
    std::string (*render_problem)(const problem& why, face side, std::string_view request_id);
    std::string (*render_stream_problem)(const problem& why, const answer_context& context);

    // The upstream's side. The body is appended to `out`. A problem: this target cannot be asked this.
    result<> (*encode_request)(const request& from, const encode_context& to, std::string& out);
    std::unique_ptr<answer_decoder> (*make_decoder)(const decode_context& context);
    // A non-2xx answer; the caller redacts.
    problem (*explain
    )(const answer_head& head,
      std::string_view body,
      const provider_row& row,
      std::string_view provider);
};

[[nodiscard]] const codec& codec_of(protocol which) noexcept;

}  // namespace spillway::adapters::canonical
