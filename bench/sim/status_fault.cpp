#include "bench/sim/status_fault.hpp"

#include "bench/sim/dialects/dialect.hpp"
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

script error_script(
    const dialect& voice, const api_error& error, const delivery& how, const std::string& extra
) {
    auto answer = voice.refuse(error, how.id);
    answer.extra_fields += extra;
    return whole_script(answer, how);
}

bool may_ask_for_a_pause(int status) {
    return status == 429 || status == 503 || status == 529;
}

// A pause that is given in seconds is also said in the body by those who do so. One that was not asked for is
// said in fields only by those who do so.
script status_script(const dialect& voice, const delivery& how, const fault& wrong) {
    auto error = voice.words_for(wrong.status);
    if (!may_ask_for_a_pause(wrong.status)) return error_script(voice, error, how, "");
    if (wrong.argument.find_first_not_of("0123456789.") == std::string::npos)
        error.pause = wrong.argument;
    const bool in_fields = voice.asks_for_a_pause_in_fields() || !wrong.argument.empty();
    return error_script(
        voice, error, how, in_fields ? retry_fields(wrong.argument) : std::string{}
    );
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

script faulty_status(const reply& answer, const delivery& how, const fault& wrong) {
    const auto& voice = *answer.voice;
    switch (wrong.kind) {
    case fault_kind::quota_429: return error_script(voice, voice.quota_exceeded(), how, "");
    case fault_kind::context_length: return error_script(voice, voice.context_exceeded(), how, "");
    case fault_kind::html_502: return html_script(how);
    case fault_kind::redirect: return redirect_script(how, wrong);
    case fault_kind::error_200:
        return whole_with_body(answer, how, voice.print_error(voice.words_for(500), how.id), "");
    case fault_kind::bad_json: {
        const auto body = answer.is_stream || answer.body.empty()
                              ? std::string{R"({"id":"chatcmpl-1","cho)"}
                              : answer.body.substr(0, answer.body.size() / 2);
        return whole_with_body(answer, how, body, "");
    }
    case fault_kind::empty_200: return whole_with_body(answer, how, "", "");
    case fault_kind::early_answer: {
        auto closing = how;
        closing.keep_alive = false;
        auto made = error_script(
            voice, voice.words_for(static_cast<int>(wrong.count_or(400))), closing, ""
        );
        made.end = ending::close;
        return made;
    }
    default: break;
    }
    return status_script(voice, how, wrong);
}

}  // namespace spillway::bench::sim
