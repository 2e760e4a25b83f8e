#include "bench/sim/service.hpp"

#include <boost/json.hpp>
#include <fmt/format.h>

#include <fstream>

namespace spillway::bench::sim {
namespace {

namespace json = boost::json;

std::uint64_t scramble(std::uint64_t value) {  // splitmix64
    value += 0x9e3779b97f4a7c15U;
    value = (value ^ (value >> 30U)) * 0xbf58476d1ce4e5b9U;
    value = (value ^ (value >> 27U)) * 0x94d049bb133111ebU;
    return value ^ (value >> 31U);
}

}  // namespace

service::service(options chosen)
    : options_(std::move(chosen))
    , provider_(options_)
    , accounts_(options_.requests_per_minute, options_.tokens_per_minute)
    , log_(options_.log) {
    faults_.set(options_.fault);
    if (!options_.uses_tls()) return;
    tls_.emplace(asio::ssl::context::tls_server);
    tls_->use_certificate_chain_file(options_.tls_certificate);
    tls_->use_private_key_file(options_.tls_key, asio::ssl::context::pem);
}

std::string service::request_id(std::uint64_t number) const {
    const auto mixed = scramble(number ^ (static_cast<std::uint64_t>(options_.seed) << 32U));
    return fmt::format("{:016x}{:016x}", mixed, scramble(mixed));
}

void service::record_body(const std::string& id, std::string_view body) const {
    if (options_.body_directory.empty()) return;
    std::ofstream file{fmt::format("{}/{}.json", options_.body_directory, id), std::ios::binary};
    file.write(body.data(), static_cast<std::streamsize>(body.size()));
}

reply service::control(std::string_view path, std::string_view body) {
    reply made;
    if (path == "/sim/stats") {
        made.body = print_stats();
        return made;
    }
    if (path != "/sim/fault") return make_error_reply({404, "no such control", "sim", "", "", ""});
    if (!body.empty()) {
        json::error_code error;
        const auto parsed = json::parse(json::string_view{body.data(), body.size()}, error);
        const auto* text = error ? nullptr : parsed.if_object();
        const auto* rule = text != nullptr ? text->if_contains("fault") : nullptr;
        if (rule == nullptr || !rule->is_string() || !faults_.set(rule->get_string())) {
            return make_error_reply(
                {400, R"(expected {"fault":"name[=arg]"} or "none")", "sim", "", "", ""}
            );
        }
    }
    made.body = json::serialize(json::object{{"fault", faults_.describe()}});
    return made;
}

std::string service::print_stats() const {
    json::array keys;
    accounts_.visit([&keys](const account& one) {
        keys.push_back(json::object{
            {"key", one.key_hash},
            {"requests", one.requests.load()},
            {"refused", one.refused.load()},
            {"prompt_tokens", one.prompt_tokens.load()},
            {"completion_tokens", one.completion_tokens.load()},
        });
    });
    json::object stats{
        {"connections", counters_.connections.load()},
        {"open_connections", counters_.open_connections.load()},
        {"requests", counters_.requests.load()},
        {"in_flight", counters_.in_flight.load()},
        {"aborted", counters_.aborted.load()},
        {"events", counters_.events.load()},
        {"faults", counters_.faults.load()},
        {"failed_handshakes", counters_.failed_handshakes.load()},
        {"fault", faults_.describe()},
    };
    stats["keys"] = std::move(keys);
    return json::serialize(stats);
}

void service::refuse_for(duration time) {
    refusing_until_.store((clock::now() + time).time_since_epoch().count());
    if (refuse_) refuse_(time);
}

bool service::is_refusing() const {
    const auto until = refusing_until_.load(std::memory_order_relaxed);
    return until != 0 && clock::now().time_since_epoch().count() < until;
}

}  // namespace spillway::bench::sim
