#include "adapters/adapter.hpp"

namespace spillway::adapters {

std::string dropped_names::joined() const {
    std::string all;
    for (auto name : names()) {
        if (!all.empty()) all.append(", ");
        all.append(name);
    }
    return all;
}

}  // namespace spillway::adapters
