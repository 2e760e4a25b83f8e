#include "proxy/server/router.hpp"

#include <array>

namespace spillway::server {

namespace {

using adapters::delivery_asked;
using adapters::face;
using adapters::operation;
using adapters::protocol;
using adapters::stream_form;

constexpr std::string_view for_posts = "POST, OPTIONS";
constexpr std::string_view for_gets = "GET, HEAD, OPTIONS";

struct row {
    std::string_view path;
    server::page page;
    operation what;
    protocol dialect;
};

// Under /v1/ and /api/v1/.
constexpr std::array<row, 10> two_faced{{
    {"chat/completions", page::ask, operation::chat, protocol::chat},
    {"completions", page::ask, operation::completions, protocol::chat},
    {"embeddings", page::ask, operation::embeddings, protocol::chat},
    {"rerank", page::ask, operation::rerank, protocol::chat},
    {"moderations", page::ask, operation::moderations, protocol::chat},
    {"images/generations", page::ask, operation::images, protocol::chat},
    {"models", page::models, operation::models, protocol::chat},
    {"messages", page::ask, operation::chat, protocol::messages},
    {"messages/count_tokens", page::ask, operation::count_tokens, protocol::messages},
    {"responses", page::ask, operation::chat, protocol::responses},
}};

constexpr std::array<row, 15> others{{
    {"/", page::root, operation::models, protocol::chat},
    {"/api/version", page::version, operation::models, protocol::ollama},
    {"/api/tags", page::models, operation::models, protocol::ollama},
    {"/v1beta/models", page::models, operation::models, protocol::gemini},
    {"/healthz", page::health, operation::models, protocol::chat},
    {"/readyz", page::ready, operation::models, protocol::chat},
    {"/v2/chat", page::ask, operation::chat, protocol::cohere},
    {"/v2/rerank", page::ask, operation::rerank, protocol::cohere},
    {"/v2/embed", page::ask, operation::embeddings, protocol::cohere},
    {"/api/embed", page::ask, operation::embeddings, protocol::ollama},
    {"/api/embeddings", page::ask, operation::embed_one, protocol::ollama},
    {"/api/chat", page::ask, operation::chat, protocol::ollama},
    {"/api/generate", page::ask, operation::completions, protocol::ollama},
    // A base URL that already ends in /v1, given to an SDK that adds it.
    {"/v1/v1/messages", page::ask, operation::chat, protocol::messages},
    {"/v1/v1/messages/count_tokens", page::ask, operation::count_tokens, protocol::messages},
}};

// Behind the last colon of Gemini's paths.
struct verb {
    std::string_view name;
    operation what;
    delivery_asked how;
};
constexpr std::array<verb, 5> verbs{{
    {"generateContent", operation::chat, delivery_asked::whole},
    {"streamGenerateContent", operation::chat, delivery_asked::streamed},
    {"countTokens", operation::count_tokens, delivery_asked::whole},
    {"embedContent", operation::embed_one, delivery_asked::whole},
    {"batchEmbedContents", operation::embeddings, delivery_asked::whole},
}};

bool take_prefix(std::string_view& text, std::string_view prefix) noexcept {
    if (!text.starts_with(prefix)) return false;
    text.remove_prefix(prefix.size());
    return true;
}

bool take_suffix(std::string_view& text, std::string_view suffix) noexcept {
    if (!text.ends_with(suffix)) return false;
    text.remove_suffix(suffix.size());
    return true;
}

template <std::size_t Count>
bool find_row(const std::array<row, Count>& rows, std::string_view path, route& found) noexcept {
    for (const row& one : rows) {
        if (one.path != path) continue;
        found.page = one.page;
        found.asked.what = one.what;
        found.asked.dialect = one.dialect;
        return true;
    }
    return false;
}

bool wants_events(std::string_view query) noexcept {
    while (!query.empty()) {
        const auto end = query.find('&');
        if (query.substr(0, end) == "alt=sse") return true;
        query = end == query.npos ? std::string_view{} : query.substr(end + 1);
    }
    return false;
}

// …/models/{model}:{verb}, in the paths of AI Studio and of Vertex AI. The model's name may hold slashes and colons.
bool find_gemini(std::string_view path, std::string_view query, route& found) noexcept {
    const bool is_plain = take_prefix(path, "/v1beta/models/") ||
                          take_prefix(path, "/v1alpha/models/") || take_prefix(path, "/v1/models/");
    if (!is_plain) {
        constexpr std::string_view before = "publishers/google/models/";
        const auto at = path.find(before);
        const bool is_vertex = path.starts_with("/v1/") || path.starts_with("/v1beta1/");
        if (!is_vertex || at == path.npos) return false;
        path.remove_prefix(at + before.size());
    }
    const auto colon = path.rfind(':');
    if (colon == path.npos || colon == 0) return false;
    for (const verb& one : verbs) {
        if (path.substr(colon + 1) != one.name) continue;
        found.page = page::ask;
        found.asked = {one.what, face::openai, protocol::gemini};
        found.asked.how = one.how;
        found.asked.model = path.substr(0, colon);
        const bool is_array = one.how == delivery_asked::streamed && !wants_events(query);
        if (is_array) found.asked.form = stream_form::array;
        return true;
    }
    return false;
}

// /model/{model}/converse and /model/{model}/converse-stream.
bool find_converse(std::string_view path, route& found) noexcept {
    if (!take_prefix(path, "/model/")) return false;
    const bool streams = take_suffix(path, "/converse-stream");
    if ((!streams && !take_suffix(path, "/converse")) || path.empty()) return false;
    found.page = page::ask;
    found.asked = {operation::chat, face::openai, protocol::converse};
    found.asked.how = streams ? delivery_asked::streamed : delivery_asked::whole;
    found.asked.model = path;
    return true;
}

// Everything but the method.
route by_path(std::string_view path, std::string_view query, wire::method method) noexcept {
    route found;
    if (find_row(others, path, found) || find_converse(path, found)) return found;
    if (auto model = path; take_prefix(model, "/v1beta/models/") && !model.contains(':')) {
        found.page = model.empty() ? page::not_found : page::model;
        found.asked = {operation::models, face::openai, protocol::gemini};
        found.asked.model = model;
        return found;
    }
    if (method != wire::method::get && find_gemini(path, query, found)) return found;
    if (take_prefix(path, "/api/v1/")) {
        found.asked.side = face::openrouter;
    } else if (!take_prefix(path, "/v1/")) {
        return found;
    }
    if (find_row(two_faced, path, found)) return found;
    if (!take_prefix(path, "models/") || path.empty()) return {};
    found.page = page::model;
    found.asked.what = operation::models;
    found.asked.model = path;
    return found;
}

}  // namespace

route find_route(wire::method method, std::string_view path, std::string_view query) noexcept {
    route found = by_path(path, query, method);
    if (found.page == page::not_found) return found;
    found.allowed = found.page == page::ask ? for_posts : for_gets;
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

std::string_view with_model_slashes(std::string_view path, std::string& scratch) {
    const bool may_name_model = path.starts_with("/model/") || path.find("/models/") != path.npos;
    if (!may_name_model || path.find("%2") == path.npos) return path;
    scratch.clear();
    while (!path.empty()) {
        const bool is_slash = path.starts_with("%2F") || path.starts_with("%2f");
        scratch.push_back(is_slash ? '/' : path.front());
        path.remove_prefix(is_slash ? 3 : 1);
    }
    return scratch;
}

}  // namespace spillway::server
