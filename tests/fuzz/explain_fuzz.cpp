// Error answers: any status, any body, any wait: a message, a status for the client, a wait of at most a year, and
// never our key. The first line is the value of the wait, the rest is the body.
#include "adapters/errors.hpp"
#include "adapters/registry.hpp"
#include "tests/fuzz/fuzz_check.hpp"

#include <array>
#include <cstdint>
#include <string>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace spillway::adapters;
    constexpr std::string_view secret = "sk-secret-0123456789";
    if (size < 2) return 0;
    auto status = static_cast<std::uint16_t>(300 + data[0] + data[1]);
    std::string_view text{reinterpret_cast<const char*>(data) + 2, size - 2};
    auto line = std::min(text.find('\n'), text.size());
    auto wait = text.substr(0, line);
    const std::array<head_field_view, 4> fields{{
        {"retry-after", wait},
        {"retry-after-ms", wait},
        {"x-ratelimit-reset-requests", wait},
        {"x-ratelimit-reset", wait},
    }};
    auto provider = make_adapter(*find_row("openai"), {});
    for (std::size_t i = 0; i < fields.size(); ++i) {
        answer_head head{
            status, std::span{fields}.subspan(i, 1), std::chrono::system_clock::time_point{}};
        auto why = (*provider)->explain(head, text.substr(line), secret);
        FUZZ_CHECK(!why.message.empty());
        FUZZ_CHECK(why.status >= 400 && why.status < 600);
        FUZZ_CHECK(!why.retry_after || why.retry_after->count() >= 0);
        FUZZ_CHECK(!why.retry_after || *why.retry_after <= std::chrono::hours{24 * 365});
        auto body = render_problem(why, face::openrouter);
        FUZZ_CHECK(body.find(secret) == std::string::npos);
        FUZZ_CHECK(body.find('\n') == std::string::npos);
    }
    return 0;
}
