#include "adapters/canonical/arena.hpp"

#include "adapters/json/text.hpp"
#include "adapters/json/writer.hpp"

namespace spillway::adapters::canonical {

std::string_view arena::plain(escaped text) {
    if (text.raw.find('\\') == text.raw.npos) return text.raw;
    return keep(json::unescaped_leniently(text.raw));
}

escaped arena::quoted(std::string_view plain) {
    if (json::is_plain(plain)) return {plain};
    std::string text;
    json::append_inside(text, plain);
    return {keep(std::move(text))};
}

}  // namespace spillway::adapters::canonical
