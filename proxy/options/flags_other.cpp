// Flags that say what to do instead of running, and the one that names a further source. Their text is
// taken by sources.cpp before the others are read, so they have no reader of their own.
#include "proxy/options/flags.hpp"

namespace spillway::settings {

namespace {

constexpr flag
row(std::string_view name,
    std::string_view argument,
    flag_use use,
    std::string_view brief,
    std::string_view details) {
    return {
        .name = name,
        .argument = argument,
        .default_text = "",
        .group = flag_group::other,
        .use = use,
        .brief = brief,
        .details = details,
        .read = nullptr,
        .print = nullptr,
        .keys = nullptr};
}

constexpr flag rows[] = {
    row("flagfile",
        "FILE",
        flag_use::file,
        "Read flags from a file, one a line",
        "# starts a comment, @include FILE reads another file, relative to the one it stands in. "
        "Everything "
        "behind the flag's name belongs to its value; \"quotes\" keep blanks and #. Read again at "
        "SIGHUP."),
    row("check",
        "",
        flag_use::action,
        "Check the configuration, show a summary or all faults, and end",
        "Exit status 1 when there is a fault."),
    row("print-config",
        "",
        flag_use::action,
        "Show the effective configuration as a flag file, and end",
        "Secrets are shown as the references they came from; literal ones are masked."),
    row("print-routes",
        "MODEL",
        flag_use::action,
        "Show the endpoints a request for MODEL would try, and end",
        "In order, with the reason for each that is left out."),
    row("version", "", flag_use::action, "Show the version, and end", ""),
    row("help",
        "[GROUP]",
        flag_use::action,
        "Show this help, or one group or flag in full, and end",
        ""),
};

}  // namespace

std::span<const flag> other_flags() {
    return rows;
}

}  // namespace spillway::settings
