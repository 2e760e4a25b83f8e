#include "adapters/protocols/converse/usage.hpp"

#include "adapters/json/writer.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace spillway::adapters::converse {

namespace {

// Beyond this a number is no count.
constexpr std::uint64_t most = std::uint64_t{1} << 53;

std::uint64_t count_of(json::value from) noexcept {
    return std::min(from.count().value_or(0), most);
}

}  // namespace

usage read_usage(json::value from) noexcept {
    usage read;
    if (!from.is_object()) return read;
    // The same numbers stand there under older names, too: cacheReadInputTokenCount.
    read.cached_read = count_of(from["cacheReadInputTokens"]);
    read.cache_write = count_of(from["cacheWriteInputTokens"]);
    read.prompt = count_of(from["inputTokens"]) + read.cached_read + read.cache_write;
    read.completion = count_of(from["outputTokens"]);
    read.total = read.prompt + read.completion;
    read.present = true;
    return read;
}

void append_usage(std::string& out, const usage& tokens) {
    const std::uint64_t beside = tokens.cached_read + tokens.cache_write;
    fmt::format_to(
        std::back_inserter(out),
        R"("inputTokens":{},"outputTokens":{},"totalTokens":{},)"
        R"("cacheReadInputTokens":{},"cacheWriteInputTokens":{})",
        tokens.prompt - std::min(beside, tokens.prompt),
        tokens.completion,
        tokens.prompt + tokens.completion,
        tokens.cached_read,
        tokens.cache_write
    );
}

}  // namespace spillway::adapters::converse
