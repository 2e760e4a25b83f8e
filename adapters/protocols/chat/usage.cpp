#include "adapters/protocols/chat/usage.hpp"

#include "adapters/json/name_table.hpp"
#include "adapters/json/text.hpp"
#include "adapters/json/walker.hpp"

#include <algorithm>

namespace spillway::adapters::chat {

namespace {

enum class count : std::uint8_t {
    prompt_tokens,
    completion_tokens,
    total_tokens,
    prompt_tokens_details,
    completion_tokens_details,
    cost,
    cost_details,
    is_byok,
    cached_tokens,  // from here on members that stay in the object as they are
    prompt_cache_hit_tokens,
    cache_read_input_tokens,
    cache_creation_input_tokens,
    cache_write_tokens,
    reasoning_tokens,
    audio_tokens,
    image_tokens,
};
constexpr std::array<std::string_view, 16> count_names{
    "prompt_tokens",
    "completion_tokens",
    "total_tokens",
    "prompt_tokens_details",
    "completion_tokens_details",
    "cost",
    "cost_details",
    "is_byok",
    "cached_tokens",
    "prompt_cache_hit_tokens",
    "cache_read_input_tokens",
    "cache_creation_input_tokens",
    "cache_write_tokens",
    "reasoning_tokens",
    "audio_tokens",
    "image_tokens",
};
constexpr json::name_table<16> count_table{count_names};
constexpr std::uint64_t believable = std::uint64_t{1} << 53;

class usage_walk {
public:
    usage_walk(json::walker& walk, usage_object& out) noexcept : walk_{walk}, out_{out} {}

    const char* run(const char* p) noexcept {
        return walk_.members(p, [this](json::raw_string name, const char* value) {
            const auto number = count_table.find(name.text);
            out_.has_others |= number >= std::to_underlying(count::cached_tokens);
            return member(number, value, place::top);
        });
    }

private:
    enum class place : std::uint8_t { top, prompt, completion };

    const char* details(const char* p, place where, std::string_view& raw) noexcept {
        auto end = *p != '{'
                       ? walk_.any(p, 1)
                       : walk_.members(p, [this, where](json::raw_string name, const char* value) {
                             return member(count_table.find(name.text), value, where);
                         });
        if (end) raw = {p, static_cast<std::size_t>(end - p)};
        return end;
    }

    const char* member(std::uint8_t number, const char* p, place where) noexcept {
        auto& tokens = out_.tokens;
        switch (static_cast<count>(number)) {
        case count::prompt_tokens: return number_at(p, tokens.prompt);
        case count::completion_tokens: return number_at(p, tokens.completion);
        case count::total_tokens: return number_at(p, tokens.total);
        case count::prompt_tokens_details:
            if (where != place::top) break;
            return details(p, place::prompt, out_.prompt_details);
        case count::completion_tokens_details:
            if (where != place::top) break;
            return details(p, place::completion, out_.completion_details);
        case count::cost: {
            auto end = walk_.any(p, 1);
            if (end && where == place::top) out_.cost = {p, static_cast<std::size_t>(end - p)};
            return end;
        }
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
        case count::cost_details:
        case count::is_byok: break;
        }
        return walk_.any(p, 1);
    }

    const char* number_at(const char* p, std::uint64_t& out) noexcept {
        // Up to fifteen digits and no more than digits: almost every count.
        std::uint64_t value = 0;
        const auto* end = p;
        for (; static_cast<unsigned char>(*end - '0') < 10 && end - p < 15; ++end)
            value = value * 10 + static_cast<unsigned char>(*end - '0');
        const bool is_count =
            (*end == ',' || *end == '}') && end > p && (*p != '0' || end == p + 1);
        if (!is_count) return odd_number_at(p, out);
        out = std::max(out, value);
        return end;
    }

    [[gnu::noinline]] const char* odd_number_at(const char* p, std::uint64_t& out) noexcept {
        auto end = walk_.any(p, 1);
        if (!end || walk_.is_null(p)) return end;
        std::string_view text{p, static_cast<std::size_t>(end - p)};
        if (text.ends_with(".0")) text.remove_suffix(2);
        auto value = json::to_integer(text);
        if (!value || *value > believable) {
            out_.is_suspect = true;
            return end;
        }
        out = std::max(out, *value);
        return end;
    }

    json::walker& walk_;
    usage_object& out_;
};

}  // namespace

const char* read_usage(json::walker& walk, const char* p, usage_object& out) noexcept {
    auto end = usage_walk{walk, out}.run(p);
    out.tokens.present = end != nullptr && !out.is_suspect;
    return end;
}

usage_object read_usage(padded_view object) noexcept {
    usage_object out;
    json::walker walk{object};
    static_cast<void>(read_usage(walk, object.data(), out));
    return out;
}

// Completion and prompt as we count them: everything included.
usage settled(const usage_object& object, total_rule rule) noexcept {
    if (!object.tokens.present) return {};
    auto tokens = object.tokens;
    auto beside = tokens.prompt + tokens.completion + tokens.reasoning;
    bool says_so = tokens.total == beside && tokens.reasoning > 0;
    if (rule == total_rule::reasoning_beside || says_so || tokens.reasoning > tokens.completion) {
        tokens.completion += tokens.reasoning;
    }
    // Grok on Azure counts the prompt without its cached part.
    if (tokens.cached_read > tokens.prompt) tokens.prompt += tokens.cached_read;
    tokens.total = tokens.prompt + tokens.completion;
    return tokens;
}

}  // namespace spillway::adapters::chat
