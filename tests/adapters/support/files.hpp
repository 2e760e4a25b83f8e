// Files that tests read: corpora and recordings of ../shared, golden transcripts of ours. Relative to the source
// root, where ctest runs us.
#pragma once

#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <sstream>
#include <string>
#include <vector>

namespace spillway::testing {

inline std::string read_file(const std::filesystem::path& path) {
    std::ifstream file{path, std::ios::binary};
    return {std::istreambuf_iterator<char>{file}, {}};
}

// A table with a header line: one map from column name to text a row.
inline std::vector<std::map<std::string, std::string>> read_table(const std::filesystem::path& path
) {
    std::vector<std::map<std::string, std::string>> rows;
    std::vector<std::string> names;
    std::ifstream file{path};
    for (std::string line; std::getline(file, line);) {
        std::vector<std::string> fields;
        std::istringstream text{line};
        for (std::string field; std::getline(text, field, '\t');)
            fields.push_back(field);
        if (names.empty()) {
            names = fields;
            continue;
        }
        auto& row = rows.emplace_back();
        for (std::size_t i = 0; i < fields.size() && i < names.size(); ++i)
            row[names[i]] = fields[i];
    }
    return rows;
}

}  // namespace spillway::testing
