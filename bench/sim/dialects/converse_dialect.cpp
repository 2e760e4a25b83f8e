#include "bench/sim/dialects/converse_dialect.hpp"

#include "bench/sim/dialects/aws_signature.hpp"
#include "bench/sim/dialects/bedrock_embedding.hpp"
#include "bench/sim/dialects/converse_check.hpp"
#include "bench/sim/dialects/converse_print.hpp"
#include "bench/sim/dialects/converse_prompt.hpp"
#include "bench/sim/dialects/event_frame.hpp"
#include "bench/sim/dialects/json_view.hpp"
#include "bench/sim/dialects/key_ring.hpp"
#include "bench/sim/dialects/messages_check.hpp"
#include "bench/sim/dialects/messages_print.hpp"
#include "bench/sim/dialects/messages_prompt.hpp"

#include <fmt/format.h>

#include <utility>

namespace spillway::bench::sim {
namespace {

std::string_view exception_of(const api_error& error) {
    if (!error.code.empty() && error.code.ends_with("Exception")) return error.code;
    switch (error.status) {
    case 401: return "UnrecognizedClientException";
    case 403: return "AccessDeniedException";
    case 404: return "ResourceNotFoundException";
    case 408: return "ModelTimeoutException";
    case 424: return "ModelErrorException";
    case 429: return "ThrottlingException";
    case 503:
    case 529: return "ServiceUnavailableException";
    default: return error.status < 500 ? "ValidationException" : "InternalServerException";
    }
}

std::string print_message_of(const api_error& error) {
    return json::serialize(json::object{{"message", error.message}});
}

endpoint operation_of(std::string_view name) {
    if (name == "converse") return endpoint::generate;
    if (name == "converse-stream") return endpoint::generate_stream;
    if (name == "invoke") return endpoint::invoke;
    if (name == "invoke-with-response-stream") return endpoint::invoke_stream;
    return name == "count-tokens" ? endpoint::count_tokens : endpoint::unknown;
}

}  // namespace

// "/model/{id}/converse"; slashes of an id are encoded.
std::optional<route> converse_dialect::find(const http_head&, std::string_view path) const {
    constexpr std::string_view start = "/model/";
    if (!path.starts_with(start)) return std::nullopt;
    path.remove_prefix(start.size());
    route found;
    found.voice = this;
    const auto slash = path.find('/');
    if (slash == std::string_view::npos) return found;
    found.what = operation_of(path.substr(slash + 1));
    found.model = decode_percent(path.substr(0, slash));
    return found;
}

std::string_view converse_dialect::credential(const http_head& head) const {
    const auto id = aws_key_id(head);
    return id.empty() ? head.bearer : id;
}

std::optional<api_error>
converse_dialect::check_access(const route&, const question& asked, const key_ring& keys) const {
    const auto field = find_field(asked.head, "authorization");
    if (field.empty())
        return error_of(403, "Missing Authentication Token", "MissingAuthenticationTokenException");
    if (!field.starts_with("Bearer ")) return check_aws_signature(asked, keys);
    if (keys.accepts(asked.head.bearer)) return std::nullopt;
    return error_of(403, "Authentication failed: Please make sure your API Key is valid.");
}

reply converse_dialect::answer(
    const route& where, json::object& request, const question& asked, const answer_frame& frame
) const {
    if (where.what == endpoint::count_tokens) return count(where, request, asked);
    if (where.what == endpoint::invoke || where.what == endpoint::invoke_stream)
        return invoke(where, request, asked, frame);
    if (const auto wrong = check_converse(request)) return refuse(error_of(400, *wrong), asked.id);
    const auto made = decide(read_converse_prompt(request, where.model), frame);
    return where.what == endpoint::generate ? print_converse(made) : stream_converse(made);
}

reply converse_dialect::invoke(
    const route& where,
    const json::object& request,
    const question& asked,
    const answer_frame& frame
) const {
    if (where.what == endpoint::invoke && is_bedrock_embedding(where.model)) {
        auto made = embed_bedrock(request, where.model, asked.id);
        if (const auto* wrong = std::get_if<std::string>(&made))
            return refuse(error_of(400, *wrong), asked.id);
        return std::get<reply>(std::move(made));
    }
    if (auto wrong = check_messages(request, messages_host::bedrock, messages_purpose::generate))
        return refuse(error_of(400, *wrong), asked.id);
    const auto made = decide(read_messages_prompt(request, where.model), frame);
    const message_frame names{"msg_bdrk_" + frame.id.substr(0, 24), where.model};
    if (where.what == endpoint::invoke_stream)
        return stream_invoked(made, message_events(made, names));
    reply printed;
    printed.prompt_tokens = made.prompt_tokens;
    printed.completion_tokens = made.completion_tokens;
    printed.body = json::serialize(print_message(made, names));
    printed.extra_fields = fmt::format(
        "x-amzn-bedrock-input-token-count: {}\r\nx-amzn-bedrock-output-token-count: {}\r\n"
        "x-amzn-bedrock-cache-read-input-token-count: {}\r\n"
        "x-amzn-bedrock-cache-write-input-token-count: {}\r\n",
        made.uncached_tokens(),
        made.completion_tokens,
        made.cached_tokens,
        made.cache_written_tokens
    );
    return printed;
}

reply converse_dialect::count(
    const route& where, const json::object& request, const question& asked
) const {
    const auto* input = object_at(request, "input");
    const auto* counted = input != nullptr ? object_at(*input, "converse") : nullptr;
    if (counted == nullptr)
        return refuse(error_of(400, "input.converse must not be null"), asked.id);
    if (const auto wrong = check_converse(*counted)) return refuse(error_of(400, *wrong), asked.id);
    const auto tokens = read_converse_prompt(*counted, where.model).tokens();
    reply made;
    made.body = json::serialize(json::object{{"inputTokens", tokens}});
    return made;
}

std::string converse_dialect::print_error(const api_error& error, std::string_view) const {
    return print_message_of(error);
}

std::string converse_dialect::error_fields(const api_error& error) const {
    return fmt::format("x-amzn-ErrorType: {}\r\n", exception_of(error));
}

// In a stream the names of exceptions begin with a small letter.
std::string converse_dialect::error_event(const reply&, const api_error& error, std::size_t) const {
    std::string name{exception_of(error)};
    name[0] = static_cast<char>(name[0] - 'A' + 'a');
    return frame_aws_exception(name, print_message_of(error));
}

api_error converse_dialect::words_for(int status) const {
    switch (status) {
    case 403:
        return error_of(403, "You don't have access to the model with the specified model ID.");
    case 404:
        return error_of(
            404, "Could not resolve the foundation model from the provided model identifier."
        );
    case 408:
        return error_of(
            408, "Model has timed out in processing the request. Try your request again."
        );
    case 429: return error_of(429, "Too many requests, please wait before trying again.");
    case 503:
        return error_of(503, "The service is temporarily unavailable. Please try again later.");
    default: break;
    }
    if (status >= 500)
        return error_of(
            status,
            "The system encountered an unexpected error during processing. Try your request again."
        );
    return error_of(status, fmt::format("Simulated fault {}.", status));
}

api_error converse_dialect::quota_exceeded() const {
    return error_of(429, "Too many tokens per day, please wait before trying again.");
}

api_error converse_dialect::context_exceeded() const {
    return error_of(400, "Input is too long for requested model.");
}

std::string converse_dialect::fields(const std::string& id, std::chrono::milliseconds) const {
    const std::string_view hex = id;
    return fmt::format(
        "x-amzn-requestid: {}-{}-{}-{}-{}\r\n",
        hex.substr(0, 8),
        hex.substr(8, 4),
        hex.substr(12, 4),
        hex.substr(16, 4),
        hex.substr(20, 12)
    );
}

std::string_view converse_dialect::stream_type() const {
    return aws_stream_type;
}

}  // namespace spillway::bench::sim
