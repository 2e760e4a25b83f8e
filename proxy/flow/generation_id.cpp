#include "proxy/flow/generation_id.hpp"

#include <algorithm>
#include <string_view>

namespace spillway::flow {

observe::generation_id
make_generation_id(std::int64_t unix_seconds, base::random_source& random) noexcept {
    static constexpr std::string_view letters =
        "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    observe::generation_id id;
    char* to = std::ranges::copy(std::string_view{"gen-"}, id.data()).out;
    for (int i = 9; i >= 0; --i, unix_seconds /= 10)
        to[i] = static_cast<char>('0' + unix_seconds % 10);
    to += 10;
    *to++ = '-';
    // A draw is a fraction of 2^64; each multiplication by 62 pushes the next of its ten letters out at the top.
    for (int draw = 0; draw < 2; ++draw) {
        std::uint64_t fraction = random();
        for (int i = 0; i < 10; ++i) {
            __extension__ using wide = unsigned __int128;
            const wide product = wide{fraction} * letters.size();
            *to++ = letters[static_cast<std::size_t>(product >> 64)];
            fraction = static_cast<std::uint64_t>(product);
        }
    }
    return id;
}

}  // namespace spillway::flow
