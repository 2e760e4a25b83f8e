#include "bench/sim/status_fault.hpp"

#include "bench/sim/script_parts.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <ctime>

namespace spillway::bench::sim {
namespace {

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

}  // namespace

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

}  // namespace spillway::bench::sim
