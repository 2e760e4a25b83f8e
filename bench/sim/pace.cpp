#include "bench/sim/pace.hpp"

#include <charconv>
#include <optional>

namespace spillway::bench::sim {
namespace {

std::optional<std::size_t> parse_count(std::string_view text) {
    std::size_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return value;
}

void apply_setting(std::string_view part, pace& settings) {
    if (part.size() < 2) return;
    const auto value = part.substr(1);
    const auto time = parse_duration(value);
    const auto count = parse_count(value);
    if (part[0] == 'p' && time) settings.gap = *time;
    if (part[0] == 't' && time) settings.first = {*time, 0, spread_duration::shape::fixed};
    if (part[0] == 'e' && count) settings.events = *count;
    if (part[0] == 'b' && count) settings.event_bytes = *count;
    if (part[0] == 'a' && count) settings.answer_bytes = *count;
}

}  // namespace

pace pace_of_model(std::string_view model, const pace& defaults) {
    auto settings = defaults;
    if (!has_settings(model)) return settings;
    for (auto dot = model.find('.'); dot != std::string_view::npos;) {
        const auto next = model.find('.', dot + 1);
        apply_setting(model.substr(dot + 1, next - dot - 1), settings);
        dot = next;
    }
    return settings;
}

}  // namespace spillway::bench::sim
