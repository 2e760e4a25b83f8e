#include "adapters/protocols/messages/usage.hpp"

namespace spillway::adapters::messages {

namespace {

std::int64_t signed_of(std::uint64_t count) noexcept {
    return static_cast<std::int64_t>(count);
}

std::uint64_t less(std::uint64_t from, std::uint64_t what) noexcept {
    return from > what ? from - what : 0;
}

void overwrite(json::value from, std::uint64_t& into) noexcept {
    if (const auto count = from.count()) into = *count;
}

}  // namespace

void usage_counts::read(json::value from, counts& into) noexcept {
    overwrite(from["input_tokens"], into.input);
    overwrite(from["cache_read_input_tokens"], into.cache_read);
    overwrite(from["cache_creation_input_tokens"], into.cache_write);
    overwrite(from["output_tokens"], into.output);
}

void usage_counts::read(json::value usage) noexcept {
    if (!usage.is_object()) return;
    present_ = true;
    read(usage, counts_);
    overwrite(usage["output_tokens_details"]["thinking_tokens"], thinking_);
    read_iterations(usage["iterations"]);
}

// Totals leave compaction out; a fallback's counts stand for the whole; an advisor is another model and bills itself.
void usage_counts::read_iterations(json::value list) noexcept {
    counts sum;
    bool found = false;
    for (const auto one : list.elements()) {
        const auto type = one["type"];
        counts each;
        read(one, each);
        if (type.equals("fallback_message")) {
            sum = each;
            found = true;
            break;
        }
        if (!type.equals("message") && !type.equals("compaction")) continue;
        found = true;
        sum.input += each.input;
        sum.cache_read += each.cache_read;
        sum.cache_write += each.cache_write;
        sum.output += each.output;
    }
    if (found) counts_ = sum;
}

usage usage_counts::total() const noexcept {
    usage tokens;
    tokens.prompt = counts_.input + counts_.cache_read + counts_.cache_write;
    tokens.completion = counts_.output;
    tokens.total = tokens.prompt + tokens.completion;
    tokens.cached_read = counts_.cache_read;
    tokens.cache_write = counts_.cache_write;
    tokens.reasoning = thinking_;
    tokens.present = present_;
    return tokens;
}

void write_usage(json::writer& out, const usage& tokens, const answer_context& context) {
    const auto cached = tokens.cached_read + tokens.cache_write;
    out.member("input_tokens", signed_of(less(tokens.prompt, cached)));
    out.member("cache_creation_input_tokens", signed_of(tokens.cache_write));
    out.member("cache_read_input_tokens", signed_of(tokens.cached_read));
    out.name("cache_creation").open();
    out.member("ephemeral_5m_input_tokens", signed_of(tokens.cache_write));
    out.member("ephemeral_1h_input_tokens", std::int64_t{0}).close();
    out.member("output_tokens", signed_of(tokens.completion));
    out.name("output_tokens_details").open();
    out.member("thinking_tokens", signed_of(tokens.reasoning)).close();
    out.name("server_tool_use").raw("null").member("service_tier", "standard");
    if (context.side != face::openrouter) return;
    const auto price = context.costs != nullptr ? context.costs->cost_of(tokens) : std::nullopt;
    out.name("cost");
    if (!price) {
        out.raw("null").name("is_byok").raw("false");
        return;
    }
    char text[json::nano_size];
    const auto put = [&](std::int64_t nano) {
        out.raw({text, static_cast<std::size_t>(json::put_nano(text, nano) - text)});
    };
    put(price->total);
    out.name("is_byok").raw("false").name("cost_details").open();
    out.name("upstream_inference_cost");
    put(price->total);
    out.name("upstream_inference_prompt_cost");
    put(price->prompt);
    out.name("upstream_inference_completions_cost");
    put(price->completion);
    out.close();
}

}  // namespace spillway::adapters::messages
