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
    // Two draws of ten letters: 62^10 fits sixty bits, and the slight unevenness of a remainder does no harm.
    for (int draw = 0; draw < 2; ++draw) {
        std::uint64_t drawn = random();
        for (int i = 0; i < 10; ++i, drawn /= letters.size())
            *to++ = letters[drawn % letters.size()];
    }
    return id;
}

}  // namespace spillway::flow
