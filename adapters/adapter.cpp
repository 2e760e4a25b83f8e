#include "adapters/adapter.hpp"

#include <algorithm>

namespace spillway::adapters {

void dropped_names::add(std::string_view name) noexcept {
    if (std::ranges::find(names_, name) == names_.end()) names_.push_back(name);
}

std::string dropped_names::joined() const {
    std::string all;
    for (auto name : names()) {
        if (!all.empty()) all.append(", ");
        all.append(name);
    }
    return all;
}

}  // namespace spillway::adapters
