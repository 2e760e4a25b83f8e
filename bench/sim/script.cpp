#include "bench/sim/script.hpp"

#include "bench/sim/faulty_script.hpp"
#include "bench/sim/script_parts.hpp"

namespace spillway::bench::sim {
namespace {

using namespace std::chrono_literals;

// One write for the head and what comes at once behind it.
void join_head(script& made) {
    if (made.steps.size() < 2 || !made.steps[1].is_event || made.steps[1].pause != 0ns) return;
    made.steps[0].bytes += made.steps[1].bytes;
    made.steps[0].is_event = true;
    made.steps[0].is_sealed = made.steps[1].is_sealed;
    made.steps.erase(made.steps.begin() + 1);
}

}  // namespace

script write_script(const reply& answer, const delivery& how, const fault* wrong) {
    auto made = wrong != nullptr && answer.status == 200 ? faulty_script(answer, how, *wrong)
                                                         : plain_script(answer, how);
    join_head(made);
    if (!how.keep_alive && made.end == ending::keep_alive) made.end = ending::close;
    return made;
}

std::string_view reason_of(int status) {
    switch (status) {
    case 200: return "OK";
    case 307: return "Temporary Redirect";
    case 400: return "Bad Request";
    case 401: return "Unauthorized";
    case 403: return "Forbidden";
    case 404: return "Not Found";
    case 405: return "Method Not Allowed";
    case 408: return "Request Timeout";
    case 413: return "Payload Too Large";
    case 422: return "Unprocessable Entity";
    case 424: return "Failed Dependency";
    case 429: return "Too Many Requests";
    case 500: return "Internal Server Error";
    case 502: return "Bad Gateway";
    case 503: return "Service Unavailable";
    case 504: return "Gateway Timeout";
    default: return "Simulated";
    }
}

}  // namespace spillway::bench::sim
