#include "adapters/json/walker.hpp"
#include "adapters/json/writer.hpp"
#include "adapters/protocols/chat/usage.hpp"

#include <charconv>
#include <cstring>
#include <span>

namespace spillway::adapters::chat {

namespace {

// Members that write_usage() writes itself.
constexpr std::string_view own_names[] = {
    "prompt_tokens",
    "completion_tokens",
    "total_tokens",
    "is_byok",
    "cost_details",
    "prompt_tokens_details",
    "completion_tokens_details",
    "cost",
};

struct detail {
    std::string_view name;  // quoted, with its colon
    std::uint64_t value;
};

// Writes where enough room is known to be.
class usage_writer {
public:
    explicit usage_writer(char* to) noexcept : to_{to} {}

    [[nodiscard]] char* end() const noexcept { return to_; }
    template <std::size_t Size>
    void put(const char (&text)[Size]) noexcept {
        std::memcpy(to_, text, Size - 1);
        to_ += Size - 1;
    }
    void put(std::string_view text) noexcept {
        std::memcpy(to_, text.data(), text.size());
        to_ += text.size();
    }
    void number(std::uint64_t value) noexcept {
        if (value < 10) {
            *to_++ = static_cast<char>('0' + value);
            return;
        }
        to_ = std::to_chars(to_, to_ + 20, value).ptr;
    }
    // Gives the text.
    std::string_view nano(const std::optional<cost>& price, std::int64_t cost::*part) noexcept {
        const auto* const from = to_;
        if (price) {
            to_ = json::put_nano(to_, (*price).*part);
        } else {
            put("null");
        }
        return {from, static_cast<std::size_t>(to_ - from)};
    }

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
    void prompt_details(std::string_view raw, const usage& tokens) noexcept {
        if (raw.empty() && (tokens.cached_read | tokens.cache_write | tokens.audio_in) == 0) {
            put("{\"cached_tokens\":0,\"cache_write_tokens\":0,\"audio_tokens\":0,"
                "\"video_tokens\":0}");
            return;
        }
        const detail wanted[] = {
            {"\"cached_tokens\":", tokens.cached_read},
            {"\"cache_write_tokens\":", tokens.cache_write},
            {"\"audio_tokens\":", tokens.audio_in},
            {"\"video_tokens\":", 0},
        };
        details(raw, wanted);
    }
    void completion_details(std::string_view raw, const usage& tokens) noexcept {
        if (raw.empty() && (tokens.reasoning | tokens.image_out | tokens.audio_out) == 0) {
            put("{\"reasoning_tokens\":0,\"image_tokens\":0,\"audio_tokens\":0}");
            return;
        }
        const detail wanted[] = {
            {"\"reasoning_tokens\":", tokens.reasoning},
            {"\"image_tokens\":", tokens.image_out},
            {"\"audio_tokens\":", tokens.audio_out},
        };
        details(raw, wanted);
    }

    // Members that are not ours, each with a comma in front.
    void others(std::string_view raw) noexcept {
        json::walker walk{padded_view{raw.data(), raw.size()}};
        static_cast<void>(walk.members(raw.data(), [&](json::raw_string name, const char* p) {
            auto end = walk.any(p, 1);
            if (!end) return end;
            for (const auto own : own_names) {
                if (own == name.text) return end;
            }
            const auto* const from = name.text.data() - 1;
            put(",");
            put({from, static_cast<std::size_t>(end - from)});
            return end;
        }));
    }

private:
    char* to_;
};

}  // namespace

char* write_usage(
    char* to,
    std::string_view raw,
    const usage_object& object,
    const usage& tokens,
    const std::optional<cost>& price
) noexcept {
    usage_writer text{to};
    text.put("{\"prompt_tokens\":");
    text.number(tokens.prompt);
    text.put(",\"completion_tokens\":");
    text.number(tokens.completion);
    text.put(",\"total_tokens\":");
    text.number(tokens.total);
    text.put(",\"cost\":");
    std::string_view total;
    if (price || object.cost.empty() || object.cost.front() == '{') {
        total = text.nano(price, &cost::total);
    } else {
        text.put(object.cost);
    }
    text.put(",\"is_byok\":false,\"prompt_tokens_details\":");
    text.prompt_details(object.prompt_details, tokens);
    text.put(",\"cost_details\":{\"upstream_inference_cost\":");
    if (total.empty()) {
        text.put("null");
    } else {
        text.put(total);
    }
    text.put(",\"upstream_inference_prompt_cost\":");
    text.nano(price, &cost::prompt);
    text.put(",\"upstream_inference_completions_cost\":");
    text.nano(price, &cost::completion);
    text.put("},\"completion_tokens_details\":");
    text.completion_details(object.completion_details, tokens);
    if (tokens.estimated) text.put(",\"estimated\":true");
    if (object.has_others) text.others(raw);
    text.put("}");
    return text.end();
}

void append_usage(
    std::string& out,
    std::string_view raw,
    const usage_object& object,
    const usage& tokens,
    const std::optional<cost>& price
) {
    const auto before = out.size();
    out.resize_and_overwrite(before + usage_room(raw), [&](char* text, std::size_t) {
        const auto* const end = write_usage(text + before, raw, object, tokens, price);
        return static_cast<std::size_t>(end - text);
    });
}

}  // namespace spillway::adapters::chat
