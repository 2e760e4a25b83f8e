// The words both sides of an adapter share: what one strict pass over a request body found, what an answer
// cost, and what went wrong. Values and views; whoever hands one out says how long the views live. No thread,
// no clock, no socket.
#pragma once

#include "adapters/json/padded.hpp"

#include <boost/system/result.hpp>

#include <array>
#include <chrono>
#include <cstdint>
#include <forward_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace spillway::adapters {

// `embed_one`: the endpoints for embeddings that take one input, Google's :embedContent and Ollama's /api/embeddings.
enum class operation : std::uint8_t {
    chat,
    completions,
    embeddings,
    models,
    count_tokens,
    embed_one,
    rerank,
    moderations,
    images,
};
inline constexpr std::size_t operation_count = 9;

// The wire protocols: each may be a client's dialect and a provider's.
enum class protocol : std::uint8_t { chat, messages, responses, gemini, converse, cohere, ollama };
inline constexpr std::size_t protocol_count = 7;

// Where it stands whether the client wants a stream.
enum class delivery_asked : std::uint8_t { in_body, whole, streamed };

// How a client wants its stream: as its protocol does it, or, of Gemini, as one JSON array.
enum class stream_form : std::uint8_t { usual, array };

// Two faces of one dialect: /v1 is plain OpenAI, /api/v1 is OpenRouter.
enum class face : std::uint8_t { openai, openrouter };

// What the head of a request says: path and face, and for the protocols whose path does, model and streaming.
struct question {
    operation what = operation::chat;
    face side = face::openai;
    protocol dialect = protocol::chat;
    stream_form form = stream_form::usual;
    delivery_asked how = delivery_asked::in_body;
    std::string_view model{};  // of the path
};

std::string_view name_of(operation what) noexcept;
std::string_view name_of(face side) noexcept;
std::string_view name_of(protocol which) noexcept;

// ---------------------------------------------------------------------------------------------------------
// Usage and money

// Tokens of one answer. `completion` includes `reasoning`, `prompt` includes the cached and written ones,
// whatever the provider's own counting rule is.
struct usage {
    std::uint64_t prompt = 0;
    std::uint64_t completion = 0;
    std::uint64_t total = 0;
    std::uint64_t cached_read = 0;
    std::uint64_t cache_write = 0;
    std::uint64_t reasoning = 0;
    std::uint64_t audio_in = 0;
    std::uint64_t audio_out = 0;
    std::uint64_t image_out = 0;
    bool present = false;    // the provider told us
    bool estimated = false;  // nobody told us; counted by a rule of thumb

    bool operator==(const usage&) const = default;
};

// Nano-dollars: 1 = 10^-9 USD.
struct cost {
    std::int64_t total = 0;
    std::int64_t prompt = 0;
    std::int64_t completion = 0;

    bool operator==(const cost&) const = default;
};

// Implemented by the hall: the price list of the target that answered. No value: the price is not known, and
// the client sees null, never 0.
class cost_source {
public:
    cost_source() = default;
    cost_source(const cost_source&) = delete;
    cost_source& operator=(const cost_source&) = delete;
    virtual ~cost_source() = default;
    [[nodiscard]] virtual std::optional<cost> cost_of(const usage& tokens) const noexcept = 0;
};

// ---------------------------------------------------------------------------------------------------------
// Problems

enum class error_class : std::uint8_t {
    auth,            // the key is not accepted
    quota,           // the account has no money or no quota left; waiting does not help
    rate,            // too many requests or tokens a minute
    overload,        // the provider has no capacity now
    content,         // refused because of what was asked or answered
    context_length,  // the prompt does not fit
    bad_request,     // the request is at fault in another way
    not_found,       // no such model, deployment or path
    permission,      // the key is known, but may not do this
    too_large,       // the body is too large
    timeout,         // the provider gave up waiting
    upstream_fault,  // an answer that is none: 5xx, HTML, broken JSON, cut stream
    unavailable,     // down, loading, in maintenance
    internal,        // a fault of ours
};
inline constexpr std::size_t error_class_count = 14;

std::string_view name_of(error_class what) noexcept;

// What an earlier attempt of the same request ended with.
struct previous_error {
    std::uint16_t code = 0;
    std::string message;
    std::string provider;
};

// One failure in words a client can be told. `status` is what our client gets; `upstream_status` is what the
// provider said, 0 if the problem is ours.
struct problem {
    error_class what = error_class::internal;
    std::uint16_t status = 500;
    std::uint16_t upstream_status = 0;
    std::string message;
    std::string
        type;  // in OpenAI's words, e.g. invalid_request_error; the provider's if it has one
    std::string code;      // the provider's code as text, e.g. context_length_exceeded
    std::string param;     // the request member at fault
    std::string provider;  // display name; empty when the problem is ours
    std::string raw;       // the provider's body, bounded
    std::optional<std::chrono::milliseconds> retry_after;
    std::vector<previous_error> previous;

    // May the same request succeed elsewhere or later? Derived from the class alone.
    [[nodiscard]] bool retryable() const noexcept;
};

// A problem of ours with the status that belongs to its class.
problem make_problem(error_class what, std::string message, std::string_view param = {});

// boost::system::result calls this when somebody asks a failed result for its value: a bug of the caller.
[[noreturn]] void
throw_exception_from_error(const problem& why, const boost::source_location& where);

template <class T = void>
using result = boost::system::result<T, problem>;

// ---------------------------------------------------------------------------------------------------------
// Requests

// What a target must be able to do for this request.
enum class need : std::uint16_t {
    tools = 1 << 0,
    json_object = 1 << 1,
    json_schema = 1 << 2,
    images = 1 << 3,
    audio = 1 << 4,
    files = 1 << 5,
    video = 1 << 6,
    audio_output = 1 << 7,
    image_output = 1 << 8,
    logprobs = 1 << 9,
    reasoning = 1 << 10,
    server_tools = 1 << 11,
    web_search = 1 << 12,
};

enum class sort_order : std::uint8_t { none, price, throughput, latency, exacto };
enum class sort_partition : std::uint8_t { model, none };
enum class data_policy : std::uint8_t { any, allow, deny };
enum class tristate : std::uint8_t { unset, no, yes };
enum class usage_request : std::uint8_t { not_asked, asked };

// The request's top-level members that the gateway reads, moves or removes; all others pass unread.
enum class member : std::uint8_t {
    model,
    models,
    messages,
    prompt,
    input,
    stream,
    stream_options,
    max_tokens,
    max_completion_tokens,
    n,
    stop,
    provider,
    route,
    plugins,
    transforms,
    usage,
    preset,
    session_id,
    trace,
    debug,
    user,
    tools,
    tool_choice,
    parallel_tool_calls,
    response_format,
    reasoning,
    reasoning_effort,
    include_reasoning,
    seed,
    logprobs,
    top_logprobs,
    logit_bias,
    frequency_penalty,
    presence_penalty,
    service_tier,
    top_a,
    modalities,
    image_config,
    max_tool_calls,
    stop_server_tools_when,
    speed,
    x_search_filter,
    cache_control,
    structured_outputs,
    web_search_options,
    metadata,
    temperature,
    top_p,
    top_k,
    min_p,
    repetition_penalty,
    verbosity,
    functions,
    audio,
    store,
    safety_identifier,
    prompt_cache_key,
    dimensions,
};
inline constexpr std::size_t member_count = 58;

// clang-format off
inline constexpr std::array<std::string_view, member_count> member_names{
    "model", "models", "messages", "prompt", "input", "stream", "stream_options", "max_tokens",
    "max_completion_tokens", "n", "stop", "provider", "route", "plugins", "transforms", "usage",
    "preset", "session_id", "trace", "debug", "user", "tools", "tool_choice",
    "parallel_tool_calls", "response_format", "reasoning", "reasoning_effort",
    "include_reasoning", "seed", "logprobs", "top_logprobs", "logit_bias", "frequency_penalty",
    "presence_penalty", "service_tier", "top_a", "modalities", "image_config", "max_tool_calls",
    "stop_server_tools_when", "speed", "x_search_filter", "cache_control", "structured_outputs",
    "web_search_options", "metadata", "temperature", "top_p", "top_k", "min_p",
    "repetition_penalty", "verbosity", "functions", "audio", "store", "safety_identifier",
    "prompt_cache_key", "dimensions",
};
// clang-format on
static_assert(static_cast<std::size_t>(member::dimensions) + 1 == member_count);
static_assert(member_count <= 64, "request_facts keeps one bit a member");

constexpr std::string_view name_of(member which) noexcept {
    return member_names[static_cast<std::size_t>(which)];
}

// Where a member stands in the body: [begin, end) from the quote of its name to the end of its value.
struct member_span {
    std::uint32_t begin;
    std::uint32_t value;
    std::uint32_t end;
    std::uint16_t ordinal;  // which member of the object, counting all
    member which;
};

// The `provider` object. Lists are views; everything not needed for routing yet is kept as `raw`.
struct provider_preferences {
    bool present = false;
    tristate allow_fallbacks = tristate::unset;
    tristate require_parameters = tristate::unset;
    tristate zdr = tristate::unset;
    tristate enforce_distillable_text = tristate::unset;
    data_policy data_collection = data_policy::any;
    sort_order sort = sort_order::none;
    sort_partition partition = sort_partition::model;
    std::string_view quantizations;  // raw JSON of the value, checked to be a list of strings
    std::string_view max_price;      // raw JSON, checked to be an object
    std::string_view preferred_min_throughput;
    std::string_view preferred_max_latency;
    std::string_view options;
};

// What inspect() found. Views point into the inspected body (and, where a text was spelled with escapes,
// into this object), so the body must stay where it is. Movable, not copyable: one request, one object.
class request_facts {
public:
    static constexpr std::size_t max_models = 32;
    static constexpr std::size_t max_listed = 96;  // models and the provider lists together

    request_facts() noexcept {}
    request_facts(request_facts&&) noexcept = default;
    request_facts& operator=(request_facts&&) noexcept = default;
    request_facts(const request_facts&) = delete;
    request_facts& operator=(const request_facts&) = delete;
    ~request_facts() = default;

    operation what = operation::chat;
    face side = face::openai;
    protocol dialect = protocol::chat;
    stream_form form = stream_form::usual;
    bool stream = false;
    usage_request usage_asked = usage_request::not_asked;
    std::uint16_t needs = 0;  // or of `need`
    std::uint32_t n = 1;
    std::optional<std::uint32_t> max_tokens;  // the smaller one if both spellings are there
    std::size_t prompt_octets = 0;  // of messages, prompt or input, and tools, as JSON text
    std::string_view model;         // unescaped and charset-checked; empty if not named
    std::string_view user;
    std::string_view session_id;
    std::string_view preset;
    std::string_view messages;  // raw JSON of the value; empty for other operations
    std::string_view betas;  // the client's field lines; not of the body, set by who inspected it
    provider_preferences provider;

    [[nodiscard]] bool needs_any(need what_for) const noexcept {
        return (needs & static_cast<std::uint16_t>(what_for)) != 0;
    }
    // Fallback models in order, `model` not included unless the client repeated it.
    [[nodiscard]] std::span<const std::string_view> models() const noexcept {
        return list(models_);
    }
    [[nodiscard]] std::span<const std::string_view> order() const noexcept { return list(order_); }
    [[nodiscard]] std::span<const std::string_view> only() const noexcept { return list(only_); }
    [[nodiscard]] std::span<const std::string_view> ignore() const noexcept {
        return list(ignore_);
    }

    // Known members in the order of the body.
    [[nodiscard]] std::span<const member_span> members() const noexcept {
        return std::span{members_}.first(known_);
    }
    [[nodiscard]] const member_span* find(member which) const noexcept;
    [[nodiscard]] bool has(member which) const noexcept {
        return (seen_ >> static_cast<unsigned>(which) & 1) != 0;
    }
    [[nodiscard]] std::string_view body() const noexcept { return body_; }
    [[nodiscard]] std::string_view value_of(const member_span& where) const noexcept {
        return body_.substr(where.value, where.end - where.value);
    }
    [[nodiscard]] std::size_t all_members() const noexcept { return all_members_; }
    [[nodiscard]] std::size_t open_brace() const noexcept { return open_brace_; }

private:
    friend class request_inspector;
    void add(need what_for) noexcept { needs |= static_cast<std::uint16_t>(what_for); }
    struct slice {
        std::uint16_t first = 0;
        std::uint16_t count = 0;
    };
    [[nodiscard]] std::span<const std::string_view> list(slice which) const noexcept {
        return std::span{listed_}.subspan(which.first, which.count);
    }

    std::string_view body_;
    std::uint64_t seen_ = 0;  // bit a member
    std::uint32_t all_members_ = 0;
    std::uint32_t open_brace_ = 0;
    std::uint16_t known_ = 0;
    slice models_;
    slice order_;
    slice only_;
    slice ignore_;
    std::vector<std::string_view> listed_;  // most requests list nothing
    std::forward_list<std::string> unescaped_;
    std::array<member_span, member_count> members_;  // [0, known_)
};

static_assert(sizeof(request_facts) <= 1280, "one lives in every request under way");

}  // namespace spillway::adapters
