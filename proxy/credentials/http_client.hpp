// A plain client for the few questions the process asks for itself: one connection a question, answers of at most 64 KiB,
// no redirects. Belongs to one loop and is touched on its thread; one question at a time.
#pragma once

#include "proxy/upstream/dialer.hpp"
#include "proxy/upstream/exchange.hpp"
#include "proxy/upstream/origin.hpp"
#include "proxy/wire/head.hpp"

#include <memory>
#include <string>
#include <string_view>

namespace spillway::credentials {

struct http_question {
    wire::method method = wire::method::get;
    upstream::origin to;
    std::string target;
    std::string fields;  // lines with their ends, beside Host and those of the body
    std::string body;
};

struct http_answer {
    unsigned status = 0;
    std::string body;
};

class http_client {
public:
    http_client(net::loop& on, net::timer_wheel& wheel, net::lookup_pool& lookups);

    // Ten seconds at most; moves the deadline of `self`. REQUIRES: `what` outlives the task.
    net::task<result<http_answer>> ask(const http_question& what, net::activity& self);

private:
    net::task<result<http_answer>>
    read(upstream::connection& from, const upstream::answer_start& start, net::activity& self);

    upstream::dialer dialer_;
    std::unique_ptr<char[]> scratch_;
    wire::response_head head_;
};

}  // namespace spillway::credentials
