// Starts a coroutine that nobody awaits. What it throws goes to the handler, which is not optional.
#pragma once

#include "proxy/net/task.hpp"

#include <exception>
#include <functional>

namespace spillway::net {

using failure_handler = std::move_only_function<void(std::exception_ptr)>;

// Runs `work` up to its first suspension before returning.
void spawn(task<> work, failure_handler on_failure);

}  // namespace spillway::net
