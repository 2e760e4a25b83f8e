// What a worker lends to the requests it serves. All of it is touched on the worker's thread. The scratch
// buffer, the answer head and the piece list are shared by all requests of the worker: whatever lies there is
// good until the next wait and not longer.
#pragma once

#include "adapters/json/piece_list.hpp"
#include "proxy/base/http_date.hpp"
#include "proxy/base/random.hpp"
#include "proxy/net/timer_wheel.hpp"
#include "proxy/observe/access_log.hpp"
#include "proxy/observe/counters.hpp"
#include "proxy/upstream/dialer.hpp"
#include "proxy/upstream/pool.hpp"
#include "proxy/wire/head.hpp"
#include "routing/limit/retry_budget.hpp"

#include <span>

namespace spillway::flow {

struct surroundings {
    net::loop& loop;
    std::size_t worker;  // its number
    net::timer_wheel& wheel;
    std::span<char> scratch;
    wire::response_head& answer_head;
    adapters::piece_list& pieces;
    upstream::pool& pool;
    upstream::dialer& dialer;
    routing::retry_budget& retries;
    observe::counters& count;
    observe::access_log::lane* log;  // null: off
    base::random_source& random;
    base::http_date& date;
};

}  // namespace spillway::flow
