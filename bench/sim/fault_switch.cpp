#include "bench/sim/fault_switch.hpp"

#include <fmt/format.h>

#include <charconv>

namespace spillway::bench::sim {
namespace {

bool read_count(std::string_view text, std::uint64_t& value) {
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc{} && end == text.data() + text.size() && value > 0;
}

bool apply_qualifier(std::string_view part, fault_rule& rule) {
    if (part.starts_with("times=")) return read_count(part.substr(6), rule.times);
    if (part.starts_with("every=")) return read_count(part.substr(6), rule.every);
    if (!part.starts_with("model=")) return false;
    rule.model = part.substr(6);
    return true;
}

}  // namespace

std::optional<fault_rule> parse_fault_rule(std::string_view text) {
    auto comma = text.find(',');
    const auto what = parse_fault(text.substr(0, comma));
    if (!what) return std::nullopt;
    fault_rule rule;
    rule.what = *what;
    while (comma != std::string_view::npos) {
        const auto next = text.find(',', comma + 1);
        if (!apply_qualifier(text.substr(comma + 1, next - comma - 1), rule)) return std::nullopt;
        comma = next;
    }
    return rule;
}

bool fault_switch::set(std::string_view text) {
    const bool off = text.empty() || text == "none";
    auto rule = off ? std::nullopt : parse_fault_rule(text);
    if (!off && !rule) return false;
    const std::lock_guard lock{mutex_};
    rule_ = std::move(rule);
    seen_ = 0;
    used_ = 0;
    active_.store(rule_.has_value(), std::memory_order_relaxed);
    return true;
}

std::optional<fault> fault_switch::pick(std::string_view model) {
    if (!active_.load(std::memory_order_relaxed)) return std::nullopt;
    const std::lock_guard lock{mutex_};
    if (!rule_ || rule_->what.kind == fault_kind::early_answer) return std::nullopt;
    if (!rule_->model.empty() && rule_->model != model) return std::nullopt;
    return pick_locked();
}

std::optional<fault> fault_switch::pick_early() {
    if (!active_.load(std::memory_order_relaxed)) return std::nullopt;
    const std::lock_guard lock{mutex_};
    if (!rule_ || rule_->what.kind != fault_kind::early_answer) return std::nullopt;
    return pick_locked();
}

std::optional<fault> fault_switch::pick_locked() {
    const auto number = seen_++;
    if (number % rule_->every != 0 || used_ >= rule_->times) return std::nullopt;
    ++used_;
    return rule_->what;
}

std::string fault_switch::describe() const {
    const std::lock_guard lock{mutex_};
    return rule_ ? fmt::format("{}", rule_->what.name()) : std::string{};
}

}  // namespace spillway::bench::sim
