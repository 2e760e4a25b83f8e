#include "proxy/options/parser.hpp"

#include "proxy/options/check.hpp"
#include "proxy/options/flags.hpp"
#include "proxy/options/sources.hpp"

#include <fmt/format.h>

#include <array>
#include <cerrno>
#include <system_error>

#include <fcntl.h>
#include <unistd.h>

namespace spillway {

namespace {

using settings::draft;
using settings::flag;
using settings::flag_use;
using settings::setting;

constexpr std::size_t largest_file = 64U << 20;

// Of a flag that counts once, the strongest source wins, and within it the last mention.
void apply(draft& d, const std::vector<setting>& all) {
    std::map<const flag*, const setting*> winners;
    for (const setting& one : all) {
        if (one.what->use == flag_use::repeatable) {
            one.what->read(d, one);
            continue;
        }
        const setting*& winner = winners[one.what];
        if (winner != nullptr && winner->from != one.from) continue;
        if (winner != nullptr) {
            d.warn(
                one.where,
                one.what->name,
                {fmt::format("given before ({}); this one counts", winner->where),
                 "keep one of them"}
            );
        }
        winner = &one;
    }
    for (const setting& one : all) {
        const auto found = winners.find(one.what);
        if (found == winners.end() || found->second != &one) continue;
        d.at[one.what->name] = one.where;
        one.what->read(d, one);
    }
}

void append_line(std::string& text, std::string_view severity, const remark& one) {
    fmt::format_to(std::back_inserter(text), "{}: {}: {}\n", severity, one.where, one.what);
    if (!one.advice.empty()) fmt::format_to(std::back_inserter(text), "    {}\n", one.advice);
}

// Closes a descriptor when it goes.
class open_file {
public:
    explicit open_file(const std::string& path)
        : fd_{::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY)} {}
    open_file(const open_file&) = delete;
    open_file& operator=(const open_file&) = delete;
    ~open_file() {
        if (fd_ >= 0) ::close(fd_);
    }
    int descriptor() const noexcept { return fd_; }

private:
    int fd_;
};

}  // namespace

std::optional<std::string> read_whole_file(const std::string& path, std::string& why_not) {
    const auto fail = [&why_not] {
        why_not = std::error_code{errno, std::generic_category()}.message();
        return std::nullopt;
    };
    const open_file file{path};
    if (file.descriptor() < 0) return fail();
    std::string content;
    std::array<char, 16384> block;
    while (true) {
        const ssize_t got = ::read(file.descriptor(), block.data(), block.size());
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return fail();
        if (got == 0) return content;
        content.append(block.data(), static_cast<std::size_t>(got));
        if (content.size() > largest_file) {
            why_not = "larger than 64 MiB";
            return std::nullopt;
        }
    }
}

parse_outcome parse_options(const parse_input& input) {
    draft d{input};
    const settings::collected_settings found = settings::collect_settings(d);
    d.outcome.what = found.what;
    d.outcome.argument = found.argument;
    if (found.what == action::help || found.what == action::version) return std::move(d.outcome);
    apply(d, found.settings);
    settings::check(d);
    return std::move(d.outcome);
}

environment make_environment(const char* const* variables) {
    environment map;
    for (; variables != nullptr && *variables != nullptr; ++variables) {
        const std::string_view entry{*variables};
        const std::size_t equals = entry.find('=');
        if (equals == std::string_view::npos || equals == 0) continue;
        map.emplace(std::string{entry.substr(0, equals)}, std::string{entry.substr(equals + 1)});
    }
    return map;
}

std::string render_remarks(const parse_outcome& outcome) {
    std::string text;
    for (const remark& one : outcome.complaints)
        append_line(text, "error", one);
    for (const remark& one : outcome.warnings)
        append_line(text, "warning", one);
    return text;
}

}  // namespace spillway
