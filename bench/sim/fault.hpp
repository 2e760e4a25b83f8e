// A fault the simulator can act out, written `name[=arg]`: on the command line, in POST /sim/fault, as the
// tail of a model id ("any-model.fault-429=30") or as a path segment of the base URL ("/fault-silent/v1").
// The list of names with their arguments is in bench/README.md; `--help-faults` prints it.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace spillway::bench::sim {

enum class fault_kind {
    refuse,
    reset_before_head,
    close_before_head,
    silent,
    slow_head,
    stall_mid,
    stall_comments,
    cut_length,
    cut_chunk,
    cut_event,
    rst_mid,
    no_done,
    garbage,
    bad_chunk,
    drip,
    drip_head,
    status,
    quota_429,
    context_length,
    html_502,
    error_200,
    bad_json,
    empty_200,
    error_first_event,
    error_mid_stream,
    redirect,
    interim,
    too_many_interim,
    upgrade_101,
    huge_head,
    many_fields,
    early_answer,
    close_after_answer,
    reset_on_reuse,
    gzip_answer,
};

struct fault {
    fault_kind kind{};
    int status = 0;        // of fault_kind::status, e.g. 429
    std::string argument;  // may be empty

    // The argument as a count or a time; the default when it is absent or no such thing.
    std::size_t count_or(std::size_t otherwise) const;
    std::chrono::nanoseconds time_or(std::chrono::nanoseconds otherwise) const;
    std::string name() const;
};

// "stall-mid=3" → the fault; nothing when the name is unknown.
std::optional<fault> parse_fault(std::string_view text);

// Looks for "fault-…" at the start of the text or behind one of "-./+": model ids and path segments.
std::optional<fault> find_fault_in_model(std::string_view model);
std::optional<fault> find_fault_in_path(std::string_view path);

// All names, one a line, with argument and meaning.
std::string describe_faults();

}  // namespace spillway::bench::sim
