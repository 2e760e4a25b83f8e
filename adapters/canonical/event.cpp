#include "adapters/canonical/event.hpp"

namespace spillway::adapters::canonical {

std::string_view name_of(finish_reason why) noexcept {
    switch (why) {
    case finish_reason::stop: return "stop";
    case finish_reason::length: return "length";
    case finish_reason::tool_calls: return "tool_calls";
    case finish_reason::content_filter: return "content_filter";
    case finish_reason::error: return "error";
    }
    return {};
}

}  // namespace spillway::adapters::canonical
