#include "adapters/adapter.hpp"

namespace spillway::adapters {

std::string dropped_names::joined() const {
    std::string all;
    for (auto which : members()) {
        if (!all.empty()) all.append(", ");
        all.append(name_of(which));
    }
    return all;
}

}  // namespace spillway::adapters
