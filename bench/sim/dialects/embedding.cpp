#include "bench/sim/dialects/embedding.hpp"

#include "bench/sim/dialects/text_hash.hpp"

#include <cmath>
#include <cstdint>

namespace spillway::bench::sim {
std::vector<float> embed(std::string_view text, std::size_t dimensions) {
    std::vector<float> vector(dimensions);
    std::uint64_t state = hash_text(text);
    double square_sum = 0;
    for (auto& component : vector) {
        state = state * 6364136223846793005U + 1442695040888963407U;
        const auto value = static_cast<double>(state >> 40U) / (1U << 23U) - 1.0;
        component = static_cast<float>(value);
        square_sum += value * value;
    }
    const auto scale = static_cast<float>(1.0 / std::sqrt(square_sum > 0 ? square_sum : 1.0));
    for (auto& component : vector)
        component *= scale;
    return vector;
}

boost::json::array list_components(const std::vector<float>& vector) {
    boost::json::array components;
    components.reserve(vector.size());
    for (const float component : vector)
        components.emplace_back(static_cast<double>(component));
    return components;
}

}  // namespace spillway::bench::sim
