#include "bench/load/report.hpp"

#include <boost/json.hpp>
#include <fmt/format.h>

namespace spillway::bench::load {
namespace {

namespace json = boost::json;

double microseconds(std::chrono::nanoseconds time) {
    return static_cast<double>(time.count()) / 1e3;
}

double per(double amount, std::uint64_t units) {
    return units == 0 ? 0 : amount / static_cast<double>(units);
}

json::object print_histogram(const histogram& times) {
    return {
        {"count", times.count()},
        {"p50", microseconds(times.quantile(0.5))},
        {"p90", microseconds(times.quantile(0.9))},
        {"p99", microseconds(times.quantile(0.99))},
        {"p999", microseconds(times.quantile(0.999))},
        {"max", microseconds(times.largest())},
    };
}

std::string print_row(const char* name, const histogram& times) {
    if (times.count() == 0) return {};
    return fmt::format(
        "  {:<16} p50 {:>10.1f}  p99 {:>10.1f}  p99.9 {:>10.1f}  max {:>10.1f} us\n",
        name,
        microseconds(times.quantile(0.5)),
        microseconds(times.quantile(0.99)),
        microseconds(times.quantile(0.999)),
        microseconds(times.largest())
    );
}

double seconds(const figures& measured) {
    return static_cast<double>(measured.window.count()) / 1e9;
}

double kilobytes_per_stream(const figures& measured) {
    const auto grown =
        static_cast<double>(measured.held_memory) - static_cast<double>(measured.idle_memory);
    return per(grown / 1024, measured.open_streams);
}

}  // namespace

std::string print_table(const options& chosen, const figures& measured) {
    const auto& counts = measured.counts;
    const auto processor = microseconds(measured.processor_time);
    auto text = fmt::format(
        "{} {} -> {}:{}{}  {} connections, {:.2f} s\n",
        chosen.label,
        chosen.scenario,
        chosen.address,
        chosen.port,
        chosen.path,
        chosen.connections,
        seconds(measured)
    );
    text += fmt::format(
        "  requests {} ({:.0f}/s)  events {} ({:.0f}/s)  errors {}\n",
        counts.requests,
        static_cast<double>(counts.requests) / seconds(measured),
        counts.events,
        static_cast<double>(counts.events) / seconds(measured),
        counts.errors
    );
    for (const auto& [reason, count] : counts.reasons) {
        text += fmt::format("  error: {} x {}\n", reason, count);
    }
    text += print_row("latency", counts.latency);
    text += print_row("first octet", counts.first);
    text += print_row("event relay", counts.relay);
    if (chosen.processes.empty()) return text;
    text += fmt::format(
        "  processor {:.1f} us a request, {:.2f} us an event, {:.2f} of a core\n",
        per(processor, counts.requests),
        per(processor, counts.events),
        processor / 1e6 / seconds(measured)
    );
    text += fmt::format(
        "  memory {:.1f} MB idle, {:.1f} MB now, {:.2f} KB for each of {} streams\n",
        static_cast<double>(measured.idle_memory) / 1048576,
        static_cast<double>(measured.held_memory) / 1048576,
        kilobytes_per_stream(measured),
        measured.open_streams
    );
    return text;
}

std::string print_json(const options& chosen, const figures& measured) {
    const auto& counts = measured.counts;
    const auto processor = microseconds(measured.processor_time);
    json::object reasons;
    for (const auto& [reason, count] : counts.reasons)
        reasons[reason] = count;
    json::object figures{
        {"label", chosen.label},
        {"scenario", chosen.scenario},
        {"connections", chosen.connections},
        {"rate", chosen.rate},
        {"seconds", seconds(measured)},
        {"requests", counts.requests},
        {"events", counts.events},
        {"errors", counts.errors},
        {"requests_per_second", static_cast<double>(counts.requests) / seconds(measured)},
        {"events_per_second", static_cast<double>(counts.events) / seconds(measured)},
        {"latency_us", print_histogram(counts.latency)},
        {"first_us", print_histogram(counts.first)},
        {"relay_us", print_histogram(counts.relay)},
        {"open_streams", measured.open_streams},
    };
    figures["reasons"] = std::move(reasons);
    if (!chosen.processes.empty()) {
        figures["cpu_us_per_request"] = per(processor, counts.requests);
        figures["cpu_us_per_event"] = per(processor, counts.events);
        figures["cores"] = processor / 1e6 / seconds(measured);
        figures["idle_memory"] = measured.idle_memory;
        figures["held_memory"] = measured.held_memory;
        figures["kb_per_stream"] = kilobytes_per_stream(measured);
    }
    return json::serialize(figures);
}

}  // namespace spillway::bench::load
