// Reads the tables of this folder. One case a line: expectation | name | octets. In the octets \r \n \t \0 \\ and
// \xNN stand for what they say, $(name) for a macro of the table's user, {{N*text}} for N times text; the line's own
// end is not part of them. Empty lines and lines that begin with '#' are left out.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace spillway::conformance {

struct table_case {
    std::string expectation;
    std::string name;
    std::string octets;
};

using macros = std::map<std::string, std::string, std::less<>>;

// Throws std::runtime_error with the line's number if the table cannot be read. A macro's text may hold escapes.
std::vector<table_case> read_table(const std::string& path, const macros& known = {});

// Columns of the index.tsv of a shared corpus, by the names in its first line.
using index_row = std::map<std::string, std::string, std::less<>>;
std::vector<index_row> read_index(const std::string& path);

bool file_exists(const std::string& path);
std::string read_file(const std::string& path);

std::vector<std::string> split(std::string_view text, char at);

}  // namespace spillway::conformance
