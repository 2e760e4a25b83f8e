// Calls of tools that take one text and no object. At the waist their arguments are {"input":"…"}, as every protocol
// can say it; a protocol that has such tools unwraps them. In a stream the opening and the closing come as fragments of
// their own. Stateless.
#pragma once

#include "adapters/canonical/text.hpp"
#include "adapters/json/text.hpp"
#include "adapters/json/writer.hpp"

#include <string>
#include <string_view>

namespace spillway::adapters::canonical {

inline constexpr std::string_view free_text_open = R"({\"input\":\")";
inline constexpr std::string_view free_text_close = R"(\"})";

// A fragment of the text as a fragment of the arguments.
inline void wrap_free_text(std::string& out, escaped text) {
    json::append_inside(out, text.raw);
}

// A fragment of the arguments as a fragment of the text: nothing for the opening and the closing.
inline void unwrap_free_text(std::string& out, escaped fragment) {
    if (fragment.raw == free_text_open || fragment.raw == free_text_close) return;
    out.append(json::unescaped_leniently(fragment.raw));
}

}  // namespace spillway::adapters::canonical
