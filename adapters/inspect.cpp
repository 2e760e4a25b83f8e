#include "adapters/inspect.hpp"

#include "adapters/inspect/request_inspector.hpp"

#include <limits>

namespace spillway::adapters {

std::optional<problem> inspect(const question& asked, padded_view body, request_facts& into) {
    if (body.size() >= std::numeric_limits<std::uint32_t>::max()) {
        return make_problem(error_class::too_large, "The request body is too large.");
    }
    into.what = asked.what;
    into.side = asked.side;
    into.dialect = asked.dialect;
    into.form = asked.form;
    into.model = asked.model;
    into.stream = asked.how == delivery_asked::streamed;
    request_inspector inspector{into, body};
    if (inspector.run()) return std::nullopt;
    return inspector.why();
}

result<request_facts> inspect(const question& asked, padded_view body) {
    result<request_facts> facts{boost::system::in_place_value};
    if (auto why = inspect(asked, body, *facts)) facts = std::move(*why);
    return facts;
}

}  // namespace spillway::adapters
