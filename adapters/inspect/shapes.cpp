#include "adapters/inspect/shapes.hpp"

namespace spillway::adapters {

namespace {

constexpr shape shape_of(member which) noexcept {
    switch (which) {
    case member::model: return shape::model;
    case member::models: return shape::models;
    case member::messages: return shape::messages;
    case member::prompt:
    case member::input: return shape::prompt;
    case member::stream:
    case member::parallel_tool_calls:
    case member::include_reasoning: return shape::flag;
    case member::stream_options: return shape::stream_options;
    case member::max_tokens:
    case member::max_completion_tokens: return shape::tokens;
    case member::n: return shape::choices;
    case member::stop: return shape::stop;
    case member::provider: return shape::preferences;
    case member::route:
    case member::preset:
    case member::session_id:
    case member::user:
    case member::reasoning_effort: return shape::short_text;
    case member::plugins:
    case member::transforms: return shape::list;
    case member::usage:
    case member::trace:
    case member::debug:
    case member::reasoning: return shape::object;
    case member::tools: return shape::tools;
    case member::tool_choice: return shape::tool_choice;
    case member::response_format: return shape::response_format;
    case member::modalities: return shape::modalities;
    case member::logprobs: return shape::logprobs;
    default: return shape::any;
    }
}

constexpr shape_table chat_shapes = [] {
    shape_table all{};
    for (std::size_t i = 0; i < member_count; ++i)
        all[i] = shape_of(static_cast<member>(i));
    return all;
}();

// In other dialects the gateway reads what it needs for choosing a target; the rest is its decoder's business.
constexpr shape_table foreign_shapes = [] {
    shape_table all{};
    for (const member read :
         {member::model,
          member::models,
          member::stream,
          member::messages,
          member::input,
          member::tools,
          member::max_tokens,
          member::provider,
          member::route,
          member::preset,
          member::session_id}) {
        all[static_cast<std::size_t>(read)] = shape_of(read);
    }
    return all;
}();

// Of these the path names the model.
constexpr shape_table path_shapes = [] {
    shape_table all = foreign_shapes;
    for (const member unread : {member::model, member::stream})
        all[static_cast<std::size_t>(unread)] = shape::any;
    return all;
}();

}  // namespace

const shape_table& shapes_of(protocol dialect, operation what) noexcept {
    switch (dialect) {
    // Images have a response_format of their own.
    case protocol::chat: return what == operation::images ? foreign_shapes : chat_shapes;
    case protocol::messages:
    case protocol::responses:
    case protocol::cohere:
    case protocol::ollama: return foreign_shapes;
    case protocol::gemini:
    case protocol::converse: return path_shapes;
    }
    return foreign_shapes;
}

}  // namespace spillway::adapters
