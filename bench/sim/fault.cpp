#include "bench/sim/fault.hpp"

#include "bench/base/duration_text.hpp"

#include <fmt/format.h>

#include <charconv>

namespace spillway::bench::sim {
namespace {

struct fault_entry {
    fault_kind kind;
    std::string_view name;
    std::string_view argument;
    std::string_view meaning;
};

constexpr fault_entry entries[] = {
    {fault_kind::refuse,
     "refuse",
     "time, 2s",
     "close the listener and reset every request for so long"},
    {fault_kind::reset_before_head, "reset-before-head", "", "RST instead of an answer"},
    {fault_kind::close_before_head, "close-before-head", "", "FIN instead of an answer"},
    {fault_kind::silent, "silent", "", "no answer; the connection stays open"},
    {fault_kind::slow_head, "slow-head", "time, 5s", "the answer starts so much later"},
    {fault_kind::stall_mid,
     "stall-mid",
     "events, 1",
     "silence after n events (half of a whole answer)"},
    {fault_kind::stall_comments,
     "stall-comments",
     "events, 1",
     "after n events only a comment a second"},
    {fault_kind::cut_length, "cut-length", "", "close before the announced Content-Length"},
    {fault_kind::cut_chunk, "cut-chunk", "", "close without the last chunk"},
    {fault_kind::cut_event, "cut-event", "events, 1", "close inside the event after n events"},
    {fault_kind::rst_mid, "rst-mid", "events, 1", "RST after n events"},
    {fault_kind::no_done, "no-done", "", "a stream that ends properly but without its last event"},
    {fault_kind::garbage,
     "garbage",
     "variant",
     "no HTTP answer: octets, http09, bad-version, bad-status, no-colon, space-in-name, bare-lf, "
     "folded, nul, "
     "both-lengths, two-lengths, bad-length"},
    {fault_kind::bad_chunk, "bad-chunk", "variant", "size (no number), huge, no-crlf, cut-size"},
    {fault_kind::drip, "drip", "time, 1s", "head at once, then one octet per interval"},
    {fault_kind::drip_head, "drip-head", "time, 1s", "one octet per interval from the first"},
    {fault_kind::quota_429, "quota-429", "", "429 insufficient_quota"},
    {fault_kind::context_length, "context-length", "", "400 context_length_exceeded"},
    {fault_kind::html_502, "html-502", "", "502 with a page of HTML"},
    {fault_kind::error_200, "error-200", "", "200 with an error object"},
    {fault_kind::bad_json, "bad-json", "", "200 with a JSON text that ends in the middle"},
    {fault_kind::empty_200, "empty-200", "", "200 without a body"},
    {fault_kind::error_first_event, "error-first-event", "", "the first event is an error object"},
    {fault_kind::error_mid_stream,
     "error-mid-stream",
     "events, 1",
     "an error event after n events"},
    {fault_kind::redirect, "redirect", "status, 307", "a redirect to another host"},
    {fault_kind::interim, "interim", "count, 1", "so many 100 and 103 answers first"},
    {fault_kind::too_many_interim, "too-many-interim", "count, 100", "the same, beyond reason"},
    {fault_kind::upgrade_101, "upgrade-101", "", "101 that nobody asked for"},
    {fault_kind::huge_head, "huge-head", "octets, 131072", "a field as large as that"},
    {fault_kind::many_fields, "many-fields", "count, 400", "so many fields"},
    {fault_kind::early_answer,
     "early-answer",
     "status, 400",
     "answer before the body is read, then close"},
    {fault_kind::close_after_answer, "close-after-answer", "", "close without having announced it"},
    {fault_kind::reset_on_reuse,
     "reset-on-reuse",
     "",
     "RST for every request but the first of a connection"},
    {fault_kind::gzip_answer, "gzip-answer", "", "content-encoding: gzip though nobody asked"},
};

bool is_status_name(std::string_view name) {
    return name.size() == 3 && name >= "300" && name < "600" &&
           name.find_first_not_of("0123456789") == std::string_view::npos;
}

template <typename Number>
std::optional<Number> parse_number(std::string_view text) {
    Number value{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return value;
}

}  // namespace

std::size_t fault::count_or(std::size_t otherwise) const {
    return parse_number<std::size_t>(argument).value_or(otherwise);
}

std::chrono::nanoseconds fault::time_or(std::chrono::nanoseconds otherwise) const {
    return parse_duration(argument).value_or(otherwise);
}

std::string fault::name() const {
    std::string text;
    if (kind == fault_kind::status) text = fmt::format("{}", status);
    for (const auto& entry : entries) {
        if (entry.kind == kind) text = entry.name;
    }
    return argument.empty() ? text : text + "=" + argument;
}

std::optional<fault> parse_fault(std::string_view text) {
    const auto equals = text.find('=');
    const auto name = text.substr(0, equals);
    const auto argument = equals == std::string_view::npos ? "" : text.substr(equals + 1);
    fault parsed;
    parsed.argument = argument;
    if (is_status_name(name)) {
        parsed.kind = fault_kind::status;
        parsed.status = parse_number<int>(name).value_or(500);
        return parsed;
    }
    for (const auto& entry : entries) {
        if (entry.name != name) continue;
        parsed.kind = entry.kind;
        return parsed;
    }
    return std::nullopt;
}

std::optional<fault> find_fault_in_model(std::string_view model) {
    constexpr std::string_view mark = "fault-";
    const auto at = model.find(mark);
    if (at == std::string_view::npos) return std::nullopt;
    const bool starts = at == 0 || std::string_view{"-./+"}.contains(model[at - 1]);
    return starts ? parse_fault(model.substr(at + mark.size())) : std::nullopt;
}

std::optional<fault> find_fault_in_path(std::string_view path) {
    const auto at = path.find("/fault-");
    if (at == std::string_view::npos) return std::nullopt;
    const auto segment = path.substr(at + 7);
    return parse_fault(segment.substr(0, segment.find('/')));
}

std::string describe_faults() {
    std::string text =
        "300..599[=retry-after]  that status; for 429, 503, 529 the argument is the pause: "
        "30, 0.5, 500ms, date30, 0, -5, huge, garbage, absent\n";
    for (const auto& entry : entries) {
        const auto shown =
            entry.argument.empty() ? std::string{} : fmt::format("[={}]", entry.argument);
        text += fmt::format("{}{}  {}\n", entry.name, shown, entry.meaning);
    }
    return text;
}

}  // namespace spillway::bench::sim
