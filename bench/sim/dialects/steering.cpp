#include "bench/sim/dialects/steering.hpp"

#include <fmt/format.h>

#include <charconv>

namespace spillway::bench::sim {
namespace {

using switch_member = bool steering::*;

struct word_entry {
    std::string_view name;
    switch_member member;
    std::string_view meaning;
};

constexpr word_entry words[] = {
    {"think", &steering::thinks, "reasoning before the answer"},
    {"hide", &steering::hides_thoughts, "reasoning that is counted and signed but not shown"},
    {"redact", &steering::redacts_thoughts, "reasoning in encrypted form only"},
    {"preamble", &steering::writes_before_calls, "text before tool calls (Cohere: a tool plan)"},
    {"image", &steering::shows_image, "a picture behind the text"},
    {"refuse", &steering::refuses, "a refusal instead of the answer"},
    {"cite", &steering::cites, "a citation on the echoed text"},
    {"length", &steering::runs_out, "the token limit is met after two tokens"},
    {"filter", &steering::is_filtered, "a content filter stops the answer after two tokens"},
    {"utf8", &steering::is_multilingual, "text with characters of two, three and four octets"},
    {"cached", &steering::reads_cache, "[=N] half of the prompt, or N tokens, read from a cache"},
    {"cachewrite",
     &steering::writes_cache,
     "[=N] half of the prompt, or N tokens, written to a cache"},
};

std::optional<std::size_t> parse_count(std::string_view text) {
    std::size_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return value;
}

void apply_word(std::string_view word, steering& read) {
    const auto equals = word.find('=');
    const auto name = word.substr(0, equals);
    const auto argument =
        equals == std::string_view::npos ? std::nullopt : parse_count(word.substr(equals + 1));
    if (name == "bytes") read.least_bytes = argument;
    if (name == "cached") read.cached_tokens = argument;
    if (name == "cachewrite") read.cache_written_tokens = argument;
    if (name.starts_with("tools")) read.calls = parse_count(name.substr(5));
    for (const auto& entry : words) {
        if (entry.name == name) read.*entry.member = true;
    }
}

}  // namespace

steering read_steering(std::string_view model) {
    steering read;
    const auto fault = model.find("fault-");
    if (fault != std::string_view::npos) model = model.substr(0, fault == 0 ? 0 : fault - 1);
    auto plus = model.find('+');
    read.base = model.substr(0, plus);
    while (plus != std::string_view::npos) {
        const auto next = model.find('+', plus + 1);
        apply_word(model.substr(plus + 1, next - plus - 1), read);
        plus = next;
    }
    read.thinks = read.thinks || read.hides_thoughts || read.redacts_thoughts;
    return read;
}

std::string describe_steering() {
    std::string text = "+toolsN  N tool calls in parallel, if the request has tools\n"
                       "+bytes=N  at least N octets of text\n";
    for (const auto& entry : words)
        text += fmt::format("+{}  {}\n", entry.name, entry.meaning);
    return text;
}

}  // namespace spillway::bench::sim
