#include "bench/load/options.hpp"

#include "bench/base/duration_text.hpp"

#include <boost/asio/ip/address.hpp>
#include <boost/program_options.hpp>
#include <fmt/format.h>

#include <charconv>
#include <sstream>
#include <stdexcept>

namespace spillway::bench::load {
namespace {

namespace po = boost::program_options;

struct scenario {
    const char* name;
    kind what;
    std::size_t connections;
    std::size_t body_bytes;
    const char* model;
};

constexpr scenario scenarios[] = {
    {"json600", kind::whole, 64, 600, "bench-json"},
    {"json20k", kind::whole, 64, 20000, "bench-json"},
    {"sse-paced", kind::stream, 100, 600, "bench-sse.e250.p20ms"},
    {"sse-b2b", kind::stream, 64, 600, "bench-sse.e1000.p0"},
    {"hold", kind::hold, 1000, 600, "bench-sse.e100000.p5s"},
};

po::options_description describe() {
    po::options_description flags{
        "spillway-bench: load for a gateway on this machine, and its cost"};
    auto add = flags.add_options();
    add("help", "this text");
    add("scenario",
        po::value<std::string>()->default_value("json600"),
        "json600, json20k: whole answers; sse-paced, sse-b2b: streams one after the other; hold: "
        "streams "
        "held open");
    add("target",
        po::value<std::string>()->default_value(""),
        "http://127.0.0.1:port[/path]; loopback only");
    add("model",
        po::value<std::string>(),
        "as the target calls it; default: the simulator's own name");
    add("key", po::value<std::string>()->default_value("sk-bench"), "bearer key");
    add("connections", po::value<std::size_t>(), "default: the scenario's");
    add("body-bytes", po::value<std::size_t>(), "octets of a request body; default: the scenario's"
    );
    add("threads", po::value<unsigned>()->default_value(1), "threads that send");
    add("cpu", po::value<unsigned>(), "pin to this processor");
    add("warm-up", po::value<std::string>()->default_value("1s"), "before measuring");
    add("duration", po::value<std::string>()->default_value("5s"), "of measuring");
    add("stagger",
        po::value<std::string>()->default_value("250us"),
        "between the starts of two connections: spreads the phases of paced streams");
    add("rate",
        po::value<double>()->default_value(0),
        "open loop: so many requests a second, sent on schedule, latency from the schedule; 0: "
        "closed loop");
    add("requests",
        po::value<std::uint64_t>()->default_value(0),
        "exactly so many, instead of a duration");
    add("pid", po::value<std::vector<int>>()->composing(), "a process under test; repeatable");
    add("json", po::value<std::string>()->default_value(""), "file for the figures");
    add("label", po::value<std::string>()->default_value(""), "name of the target in reports");
    return flags;
}

class flag_reader {
public:
    explicit flag_reader(const po::variables_map& values) : values_(values) {}

    options read() {
        read_scenario();
        read_target(values_["target"].as<std::string>());
        read_.key = values_["key"].as<std::string>();
        read_.threads = values_["threads"].as<unsigned>();
        if (read_.threads == 0 || read_.threads > 256) complain("--threads: 1 to 256");
        if (values_.contains("cpu")) read_.cpu = values_["cpu"].as<unsigned>();
        read_.warm_up = read_time("warm-up");
        read_.length = read_time("duration");
        read_.stagger = read_time("stagger");
        read_.rate = values_["rate"].as<double>();
        if (read_.rate < 0 || (read_.rate > 0 && read_.what != kind::whole)) {
            complain("--rate: a positive number, for whole answers only");
        }
        read_.requests = values_["requests"].as<std::uint64_t>();
        if (values_.contains("pid")) {
            for (const int process : values_["pid"].as<std::vector<int>>()) {
                read_.processes.push_back(process);
            }
        }
        read_.json = values_["json"].as<std::string>();
        read_.label = values_["label"].as<std::string>();
        if (!complaints_.empty()) throw std::runtime_error(complaints_);
        return read_;
    }

private:
    void complain(const std::string& what) { complaints_ += what + "\n"; }

    void read_scenario() {
        read_.scenario = values_["scenario"].as<std::string>();
        for (const auto& one : scenarios) {
            if (read_.scenario != one.name) continue;
            read_.what = one.what;
            read_.connections = one.connections;
            read_.body_bytes = one.body_bytes;
            read_.model = one.model;
        }
        if (read_.model.empty()) return complain("--scenario: unknown " + read_.scenario);
        if (values_.contains("model")) read_.model = values_["model"].as<std::string>();
        if (values_.contains("connections"))
            read_.connections = values_["connections"].as<std::size_t>();
        if (values_.contains("body-bytes"))
            read_.body_bytes = values_["body-bytes"].as<std::size_t>();
        if (read_.connections == 0) complain("--connections: at least 1");
    }

    // The generator must not become a weapon: it sends to this machine only.
    void read_target(std::string text) {
        constexpr std::string_view scheme = "http://";
        if (!text.starts_with(scheme)) return complain("--target: http://127.0.0.1:port[/path]");
        text.erase(0, scheme.size());
        if (const auto slash = text.find('/'); slash != std::string::npos) {
            read_.path = text.substr(slash);
            text.resize(slash);
        }
        const auto colon = text.rfind(':');
        if (colon == std::string::npos) return complain("--target: a port is missing");
        read_.address = text.substr(0, colon);
        const char* last = text.data() + text.size();
        const auto [end, error] = std::from_chars(text.data() + colon + 1, last, read_.port);
        if (error != std::errc{} || end != last || read_.port == 0) complain("--target: bad port");
        boost::system::error_code wrong;
        const auto address = boost::asio::ip::make_address(read_.address, wrong);
        if (wrong || !address.is_loopback()) {
            complain("--target: only loopback addresses, written as numbers, are allowed");
        }
    }

    std::chrono::nanoseconds read_time(const char* name) {
        const auto time = parse_duration(values_[name].as<std::string>());
        if (!time) complain(fmt::format("--{}: not a time", name));
        return time.value_or(std::chrono::nanoseconds{0});
    }

    const po::variables_map& values_;
    options read_;
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
        return parsed;
    }
    parsed.values = flag_reader{values}.read();
    return parsed;
}

}  // namespace spillway::bench::load
