// What a model id asks of the simulated model: "any-name+think+tools2" thinks and calls two tools. Words stand
// behind the first plus sign, parted by plus signs; a fault may follow ("m+think.fault-cut-event=2").
// The list of words is in bench/README.md; `--help-words` prints it. Unknown words are part of the name.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace spillway::bench::sim {

struct steering {
    std::string base;  // the model id without words and faults
    bool thinks = false;
    bool hides_thoughts = false;
    bool redacts_thoughts = false;
    bool writes_before_calls = false;
    bool shows_image = false;
    bool refuses = false;
    bool cites = false;
    bool runs_out = false;
    bool is_filtered = false;
    bool is_multilingual = false;
    bool reads_cache = false;
    bool writes_cache = false;
    std::optional<std::size_t> calls;          // of tools, in parallel
    std::optional<std::size_t> least_bytes;    // of text
    std::optional<std::size_t> cached_tokens;  // half of the prompt unless given
    std::optional<std::size_t> cache_written_tokens;
};

steering read_steering(std::string_view model);

// All words, one a line, with their meaning.
std::string describe_steering();

}  // namespace spillway::bench::sim
