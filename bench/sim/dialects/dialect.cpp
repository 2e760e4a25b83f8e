#include "bench/sim/dialects/dialect.hpp"

namespace spillway::bench::sim {

reply dialect::refuse(const api_error& error, std::string_view id) const {
    reply made;
    made.voice = this;
    made.status = error.status;
    made.body = print_error(error, id);
    made.extra_fields = error_fields(error);
    return made;
}

}  // namespace spillway::bench::sim
