#include "bench/sim/bench_page.hpp"

#include "bench/sim/tokens.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace spillway::bench::sim {
namespace {

constexpr std::string_view blank_id = "req_00000000000000000000000000000000";
constexpr std::size_t id_digits = 16;  // the last ones

void put_number(char* id, std::uint64_t number) {
    static constexpr char digits[] = "0123456789abcdef";
    char* last = id + blank_id.size();
    for (std::size_t i = 0; i < id_digits; ++i, number >>= 4U)
        *--last = digits[number & 15U];
}

std::string frame_chunk(std::string_view data) {
    return fmt::format("{:x}\r\n{}\r\n", data.size(), data);
}

std::string frame_data(std::string_view data) {
    return fmt::format("data: {}\n\n", data);
}

std::string frame_event(std::string_view data) {
    return frame_chunk(frame_data(data));
}

std::string common_fields() {
    return fmt::format(
        "server: spillway-sim\r\nopenai-version: 2020-10-01\r\nopenai-processing-ms: 1\r\n"
        "x-request-id: {}\r\n",
        blank_id
    );
}

}  // namespace

void put_stamp(char* at, std::uint64_t nanoseconds) {
    char* last = at + blank_stamp.size();
    for (std::size_t i = 2; i < blank_stamp.size(); ++i, nanoseconds /= 10) {
        *--last = static_cast<char>('0' + nanoseconds % 10);
    }
}

bench_page::bench_page(std::string_view model, const pace& settings)
    : model_(model)
    , settings_(settings) {
    constexpr std::string_view body_form =
        R"({{"id":"chatcmpl-bench","object":"chat.completion","created":1700000000,"model":"{}",)"
        R"("choices":[{{"index":0,"message":{{"role":"assistant","content":"{}","refusal":null}},)"
        R"("logprobs":null,"finish_reason":"stop"}}],"usage":{{"prompt_tokens":{},"completion_tokens":{},)"
        R"("total_tokens":{}}}}})";
    const auto bare = fmt::format(fmt::runtime(body_form), model, "", 20, 300, 320).size();
    const std::string text(settings.answer_bytes > bare ? settings.answer_bytes - bare : 0, 'x');
    completion_tokens_ = count_tokens(text);
    body_ = fmt::format(
        fmt::runtime(body_form),
        model,
        text,
        prompt_tokens_,
        completion_tokens_,
        prompt_tokens_ + completion_tokens_
    );
    whole_ = fmt::format(
        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n{}content-length: {}\r\n\r\n{}",
        common_fields(),
        body_.size(),
        body_
    );
    head_ = fmt::format(
        "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream; charset=utf-8\r\n{}"
        "transfer-encoding: chunked\r\n\r\n",
        common_fields()
    );
    event_ = frame_event(event_data());
    constexpr std::string_view last =
        R"({{"id":"chatcmpl-bench","object":"chat.completion.chunk","created":1700000000,"model":"{}",)"
        R"("choices":[{{"index":0,"delta":{{}},"finish_reason":"stop"}}]}})";
    const auto finish = frame_event(fmt::format(fmt::runtime(last), model));
    end_ = finish + frame_event("[DONE]") + "0\r\n\r\n";
    end_with_usage_ = finish + frame_event(usage_data()) + frame_event("[DONE]") + "0\r\n\r\n";
    whole_id_at_ = whole_.find(blank_id);
    head_id_at_ = head_.find(blank_id);
    stamp_at_ = event_.find(blank_stamp);
}

std::string bench_page::event_data() const {
    constexpr std::string_view form =
        R"({{"id":"chatcmpl-bench","object":"chat.completion.chunk","created":1700000000,"model":"{}",)"
        R"("choices":[{{"index":0,"delta":{{"content":"{}{}"}},"finish_reason":null}}]}})";
    const auto bare = fmt::format(fmt::runtime(form), model_, blank_stamp, "").size() + 8;
    const std::string filler(settings_.event_bytes > bare ? settings_.event_bytes - bare : 0, 'x');
    return fmt::format(fmt::runtime(form), model_, blank_stamp, filler);
}

std::string bench_page::usage_data() const {
    return fmt::format(
        R"({{"id":"chatcmpl-bench","object":"chat.completion.chunk","created":1700000000,"model":"{}",)"
        R"("choices":[],"usage":{{"prompt_tokens":{},"completion_tokens":{},"total_tokens":{}}}}})",
        model_,
        prompt_tokens_,
        settings_.events,
        prompt_tokens_ + settings_.events
    );
}

std::string_view bench_page::whole(std::uint64_t number) {
    put_number(whole_.data() + whole_id_at_, number);
    return whole_;
}

std::string_view bench_page::stream_head(std::uint64_t number) {
    put_number(head_.data() + head_id_at_, number);
    return head_;
}

std::string_view bench_page::event(std::uint64_t nanoseconds) {
    put_stamp(event_.data() + stamp_at_, nanoseconds);
    return event_;
}

reply bench_page::as_reply(bool is_stream, bool with_usage) const {
    reply made;
    made.is_stream = is_stream;
    made.prompt_tokens = prompt_tokens_;
    made.completion_tokens = is_stream ? settings_.events : completion_tokens_;
    made.body = body_;
    if (!is_stream) return made;
    made.content_type = event_stream_type;
    made.closing = frame_data("[DONE]");
    made.events.assign(settings_.events, frame_data(event_data()));
    const auto data = end_.find("{");
    made.events.push_back(frame_data(end_.substr(data, end_.find("\n\n") - data)));
    if (with_usage) made.events.push_back(frame_data(usage_data()));
    return made;
}

}  // namespace spillway::bench::sim
