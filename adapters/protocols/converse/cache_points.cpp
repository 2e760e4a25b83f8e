#include "adapters/protocols/converse/cache_points.hpp"

#include <algorithm>

namespace spillway::adapters::converse {

using namespace canonical;

namespace {

constexpr std::size_t most = 4;

}  // namespace

cache_points::cache_points(const request& from, const encode_context& to, const family& model)
    : model_{model} {
    const auto is_marked = [](const auto& one) {
        return one.cache != cache_mark::none;
    };
    const auto in_tools = static_cast<std::size_t>(std::ranges::count_if(from.tools, is_marked));
    auto in_parts = static_cast<std::size_t>(std::ranges::count_if(from.parts, is_marked));
    if (from.cache != cache_mark::none) ++in_parts;
    if (in_tools + in_parts == 0) return;
    const bool has_tools = model.caches == cache_places::everywhere;
    if (model.caches == cache_places::none || (in_tools > 0 && !has_tools))
        to.dropped.add(member::cache_control);
    const std::size_t all = in_parts + (has_tools ? in_tools : 0);
    passed_over_ = all - std::min(all, most);
}

void cache_points::behind_tool(cache_mark mark, std::string& out) {
    if (model_.caches == cache_places::everywhere) append(mark, out);
}

void cache_points::behind_system(cache_mark mark, std::string& out) {
    append(mark, out);
}

void cache_points::behind_block(cache_mark mark, std::string& out) {
    if (mark != cache_mark::none && passed_over_ > 0) {
        --passed_over_;
        return;
    }
    append(mark, out);
}

void cache_points::append(cache_mark mark, std::string& out) {
    if (mark == cache_mark::none || model_.caches == cache_places::none || left_ == 0) return;
    --left_;
    const bool is_long = mark == cache_mark::one_hour && !had_short_one_ && model_.is_claude();
    had_short_one_ |= !is_long;
    out.append(R"({"cachePoint":{"type":"default")").append(is_long ? R"(,"ttl":"1h"}},)" : "}},");
}

}  // namespace spillway::adapters::converse
