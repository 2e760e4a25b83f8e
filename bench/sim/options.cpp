#include "bench/sim/options.hpp"

#include "bench/sim/dialects/steering.hpp"
#include "bench/sim/fault.hpp"
#include "bench/sim/fault_switch.hpp"

#include <boost/program_options.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>
#include <sstream>
#include <stdexcept>
#include <string_view>

namespace spillway::bench::sim {
namespace {

namespace po = boost::program_options;

using texts = std::vector<std::string>;

constexpr std::array<std::string_view, 7> dialect_names{
    "openai", "responses", "messages", "gemini", "converse", "cohere", "ollama"};

po::options_description describe() {
    po::options_description flags{"spillway-sim: a simulated provider"};
    auto add = flags.add_options();
    add("help", "this text");
    add("help-faults", "the faults it can act out");
    add("help-words", "what a model id can ask for");
    add("listen",
        po::value<std::string>()->default_value("127.0.0.1:0"),
        "address:port, port 0 for any");
    add("threads", po::value<unsigned>()->default_value(1), "threads that serve");
    add("tls-cert", po::value<std::string>()->default_value(""), "PEM file; switches TLS on");
    add("tls-key", po::value<std::string>()->default_value(""), "PEM file");
    add("tls-fault",
        po::value<std::string>()->default_value("none"),
        "none; hang (no handshake), plain (HTTP on a TLS port), alert (handshake refused)");
    add("key",
        po::value<texts>()->composing(),
        "an accepted key; repeatable; without any credential configured every one is good");
    add("aws-key",
        po::value<texts>()->composing(),
        "ID:SECRET[:TOKEN], an AWS key whose signatures are good; repeatable");
    add("service-account",
        po::value<texts>()->composing(),
        "a Google key file; POST /token hands out access tokens for it; repeatable");
    add("token-life",
        po::value<std::string>()->default_value("1h"),
        "how long such an access token is good");
    add("dialect",
        po::value<texts>()->composing(),
        "openai, responses, messages, gemini, converse, cohere or ollama; repeatable; none: all");
    add("strict", "400 unless the key is one of --key and the model is none of --client-model");
    add("client-model",
        po::value<texts>()->composing(),
        "a name the gateway must have replaced; repeatable");
    add("model",
        po::value<texts>()->composing(),
        "a model that exists; repeatable; none: every name exists");
    add("ttft",
        po::value<std::string>()->default_value("0ms"),
        "time to first octet, with spread if wanted: 60ms,20% or 60ms,20%,lognormal");
    add("pace", po::value<std::string>()->default_value("0ms"), "pause between events");
    add("events", po::value<std::size_t>()->default_value(100), "events of a bench stream");
    add("event-bytes", po::value<std::size_t>()->default_value(220), "octets of a bench event");
    add("answer-bytes",
        po::value<std::size_t>(),
        "octets of a bench answer (1200), least octets of the text of an echo answer");
    add("rpm", po::value<double>()->default_value(0), "requests a minute and key; 0: no limit");
    add("tpm", po::value<double>()->default_value(0), "tokens a minute and key; 0: no limit");
    add("fault",
        po::value<std::string>()->default_value(""),
        "name[=arg][,times=N][,every=K][,model=NAME]");
    add("seed", po::value<std::uint32_t>()->default_value(1), "of the random spread");
    add("log", po::value<std::string>()->default_value(""), "one JSON line a request; - for stdout"
    );
    add("record-bodies", po::value<std::string>()->default_value(""), "directory for request bodies"
    );
    return flags;
}

class flag_reader {
public:
    explicit flag_reader(const po::variables_map& values) : values_(values) {}

    options read() {
        options read;
        read_listen(read);
        read.threads = values_["threads"].as<unsigned>();
        if (read.threads == 0 || read.threads > 256) complain("--threads: 1 to 256");
        read_tls(read);
        read.keys = list("key");
        read_credentials(read);
        read_dialects(read);
        read.client_models = list("client-model");
        read.models = list("model");
        read.strict = values_.contains("strict");
        if (read.strict && read.keys.empty() && read.aws_keys.empty() &&
            read.service_accounts.empty())
            complain("--strict needs --key, --aws-key or --service-account");
        read_speed(read);
        read.requests_per_minute = values_["rpm"].as<double>();
        read.tokens_per_minute = values_["tpm"].as<double>();
        read.seed = values_["seed"].as<std::uint32_t>();
        read.log = text("log");
        read.body_directory = text("record-bodies");
        read.fault = text("fault");
        if (!read.fault.empty() && !parse_fault_rule(read.fault))
            complain("--fault: unknown " + read.fault);
        if (!complaints_.empty()) throw std::runtime_error(complaints_);
        return read;
    }

private:
    std::string text(const char* name) const { return values_[name].as<std::string>(); }
    texts list(const char* name) const {
        return values_.contains(name) ? values_[name].as<texts>() : texts{};
    }

    void complain(const std::string& what) { complaints_ += what + "\n"; }

    void read_listen(options& read) {
        const auto listen = text("listen");
        const auto colon = listen.rfind(':');
        if (colon == std::string::npos) return complain("--listen: address:port");
        read.address = listen.substr(0, colon);
        const char* last = listen.data() + listen.size();
        const auto [end, error] = std::from_chars(listen.data() + colon + 1, last, read.port);
        if (error != std::errc{} || end != last) complain("--listen: bad port");
    }

    void read_credentials(options& read) {
        for (const auto& one : list("aws-key")) {
            const auto first = one.find(':');
            if (first == std::string::npos) {
                complain("--aws-key: ID:SECRET[:TOKEN]");
                continue;
            }
            const auto second = one.find(':', first + 1);
            aws_key key{one.substr(0, first), one.substr(first + 1, second - first - 1), ""};
            if (second != std::string::npos) key.token = one.substr(second + 1);
            read.aws_keys.push_back(std::move(key));
        }
        read.service_accounts = list("service-account");
        const auto life = parse_duration(text("token-life"));
        if (!life) return complain("--token-life: not a time");
        read.token_life = std::chrono::duration_cast<std::chrono::seconds>(*life);
    }

    void read_dialects(options& read) {
        read.dialects = list("dialect");
        for (const auto& one : read.dialects) {
            if (std::find(dialect_names.begin(), dialect_names.end(), one) == dialect_names.end())
                complain("--dialect: unknown " + one);
        }
    }

    void read_tls(options& read) {
        read.tls_certificate = text("tls-cert");
        read.tls_key = text("tls-key");
        if (read.tls_certificate.empty() != read.tls_key.empty()) {
            complain("--tls-cert and --tls-key belong together");
        }
        const auto broken = text("tls-fault");
        if (broken == "hang")
            read.broken_tls = tls_fault::hang;
        else if (broken == "plain")
            read.broken_tls = tls_fault::plain;
        else if (broken == "alert")
            read.broken_tls = tls_fault::alert;
        else if (broken != "none")
            complain("--tls-fault: none, hang, plain or alert");
    }

    void read_speed(options& read) {
        const auto first = parse_spread_duration(text("ttft"));
        if (!first) complain("--ttft: not a time");
        const auto gap = parse_duration(text("pace"));
        if (!gap) complain("--pace: not a time");
        read.speed.first = first.value_or(spread_duration{});
        read.speed.gap = gap.value_or(std::chrono::nanoseconds{0});
        read.speed.events = values_["events"].as<std::size_t>();
        read.speed.event_bytes = values_["event-bytes"].as<std::size_t>();
        if (!values_.contains("answer-bytes")) return;
        read.speed.answer_bytes = values_["answer-bytes"].as<std::size_t>();
        read.least_bytes = read.speed.answer_bytes;
    }

    const po::variables_map& values_;
    std::string complaints_;
};

}  // namespace

parsed_options parse_options(int argc, const char* const* argv) {
    const auto flags = describe();
    po::variables_map values;
    po::store(po::parse_command_line(argc, argv, flags), values);
    po::notify(values);
    parsed_options parsed;
    if (values.contains("help")) {
        std::ostringstream text;
        text << flags;
        fmt::print("{}", text.str());
        parsed.done = true;
    } else if (values.contains("help-faults")) {
        fmt::print("{}", describe_faults());
        parsed.done = true;
    } else if (values.contains("help-words")) {
        fmt::print("{}", describe_steering());
        parsed.done = true;
    } else {
        parsed.values = flag_reader{values}.read();
    }
    return parsed;
}

}  // namespace spillway::bench::sim
