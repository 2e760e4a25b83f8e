// GCC 12, rule 5: an initializer list of class type in a co_await expression is not compiled ("array used as
// initializer"). Never part of a target: rule_5.py gives it to the compiler and looks at the answer.
#include "tests/toolchain/minimal_task.hpp"
#include "tests/toolchain/tracked.hpp"

#include <vector>

namespace spillway::toolchain {

minimal_task<> consume(std::vector<tracked>) {
    co_return;
}

minimal_task<> list_in_await() {
#if defined(NAMED_FIRST)
    std::vector<tracked> items{tracked{}, tracked{}};
    co_await consume(std::move(items));
#else
    co_await consume({tracked{}, tracked{}});
#endif
}

}  // namespace spillway::toolchain
