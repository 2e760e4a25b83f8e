#include "adapters/protocols/responses/response_object.hpp"

#include "adapters/json/writer.hpp"
#include "adapters/protocols/responses/settings.hpp"
#include "adapters/protocols/responses/usage.hpp"

#include <fmt/format.h>

namespace spillway::adapters::responses {

namespace {

void append_id(std::string& out, const answer_context& context) {
    out.push_back('"');
    if (context.side == face::openai) out.append("resp_");
    json::append_inside(out, context.generation_id);
    out.push_back('"');
}

void append_usage_of(std::string& out, const answer_context& context, const usage* tokens) {
    if (tokens == nullptr) {
        out.append("null");
    } else if (context.side == face::openrouter) {
        append_usage(out, *tokens, context.costs ? context.costs->cost_of(*tokens) : std::nullopt);
    } else {
        append_usage(out, *tokens);
    }
}

}  // namespace

void append_response(std::string& out, const answer_context& context, const response_state& state) {
    out.append("{\"id\":");
    append_id(out, context);
    out.append(",\"object\":\"response\",\"created_at\":");
    out.append(fmt::format_int{context.created}.str());
    out.append(",\"status\":\"").append(state.status).append("\",\"error\":");
    if (state.error_code.empty()) {
        out.append("null");
    } else {
        out.append("{\"code\":\"").append(state.error_code).append("\",\"message\":\"");
        out.append(state.error_message).append("\"}");
    }
    out.append(",\"incomplete_details\":");
    if (state.incomplete.empty()) {
        out.append("null");
    } else {
        out.append("{\"reason\":\"").append(state.incomplete).append("\"}");
    }
    out.append(",\"completed_at\":");
    // No clock here: a whole answer is there when its head is, the end of a stream is not known.
    const bool is_dated = state.status == "completed" && context.how == delivery::whole;
    out.append(is_dated ? fmt::format_int{context.created}.str() : "null");
    out.append(",\"model\":");
    json::append_string(out, context.model);
    out.append(",\"output\":[").append(state.output).append("]");
    if (context.settings.empty()) {
        append_settings({}, out);
    } else {
        out.append(context.settings);
    }
    out.append(",\"usage\":");
    append_usage_of(out, context, state.tokens);
    if (context.side == face::openrouter) {
        out.append(",\"provider\":");
        json::append_string(out, context.provider);
    }
    out.push_back('}');
}

void open_event(
    std::string& out, const answer_context& context, std::string_view type, std::uint64_t number
) {
    if (context.side == face::openai) out.append("event: ").append(type).push_back('\n');
    out.append("data: {\"type\":\"").append(type).append("\",\"sequence_number\":");
    out.append(fmt::format_int{number}.str());
}

}  // namespace spillway::adapters::responses
