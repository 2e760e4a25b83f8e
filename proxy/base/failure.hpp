// The one error type of the hall. A failure is born where something went wrong, with its kind, its side and
// what may be tried next; nobody revises these three later. `detail` is static text: it never holds octets
// from the network, so it may be logged and shown.
#pragma once

#include <boost/system/error_code.hpp>
#include <boost/system/result.hpp>

#include <cstdint>
#include <string_view>

namespace spillway {

enum class fault : std::uint8_t {
    bad_head,         // not a valid HTTP/1.1 head, or outside our limits
    bad_framing,      // body framing is broken or ambiguous
    bad_body,         // a well framed body that cannot be understood
    too_large,        // a limit of ours was exceeded
    timeout_connect,  // no connection within --connect-timeout
    timeout_tls,      // no handshake within --tls-timeout
    timeout_first_byte,
    timeout_idle,
    timeout_total,
    timeout_read,   // the client was too slow to send its head or body
    timeout_write,  // the reader did not take what we sent
    refused,        // connection refused, unreachable
    resolve,        // no address for a name
    tls,            // handshake or verification failed
    closed,         // orderly end where more was due
    reset,          // connection reset or another socket error
    cancelled,      // given up on purpose (client gone, draining)
    exhausted,      // no descriptors, memory or room
    internal,       // a bug of ours
};

enum class side : std::uint8_t { client, upstream, internal };
enum class again : std::uint8_t { never, fresh_connection, other_target };

std::string_view name_of(fault what) noexcept;
std::string_view name_of(side where) noexcept;

struct failure {
    // What boost::system::result::error() makes of a result that holds a value.
    constexpr failure() noexcept
        : failure{fault::internal, side::internal, again::never, "no failure"} {}
    constexpr failure(
        fault what_,
        side where_,
        again next_,
        std::string_view detail_,
        boost::system::error_code cause_ = {}
    )
        : what{what_}
        , where{where_}
        , next{next_}
        , detail{detail_}
        , cause{cause_} {}

    fault what;
    side where;
    again next;
    std::string_view detail;
    boost::system::error_code cause;
};

// boost::system::result calls this when somebody asks a failed result for its value: a bug of ours.
[[noreturn]] void
throw_exception_from_error(const failure& why, const boost::source_location& where);

template <class T = void>
using result = boost::system::result<T, failure>;

}  // namespace spillway
