#include "bench/sim/reply.hpp"

#include <boost/json.hpp>

#include <utility>

namespace spillway::bench::sim {
namespace {

boost::json::value text_or_null(const std::string& text) {
    if (text.empty()) return nullptr;
    return boost::json::value(text);
}

}  // namespace

api_error error_of(int status, std::string message, std::string code) {
    api_error error;
    error.status = status;
    error.message = std::move(message);
    error.code = std::move(code);
    return error;
}

std::string print_error(const api_error& error) {
    boost::json::object inner;
    inner["message"] = error.message;
    inner["type"] = error.type;
    inner["param"] = text_or_null(error.param);
    inner["code"] = text_or_null(error.code);
    boost::json::object envelope;
    envelope["error"] = std::move(inner);
    return boost::json::serialize(envelope);
}

reply make_error_reply(const api_error& error) {
    reply made;
    made.status = error.status;
    made.body = print_error(error);
    return made;
}

}  // namespace spillway::bench::sim
