// The simulated ranking model: documents by the likeness of their vectors to the query's, the same in every dialect.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace spillway::bench::sim {

struct ranked_document {
    std::size_t index = 0;
    double score = 0;  // from 0 to 1
};

// The best `most`, the best one first.
std::vector<ranked_document>
rank(std::string_view query, const std::vector<std::string>& documents, std::size_t most);

}  // namespace spillway::bench::sim
