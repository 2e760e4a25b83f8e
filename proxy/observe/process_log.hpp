// What the process has to say about itself, to standard error: a line an event, as text for people or as JSON
// for collectors. Never on a request's path. Any thread; a line is one write.
#pragma once

#include <atomic>
#include <cstdint>
#include <string_view>

namespace spillway::observe {

enum class level : std::uint8_t { error, warn, info, debug, trace };
enum class log_form : std::uint8_t { text, json };

class process_log {
public:
    void configure(level most, log_form form) noexcept;
    void write(level what, std::string_view text);

    void error(std::string_view text) { write(level::error, text); }
    void warn(std::string_view text) { write(level::warn, text); }
    void info(std::string_view text) { write(level::info, text); }
    void debug(std::string_view text) { write(level::debug, text); }

private:
    std::atomic<level> most_{level::info};
    std::atomic<log_form> form_{log_form::text};
};

}  // namespace spillway::observe
