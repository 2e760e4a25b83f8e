#include "proxy/server/router.hpp"

namespace spillway::server {

namespace {

using adapters::face;
using adapters::operation;

constexpr std::string_view for_posts = "POST, OPTIONS";
constexpr std::string_view for_gets = "GET, HEAD, OPTIONS";

bool take_prefix(std::string_view& path, std::string_view prefix) noexcept {
    if (!path.starts_with(prefix)) return false;
    path.remove_prefix(prefix.size());
    return true;
}

// Everything but the method.
route by_path(std::string_view path) noexcept {
    route found;
    if (path == "/healthz" || path == "/readyz") {
        found.page = path == "/healthz" ? page::health : page::ready;
        found.allowed = for_gets;
        return found;
    }
    if (take_prefix(path, "/api/v1/")) {
        found.side = face::openrouter;
    } else if (!take_prefix(path, "/v1/")) {
        return found;
    }
    found.allowed = for_posts;
    found.page = page::ask;
    if (path == "chat/completions") return found;
    found.what = operation::completions;
    if (path == "completions") return found;
    found.what = operation::embeddings;
    if (path == "embeddings") return found;
    found.what = operation::models;
    found.allowed = for_gets;
    found.page = page::models;
    if (path == "models") return found;
    found.page = page::model;
    if (take_prefix(path, "models/") && !path.empty()) {
        found.model = path;
        return found;
    }
    return {};
}

}  // namespace

route find_route(wire::method method, std::string_view path) noexcept {
    route found = by_path(path);
    if (found.page == page::not_found) return found;
    if (method == wire::method::options) {
        found.page = page::preflight;
        return found;
    }
    const bool fits = found.page == page::ask
                          ? method == wire::method::post
                          : method == wire::method::get || method == wire::method::head;
    if (!fits) found.page = page::wrong_method;
    return found;
}

}  // namespace spillway::server
