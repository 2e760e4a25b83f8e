#include "bench/sim/script.hpp"

#include "bench/sim/broken_head.hpp"
#include "bench/sim/gzip.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <ctime>
#include <utility>

namespace spillway::bench::sim {
namespace {

using namespace std::chrono_literals;

// A script that hangs says nothing for ever; comments come for this long, then the stream stalls too.
constexpr int comment_count = 3600;

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
std::string frame_chunk(std::string_view data) {
    return fmt::format("{:x}\r\n{}\r\n", data.size(), data);
}
std::string frame_event(std::string_view data) {
    return frame_chunk(fmt::format("data: {}\n\n", data));
}

constexpr std::string_view chunked = "transfer-encoding: chunked\r\n";
constexpr std::string_view last_chunk = "0\r\n\r\n";

script whole_script(const reply& answer, const delivery& how) {
    auto fields = how;
    fields.fields += answer.extra_fields;
    const auto head =
        print_head(answer.status, answer.content_type, fields, print_length(answer.body.size()));
    script made;
    made.status = answer.status;
    made.steps.push_back({head + answer.body, how.first, false});
    return made;
}

// The head is a step of its own until join_head() puts the first event behind it.
script stream_script(const reply& answer, const delivery& how) {
    script made;
    made.status = answer.status;
    auto fields = how;
    fields.fields += answer.extra_fields;
    made.steps.push_back(
        {print_head(answer.status, "text/event-stream; charset=utf-8", fields, chunked),
         how.first,
         false}
    );
    for (std::size_t i = 0; i < answer.events.size(); ++i) {
        made.steps.push_back({frame_event(answer.events[i]), i == 0 ? 0ns : how.gap, true});
    }
    made.steps.push_back({frame_event("[DONE]") + std::string{last_chunk}, how.gap, false});
    return made;
}

script plain_script(const reply& answer, const delivery& how) {
    return answer.is_stream ? stream_script(answer, how) : whole_script(answer, how);
}

void join_head(script& made) {
    if (made.steps.size() < 2 || !made.steps[1].is_event || made.steps[1].pause != 0ns) return;
    made.steps[0].bytes += made.steps[1].bytes;
    made.steps[0].is_event = true;
    made.steps.erase(made.steps.begin() + 1);
}

// Leaves the head and n events of a stream, the head and half of the body of a whole answer.
void keep_events(script& made, const reply& answer, std::size_t count) {
    if (answer.is_stream) {
        const auto events = std::min(count, answer.events.size());
        made.steps.resize(1 + events);
        return;
    }
    auto& bytes = made.steps.front().bytes;
    bytes.resize(bytes.size() - answer.body.size() + answer.body.size() / 2);
}

std::string date_in(std::chrono::seconds from_now) {
    const auto when = std::time(nullptr) + from_now.count();
    return fmt::format("{:%a, %d %b %Y %H:%M:%S GMT}", fmt::gmtime(when));
}

// The pause a limiting provider asks for, in all the forms seen in the wild.
std::string retry_fields(const std::string& argument) {
    if (argument == "absent") return {};
    if (argument.empty()) return "retry-after: 1\r\n";
    if (argument == "huge") return "retry-after: 99999999999999999999\r\n";
    if (argument == "garbage") return "retry-after: soon, maybe\r\n";
    if (argument.starts_with("date")) {
        fault number;
        number.argument = argument.substr(4);
        return fmt::format(
            "retry-after: {}\r\n", date_in(std::chrono::seconds{number.count_or(30)})
        );
    }
    if (argument.ends_with("ms")) {
        return fmt::format("retry-after-ms: {}\r\n", argument.substr(0, argument.size() - 2));
    }
    return fmt::format("retry-after: {}\r\n", argument);
}

api_error error_of_status(int status) {
    switch (status) {
    case 401:
        return {
            401,
            "Incorrect API key provided: sk-***.",
            "invalid_request_error",
            "",
            "invalid_api_key"};
    case 403:
        return {
            403, "You are not allowed to sample from this model.", "invalid_request_error", "", ""};
    case 404:
        return {
            404,
            "The model does not exist or you do not have access to it.",
            "invalid_request_error",
            "",
            "model_not_found"};
    case 413: return {413, "Request too large.", "invalid_request_error", "", ""};
    case 429:
        return {429, "Rate limit reached for requests.", "requests", "", "rate_limit_exceeded"};
    case 503:
        return {
            503,
            "The engine is currently overloaded, please try again later.",
            "server_error",
            "",
            "overloaded"};
    default: break;
    }
    if (status < 500)
        return {
            status, fmt::format("Simulated fault {}.", status), "invalid_request_error", "", ""};
    return {
        status, "The server had an error while processing your request.", "server_error", "", ""};
}

script error_script(const api_error& error, const delivery& how, const std::string& extra) {
    auto answer = make_error_reply(error);
    answer.extra_fields = extra;
    return whole_script(answer, how);
}

bool may_ask_for_a_pause(int status) {
    return status == 429 || status == 503 || status == 529;
}

script html_script(const delivery& how) {
    reply page;
    page.status = 502;
    page.content_type = "text/html";
    page.body =
        "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n<center><h1>502 Bad "
        "Gateway</h1></center>\r\n<hr><center>cloudflare</center>\r\n</body>\r\n</html>\r\n";
    return whole_script(page, how);
}

script redirect_script(const delivery& how, const fault& wrong) {
    reply answer;
    answer.status = static_cast<int>(wrong.count_or(307));
    answer.extra_fields = "location: http://127.0.0.1:9/elsewhere\r\n";
    return whole_script(answer, how);
}

// Chunk framing that no reader may accept.
void spoil_chunk(script& made, const std::string& variant) {
    made.end = ending::close;
    std::string bytes = "zz\r\nnot a chunk size\r\n";
    if (variant == "huge") bytes = "ffffffffffffffffff\r\nx";
    if (variant == "no-crlf") bytes = "5\r\nabcdefgh\r\n0\r\n\r\n";
    if (variant == "cut-size") bytes = "1f";
    made.steps.push_back({bytes, 0ns, false});
}

void drip(script& made, std::chrono::nanoseconds interval, std::size_t keep_whole) {
    std::string bytes;
    for (const auto& one : made.steps)
        bytes += one.bytes;
    const auto first = made.steps.front().pause;
    made.steps.clear();
    if (keep_whole > 0) made.steps.push_back({bytes.substr(0, keep_whole), first, false});
    for (std::size_t i = keep_whole; i < bytes.size(); ++i) {
        made.steps.push_back({std::string(1, bytes[i]), i == 0 ? first : interval, false});
    }
}

void interim(script& made, std::size_t count) {
    std::string bytes;
    for (std::size_t i = 0; i < count; ++i) {
        bytes += i % 2 == 0 ? "HTTP/1.1 100 Continue\r\n\r\n"
                            : "HTTP/1.1 103 Early Hints\r\nlink: </a>; rel=preload\r\n\r\n";
    }
    made.steps.insert(made.steps.begin(), step{bytes, 0ns, false});
}

script chunked_whole(const reply& answer, const delivery& how) {
    script made;
    made.status = answer.status;
    const auto head = print_head(answer.status, answer.content_type, how, chunked);
    made.steps.push_back({head + frame_chunk(answer.body), how.first, false});
    return made;
}

script cut_short(const reply& answer, const delivery& how, const fault& wrong) {
    auto made = plain_script(answer, how);
    if (wrong.kind == fault_kind::cut_chunk) {
        if (answer.is_stream)
            made.steps.pop_back();
        else
            made = chunked_whole(answer, how);
    } else {
        keep_events(made, answer, wrong.count_or(1));
    }
    if (wrong.kind == fault_kind::cut_event && answer.is_stream) {
        const auto next = std::min(wrong.count_or(1), answer.events.size() - 1);
        const auto half =
            fmt::format("data: {}", answer.events[next].substr(0, answer.events[next].size() / 2));
        made.steps.push_back({frame_chunk(half), how.gap, false});
    }
    made.end = wrong.kind == fault_kind::rst_mid ? ending::reset : ending::close;
    return made;
}

script stalled(const reply& answer, const delivery& how, const fault& wrong) {
    auto made = plain_script(answer, how);
    keep_events(made, answer, wrong.count_or(1));
    made.end = ending::hang;
    if (wrong.kind != fault_kind::stall_comments || !answer.is_stream) return made;
    for (int i = 0; i < comment_count; ++i) {
        made.steps.push_back({frame_chunk(": keep-alive\n\n"), 1s, false});
    }
    return made;
}

script with_error_event(const reply& answer, const delivery& how, std::size_t after) {
    auto spoilt = answer;
    spoilt.is_stream = true;
    spoilt.events.resize(std::min(after, answer.events.size()));
    spoilt.events.push_back(print_error(error_of_status(500)));
    auto made = stream_script(spoilt, how);
    made.steps.back().bytes = last_chunk;  // no [DONE] behind an error
    return made;
}

script without_answer(ending end) {
    script made;
    made.end = end;
    return made;
}

script with_fields(const reply& answer, delivery how, std::string fields) {
    how.fields += fields;
    return plain_script(answer, how);
}

std::string repeat_fields(std::size_t count) {
    std::string fields;
    for (std::size_t i = 0; i < count; ++i)
        fields += fmt::format("x-filler-{}: {}\r\n", i, i);
    return fields;
}

script whole_with_body(reply answer, const delivery& how, std::string body, std::string fields) {
    answer.status = 200;
    answer.is_stream = false;
    answer.body = std::move(body);
    answer.extra_fields += fields;
    return whole_script(answer, how);
}

script gzip_script(reply answer, const delivery& how) {
    constexpr std::string_view field = "content-encoding: gzip\r\n";
    if (!answer.is_stream)
        return whole_with_body(answer, how, gzip_stored(answer.body), std::string{field});
    std::string text;
    for (const auto& event : answer.events)
        text += "data: " + event + "\n\n";
    answer.content_type = "text/event-stream; charset=utf-8";
    return whole_with_body(answer, how, gzip_stored(text + "data: [DONE]\n\n"), std::string{field});
}

// Faults in the head or instead of it.
script faulty_head(const reply& answer, const delivery& how, const fault& wrong) {
    auto made = plain_script(answer, how);
    switch (wrong.kind) {
    case fault_kind::slow_head: made.steps.front().pause += wrong.time_or(5s); break;
    case fault_kind::interim: interim(made, wrong.count_or(1)); break;
    case fault_kind::too_many_interim: interim(made, wrong.count_or(100)); break;
    case fault_kind::huge_head:
        return with_fields(
            answer, how, "x-filler: " + std::string(wrong.count_or(131072), 'x') + "\r\n"
        );
    case fault_kind::many_fields:
        return with_fields(answer, how, repeat_fields(wrong.count_or(400)));
    case fault_kind::upgrade_101:
        made.steps = {
            {"HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: "
             "upgrade\r\n\r\n",
             0ns,
             false}};
        made.end = ending::hang;
        break;
    case fault_kind::garbage:
        made.steps = {{broken_head(wrong.argument), how.first, false}};
        made.end = ending::close;
        break;
    case fault_kind::drip: {
        std::size_t head = made.steps.front().bytes.find("\r\n\r\n") + 4;
        drip(made, wrong.time_or(1s), head);
        break;
    }
    case fault_kind::drip_head: drip(made, wrong.time_or(1s), 0); break;
    default: break;
    }
    return made;
}

script faulty_status(const reply& answer, const delivery& how, const fault& wrong) {
    switch (wrong.kind) {
    case fault_kind::quota_429:
        return error_script(
            {429,
             "You exceeded your current quota, please check your plan and billing details.",
             "insufficient_quota",
             "",
             "insufficient_quota"},
            how,
            ""
        );
    case fault_kind::context_length:
        return error_script(
            {400,
             "This model's maximum context length is 8192 tokens. However, your messages resulted "
             "in "
             "9000 tokens. Please reduce the length of the messages.",
             "invalid_request_error",
             "messages",
             "context_length_exceeded"},
            how,
            ""
        );
    case fault_kind::html_502: return html_script(how);
    case fault_kind::redirect: return redirect_script(how, wrong);
    case fault_kind::error_200:
        return whole_with_body(answer, how, print_error(error_of_status(500)), "");
    case fault_kind::bad_json: {
        const auto body = answer.is_stream ? std::string{R"({"id":"chatcmpl-1","cho)"}
                                           : answer.body.substr(0, answer.body.size() / 2);
        return whole_with_body(answer, how, body, "");
    }
    case fault_kind::empty_200: return whole_with_body(answer, how, "", "");
    case fault_kind::early_answer: {
        auto closing = how;
        closing.keep_alive = false;
        auto made =
            error_script(error_of_status(static_cast<int>(wrong.count_or(400))), closing, "");
        made.end = ending::close;
        return made;
    }
    default: break;
    }
    const auto extra =
        may_ask_for_a_pause(wrong.status) ? retry_fields(wrong.argument) : std::string{};
    return error_script(error_of_status(wrong.status), how, extra);
}

script faulty_script(const reply& answer, const delivery& how, const fault& wrong) {
    switch (wrong.kind) {
    case fault_kind::refuse:
    case fault_kind::reset_before_head: return without_answer(ending::reset);
    case fault_kind::close_before_head: return without_answer(ending::close);
    case fault_kind::silent: return without_answer(ending::hang);
    case fault_kind::cut_length:
    case fault_kind::cut_chunk:
    case fault_kind::cut_event:
    case fault_kind::rst_mid: return cut_short(answer, how, wrong);
    case fault_kind::stall_mid:
    case fault_kind::stall_comments: return stalled(answer, how, wrong);
    case fault_kind::error_first_event: return with_error_event(answer, how, 0);
    case fault_kind::error_mid_stream: return with_error_event(answer, how, wrong.count_or(1));
    case fault_kind::gzip_answer: return gzip_script(answer, how);
    case fault_kind::slow_head:
    case fault_kind::interim:
    case fault_kind::too_many_interim:
    case fault_kind::huge_head:
    case fault_kind::many_fields:
    case fault_kind::upgrade_101:
    case fault_kind::garbage:
    case fault_kind::drip:
    case fault_kind::drip_head: return faulty_head(answer, how, wrong);
    case fault_kind::no_done: {
        auto made = plain_script(answer, how);
        if (answer.is_stream) made.steps.back().bytes = last_chunk;
        return made;
    }
    case fault_kind::bad_chunk: {
        auto made = answer.is_stream ? stream_script(answer, how) : chunked_whole(answer, how);
        if (answer.is_stream) made.steps.resize(std::min<std::size_t>(2, made.steps.size()));
        spoil_chunk(made, wrong.argument);
        return made;
    }
    case fault_kind::close_after_answer: {
        auto made = plain_script(answer, how);
        made.end = ending::close;
        return made;
    }
    case fault_kind::reset_on_reuse: return plain_script(answer, how);
    case fault_kind::status:
    case fault_kind::quota_429:
    case fault_kind::context_length:
    case fault_kind::html_502:
    case fault_kind::error_200:
    case fault_kind::bad_json:
    case fault_kind::empty_200:
    case fault_kind::redirect:
    case fault_kind::early_answer: return faulty_status(answer, how, wrong);
    }
    std::unreachable();
}

}  // namespace

script write_script(const reply& answer, const delivery& how, const fault* wrong) {
    auto made = wrong != nullptr && answer.status == 200 ? faulty_script(answer, how, *wrong)
                                                         : plain_script(answer, how);
    join_head(made);
    if (!how.keep_alive && made.end == ending::keep_alive) made.end = ending::close;
    return made;
}

std::string_view reason_of(int status) {
    switch (status) {
    case 200: return "OK";
    case 307: return "Temporary Redirect";
    case 400: return "Bad Request";
    case 401: return "Unauthorized";
    case 403: return "Forbidden";
    case 404: return "Not Found";
    case 405: return "Method Not Allowed";
    case 408: return "Request Timeout";
    case 413: return "Payload Too Large";
    case 422: return "Unprocessable Entity";
    case 429: return "Too Many Requests";
    case 500: return "Internal Server Error";
    case 502: return "Bad Gateway";
    case 503: return "Service Unavailable";
    case 504: return "Gateway Timeout";
    default: return "Simulated";
    }
}

}  // namespace spillway::bench::sim
