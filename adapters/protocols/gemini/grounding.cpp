#include "adapters/protocols/gemini/grounding.hpp"

#include "adapters/json/text.hpp"

#include <algorithm>
#include <string>
#include <vector>

namespace spillway::adapters::gemini {

using namespace canonical;

namespace {

std::uint32_t code_points(std::string_view text, std::uint64_t octets) noexcept {
    text = text.substr(0, static_cast<std::size_t>(std::min<std::uint64_t>(octets, text.size())));
    const auto count = std::ranges::count_if(text, [](char c) {
        return (static_cast<unsigned char>(c) & 0xc0) != 0x80;
    });
    return static_cast<std::uint32_t>(count);
}

citation source_of(json::value chunk) noexcept {
    const auto web = chunk["web"].is_object() ? chunk["web"] : chunk["retrievedContext"];
    citation out;
    out.url = web["uri"].string();
    out.title = web["title"].string();
    out.native = chunk.text();
    return out;
}

}  // namespace

void tell_grounding(
    json::value metadata, std::string_view text, std::uint32_t choice, event_sink& out
) {
    event one;
    one.kind = event_kind::citation;
    one.choice = choice;
    std::vector<json::value> chunks;
    for (const auto chunk : metadata["groundingChunks"].elements())
        chunks.push_back(chunk);
    const auto supports = metadata["groundingSupports"];
    if (supports.is_empty()) {
        for (const auto chunk : chunks) {
            one.cited = source_of(chunk);
            if (!one.cited.url.empty()) out.take(one);
        }
        return;
    }
    const std::string plain = json::unescaped_leniently(text);
    for (const auto support : supports.elements()) {
        const auto segment = support["segment"];
        for (const auto index : support["groundingChunkIndices"].elements()) {
            const auto at = index.count();
            if (!at || *at >= chunks.size()) continue;
            one.cited = source_of(chunks[static_cast<std::size_t>(*at)]);
            if (one.cited.url.empty()) continue;
            one.cited.text = segment["text"].string();
            one.cited.from = code_points(plain, segment["startIndex"].count().value_or(0));
            one.cited.to = code_points(plain, segment["endIndex"].count().value_or(0));
            out.take(one);
        }
    }
}

}  // namespace spillway::adapters::gemini
