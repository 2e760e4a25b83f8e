// What a medium is, by its first octets or its name: labels of clients are often wrong, and providers check. Stateless.
#pragma once

#include <string_view>

namespace spillway::adapters::canonical {

// By the magic of the octets that the base64 text spells; empty: no type we know.
[[nodiscard]] std::string_view type_of_base64(std::string_view base64) noexcept;
// By the ending of a URL's path or a file's name; empty: no ending we know.
[[nodiscard]] std::string_view type_of_name(std::string_view name) noexcept;

}  // namespace spillway::adapters::canonical
