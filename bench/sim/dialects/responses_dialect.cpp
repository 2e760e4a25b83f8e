#include "bench/sim/dialects/responses_dialect.hpp"

#include "bench/sim/dialects/framing.hpp"
#include "bench/sim/dialects/json_view.hpp"
#include "bench/sim/dialects/responses_check.hpp"
#include "bench/sim/dialects/responses_print.hpp"
#include "bench/sim/dialects/responses_prompt.hpp"

namespace spillway::bench::sim {

std::optional<route> responses_dialect::find(const http_head&, std::string_view path) const {
    route found;
    found.voice = this;
    if (path == "/v1/responses" || path == "/openai/v1/responses" || path == "/openai/responses")
        found.what = endpoint::generate;
    else if (path == "/v1/responses/input_tokens")
        found.what = endpoint::count_tokens;
    else
        return std::nullopt;
    return found;
}

reply responses_dialect::answer(
    const route& where, json::object& request, const question& asked, const answer_frame& frame
) const {
    if (const auto wrong = check_responses(request)) return refuse(*wrong, asked.id);
    const auto prompt = read_responses_prompt(request);
    if (where.what == endpoint::count_tokens) {
        reply counted;
        counted.body = json::serialize(json::object{
            {"object", "response.input_tokens"}, {"input_tokens", prompt.tokens()}});
        return counted;
    }
    const auto made = decide(prompt, frame);
    return prompt.is_stream ? stream_response(made, request, frame)
                            : print_response(made, request, frame);
}

// Recorded order: an event "error", then the response as failed.
std::string responses_dialect::error_event(
    const reply& broken, const api_error& error, std::size_t after
) const {
    json::object told{{"type", "error"}, {"sequence_number", after}};
    const std::string_view code =
        error.code.empty() ? "server_error" : std::string_view{error.code};
    told["error"] = {
        {"type", error.type}, {"code", code}, {"message", error.message}, {"param", nullptr}};
    auto text = frame_named(told);
    auto response = parse_json(broken.opening);
    if (!response.is_object()) return text;
    response.get_object()["status"] = "failed";
    response.get_object()["error"] = {{"code", code}, {"message", error.message}};
    json::object failed{{"type", "response.failed"}, {"sequence_number", after + 1}};
    failed["response"] = std::move(response);
    return text + frame_named(failed);
}

}  // namespace spillway::bench::sim
