#include "adapters/protocols/chat/usage.hpp"

#include "adapters/json/name_table.hpp"
#include "adapters/json/text.hpp"
#include "adapters/json/walker.hpp"
#include "adapters/json/writer.hpp"

#include <algorithm>
#include <charconv>
#include <cstring>
#include <span>

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
        if (end) read_.size = static_cast<std::size_t>(end - walk_.begin());
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

// Members that append_usage() writes itself.
enum class own : std::uint8_t {
    prompt_tokens,
    completion_tokens,
    total_tokens,
    is_byok,
    cost_details,
    prompt_tokens_details,
    completion_tokens_details,
    cost,
};
constexpr std::array<std::string_view, 8> own_names{
    "prompt_tokens",
    "completion_tokens",
    "total_tokens",
    "is_byok",
    "cost_details",
    "prompt_tokens_details",
    "completion_tokens_details",
    "cost",
};
constexpr json::name_table<8> own_table{own_names};

// Writes where enough room is known to be.
class usage_writer {
public:
    explicit usage_writer(char* to) noexcept : to_{to} {}

    [[nodiscard]] char* end() const noexcept { return to_; }
    void put(std::string_view text) noexcept {
        std::memcpy(to_, text.data(), text.size());
        to_ += text.size();
    }
    void number(std::uint64_t value) noexcept { to_ = std::to_chars(to_, to_ + 20, value).ptr; }
    void nano(const std::optional<cost>& price, std::int64_t cost::*part) noexcept {
        if (price) {
            to_ = json::put_nano(to_, (*price).*part);
        } else {
            put("null");
        }
    }

    struct detail {
        std::string_view name;  // quoted, with its colon
        std::uint64_t value;
    };
    // {"a":1,…}: the provider's own members first, then ours that it lacks.
    void details(std::string_view raw, std::span<const detail> wanted) noexcept {
        std::uint32_t present = 0;
        put("{");
        const auto* const first = to_;
        if (raw.starts_with('{')) {
            json::walker walk{padded_view{raw.data(), raw.size()}};
            static_cast<void>(walk.members(raw.data(), [&](json::raw_string name, const char* p) {
                auto end = walk.any(p, 2);
                if (!end) return end;
                for (std::size_t i = 0; i < wanted.size(); ++i) {
                    if (wanted[i].name.substr(1, wanted[i].name.size() - 3) != name.text) continue;
                    if (walk.is_null(p)) return end;  // written as a number below
                    present |= 1U << i;
                }
                if (to_ != first) put(",");
                const auto* const from = name.text.data() - 1;
                put({from, static_cast<std::size_t>(end - from)});
                return end;
            }));
        }
        for (std::size_t i = 0; i < wanted.size(); ++i) {
            if ((present >> i & 1) != 0) continue;
            if (to_ != first) put(",");
            put(wanted[i].name);
            number(wanted[i].value);
        }
        put("}");
    }

    // Members that are not ours, each with a comma in front.
    void others(std::string_view raw) noexcept {
        json::walker walk{padded_view{raw.data(), raw.size()}};
        static_cast<void>(walk.members(raw.data(), [&](json::raw_string name, const char* p) {
            auto end = walk.any(p, 1);
            if (!end || own_table.find(name.text) != own_table.none) return end;
            const auto* const from = name.text.data() - 1;
            put(",");
            put({from, static_cast<std::size_t>(end - from)});
            return end;
        }));
    }

private:
    char* to_;
};

// What the provider's own object has for us.
struct own_members {
    std::string_view prompt_details;
    std::string_view completion_details;
    std::string_view cost;
    bool has_others = false;
};

own_members read_own(std::string_view raw) noexcept {
    own_members found;
    if (raw.empty()) return found;
    json::walker walk{padded_view{raw.data(), raw.size()}};
    static_cast<void>(walk.members(raw.data(), [&](json::raw_string name, const char* p) {
        auto end = walk.any(p, 1);
        if (!end) return end;
        const std::string_view value{p, static_cast<std::size_t>(end - p)};
        const auto number = own_table.find(name.text);
        switch (static_cast<own>(number)) {
        case own::prompt_tokens:
        case own::completion_tokens:
        case own::total_tokens:
        case own::is_byok:
        case own::cost_details: break;
        case own::prompt_tokens_details: found.prompt_details = value; break;
        case own::completion_tokens_details: found.completion_details = value; break;
        case own::cost: found.cost = value; break;
        default: found.has_others = true;
        }
        return end;
    }));
    return found;
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
    constexpr std::size_t fixed_size = 1024;  // names, counts and prices
    const auto write = [&](char* const from) {
        const auto mine = read_own(raw);
        usage_writer to{from};
        to.put("{\"prompt_tokens\":");
        to.number(tokens.prompt);
        to.put(",\"completion_tokens\":");
        to.number(tokens.completion);
        to.put(",\"total_tokens\":");
        to.number(tokens.total);
        to.put(",\"cost\":");
        if (price || mine.cost.empty() || mine.cost.front() == '{') {
            to.nano(price, &cost::total);
        } else {
            to.put(mine.cost);
        }
        to.put(",\"is_byok\":false,\"prompt_tokens_details\":");
        const std::array<usage_writer::detail, 4> of_prompt{{
            {"\"cached_tokens\":", tokens.cached_read},
            {"\"cache_write_tokens\":", tokens.cache_write},
            {"\"audio_tokens\":", tokens.audio_in},
            {"\"video_tokens\":", 0},
        }};
        to.details(mine.prompt_details, of_prompt);
        to.put(",\"cost_details\":{\"upstream_inference_cost\":");
        to.nano(price, &cost::total);
        to.put(",\"upstream_inference_prompt_cost\":");
        to.nano(price, &cost::prompt);
        to.put(",\"upstream_inference_completions_cost\":");
        to.nano(price, &cost::completion);
        to.put("},\"completion_tokens_details\":");
        const std::array<usage_writer::detail, 3> of_completion{{
            {"\"reasoning_tokens\":", tokens.reasoning},
            {"\"image_tokens\":", tokens.image_out},
            {"\"audio_tokens\":", tokens.audio_out},
        }};
        to.details(mine.completion_details, of_completion);
        if (tokens.estimated) to.put(",\"estimated\":true");
        if (mine.has_others) to.others(raw);
        to.put("}");
        return to.end();
    };
    const auto before = out.size();
    out.resize_and_overwrite(before + fixed_size + raw.size(), [&](char* text, std::size_t) {
        return static_cast<std::size_t>(write(text + before) - text);
    });
}

}  // namespace spillway::adapters::chat
