// Where an account's credentials come from: asked by the keeper, on its thread, whenever new ones are due.
#pragma once

#include "proxy/base/secret.hpp"
#include "proxy/credentials/http_client.hpp"
#include "proxy/net/activity.hpp"
#include "proxy/net/task.hpp"

#include <boost/system/result.hpp>

#include <chrono>
#include <string>

namespace spillway::credentials {

// Either a token, or the three parts of Amazon's temporary credentials.
struct grant {
    base::secret token;
    base::secret access_key_id;
    base::secret secret_access_key;
    base::secret session_token;
    std::chrono::seconds life{0};  // from the moment it was asked for
};

// Why there is none, in words for an operator: they hold no secret.
struct setback {
    setback() = default;
    explicit setback(std::string why_) : why{std::move(why_)} {}
    std::string why;
};

// boost::system::result calls this when somebody asks a failed result for its value: a bug of ours.
[[noreturn]] void
throw_exception_from_error(const setback& why, const boost::source_location& where);

using granted = boost::system::result<grant, setback>;

class source {
public:
    source() = default;
    source(const source&) = delete;
    source& operator=(const source&) = delete;
    virtual ~source() = default;

    // Takes no longer than http_client's questions do.
    virtual net::task<granted> ask(http_client& by, net::activity& self) = 0;
};

}  // namespace spillway::credentials
