// Which of our few routes a request means. Pure; the path was checked and decoded before.
#pragma once

#include "adapters/message.hpp"
#include "proxy/wire/head.hpp"

#include <string_view>

namespace spillway::server {

enum class page : std::uint8_t {
    ask,        // POST to a provider: chat, completions, embeddings
    models,     // GET /models
    model,      // GET /models/{id}
    health,     // GET /healthz
    ready,      // GET /readyz
    preflight,  // OPTIONS on any known path
    not_found,
    wrong_method,
};

struct route {
    server::page page = page::not_found;
    adapters::operation what = adapters::operation::chat;
    adapters::face side = adapters::face::openai;
    std::string_view model;    // for page::model; a view of the path
    std::string_view allowed;  // for wrong_method and preflight: the methods
};

route find_route(wire::method method, std::string_view path) noexcept;

}  // namespace spillway::server
