#include "adapters/sse/plain_form.hpp"

#include "adapters/sse/delta_text.hpp"
#include "adapters/sse/line_scan.hpp"

namespace spillway::adapters::sse {

namespace {

constexpr std::string_view data_open = "data: {";
constexpr std::string_view delta_open = "\"delta\":{";
constexpr std::string_view event_close = "}\n\n";
constexpr std::size_t longest = 4096;  // no form is worth more memory

bool is_plain(std::string_view part, marks seen) noexcept {
    const auto* const end = part.data() + part.size();
    return line_scan::run(part.data(), end, seen) == end && seen.is_plain();
}

}  // namespace

void plain_form::learn(std::string_view event) {
    if (!event.starts_with(data_open) || !event.ends_with(event_close)) return;
    if (event.find_first_of("\r\n") != event.size() - 2) return;
    const auto head = event.find(delta_open);
    if (head == event.npos || head > longest || !is_plain(event.substr(0, head), {})) return;
    const auto text = find_delta_text(event, head + delta_open.size());
    const auto lead = text.is_found() ? text.begin : head;
    const auto tail = text.is_found() ? event.substr(text.end) : std::string_view{};
    if (lead + tail.size() > longest) return;
    head_ = static_cast<std::uint32_t>(head);
    lead_ = text.is_found() ? static_cast<std::uint32_t>(lead) : 0;
    text_.reserve(lead + tail.size());
    text_.assign(event.substr(0, lead)).append(tail);
}

std::size_t plain_form::match_head(const char* p, const char* end) const noexcept {
    if (head_ == 0 || static_cast<std::size_t>(end - p) < head_ ||
        std::memcmp(p, text_.data(), head_) != 0) {
        return 0;
    }
    auto seen = marks::none_but_choices();
    const auto* const eol =
        line_scan::run<line_scan::names::all_but_choices>(p, p + head_, end, seen);
    if (end - eol < 2 || eol[0] != '\n' || eol[1] != '\n' || eol[-1] != '}') return 0;
    return seen.is_plain() ? static_cast<std::size_t>(eol + 2 - p) : 0;
}

std::size_t plain_form::match_and_learn(const char* p, const char* end) {
    const auto size = match_head(p, end);
    if (size != 0) learn({p, size});
    return size;
}

}  // namespace spillway::adapters::sse
