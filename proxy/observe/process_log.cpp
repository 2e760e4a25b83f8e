#include "proxy/observe/process_log.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <chrono>
#include <string>

#include <unistd.h>

namespace spillway::observe {

namespace {

constexpr std::string_view names[] = {"error", "warn", "info", "debug", "trace"};

// Control characters never start a new line or field (S-A5).
std::string escaped(std::string_view text) {
    std::string safe;
    for (const char c : text) {
        if (c == '"' || c == '\\') {
            safe += '\\';
            safe += c;
        } else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) {
            safe += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
        } else {
            safe += c;
        }
    }
    return safe;
}

}  // namespace

void process_log::configure(level most, log_form form) noexcept {
    most_.store(most);
    form_.store(form);
}

void process_log::write(level what, std::string_view text) {
    if (what > most_.load()) return;
    const auto now =
        std::chrono::time_point_cast<std::chrono::milliseconds>(std::chrono::system_clock::now());
    const std::string_view name = names[static_cast<std::size_t>(what)];
    const auto date = fmt::gmtime(std::chrono::system_clock::to_time_t(now));
    const auto fraction = now.time_since_epoch().count() % 1000;
    const std::string line =
        form_.load() == log_form::json
            ? fmt::format(
                  "{{\"time\":\"{:%Y-%m-%dT%H:%M:%S}.{:03}Z\",\"level\":\"{}\",\"text\":\"{}\"}}\n",
                  date,
                  fraction,
                  name,
                  escaped(text)
              )
            : fmt::format("{:%H:%M:%S}.{:03} {:5} {}\n", date, fraction, name, escaped(text));
    [[maybe_unused]] const ssize_t written = ::write(STDERR_FILENO, line.data(), line.size());
}

}  // namespace spillway::observe
