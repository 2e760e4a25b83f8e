#include "bench/sim/truth_log.hpp"

#include <boost/json.hpp>

#include <cerrno>
#include <chrono>
#include <stdexcept>
#include <system_error>

namespace spillway::bench::sim {

truth_log::truth_log(const std::string& name) {
    if (name.empty()) return;
    file_.reset(name == "-" ? stdout : std::fopen(name.c_str(), "a"));
    if (!file_) throw std::system_error(errno, std::generic_category(), "--log " + name);
}

void truth_log::write(const truth& entry) {
    if (!is_on()) return;
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    const boost::json::object line{
        {"time_ms", std::chrono::duration_cast<std::chrono::milliseconds>(now).count()},
        {"request_id", entry.request_id},
        {"key", entry.key_hash},
        {"model", entry.model},
        {"path", entry.path},
        {"client_request_id", entry.client_request_id},
        {"status", entry.status},
        {"stream", entry.is_stream},
        {"prompt_tokens", entry.prompt_tokens},
        {"completion_tokens", entry.completion_tokens},
        {"request_bytes", entry.request_bytes},
        {"bytes", entry.bytes_sent},
        {"events", entry.events_sent},
        {"aborted", entry.aborted},
        {"fault", entry.fault},
    };
    const auto text = boost::json::serialize(line) + "\n";
    const std::lock_guard lock{mutex_};
    std::fwrite(text.data(), 1, text.size(), file_.get());
    std::fflush(file_.get());
}

}  // namespace spillway::bench::sim
