#include "proxy/options/object.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace spillway::settings {

namespace {

// Reads parts from left to right; `rest_` is what is still to be read.
class part_reader {
public:
    explicit part_reader(std::string_view text) : rest_{text} {}

    // The next part, with the comma behind it taken.
    parsed<object_part> take() {
        object_part part;
        if (!rest_.starts_with('"')) {
            const std::size_t stop = std::min(rest_.find_first_of("=,"), rest_.size());
            part.name = rest_.substr(0, stop);
            rest_.remove_prefix(stop);
            if (part.name.empty())
                return problem{"a part before a comma or an equals sign is empty", form};
            if (!rest_.starts_with('=')) return finish(std::move(part));
            rest_.remove_prefix(1);
        }
        parsed<std::string> value = take_value();
        if (!value) return value.error();
        if (part.name.empty()) {
            part.name = std::move(*value);
        } else {
            part.value = std::move(*value);
        }
        return finish(std::move(part));
    }

    bool has_more() const noexcept { return has_more_; }

private:
    static constexpr const char* form = "write name,key=value,key=\"a value, with a comma\"";

    parsed<std::string> take_value() {
        if (!rest_.starts_with('"')) {
            const std::size_t stop = std::min(rest_.find(','), rest_.size());
            std::string value{rest_.substr(0, stop)};
            rest_.remove_prefix(stop);
            return value;
        }
        std::string value;
        for (std::size_t i = 1; i < rest_.size(); ++i) {
            if (rest_[i] == '"') {
                rest_.remove_prefix(i + 1);
                return value;
            }
            const bool is_escape = rest_[i] == '\\' && i + 1 < rest_.size() &&
                                   (rest_[i + 1] == '"' || rest_[i + 1] == '\\');
            if (is_escape) ++i;
            value += rest_[i];
        }
        return problem{"a quote is not closed", form};
    }

    parsed<object_part> finish(object_part part) {
        has_more_ = rest_.starts_with(',');
        if (!rest_.empty() && !has_more_) return problem{"text follows a closing quote", form};
        if (has_more_) rest_.remove_prefix(1);
        return part;
    }

    std::string_view rest_;
    bool has_more_ = true;
};

}  // namespace

parsed<std::vector<object_part>> split_object(std::string_view text) {
    std::vector<object_part> parts;
    part_reader reader{text};
    while (reader.has_more()) {
        parsed<object_part> part = reader.take();
        if (!part) return part.error();
        parts.push_back(std::move(*part));
    }
    return parts;
}

std::string quoted(std::string_view text) {
    std::string out = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') out += '\\';
        out += c;
    }
    return out + '"';
}

std::string object_value(std::string_view value) {
    const bool must_quote = value.find_first_of(",\"#;\\") != std::string_view::npos ||
                            value.starts_with(' ') || value.ends_with(' ');
    return must_quote ? quoted(value) : std::string{value};
}

std::optional<std::string> unquoted(std::string_view text) {
    if (!text.starts_with('"')) return std::nullopt;
    const parsed<std::vector<object_part>> parts = split_object(text);
    if (!parts || parts->size() != 1) return std::nullopt;
    return parts->front().name;
}

std::string known_keys_advice(std::string_view written, std::span<const std::string_view> names) {
    const std::string_view near = nearest(written, names);
    if (near.empty()) return fmt::format("known keys: {}", fmt::join(names, ", "));
    return fmt::format("did you mean {}? known keys: {}", near, fmt::join(names, ", "));
}

problem unknown_key(const object_part& part, std::span<const std::string_view> names) {
    const bool looks_like_a_key =
        part.name.size() <= 24 && std::all_of(part.name.begin(), part.name.end(), [](char c) {
            return (c >= 'a' && c <= 'z') || c == '-' || c == '_';
        });
    std::string advice = known_keys_advice(part.name, names);
    if (!looks_like_a_key) return {"a part names no known key", std::move(advice)};
    return {fmt::format("unknown key {}", part.name), std::move(advice)};
}

}  // namespace spillway::settings
