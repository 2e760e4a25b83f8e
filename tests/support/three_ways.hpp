// Runs a byte machine three ways: whole, cut in two at every position, one octet at a time. Every piece is handed
// over in memory of exactly its size, so that a sanitizer sees a read outside it.
#pragma once

#include <boost/test/unit_test.hpp>

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace spillway::testing {

using pieces = std::vector<std::string_view>;

// Positions are thinned out above this size; the run would be quadratic otherwise.
inline constexpr std::size_t every_position_up_to = 3000;

// `run` gets the pieces in order and says in words what came out; what it says must not depend on the cuts.
// Returns what it said for the whole.
inline std::string
three_ways(std::string_view octets, const std::function<std::string(const pieces&)>& run) {
    const auto run_on_copies = [&run](const pieces& parts) {
        std::vector<std::vector<char>> owned;
        owned.reserve(parts.size());
        pieces copies;
        for (std::string_view part : parts) {
            owned.emplace_back(part.begin(), part.end());
            copies.emplace_back(owned.back().data(), owned.back().size());
        }
        return run(copies);
    };
    const std::string whole = run_on_copies({octets});
    const std::size_t stride =
        octets.size() <= every_position_up_to ? 1 : octets.size() / (every_position_up_to / 10) | 1;
    for (std::size_t cut = 1; cut < octets.size(); cut += stride) {
        const std::string said = run_on_copies({octets.substr(0, cut), octets.substr(cut)});
        if (said != whole) {
            BOOST_ERROR("cut at " << cut << ": " << said << " instead of " << whole);
            break;
        }
    }
    pieces singles;
    for (std::size_t i = 0; i < octets.size(); ++i) {
        singles.push_back(octets.substr(i, 1));
    }
    const std::string dripped = run_on_copies(singles);
    BOOST_TEST(dripped == whole, "one octet at a time: " << dripped << " instead of " << whole);
    return whole;
}

}  // namespace spillway::testing
