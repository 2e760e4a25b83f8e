// The providers we know, as rows of data, and the one place where an adapter object is made. Rows are static
// and immutable. Adding an OpenAI-compatible host is adding a row.
#pragma once

#include "adapters/adapter.hpp"

#include <boost/system/result.hpp>

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace spillway::adapters {

enum class auth_style : std::uint8_t {
    none,            // local servers: a key is sent as bearer if one is given
    bearer,          // Authorization: Bearer <key>
    api_key_field,   // api-key: <key> (Azure)
    x_api_key,       // x-api-key: <key> (Anthropic)
    x_goog_api_key,  // x-goog-api-key: <key> (Google AI Studio)
    aws,             // bearer if there is a key, else a signature by the account's secret
};

// Where the last word on usage stands in a stream.
enum class stream_usage : std::uint8_t {
    ask,          // an extra event without choices, if stream_options.include_usage asks for it
    unasked,      // on the finish chunk, always; the question would be refused or is needless
    every_chunk,  // cumulative, on each chunk; the last one counts
};

enum class done_marker : std::uint8_t { sent, never };

enum class total_rule : std::uint8_t {
    plain,             // completion includes reasoning
    reasoning_beside,  // total = prompt + completion + reasoning (xAI)
};

// A finish_reason may be missing from a stream that is whole (Snowflake): only [DONE] counts then.
enum class finish_rule : std::uint8_t { finish_or_done, done_only };

enum class rule_action : std::uint8_t {
    drop,
    rename,
    // response_format {"type":"text"} beside tools says nothing and is refused (Fireworks).
    drop_text_format,
    // Of tool_choice only "auto" and "none" are known: a call cannot be forced.
    drop_forced_choice,
    // A number outside the rule's range becomes the nearest inside.
    clamp,
};

struct number_range {
    double least = 0;
    double most = 0;
};

// A member the provider does not take. `prefix` limits the rule to upstream models that begin so.
struct parameter_rule {
    member which;
    rule_action action;
    std::string_view to;  // rename: the new name; not applied if the member `to` is there already
    std::string_view prefix;  // empty: every model
    number_range within{};    // clamp
};

// What a provider's own word for a failure means, where neither its status nor its message says so.
struct error_code {
    std::string_view code;
    error_class what;
};

// What a provider takes as the id of a tool call.
enum class call_id_rule : std::uint8_t {
    any,                 // up to 40 octets
    nine_alphanumerics,  // Mistral
};

enum class url_style : std::uint8_t {
    plain,           // <base>/chat/completions
    azure,           // deployments path with api-version, or the v1 surface
    gemini,          // <base>/models/<model>:<verb>
    vertex,          // …/publishers/google/models/<model>:<verb>, host by region
    vertex_claude,   // …/publishers/anthropic/models/<model>:<verb>, host by region
    bedrock,         // /model/<model>/converse, host by region
    bedrock_claude,  // /model/<model>/invoke with Anthropic's body, host by region
};

// Which of Google's two services answers generateContent: what they take differs in a few members.
enum class google_surface : std::uint8_t { studio, vertex };

// A few operations.
class operation_set {
public:
    constexpr operation_set(std::initializer_list<operation> all) noexcept {
        for (const operation one : all)
            bits_ |= bit(one);
    }
    [[nodiscard]] constexpr bool has(operation one) const noexcept {
        return (bits_ & bit(one)) != 0;
    }

private:
    static constexpr std::uint16_t bit(operation one) noexcept {
        return static_cast<std::uint16_t>(1U << static_cast<unsigned>(one));
    }
    std::uint16_t bits_ = 0;
};

struct provider_row {
    std::string_view name{};          // slug, as in provider.order
    std::string_view display_name{};  // as clients see it
    std::string_view base_url{};  // empty: the account must bring one; may hold {region}, {project}
    std::string_view key_variable{};  // well-known environment variable; empty for local servers
    std::string_view base_url_variable{};
    protocol speaks = protocol::chat;
    auth_style auth = auth_style::bearer;
    url_style url = url_style::plain;
    google_surface surface = google_surface::studio;  // of protocol::gemini
    stream_usage usage = stream_usage::ask;
    done_marker done = done_marker::sent;
    total_rule total = total_rule::plain;
    finish_rule finish = finish_rule::finish_or_done;
    // Of protocol::chat: which endpoints there are beside Chat Completions; all, where it is not known. Completions that
    // are missing are made of chat.
    operation_set serves{
        operation::completions,
        operation::embeddings,
        operation::rerank,
        operation::moderations,
        operation::images,
    };
    bool is_local = false;                  // runs beside us; plain http is normal
    bool has_responses = false;             // speaks OpenAI's Responses beside what it speaks
    bool takes_openrouter_members = false;  // provider, plugins, … stay in the body
    bool takes_reasoning_object = false;    // reasoning:{effort} needs no translation
    bool refuses_unknown_members = false;   // 400 for OpenRouter's extra parameters
    bool takes_developer_role = false;      // else its messages go as the system's
    bool takes_custom_tools = false;        // tools of type custom, and allowed_tools
    bool takes_message_names = true;        // messages[].name
    call_id_rule call_ids = call_id_rule::any;
    // Where a message that calls tools carries the thought behind it, when it is sent back; empty: nowhere.
    std::string_view thought_member{};
    std::string_view model_prefix{};          // put before a model name that lacks it
    std::string_view required_tool_choice{};  // the provider's word for tool_choice "required"
    std::span<const parameter_rule> parameters{};
    std::span<const error_code> codes{};
    std::string_view remark{};  // one line for the README's table
};

[[nodiscard]] std::span<const provider_row> rows() noexcept;
// The most common habits of the protocol's servers, for a provider that has no row. Name and base URL are empty.
[[nodiscard]] provider_row generic_row(protocol speaks) noexcept;
// By slug or display name, without case. nullptr: unknown.
[[nodiscard]] const provider_row* find_row(std::string_view name) noexcept;

// What an operator may say about one account.
struct account_settings {
    std::string base_url;      // overrides the row's
    std::string display_name;  // overrides the row's, for several accounts or a generic row
    std::string
        api_version;  // Azure: "2024-10-21" selects the deployments path; "v1" or empty the v1 surface
    std::string region;         // kept for rows that put it in the URL
    std::string access_key_id;  // AWS: signs when there is no key
    std::string secret_access_key;
    std::string session_token;
    std::string organization;              // OpenAI-Organization
    std::string project;                   // OpenAI-Project
    std::vector<head_field> extra_fields;  // sent with each request
};

// A problem's message says what is wrong with the settings, for an operator.
[[nodiscard]] result<std::unique_ptr<adapter>>
make_adapter(const provider_row& row, const account_settings& settings);

}  // namespace spillway::adapters
