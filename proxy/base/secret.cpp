#include "proxy/base/secret.hpp"

#include <cstring>

namespace spillway::base {

void secret::wipe() noexcept {
    // explicit_bzero is not removed by the optimiser. The whole capacity: a moved-from short string keeps
    // its characters in place.
    explicit_bzero(text_.data(), text_.capacity());
    text_.clear();
}

}  // namespace spillway::base
