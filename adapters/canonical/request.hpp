// A chat request as every protocol can say it: views into the client's text, and into the arena for what had to
// be made. Messages hold ranges of one list of parts, so that a request is three blocks of memory however long it
// is. Filled by a protocol's decode_request(), read by another's encode_request(); lives as long as that takes.
#pragma once

#include "adapters/canonical/arena.hpp"
#include "adapters/canonical/text.hpp"
#include "adapters/message.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace spillway::adapters::canonical {

// `tool` messages hold tool_result parts only; `system` and `developer` text only.
enum class role : std::uint8_t { system, developer, user, assistant, tool };

// A prompt-cache breakpoint behind the part, tool or system text that carries it.
enum class cache_mark : std::uint8_t { none, five_minutes, one_hour };

enum class part_kind : std::uint8_t {
    text,
    refusal,      // text
    image,        // source
    audio,        // source; a voice answer of an earlier turn by its id
    video,        // source
    file,         // source
    reasoning,    // text, signature; also one with neither summary nor signature but encrypted data
    tool_call,    // id, name, arguments
    tool_result,  // id, name, contents, is_error
};

enum class source_kind : std::uint8_t {
    none,
    base64,   // data
    url,      // data: http(s), gs://, s3:// — never a data: URL, decoders take those apart
    file_id,  // data: at the provider
    text,     // data: the document as text
};

struct media_source {
    source_kind kind = source_kind::none;
    escaped type;  // "image/png"; empty: not said
    escaped data;
    escaped name;    // of the file, or a document's title
    escaped detail;  // of an image: low, high, auto
};

// Whose reasoning it is: signatures and encrypted blocks mean something to the maker's models alone.
enum class reasoning_format : std::uint8_t { unknown, anthropic, openai, google, xai };

enum class reasoning_kind : std::uint8_t {
    text,       // the thought itself, text and signature
    summary,    // text only
    encrypted,  // data only
};

struct part {
    part_kind kind = part_kind::text;
    cache_mark cache = cache_mark::none;
    bool is_error = false;                                // tool_result
    reasoning_kind thought = reasoning_kind::text;        // reasoning
    reasoning_format format = reasoning_format::unknown;  // reasoning; signature of any part
    escaped text;                                         // text, refusal, reasoning
    escaped signature;  // reasoning; of any part where Google signs it
    escaped data;       // reasoning: encrypted
    escaped id;         // tool_call, tool_result, reasoning
    escaped name;       // tool_call; tool_result where the client says it
    escaped arguments;  // tool_call: JSON text inside a string, or …
    raw_value object;   // … the same as a value; one of both is set
    media_source source;
    std::uint32_t first = 0;  // tool_result: its contents, in request::nested
    std::uint32_t count = 0;
};

struct message {
    canonical::role role = role::user;
    escaped name;
    std::uint32_t first = 0;  // in request::parts
    std::uint32_t count = 0;
};

struct tool {
    escaped name;
    escaped description;
    raw_value parameters;  // JSON Schema; empty: none
    tristate strict = tristate::unset;
    cache_mark cache = cache_mark::none;
    bool is_free_text = false;  // takes one text, no object (OpenAI's custom tools)
    raw_value
        server;  // a tool the provider runs, in the client protocol's words; the rest is empty
    escaped server_type;  // its type, e.g. web_search_20250305
};

enum class choice_mode : std::uint8_t { unset, automatic, none, required, named };

struct tool_choice {
    choice_mode mode = choice_mode::unset;
    escaped name;                  // named
    std::vector<escaped> allowed;  // only these may be called; empty: all
    tristate parallel = tristate::unset;
};

enum class format_kind : std::uint8_t { unset, text, json_object, json_schema };

struct answer_format {
    format_kind kind = format_kind::unset;
    escaped name;
    escaped description;
    raw_value schema;
    tristate strict = tristate::unset;
};

enum class effort : std::uint8_t { unset, none, minimal, low, medium, high, xhigh, max };

struct reasoning_wish {
    canonical::effort effort = effort::unset;
    tristate enabled = tristate::unset;
    tristate exclude = tristate::unset;   // the thoughts are not to be in the answer
    std::optional<std::uint32_t> budget;  // tokens
    bool is_adaptive = false;             // the model decides how much
    escaped summary;                      // auto, concise, detailed

    [[nodiscard]] bool is_set() const noexcept {
        return effort != effort::unset || enabled != tristate::unset || budget || is_adaptive;
    }
    [[nodiscard]] bool is_off() const noexcept {
        return effort == effort::none || enabled == tristate::no;
    }
};

// A member the waist has no better place for, kept by its name in the client's protocol.
struct extra_member {
    std::string_view name;
    raw_value value;
};

struct request {
    explicit request(canonical::arena& texts) noexcept : made{texts} {}
    request(const request&) = delete;
    request& operator=(const request&) = delete;

    canonical::arena& made;
    std::vector<message> messages;
    std::vector<part> parts;
    std::vector<part> nested;  // contents of tool results
    std::vector<tool> tools;
    canonical::tool_choice tool_choice;
    answer_format format;
    reasoning_wish reasoning;

    bool stream = false;
    usage_request usage_asked = usage_request::not_asked;
    std::optional<std::uint64_t> max_tokens;
    std::uint32_t n = 1;
    std::vector<escaped> stop;
    // Numbers as the client spelled them; empty: absent.
    raw_value temperature;
    raw_value top_p;
    raw_value top_k;
    raw_value min_p;
    raw_value top_a;
    raw_value frequency_penalty;
    raw_value presence_penalty;
    raw_value repetition_penalty;
    raw_value seed;
    raw_value logit_bias;
    bool logprobs = false;
    raw_value top_logprobs;
    escaped user;
    escaped service_tier;
    escaped verbosity;
    escaped prompt_cache_key;
    escaped safety_identifier;
    raw_value metadata;      // an object of texts
    raw_value modalities;    // OpenAI's list: ["text","image"]
    raw_value audio;         // OpenAI's {voice, format}
    raw_value image_config;  // OpenRouter's {aspect_ratio, image_size}
    raw_value prediction;
    raw_value web_search;       // web_search_options, or what another protocol's search tool says
    raw_value safety_settings;  // Google's list
    tristate store = tristate::unset;
    cache_mark cache = cache_mark::none;  // of the whole prompt
    std::vector<extra_member> extras;     // asked for and known to nobody but the client's protocol
    std::string settings;                 // answer_wishes::settings

    [[nodiscard]] std::span<const part> parts_of(const message& of) const noexcept {
        return std::span{parts}.subspan(of.first, of.count);
    }
    [[nodiscard]] std::span<const part> contents_of(const part& result) const noexcept {
        return std::span{nested}.subspan(result.first, result.count);
    }

    // Building, front to back: add() belongs to the last message, add_nested() to the last part.
    message& add_message(canonical::role as);
    part& add(part_kind kind);
    part& add_text(escaped text);
    part& add_nested(part_kind kind);
};

// The call's arguments in the form a protocol wants them. Nothing, blanks or null are an empty object; what is no
// object is wrapped as {"_raw":…}, so that one broken call in a history does not fail the whole request.
[[nodiscard]] raw_value arguments_object(const part& call, arena& made);
[[nodiscard]] escaped arguments_string(const part& call, arena& made);

// The texts of a tool result, joined; contents of other kinds are passed over.
[[nodiscard]] escaped joined_text(std::span<const part> contents, arena& made);

// OpenRouter's share of the output a level of effort may spend, and back.
[[nodiscard]] std::uint32_t budget_of(effort level, std::uint64_t max_tokens) noexcept;
[[nodiscard]] effort effort_of(std::uint64_t budget, std::uint64_t max_tokens) noexcept;
[[nodiscard]] effort effort_named(std::string_view word) noexcept;  // unset: no such word
[[nodiscard]] std::string_view name_of(effort level) noexcept;
[[nodiscard]] std::string_view name_of(reasoning_format whose) noexcept;  // "anthropic-claude-v1"
[[nodiscard]] reasoning_format format_named(std::string_view word) noexcept;

}  // namespace spillway::adapters::canonical
