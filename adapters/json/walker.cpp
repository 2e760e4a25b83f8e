#include "adapters/json/walker.hpp"

#include "adapters/json/text.hpp"

#include <simdjson.h>

namespace spillway::adapters::json {

bool is_utf8(std::string_view text) noexcept {
    return simdjson::validate_utf8(text.data(), text.size());
}

bool walker::utf8_is_valid() const noexcept {
    if (beyond_ascii_ == 0) return true;
    return simdjson::validate_utf8(begin_, static_cast<std::size_t>(end_ - begin_));
}

}  // namespace spillway::adapters::json
