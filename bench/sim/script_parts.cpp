#include "bench/sim/script_parts.hpp"

#include <fmt/format.h>

#include <utility>

namespace spillway::bench::sim {
namespace {

using namespace std::chrono_literals;

std::string
print_head(int status, std::string_view type, const delivery& how, std::string_view framing) {
    return fmt::format(
        "HTTP/1.1 {} {}\r\n{}{}{}{}\r\n",
        status,
        reason_of(status),
        type.empty() ? std::string{} : fmt::format("content-type: {}\r\n", type),
        how.fields,
        how.keep_alive ? "" : "connection: close\r\n",
        framing
    );
}

std::string print_length(std::size_t length) {
    return fmt::format("content-length: {}\r\n", length);
}

constexpr std::string_view chunked = "transfer-encoding: chunked\r\n";

}  // namespace

std::string frame_chunk(std::string_view data) {
    return fmt::format("{:x}\r\n{}\r\n", data.size(), data);
}

script whole_script(const reply& answer, const delivery& how) {
    auto fields = how;
    fields.fields += answer.extra_fields;
    const auto head =
        print_head(answer.status, answer.content_type, fields, print_length(answer.body.size()));
    script made;
    made.status = answer.status;
    made.steps.push_back({head + answer.body, how.first});
    return made;
}

script stream_script(const reply& answer, const delivery& how) {
    script made;
    made.status = answer.status;
    auto fields = how;
    fields.fields += answer.extra_fields;
    made.steps.push_back(
        {print_head(answer.status, answer.content_type, fields, chunked), how.first}
    );
    for (std::size_t i = 0; i < answer.events.size(); ++i) {
        made.steps.push_back(
            {frame_chunk(answer.events[i]), i == 0 ? 0ns : how.gap, true, answer.is_sealed}
        );
    }
    auto closing = answer.closing.empty() ? std::string{} : frame_chunk(answer.closing);
    made.steps.push_back({closing + std::string{last_chunk}, how.gap});
    return made;
}

script plain_script(const reply& answer, const delivery& how) {
    return answer.is_stream ? stream_script(answer, how) : whole_script(answer, how);
}

script chunked_whole(const reply& answer, const delivery& how) {
    script made;
    made.status = answer.status;
    const auto head = print_head(answer.status, answer.content_type, how, chunked);
    made.steps.push_back({head + frame_chunk(answer.body), how.first});
    return made;
}

script
whole_with_body(reply answer, const delivery& how, std::string body, const std::string& fields) {
    answer.status = 200;
    answer.is_stream = false;
    answer.body = std::move(body);
    answer.extra_fields += fields;
    return whole_script(answer, how);
}

}  // namespace spillway::bench::sim
