#include "tests/conformance/case_table.hpp"

#include <charconv>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace spillway::conformance {
namespace {

std::string_view trim(std::string_view text) {
    while (text.starts_with(' ')) {
        text.remove_prefix(1);
    }
    while (text.ends_with(' ')) {
        text.remove_suffix(1);
    }
    return text;
}

class expander {
public:
    explicit expander(const macros& known) : known_{known} {}

    std::string expand(std::string_view text) {
        std::string out;
        while (!text.empty()) {
            if (text.starts_with("\\")) {
                escape(text, out);
            } else if (text.starts_with("$(")) {
                const std::string_view name = take_between(text, "$(", ")");
                const auto found = known_.find(name);
                if (found == known_.end()) throw std::runtime_error("unknown macro");
                out += expand(found->second);
            } else if (text.starts_with("{{")) {
                repeat(take_between(text, "{{", "}}"), out);
            } else {
                out.push_back(text.front());
                text.remove_prefix(1);
            }
        }
        return out;
    }

private:
    // The text between two marks; the opening one may come again inside.
    static std::string_view
    take_between(std::string_view& text, std::string_view open, std::string_view close) {
        std::size_t depth = 0;
        for (std::size_t at = 0; at < text.size();) {
            const std::string_view rest = text.substr(at);
            if (rest.starts_with(close) && --depth == 0) {
                const std::string_view inner = text.substr(open.size(), at - open.size());
                text.remove_prefix(at + close.size());
                return inner;
            }
            if (rest.starts_with(open)) ++depth;
            at += rest.starts_with(open) ? open.size() : rest.starts_with(close) ? close.size() : 1;
        }
        throw std::runtime_error("unclosed bracket");
    }

    void repeat(std::string_view inner, std::string& out) {
        std::size_t times = 0;
        const auto [end, error] = std::from_chars(inner.data(), inner.data() + inner.size(), times);
        const auto used = static_cast<std::size_t>(end - inner.data());
        if (error != std::errc{} || used >= inner.size() || inner[used] != '*') {
            throw std::runtime_error("malformed repetition");
        }
        const std::string once = expand(inner.substr(used + 1));
        for (std::size_t i = 0; i < times; ++i) {
            out += once;
        }
    }

    static void escape(std::string_view& text, std::string& out) {
        if (text.size() < 2) throw std::runtime_error("lone backslash");
        std::size_t used = 2;
        switch (text[1]) {
        case 'r': out.push_back('\r'); break;
        case 'n': out.push_back('\n'); break;
        case 't': out.push_back('\t'); break;
        case '0': out.push_back('\0'); break;
        case '\\': out.push_back('\\'); break;
        case 'x': {
            unsigned octet = 0;
            const char* digits = text.data() + 2;
            if (text.size() < 4 ||
                std::from_chars(digits, digits + 2, octet, 16).ptr != digits + 2) {
                throw std::runtime_error("malformed octet");
            }
            out.push_back(static_cast<char>(octet));
            used = 4;
            break;
        }
        default: throw std::runtime_error("unknown escape");
        }
        text.remove_prefix(used);
    }

    const macros& known_;
};

}  // namespace

std::vector<table_case> read_table(const std::string& path, const macros& known) {
    std::ifstream in{path};
    if (!in) throw std::runtime_error("cannot open " + path);
    expander expand{known};
    std::vector<table_case> out;
    std::string text;
    for (int number = 1; std::getline(in, text); ++number) {
        if (text.empty() || text.front() == '#') continue;
        const std::size_t first = text.find('|');
        const std::size_t second = first == std::string::npos ? first : text.find('|', first + 1);
        const std::string where = path + ":" + std::to_string(number) + ": ";
        if (second == std::string::npos) throw std::runtime_error(where + "three columns wanted");
        std::string_view octets = std::string_view{text}.substr(second + 1);
        if (octets.starts_with(' ')) octets.remove_prefix(1);
        try {
            out.push_back(
                {std::string{trim(std::string_view{text}.substr(0, first))},
                 std::string{trim(std::string_view{text}.substr(first + 1, second - first - 1))},
                 expand.expand(octets)}
            );
        } catch (const std::runtime_error& why) {
            throw std::runtime_error(where + why.what());
        }
    }
    return out;
}

std::vector<index_row> read_index(const std::string& path) {
    std::ifstream in{path};
    if (!in) throw std::runtime_error("cannot open " + path);
    std::string text;
    std::getline(in, text);
    const std::vector<std::string> names = split(text, '\t');
    std::vector<index_row> out;
    while (std::getline(in, text)) {
        const std::vector<std::string> cells = split(text, '\t');
        index_row row;
        for (std::size_t i = 0; i < names.size() && i < cells.size(); ++i) {
            row[names[i]] = cells[i];
        }
        out.push_back(std::move(row));
    }
    return out;
}

bool file_exists(const std::string& path) {
    return std::filesystem::exists(path);
}

std::string read_file(const std::string& path) {
    std::ifstream in{path, std::ios::binary};
    if (!in) throw std::runtime_error("cannot open " + path);
    std::ostringstream out;
    out << in.rdbuf();
    return out.str();
}

std::vector<std::string> split(std::string_view text, char at) {
    std::vector<std::string> out;
    for (;;) {
        const std::size_t end = text.find(at);
        out.emplace_back(text.substr(0, end));
        if (end == std::string_view::npos) return out;
        text.remove_prefix(end + 1);
    }
}

}  // namespace spillway::conformance
