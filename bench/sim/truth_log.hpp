// One JSON line a request: what really was asked and answered, for whoever checks a gateway's books. Shared
// by all threads. Lines are flushed at once, so a reader sees a request as soon as it is over; leave it off
// while measuring.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

namespace spillway::bench::sim {

struct truth {
    std::string_view key_hash;
    std::string_view model;
    std::string_view path;
    std::string_view client_request_id;
    std::string_view fault;
    std::string request_id;
    int status = 0;
    bool is_stream = false;
    bool aborted = false;  // the client went away before the end
    std::size_t request_bytes = 0;
    std::size_t prompt_tokens = 0;
    std::size_t completion_tokens = 0;  // as the complete answer's usage says
    std::size_t bytes_sent = 0;
    std::size_t events_sent = 0;
};

class truth_log {
public:
    // "" is off, "-" standard output. Throws when the file cannot be opened.
    explicit truth_log(const std::string& name);

    bool is_on() const { return file_ != nullptr; }
    void write(const truth& entry);

private:
    struct closer {
        void operator()(std::FILE* file) const {
            if (file != stdout) std::fclose(file);
        }
    };

    std::mutex mutex_;
    std::unique_ptr<std::FILE, closer> file_;
};

}  // namespace spillway::bench::sim
