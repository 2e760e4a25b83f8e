// The prebuilt answers of one "bench-" model: a whole response and one event frame, ready to be sent after
// patching a request number and a clock stamp in place. Built once a connection and model; no allocation
// per request or event.
//
// Every event's content starts with "t=" and twenty digits: CLOCK_MONOTONIC in nanoseconds at the moment the
// event was handed to the kernel. A reader on the same machine subtracts it from its own clock.
#pragma once

#include "bench/sim/pace.hpp"
#include "bench/sim/reply.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace spillway::bench::sim {

inline constexpr std::string_view blank_stamp = "t=00000000000000000000";

// Writes the time over the digits behind "t=". REQUIRES: `at` points at a "t=" with twenty digits behind.
void put_stamp(char* at, std::uint64_t nanoseconds);

class bench_page {
public:
    bench_page() = default;
    bench_page(std::string_view model, const pace& settings);

    bool is_for(std::string_view model) const { return model == model_ && !model_.empty(); }
    const std::string& model() const { return model_; }
    const pace& settings() const { return settings_; }

    // A complete response with a body of about settings().answer_bytes.
    std::string_view whole(std::uint64_t number);

    // The response head of a stream, and the frames that follow it: chunked, one event each.
    std::string_view stream_head(std::uint64_t number);
    std::string_view event(std::uint64_t nanoseconds);
    std::string_view stream_end(bool with_usage) const {
        return with_usage ? end_with_usage_ : end_;
    }

    std::size_t prompt_tokens() const { return prompt_tokens_; }
    std::size_t completion_tokens() const { return completion_tokens_; }

    // The same answer as values, for the path that plays faults.
    reply as_reply(bool is_stream, bool with_usage) const;

private:
    std::string event_data() const;
    std::string usage_data() const;

    std::string model_;
    pace settings_;
    std::string body_;
    std::string whole_;
    std::string head_;
    std::string event_;
    std::string end_;
    std::string end_with_usage_;
    std::size_t whole_id_at_ = 0;
    std::size_t head_id_at_ = 0;
    std::size_t stamp_at_ = 0;
    std::size_t prompt_tokens_ = 20;
    std::size_t completion_tokens_ = 0;
};

}  // namespace spillway::bench::sim
