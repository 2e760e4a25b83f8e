#include "proxy/flow/generation_id.hpp"

#include "proxy/base/pen.hpp"

#include <cstring>
#include <string_view>

namespace spillway::flow {

namespace {

// Ten digits, two a division; good until the year 2106.
char* write_seconds(char* to, std::uint32_t seconds) noexcept {
#pragma GCC unroll 5
    for (int at = 8; at >= 0; at -= 2, seconds /= 100)
        std::memcpy(to + at, base::pen::two_digits(seconds % 100), 2);
    return to + 10;
}

}  // namespace

observe::generation_id
make_generation_id(std::int64_t unix_seconds, base::random_source& random) noexcept {
    static constexpr std::string_view letters =
        "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    observe::generation_id id;
    std::memcpy(id.data(), "gen-", 4);
    char* to = write_seconds(id.data() + 4, static_cast<std::uint32_t>(unix_seconds));
    *to++ = '-';
    // A draw is a fraction of 2^64; each multiplication by 62 pushes the next of its ten letters out at the top.
    for (int draw = 0; draw < 2; ++draw) {
        std::uint64_t fraction = random();
#pragma GCC unroll 10
        for (int i = 0; i < 10; ++i) {
            __extension__ using wide = unsigned __int128;
            const wide product = wide{fraction} * letters.size();
            to[i] = letters[static_cast<std::size_t>(product >> 64)];
            fraction = static_cast<std::uint64_t>(product);
        }
        to += 10;
    }
    return id;
}

void add_generation_id(
    wire::head_writer& head, adapters::protocol dialect, std::string_view id, named_by x_request_id
) {
    head.add_fixed("x-generation-id", id);
    switch (dialect) {
    case adapters::protocol::chat:
    case adapters::protocol::responses:
        if (x_request_id == named_by::nobody) head.add(wire::field::x_request_id, id);
        return;
    case adapters::protocol::messages: return head.add(wire::field::request_id, id);
    case adapters::protocol::converse: return head.add_fixed("x-amzn-requestid", id);
    case adapters::protocol::gemini:
    case adapters::protocol::cohere:
    case adapters::protocol::ollama: return;
    }
}

}  // namespace spillway::flow
