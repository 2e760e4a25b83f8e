#include "proxy/observe/counters.hpp"

namespace spillway::observe {

std::string_view name_of(counter which) noexcept {
    switch (which) {
    case counter::connections_accepted: return "connections_accepted";
    case counter::connections_closed: return "connections_closed";
    case counter::connections_refused: return "connections_refused";
    case counter::requests: return "requests";
    case counter::answers_2xx: return "answers_2xx";
    case counter::answers_4xx: return "answers_4xx";
    case counter::answers_5xx: return "answers_5xx";
    case counter::attempts: return "attempts";
    case counter::streams_truncated: return "streams_truncated";
    case counter::clients_gone: return "clients_gone";
    case counter::shed: return "shed";
    case counter::prompt_tokens: return "prompt_tokens";
    case counter::completion_tokens: return "completion_tokens";
    case counter::cost_nano_usd: return "cost_nano_usd";
    case counter::octets_sent: return "octets_sent";
    case counter::log_lines_dropped: return "log_lines_dropped";
    }
    return "unknown";
}

void counters::add_fault(std::string_view reason) {
    const std::lock_guard lock{guard_};
    ++faults_[reason];
}

void counters::collect_faults(std::map<std::string, std::uint64_t, std::less<>>& into) const {
    const std::lock_guard lock{guard_};
    for (const auto& [reason, count] : faults_)
        into[std::string{reason}] += count;
}

}  // namespace spillway::observe
