#include "routing/table.hpp"

#include <algorithm>
#include <cstddef>
#include <numeric>

namespace spillway::routing {

namespace {

// Levenshtein distance with one row.
std::size_t distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> row(b.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 0; i < a.size(); ++i) {
        auto diagonal = std::exchange(row[0], i + 1);
        for (std::size_t j = 0; j < b.size(); ++j) {
            const auto swapped = diagonal + (same_name(a.substr(i, 1), b.substr(j, 1)) ? 0U : 1U);
            diagonal = std::exchange(row[j + 1], std::min({row[j] + 1, row[j + 1] + 1, swapped}));
        }
    }
    return row.back();
}

}  // namespace

resolved table::find(std::string_view name) const noexcept {
    if (const auto known = names_.find(name); known != names_.end()) return {known->second, {}, {}};
    const auto slash = name.find('/');
    if (slash == std::string_view::npos || slash + 1 == name.size()) return {};
    const auto provider = prefixes_.find(name.substr(0, slash));
    if (provider == prefixes_.end()) return {};
    return {{}, provider->second, name.substr(slash + 1)};
}

std::vector<std::string> table::near_misses(std::string_view name) const {
    constexpr std::size_t longest_name = 100;  // bounds the work for one bad request
    constexpr std::size_t most = 3;
    struct miss {
        std::size_t distance;
        std::string_view name;
        auto operator<=>(const miss&) const = default;
    };
    if (name.size() > longest_name) return {};
    std::vector<miss> misses;
    for (const auto& [known, chain] : names_) {
        const auto far = distance(name, known);
        if (far <= std::max<std::size_t>(2, name.size() / 3)) misses.push_back({far, known});
    }
    std::ranges::sort(misses);
    std::vector<std::string> best;
    for (std::size_t i = 0; i < std::min(most, misses.size()); ++i)
        best.emplace_back(misses[i].name);
    return best;
}

list_verdict table::organisation_verdict_on_model(std::string_view slug) const noexcept {
    const bool listed = allow_models_.empty() || matches_any(allow_models_, slug);
    return listed && !matches_any(deny_models_, slug) ? list_verdict::allowed
                                                      : list_verdict::denied;
}

}  // namespace spillway::routing
