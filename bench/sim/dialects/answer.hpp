// What the simulated model says, in one form for all dialects: a list of parts, how it ended, and what it
// cost. decide() makes it from a prompt and the words of the model id; printers of the dialects render it.
// Pure values.
#pragma once

#include "bench/sim/dialects/prompt.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace spillway::bench::sim {

enum class part_kind { reasoning, redacted, text, refusal, image, call };

// A range of the text, in octets, and the one source that all citations name.
struct citation {
    std::size_t begin = 0;
    std::size_t end = 0;

    static constexpr std::string_view url = "https://example.com/source";
    static constexpr std::string_view title = "Example source";
};

struct part {
    part_kind kind{};
    std::string text;  // arguments of a call, base64 of a picture, secret of redacted reasoning
    std::string signature;  // of reasoning
    std::string id;         // of a call: hex digits, without a dialect's prefix
    std::string name;       // of a call
    std::vector<citation> citations;
    std::size_t piece_bytes = 0;  // of the pieces a stream sends; 0: a token each
};

enum class finish_kind { stop, stop_sequence, length, calls, filter, refusal };

struct said {
    std::vector<part> parts;
    finish_kind finish = finish_kind::stop;
    std::string stop_sequence;
    bool is_forced_call = false;  // one tool was demanded by its name
    std::size_t tokens = 0;       // with the reasoning
    std::size_t reasoning_tokens = 0;

    bool has(part_kind kind) const;
    // All parts of that kind, joined.
    std::string joined(part_kind kind) const;
};

struct answer {
    std::vector<said> choices;
    std::size_t prompt_tokens = 0;         // with both cache counts
    std::size_t cached_tokens = 0;         // of the prompt
    std::size_t cache_written_tokens = 0;  // of the prompt
    std::size_t completion_tokens = 0;     // with the reasoning
    std::size_t reasoning_tokens = 0;

    std::size_t uncached_tokens() const {
        return prompt_tokens - cached_tokens - cache_written_tokens;
    }
};

struct answer_frame {
    std::string id;  // hex, without a dialect's prefix
    std::int64_t created = 0;
    std::size_t least_bytes = 0;   // pad text answers up to this
    std::size_t bench_events = 0;  // of a bench model; 0: an echo
    std::size_t bench_event_bytes = 0;
};

// As a stream sends it. The views live as long as the part.
std::vector<std::string_view> pieces_of(const part& one);

answer decide(const prompt& asked, const answer_frame& frame);

// Cuts text at a stop sequence; returns the one that was met.
std::string cut_at_stop(const std::vector<std::string>& stops, std::string& text);

// Cuts text to so many tokens. True when there were more.
bool cut_at_limit(std::size_t most_tokens, std::string& text);

// The signature of a thought. Depends on every octet, so that whoever changes a thought is found out.
std::string sign_thought(std::string_view thought);

// True for a signature of this thought, and for any signature of the simulator when the thought is hidden.
bool is_signature_of(std::string_view signature, std::string_view thought);

// True for what the simulator made for redacted reasoning.
bool is_redacted_thought(std::string_view data);

// So many code points.
std::size_t count_code_points(std::string_view text);

}  // namespace spillway::bench::sim
