#include "proxy/options/flagfile.hpp"

#include "proxy/base/bytes.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace spillway::settings {

namespace {

constexpr std::size_t deepest_include = 16;
// Two includes of each other's two files would double with every level; this ends it.
constexpr std::size_t most_files = 256;

// The line up to a comment.
std::string_view without_comment(std::string_view line) {
    quote_state quotes;
    for (std::size_t i = 0; i < line.size(); ++i) {
        const bool is_outside = quotes.step(line[i]);
        const bool follows_blank = i == 0 || line[i - 1] == ' ' || line[i - 1] == '\t';
        if (is_outside && line[i] == '#' && follows_blank) return line.substr(0, i);
    }
    return line;
}

std::string unquoted_or_same(std::string_view value) {
    return unquoted(value).value_or(std::string{value});
}

class file_set {
public:
    file_set(draft& d, std::vector<setting>& out) : draft_{d}, out_{out} {}

    void read(const std::string& path, std::string_view named_at) {
        const std::string label = fmt::format("flag file {}", shown(path));
        if (std::find(open_.begin(), open_.end(), path) != open_.end()) {
            return complain(named_at, {label + " includes itself", "remove the @include"});
        }
        if (open_.size() == deepest_include || ++files_read_ > most_files) {
            return complain(
                named_at, {label + " is one include too many", "put the flags into fewer files"}
            );
        }
        std::string why_not;
        const std::optional<std::string> content = draft_.input.read_file(path, why_not);
        if (!content) {
            return complain(
                named_at,
                {fmt::format("{} cannot be read: {}", label, why_not),
                 "check the path and the permissions"}
            );
        }
        open_.push_back(path);
        read_lines(path, *content);
        open_.pop_back();
    }

private:
    void complain(std::string_view where, const problem& why) {
        draft_.outcome.complaints.push_back({std::string{where}, why.what, why.advice});
    }

    void read_lines(const std::string& path, std::string_view content) {
        if (content.starts_with("\xEF\xBB\xBF")) content.remove_prefix(3);
        for (std::size_t number = 1; !content.empty(); ++number) {
            const std::size_t end = std::min(content.find('\n'), content.size());
            std::string_view line = content.substr(0, end);
            content.remove_prefix(std::min(end + 1, content.size()));
            if (line.ends_with('\r')) line.remove_suffix(1);
            line = base::trim(without_comment(line));
            if (!line.empty()) read_line(path, fmt::format("{}:{}", shown(path), number), line);
        }
    }

    void read_line(const std::string& path, const std::string& where, std::string_view line) {
        if (line.starts_with('@')) return read_include(path, where, line);
        if (!line.starts_with("--")) {
            return complain(
                where,
                {"the line does not start with a flag",
                 "write --flag value, # comment, or @include FILE"}
            );
        }
        line.remove_prefix(2);
        const std::size_t end = std::min(line.find_first_of("= \t"), line.size());
        const std::string_view name = line.substr(0, end);
        const std::string_view rest = line.substr(end);
        const flag* row = find_flag(name);
        if (row == nullptr) return complain(where, unknown_flag(name));
        if (row->use == flag_use::action || row->use == flag_use::file) {
            const std::string_view advice =
                row->use == flag_use::file ? "write @include FILE" : "give it on the command line";
            return complain(
                where, {fmt::format("--{} does not work in a flag file", name), std::string{advice}}
            );
        }
        std::string value =
            unquoted_or_same(base::trim(rest.starts_with('=') ? rest.substr(1) : rest));
        if (rest.empty() && row->use == flag_use::toggle) value = "on";
        if (value.empty()) {
            return complain(
                where,
                {fmt::format("--{} has no value", name),
                 fmt::format("write --{} {}", name, row->argument)}
            );
        }
        out_.push_back({row, std::move(value), source::file, where});
    }

    void read_include(const std::string& path, const std::string& where, std::string_view line) {
        constexpr std::string_view word = "@include";
        const bool is_include = line.starts_with(word) && line.size() > word.size() &&
                                (line[word.size()] == ' ' || line[word.size()] == '\t');
        if (!is_include)
            return complain(where, {"the line is not an @include", "write @include FILE"});
        std::string target = unquoted_or_same(base::trim(line.substr(word.size())));
        const std::size_t slash = path.rfind('/');
        if (!target.starts_with('/') && slash != std::string::npos)
            target = path.substr(0, slash + 1) + target;
        read(target, where);
    }

    draft& draft_;
    std::vector<setting>& out_;
    std::vector<std::string> open_;
    std::size_t files_read_ = 0;
};

}  // namespace

bool quote_state::step(char c) noexcept {
    if (!is_inside_) {
        is_inside_ = c == '"';
        return !is_inside_;
    }
    if (is_escaped_) {
        is_escaped_ = false;
    } else if (c == '\\') {
        is_escaped_ = true;
    } else if (c == '"') {
        is_inside_ = false;
    }
    return false;
}

void read_flag_files(draft& d, const std::vector<named_file>& files, std::vector<setting>& out) {
    file_set set{d, out};
    for (const named_file& one : files)
        set.read(one.path, one.where);
}

std::string flag_line(std::string_view name, std::string_view value) {
    const bool must_quote = value.empty() || base::trim(value).size() != value.size() ||
                            value.starts_with('"') || without_comment(value).size() != value.size();
    return fmt::format("--{} {}", name, must_quote ? quoted(value) : std::string{value});
}

}  // namespace spillway::settings
