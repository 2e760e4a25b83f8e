#include "proxy/options/flags.hpp"

namespace spillway::settings {

namespace {

constexpr flag rows[] = {
    {.name = "listen",
     .argument = "ADDR:PORT|unix:PATH|fd:N",
     .default_text = "127.0.0.1:8080",
     .group = flag_group::listeners,
     .use = flag_use::repeatable,
     .brief = "Where clients connect",
     .details = "ADDR is an IPv4 address, an IPv6 address in brackets, or localhost. Port 0 takes "
                "a free port. "
                "fd:N is a listening socket handed over by a supervisor. One --listen replaces the "
                "default.",
     .read = [](draft& d, const setting& s
             ) { d.append(s, d.value().listeners, d.listeners_at, parse_listener(s.text)); },
     .print =
         [](const options& o, std::vector<std::string>& values) {
             for (const listener& one : o.listeners)
                 values.push_back(listener_text(one));
         },
     .keys = nullptr},
    {.name = "tls-cert",
     .argument = "FILE",
     .default_text = "",
     .group = flag_group::listeners,
     .use = flag_use::once,
     .brief = "Certificate chain (PEM) for TLS towards clients",
     .details = "Needs --tls-key. All TCP listeners then speak TLS. Read again at SIGHUP.",
     .read = [](draft& d, const setting& s) { d.store(s, d.tls.certificate, parse_path(s.text)); },
     .print =
         [](const options& o, std::vector<std::string>& values) {
             if (o.tls) values.push_back(o.tls->certificate);
         },
     .keys = nullptr},
    {.name = "tls-key",
     .argument = "FILE",
     .default_text = "",
     .group = flag_group::listeners,
     .use = flag_use::once,
     .brief = "Private key (PEM) of --tls-cert",
     .details = "Read again at SIGHUP.",
     .read = [](draft& d, const setting& s) { d.store(s, d.tls.key, parse_path(s.text)); },
     .print =
         [](const options& o, std::vector<std::string>& values) {
             if (o.tls) values.push_back(o.tls->key);
         },
     .keys = nullptr},
    {.name = "tls-client-ca",
     .argument = "FILE",
     .default_text = "",
     .group = flag_group::listeners,
     .use = flag_use::once,
     .brief = "Authorities (PEM) whose client certificates are demanded",
     .details = "A client without a certificate signed by one of them is refused in the handshake.",
     .read = [](draft& d, const setting& s) { d.store(s, d.tls.client_ca, parse_path(s.text)); },
     .print =
         [](const options& o, std::vector<std::string>& values) {
             if (o.tls && !o.tls->client_ca.empty()) values.push_back(o.tls->client_ca);
         },
     .keys = nullptr},
    {.name = "workers",
     .argument = "N",
     .default_text = "cores",
     .group = flag_group::listeners,
     .use = flag_use::once,
     .brief = "Event loops, each with a thread of its own",
     .details = "The default is one for every core the process may run on.",
     .read = [](draft& d,
                const setting& s) { d.store(s, d.value().workers, parse_count(s.text, 1, 1024)); },
     .print =
         [](const options& o, std::vector<std::string>& values) {
             if (o.workers) values.push_back(std::to_string(*o.workers));
         },
     .keys = nullptr},
};

}  // namespace

std::span<const flag> listener_flags() {
    return rows;
}

}  // namespace spillway::settings
