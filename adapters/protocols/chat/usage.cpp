#include "adapters/protocols/chat/usage.hpp"

#include "adapters/json/name_table.hpp"
#include "adapters/json/text.hpp"
#include "adapters/json/walker.hpp"
#include "adapters/json/writer.hpp"

#include <algorithm>

namespace spillway::adapters::chat {

namespace {

enum class count : std::uint8_t {
    prompt_tokens,
    completion_tokens,
    total_tokens,
    prompt_tokens_details,
    completion_tokens_details,
    cached_tokens,
    prompt_cache_hit_tokens,
    cache_read_input_tokens,
    cache_creation_input_tokens,
    cache_write_tokens,
    reasoning_tokens,
    audio_tokens,
    image_tokens,
};
constexpr std::array<std::string_view, 13> count_names{
    "prompt_tokens",
    "completion_tokens",
    "total_tokens",
    "prompt_tokens_details",
    "completion_tokens_details",
    "cached_tokens",
    "prompt_cache_hit_tokens",
    "cache_read_input_tokens",
    "cache_creation_input_tokens",
    "cache_write_tokens",
    "reasoning_tokens",
    "audio_tokens",
    "image_tokens",
};
constexpr json::name_table<13> count_table{count_names};

class usage_walk {
public:
    explicit usage_walk(padded_view object) noexcept : walk_{object} {}

    usage_reading run() noexcept {
        auto end = walk_.members(walk_.begin(), [this](json::raw_string name, const char* p) {
            return member(count_table.find(name.text), p, place::top);
        });
        read_.tokens.present = end != nullptr && !read_.is_suspect;
        return read_;
    }

private:
    enum class place : std::uint8_t { top, prompt, completion };

    const char* details(const char* p, place where) noexcept {
        if (*p != '{') return walk_.any(p, 1);
        return walk_.members(p, [this, where](json::raw_string name, const char* value) {
            return member(count_table.find(name.text), value, where);
        });
    }

    const char* member(std::uint8_t number, const char* p, place where) noexcept {
        auto& tokens = read_.tokens;
        switch (static_cast<count>(number)) {
        case count::prompt_tokens: return number_at(p, tokens.prompt);
        case count::completion_tokens: return number_at(p, tokens.completion);
        case count::total_tokens: return number_at(p, tokens.total);
        case count::prompt_tokens_details: return details(p, place::prompt);
        case count::completion_tokens_details: return details(p, place::completion);
        case count::cached_tokens:
        case count::prompt_cache_hit_tokens:
        case count::cache_read_input_tokens: return number_at(p, tokens.cached_read);
        case count::cache_creation_input_tokens:
        case count::cache_write_tokens: return number_at(p, tokens.cache_write);
        case count::reasoning_tokens: return number_at(p, tokens.reasoning);
        case count::audio_tokens:
            return number_at(p, where == place::prompt ? tokens.audio_in : tokens.audio_out);
        case count::image_tokens:
            if (where == place::completion) return number_at(p, tokens.image_out);
            break;
        }
        return walk_.any(p, 1);
    }

    const char* number_at(const char* p, std::uint64_t& out) noexcept {
        auto end = walk_.any(p, 1);
        if (!end || walk_.is_null(p)) return end;
        std::string_view text{p, static_cast<std::size_t>(end - p)};
        if (text.ends_with(".0")) text.remove_suffix(2);
        auto value = json::to_integer(text);
        constexpr std::uint64_t believable = std::uint64_t{1} << 53;
        if (!value || *value > believable) {
            read_.is_suspect = true;
            return end;
        }
        out = std::max(out, *value);
        return end;
    }

    json::walker walk_;
    usage_reading read_;
};

// Completion and prompt as we count them: everything included.
void settle(usage& tokens, total_rule rule) noexcept {
    auto beside = tokens.prompt + tokens.completion + tokens.reasoning;
    bool says_so = tokens.total == beside && tokens.reasoning > 0;
    if (rule == total_rule::reasoning_beside || says_so || tokens.reasoning > tokens.completion) {
        tokens.completion += tokens.reasoning;
    }
    // Grok on Azure counts the prompt without its cached part.
    if (tokens.cached_read > tokens.prompt) tokens.prompt += tokens.cached_read;
    tokens.total = tokens.prompt + tokens.completion;
}

void append_cost(
    std::string& out,
    std::string_view name,
    const std::optional<cost>& price,
    std::int64_t cost::*part
) {
    out.append(name);
    if (price) {
        json::append_nano(out, (*price).*part);
    } else {
        out.append("null");
    }
}

void append_counts(std::string& out, std::string_view name, std::uint64_t value) {
    out.append(name);
    json::writer{out}.number(static_cast<std::int64_t>(value));
}

struct detail {
    std::string_view name;
    std::uint64_t value;
};

// {"a":1,…}: the provider's own members first, then ours that it lacks.
void append_details(std::string& out, std::string_view raw, std::span<const detail> wanted) {
    std::uint32_t present = 0;
    out.push_back('{');
    bool first = true;
    auto comma = [&] {
        if (!first) out.push_back(',');
        first = false;
    };
    if (raw.starts_with('{')) {
        json::walker walk{padded_view{raw.data(), raw.size()}};
        static_cast<void>(walk.members(raw.data(), [&](json::raw_string name, const char* p) {
            auto end = walk.any(p, 2);
            if (!end) return end;
            for (std::size_t i = 0; i < wanted.size(); ++i) {
                if (wanted[i].name != name.text) continue;
                if (walk.is_null(p)) return end;  // written as a number below
                present |= 1U << i;
            }
            comma();
            out.append(name.text.data() - 1, end);
            return end;
        }));
    }
    for (std::size_t i = 0; i < wanted.size(); ++i) {
        if ((present >> i & 1) != 0) continue;
        comma();
        json::append_string(out, wanted[i].name);
        append_counts(out, ":", wanted[i].value);
    }
    out.push_back('}');
}

}  // namespace

usage_reading read_usage(padded_view object, total_rule rule) noexcept {
    auto read = usage_walk{object}.run();
    if (read.is_suspect) read.tokens = {};
    if (read.tokens.present) settle(read.tokens, rule);
    return read;
}

void append_usage(
    std::string& out, std::string_view raw, const usage& tokens, const std::optional<cost>& price
) {
    std::string_view prompt_details;
    std::string_view completion_details;
    std::string_view own_cost;
    std::string others;
    if (!raw.empty()) {
        json::walker walk{padded_view{raw.data(), raw.size()}};
        static_cast<void>(walk.members(raw.data(), [&](json::raw_string name, const char* p) {
            auto end = walk.any(p, 1);
            if (!end) return end;
            std::string_view value{p, static_cast<std::size_t>(end - p)};
            if (name.text == "prompt_tokens_details") {
                prompt_details = value;
            } else if (name.text == "completion_tokens_details") {
                completion_details = value;
            } else if (name.text == "cost") {
                own_cost = value;
            } else if (name.text != "prompt_tokens" && name.text != "completion_tokens" && name.text != "total_tokens" && name.text != "is_byok" && name.text != "cost_details") {
                others.append(",").append(name.text.data() - 1, end);
            }
            return end;
        }));
    }
    append_counts(out, "{\"prompt_tokens\":", tokens.prompt);
    append_counts(out, ",\"completion_tokens\":", tokens.completion);
    append_counts(out, ",\"total_tokens\":", tokens.total);
    if (price || own_cost.empty() || own_cost.front() == '{') {
        append_cost(out, ",\"cost\":", price, &cost::total);
    } else {
        out.append(",\"cost\":").append(own_cost);
    }
    out.append(",\"is_byok\":false,\"prompt_tokens_details\":");
    const std::array<detail, 4> of_prompt{{
        {"cached_tokens", tokens.cached_read},
        {"cache_write_tokens", tokens.cache_write},
        {"audio_tokens", tokens.audio_in},
        {"video_tokens", 0},
    }};
    append_details(out, prompt_details, of_prompt);
    append_cost(out, ",\"cost_details\":{\"upstream_inference_cost\":", price, &cost::total);
    append_cost(out, ",\"upstream_inference_prompt_cost\":", price, &cost::prompt);
    append_cost(out, ",\"upstream_inference_completions_cost\":", price, &cost::completion);
    out.append("},\"completion_tokens_details\":");
    const std::array<detail, 3> of_completion{{
        {"reasoning_tokens", tokens.reasoning},
        {"image_tokens", tokens.image_out},
        {"audio_tokens", tokens.audio_out},
    }};
    append_details(out, completion_details, of_completion);
    if (tokens.estimated) out.append(",\"estimated\":true");
    out.append(others).push_back('}');
}

}  // namespace spillway::adapters::chat
