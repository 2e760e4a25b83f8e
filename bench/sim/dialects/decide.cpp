#include "bench/sim/bench_page.hpp"
#include "bench/sim/dialects/answer.hpp"
#include "bench/sim/dialects/base64.hpp"
#include "bench/sim/dialects/json_view.hpp"
#include "bench/sim/dialects/steering.hpp"
#include "bench/sim/dialects/text_hash.hpp"
#include "bench/sim/schema_filler.hpp"
#include "bench/sim/tokens.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

namespace spillway::bench::sim {
namespace {

// One white pixel.
constexpr std::string_view picture = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+"
                                     "M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
constexpr std::size_t picture_tokens = 258;

constexpr std::string_view multilingual = " — ä é ß, 漢字 ह, 😀 🏁";

constexpr std::string_view signature_mark = "sim-signature:";
constexpr std::string_view redacted_mark = "sim-redacted:";

constexpr std::size_t no_limit = std::numeric_limits<std::size_t>::max();

std::string pad(std::string text, std::size_t least_bytes) {
    constexpr std::string_view filler = " The quick brown fox jumps over the lazy dog.";
    while (text.size() < least_bytes) {
        text += filler.substr(0, std::min(filler.size(), least_bytes - text.size()));
    }
    return text;
}

enum class citing { left_out, wanted };

// One choice, part by part, within the token limit.
class speech {
public:
    speech(const prompt& asked, const steering& words, const answer_frame& frame)
        : asked_(asked)
        , words_(words)
        , frame_(frame)
        , left_(
              words.runs_out || words.is_filtered ? no_limit : asked.most_tokens.value_or(no_limit)
          ) {}

    said speak(std::size_t index) {
        if (words_.thinks || asked_.reasoning != reasoning_wish::none) think();
        if (words_.refuses)
            refuse();
        else if (wants_tools())
            call_tools();
        else if (frame_.bench_events > 0)
            write_bench_text();
        else
            write_text(compose(index), words_.cites ? citing::wanted : citing::left_out);
        if (words_.shows_image && !words_.refuses) show_image();
        for (const auto& one : made_.parts)
            if (one.kind == part_kind::call) made_.finish = finish_kind::calls;
        if (overrun_) made_.finish = finish_kind::length;
        if (words_.is_filtered) made_.finish = finish_kind::filter;
        return std::move(made_);
    }

private:
    void spend(std::size_t tokens) {
        const auto taken = std::min(tokens, left_);
        if (tokens > left_) overrun_ = true;
        made_.tokens += taken;
        if (left_ != no_limit) left_ -= taken;
    }

    void think() {
        auto words = asked_.last_words();
        cut_at_limit(10, words);
        auto thought = "The user wrote: " + words;
        thought += ". I will echo it.";
        if (words_.is_multilingual) thought += multilingual;
        const auto tokens = count_tokens(thought);
        spend(tokens);
        made_.reasoning_tokens = made_.tokens;
        part one;
        if (words_.redacts_thoughts) {
            one.kind = part_kind::redacted;
            one.text = encode_base64(fmt::format("{}{:016x}", redacted_mark, hash_text(thought)));
            made_.parts.push_back(std::move(one));
            return;
        }
        one.kind = part_kind::reasoning;
        one.signature = sign_thought(thought);
        const bool shown = words_.thinks || asked_.reasoning == reasoning_wish::shown;
        if (shown && !words_.hides_thoughts) one.text = std::move(thought);
        made_.parts.push_back(std::move(one));
    }

    // A model calls tools when it has some, may, and was not just handed a result.
    bool wants_tools() const {
        if (asked_.tools.empty() || asked_.calls == tool_wish::none) return false;
        if (words_.calls == 0U) return false;
        return asked_.calls == tool_wish::required || !asked_.was_given_a_result();
    }

    void call_tools() {
        if (words_.writes_before_calls) write_text("I will use a tool.", citing::left_out);
        std::vector<const tool*> offered;
        for (const auto& one : asked_.tools) {
            if (asked_.named_tool.empty() || one.name == asked_.named_tool) offered.push_back(&one);
        }
        const bool single = asked_.one_call_only || !asked_.named_tool.empty();
        auto count = words_.calls.value_or(single ? 1 : offered.size());
        if (asked_.one_call_only) count = std::min<std::size_t>(count, 1);
        if (offered.empty()) count = 0;
        for (std::size_t i = 0; i < count; ++i)
            call(*offered[i % offered.size()], i);
        made_.is_forced_call = !asked_.named_tool.empty();
    }

    void call(const tool& wanted, std::size_t index) {
        part one;
        one.kind = part_kind::call;
        one.id = fmt::format("{}{}", frame_.id.substr(0, 20), index);
        one.name = wanted.name;
        one.text = wanted.parameters.is_object() ? json::serialize(fill_schema(wanted.parameters))
                                                 : std::string{"{}"};
        spend(count_tokens(one.name) + count_tokens(one.text));
        made_.parts.push_back(std::move(one));
    }

    void refuse() {
        part one;
        one.kind = part_kind::refusal;
        one.text = "I cannot help with that.";
        spend(count_tokens(one.text));
        made_.finish = finish_kind::refusal;
        made_.parts.push_back(std::move(one));
    }

    std::string compose(std::size_t index) const {
        if (!asked_.schema.is_null()) return json::serialize(fill_schema(asked_.schema));
        auto text = "Echo: " + asked_.last_words();
        if (words_.is_multilingual) text += multilingual;
        if (index > 0) text += fmt::format(" (choice {})", index + 1);
        text = pad(std::move(text), words_.least_bytes.value_or(frame_.least_bytes));
        if (asked_.wants_json) return json::serialize(json::object{{"answer", text}});
        return text;
    }

    void write_text(std::string text, citing wish) {
        made_.stop_sequence = cut_at_stop(asked_.stops, text);
        if (!made_.stop_sequence.empty()) made_.finish = finish_kind::stop_sequence;
        const bool halves = words_.runs_out || words_.is_filtered;
        if (cut_at_limit(halves ? 2 : left_, text) && !words_.is_filtered) overrun_ = true;
        if (words_.runs_out) overrun_ = true;
        spend(count_tokens(text));
        if (text.empty()) return;
        part one;
        one.kind = part_kind::text;
        constexpr std::size_t echo_begin = 6;  // behind "Echo: "
        if (wish == citing::wanted && text.size() > echo_begin)
            one.citations.push_back({echo_begin, text.size()});
        one.text = std::move(text);
        made_.parts.push_back(std::move(one));
    }

    // So many pieces of one size, each with room for the moment at which it is sent.
    void write_bench_text() {
        part one;
        one.kind = part_kind::text;
        one.piece_bytes = std::max(frame_.bench_event_bytes, blank_stamp.size() + 1);
        const auto piece = pad(std::string{blank_stamp}, one.piece_bytes - 1) + ' ';
        for (std::size_t i = 0; i < frame_.bench_events; ++i)
            one.text += piece;
        made_.tokens += frame_.bench_events;
        made_.parts.push_back(std::move(one));
    }

    void show_image() {
        part one;
        one.kind = part_kind::image;
        one.text = picture;
        spend(picture_tokens);
        made_.parts.push_back(std::move(one));
    }

    const prompt& asked_;
    const steering& words_;
    const answer_frame& frame_;
    said made_;
    std::size_t left_;
    bool overrun_ = false;
};

}  // namespace

bool said::has(part_kind kind) const {
    return std::any_of(parts.begin(), parts.end(), [&](const part& one) {
        return one.kind == kind;
    });
}

std::string said::joined(part_kind kind) const {
    std::string text;
    for (const auto& one : parts)
        if (one.kind == kind) text += one.text;
    return text;
}

answer decide(const prompt& asked, const answer_frame& frame) {
    const auto words = read_steering(asked.model);
    answer made;
    made.prompt_tokens = asked.tokens();
    if (words.reads_cache) {
        made.cached_tokens =
            std::min(words.cached_tokens.value_or(asked.tokens() / 2), asked.tokens());
    }
    if (words.writes_cache) {
        made.cache_written_tokens = std::min(
            words.cache_written_tokens.value_or(asked.tokens() / 2), made.uncached_tokens()
        );
    }
    for (std::size_t i = 0; i < asked.choices; ++i) {
        made.choices.push_back(speech{asked, words, frame}.speak(i));
        made.completion_tokens += made.choices.back().tokens;
        made.reasoning_tokens += made.choices.back().reasoning_tokens;
    }
    return made;
}

std::vector<std::string_view> pieces_of(const part& one) {
    if (one.piece_bytes == 0) return split_tokens(one.text);
    std::vector<std::string_view> pieces;
    for (std::size_t at = 0; at < one.text.size(); at += one.piece_bytes)
        pieces.push_back(std::string_view{one.text}.substr(at, one.piece_bytes));
    return pieces;
}

std::string cut_at_stop(const std::vector<std::string>& stops, std::string& text) {
    std::string met;
    for (const auto& one : stops) {
        const auto at = one.empty() ? std::string::npos : text.find(one);
        if (at == std::string::npos) continue;
        text.resize(at);
        met = one;
    }
    return met;
}

bool cut_at_limit(std::size_t most_tokens, std::string& text) {
    const auto tokens = split_tokens(text);
    if (tokens.size() <= most_tokens) return false;
    text.resize(static_cast<std::size_t>(tokens[most_tokens].data() - text.data()));
    return true;
}

std::string sign_thought(std::string_view thought) {
    return encode_base64(fmt::format("{}{:016x}", signature_mark, hash_text(thought)));
}

bool is_signature_of(std::string_view signature, std::string_view thought) {
    if (!thought.empty()) return signature == sign_thought(thought);
    const auto decoded = decode_base64(signature);
    return decoded && decoded->starts_with(signature_mark);
}

bool is_redacted_thought(std::string_view data) {
    const auto decoded = decode_base64(data);
    return decoded && decoded->starts_with(redacted_mark);
}

std::size_t count_code_points(std::string_view text) {
    return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
        return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
    }));
}

}  // namespace spillway::bench::sim
