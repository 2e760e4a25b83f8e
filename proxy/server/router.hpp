// Which of our few routes a request means. Pure; the path was checked and decoded before.
#pragma once

#include "adapters/message.hpp"
#include "proxy/wire/head.hpp"

#include <string>
#include <string_view>

namespace spillway::server {

enum class page : std::uint8_t {
    ask,        // POST to a provider
    models,     // GET /models
    model,      // GET /models/{id}
    health,     // GET /healthz
    ready,      // GET /readyz
    root,       // GET /: clients ask whether somebody is there
    version,    // GET /api/version, as Ollama's clients do
    preflight,  // OPTIONS on any known path
    not_found,
    wrong_method,
};

struct route {
    server::page page = page::not_found;
    adapters::question asked;  // its model: where the path names one; a view of the path
    std::string_view allowed;  // for wrong_method and preflight: the methods
};

// `query` is without its '?'.
route find_route(wire::method method, std::string_view path, std::string_view query = {}) noexcept;

// Clients write the slash of a model's name in a path as it is or as %2F, which is no separator there. Gives the
// path with such slashes written out; in `scratch`, if there were any. Where no model may stand it is left alone.
std::string_view with_model_slashes(std::string_view path, std::string& scratch);

}  // namespace spillway::server
