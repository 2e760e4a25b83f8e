#include "proxy/wire/field.hpp"

#include "proxy/wire/field_table.hpp"

namespace spillway::wire {

field lookup(std::string_view name) noexcept {
    return names::find(name, name.data() + name.size());
}

std::string_view name_of(field id) noexcept {
    return names::known[static_cast<std::size_t>(id)].name;
}

bool has_trait(field id, trait what) noexcept {
    return (names::known[static_cast<std::size_t>(id)].traits & static_cast<std::uint8_t>(what)) !=
           0;
}

bool may_be_forwarded(field id) noexcept {
    return names::known[static_cast<std::size_t>(id)].traits == 0;
}

}  // namespace spillway::wire
