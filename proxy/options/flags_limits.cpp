#include "proxy/options/flags.hpp"

namespace spillway::settings {

namespace {

using values_out = std::vector<std::string>&;

constexpr flag rows[] = {
    {.name = "connect-timeout",
     .argument = "DURATION",
     .default_text = "3s",
     .group = flag_group::limits,
     .use = flag_use::once,
     .brief = "Until a provider accepts the connection, each attempt",
     .details = "A request may lower it with X-Spillway-Timeout-Connect; a provider's own value "
                "goes before.",
     .read = [](draft& d, const setting& s
             ) { d.store(s, d.value().timeouts.connect, parse_duration(s.text)); },
     .print = [](const options& o,
                 values_out out) { out.push_back(duration_text(o.timeouts.connect)); },
     .keys = nullptr},
    {.name = "tls-timeout",
     .argument = "DURATION",
     .default_text = "5s",
     .group = flag_group::limits,
     .use = flag_use::once,
     .brief = "For the TLS handshake with a provider, each attempt",
     .details = "A request may lower it with X-Spillway-Timeout-Tls.",
     .read = [](draft& d,
                const setting& s) { d.store(s, d.value().timeouts.tls, parse_duration(s.text)); },
     .print = [](const options& o,
                 values_out out) { out.push_back(duration_text(o.timeouts.tls)); },
     .keys = nullptr},
    {.name = "first-byte-timeout",
     .argument = "DURATION",
     .default_text = "2m",
     .group = flag_group::limits,
     .use = flag_use::once,
     .brief = "From the request's last byte to the answer's head, each attempt",
     .details = "Models that think before they answer need minutes. When it passes, the next "
                "endpoint is tried. A "
                "request may lower it with X-Spillway-Timeout-First-Byte.",
     .read = [](draft& d, const setting& s
             ) { d.store(s, d.value().timeouts.first_byte, parse_duration(s.text)); },
     .print = [](const options& o,
                 values_out out) { out.push_back(duration_text(o.timeouts.first_byte)); },
     .keys = nullptr},
    {.name = "idle-timeout",
     .argument = "DURATION",
     .default_text = "1m",
     .group = flag_group::limits,
     .use = flag_use::once,
     .brief = "Longest silence of a provider inside an answer",
     .details = "Comments and keep-alives of the provider count as life. When it passes, the "
                "client gets an error "
                "event. A request may lower it with X-Spillway-Timeout-Idle.",
     .read = [](draft& d,
                const setting& s) { d.store(s, d.value().timeouts.idle, parse_duration(s.text)); },
     .print = [](const options& o,
                 values_out out) { out.push_back(duration_text(o.timeouts.idle)); },
     .keys = nullptr},
    {.name = "total-timeout",
     .argument = "DURATION",
     .default_text = "15m",
     .group = flag_group::limits,
     .use = flag_use::once,
     .brief = "Whole request, all attempts and the answer's last byte",
     .details = "A request may lower it with X-Spillway-Timeout-Total.",
     .read = [](draft& d,
                const setting& s) { d.store(s, d.value().timeouts.total, parse_duration(s.text)); },
     .print = [](const options& o,
                 values_out out) { out.push_back(duration_text(o.timeouts.total)); },
     .keys = nullptr},
    {.name = "sse-keepalive",
     .argument = "DURATION|off",
     .default_text = "15s",
     .group = flag_group::limits,
     .use = flag_use::once,
     .brief = "Silence after which a stream's client gets a comment line",
     .details = "Keeps load balancers from closing a stream while the model thinks. Never inside "
                "an event.",
     .read =
         [](draft& d, const setting& s) {
             if (s.text == "off") {
                 d.value().sse_keepalive.reset();
             } else {
                 d.store(s, d.value().sse_keepalive, parse_duration(s.text));
             }
         },
     .print = [](const options& o, values_out out
              ) { out.push_back(o.sse_keepalive ? duration_text(*o.sse_keepalive) : "off"); },
     .keys = nullptr},
    {.name = "max-attempts",
     .argument = "N",
     .default_text = "3",
     .group = flag_group::limits,
     .use = flag_use::once,
     .brief = "Attempts a request may make, the first included",
     .details = "Retries and fallbacks count alike. 1 turns failover off.",
     .read = [](draft& d, const setting& s
             ) { d.store(s, d.value().max_attempts, parse_count(s.text, 1, 100)); },
     .print = [](const options& o,
                 values_out out) { out.push_back(std::to_string(o.max_attempts)); },
     .keys = nullptr},
    {.name = "retry-budget",
     .argument = "PERCENT",
     .default_text = "20%",
     .group = flag_group::limits,
     .use = flag_use::once,
     .brief = "Retries in flight as a share of active requests",
     .details = "Three retries at once are always allowed. Keeps an outage from being multiplied "
                "by retries.",
     .read = [](draft& d, const setting& s
             ) { d.store(s, d.value().retry_budget_percent, parse_percent(s.text)); },
     .print = [](const options& o,
                 values_out out) { out.push_back(std::to_string(o.retry_budget_percent) + '%'); },
     .keys = nullptr},
    {.name = "max-body",
     .argument = "SIZE",
     .default_text = "32MiB",
     .group = flag_group::limits,
     .use = flag_use::once,
     .brief = "Largest request body; a larger one gets 413",
     .details = "",
     .read = [](draft& d,
                const setting& s) { d.store(s, d.value().bounds.body, parse_size(s.text)); },
     .print = [](const options& o, values_out out) { out.push_back(size_text(o.bounds.body)); },
     .keys = nullptr},
    {.name = "max-head",
     .argument = "SIZE",
     .default_text = "32KiB",
     .group = flag_group::limits,
     .use = flag_use::once,
     .brief = "Largest request head; a larger one gets 431",
     .details = "",
     .read = [](draft& d,
                const setting& s) { d.store(s, d.value().bounds.head, parse_size(s.text)); },
     .print = [](const options& o, values_out out) { out.push_back(size_text(o.bounds.head)); },
     .keys = nullptr},
    {.name = "max-memory",
     .argument = "SIZE",
     .default_text = "",
     .group = flag_group::limits,
     .use = flag_use::once,
     .brief = "Memory from whose nine tenths on new requests get 503",
     .details = "Without it nothing is refused for memory.",
     .read = [](draft& d,
                const setting& s) { d.store(s, d.value().bounds.memory, parse_size(s.text)); },
     .print =
         [](const options& o, values_out out) {
             if (o.bounds.memory) out.push_back(size_text(*o.bounds.memory));
         },
     .keys = nullptr},
    {.name = "max-connections",
     .argument = "N",
     .default_text = "",
     .group = flag_group::limits,
     .use = flag_use::once,
     .brief = "Client connections at once",
     .details = "Without it the limit is the number of open files the process may have.",
     .read = [](draft& d, const setting& s
             ) { d.store(s, d.value().bounds.connections, parse_count(s.text, 1, 100'000'000)); },
     .print =
         [](const options& o, values_out out) {
             if (o.bounds.connections) out.push_back(std::to_string(*o.bounds.connections));
         },
     .keys = nullptr},
    {.name = "drain-timeout",
     .argument = "DURATION",
     .default_text = "5m",
     .group = flag_group::limits,
     .use = flag_use::once,
     .brief = "How long running answers may go on after SIGTERM",
     .details = "What still runs then is ended with an error event. 0 ends everything at once.",
     .read = [](draft& d, const setting& s
             ) { d.store(s, d.value().drain_timeout, parse_duration_or_zero(s.text)); },
     .print = [](const options& o,
                 values_out out) { out.push_back(duration_text(o.drain_timeout)); },
     .keys = nullptr},
};

}  // namespace

std::span<const flag> limit_flags() {
    return rows;
}

}  // namespace spillway::settings
