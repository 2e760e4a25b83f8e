#include "bench/sim/dialects/ranking.hpp"

#include "bench/sim/dialects/embedding.hpp"

#include <algorithm>
#include <numeric>

namespace spillway::bench::sim {
namespace {

constexpr std::size_t dimensions = 256;

double likeness(const std::vector<float>& left, const std::vector<float>& right) {
    const double product = std::inner_product(left.begin(), left.end(), right.begin(), 0.0);
    return std::clamp((product + 1) / 2, 0.0, 1.0);
}

}  // namespace

std::vector<ranked_document>
rank(std::string_view query, const std::vector<std::string>& documents, std::size_t most) {
    const auto wanted = embed(query, dimensions);
    std::vector<ranked_document> ranked;
    for (std::size_t i = 0; i < documents.size(); ++i)
        ranked.push_back({i, likeness(wanted, embed(documents[i], dimensions))});
    std::sort(ranked.begin(), ranked.end(), [](const auto& a, const auto& b) {
        return a.score != b.score ? a.score > b.score : a.index < b.index;
    });
    ranked.resize(std::min(ranked.size(), most));
    return ranked;
}

}  // namespace spillway::bench::sim
