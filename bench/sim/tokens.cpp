#include "bench/sim/tokens.hpp"

namespace spillway::bench::sim {
namespace {

bool continues_sequence(char c) {
    return (static_cast<unsigned char>(c) & 0xC0) == 0x80;
}

std::size_t token_size(std::string_view text) {
    if (text.size() <= 4) return text.size();
    std::size_t size = 4;
    while (size > 0 && continues_sequence(text[size]))
        --size;
    if (size > 0) return size;
    for (size = 1; size < text.size() && continues_sequence(text[size]);)
        ++size;
    return size;
}

}  // namespace

std::size_t count_tokens(std::string_view text) {
    std::size_t count = 0;
    for (; !text.empty(); ++count)
        text.remove_prefix(token_size(text));
    return count;
}

std::vector<std::string_view> split_tokens(std::string_view text) {
    std::vector<std::string_view> tokens;
    while (!text.empty()) {
        tokens.push_back(text.substr(0, token_size(text)));
        text.remove_prefix(tokens.back().size());
    }
    return tokens;
}

}  // namespace spillway::bench::sim
