// Which of the request's members the gateway reads, and what values they may have, a table a dialect. Constant.
#pragma once

#include "adapters/message.hpp"

#include <array>
#include <cstdint>

namespace spillway::adapters {

// What value a member may have; null is always allowed except where noted.
enum class shape : std::uint8_t {
    any,
    model,  // not null
    models,
    messages,  // not null
    prompt,
    flag,
    tokens,
    choices,
    stop,
    preferences,
    short_text,
    list,
    object,
    stream_options,
    tools,
    tool_choice,
    response_format,
    modalities,
    logprobs,
};

using shape_table = std::array<shape, member_count>;

[[nodiscard]] const shape_table& shapes_of(protocol dialect, operation what) noexcept;

}  // namespace spillway::adapters
