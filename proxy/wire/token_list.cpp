#include "proxy/wire/token_list.hpp"

#include "proxy/base/bytes.hpp"

namespace spillway::wire {

bool list_has_token(std::string_view list, std::string_view token) noexcept {
    for (;;) {
        const std::size_t comma = list.find(',');
        if (base::equals_ignoring_case(base::trim(list.substr(0, comma)), token)) return true;
        if (comma == std::string_view::npos) return false;
        list.remove_prefix(comma + 1);
    }
}

}  // namespace spillway::wire
