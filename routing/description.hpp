// A routing table in plain words, as flags and catalogue files say it, before anybody checked it.
// Written by the hall, read once by the table builder. Owns its strings.
#pragma once

#include "routing/access/key_ring.hpp"
#include "routing/facts.hpp"
#include "routing/price.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace spillway::routing {

struct account_description {
    std::string name;          // `openai` or `openai/backup`; the part before `/` is the provider
    std::string display_name;  // `OpenAI`; empty: the provider's name
    std::uint32_t weight = 1;
    std::uint32_t priority = 0;           // lower is asked first
    std::uint32_t concurrency_limit = 0;  // 0: none
    data_use data = data_use::train;      // what is not known is taken for the worst
};

struct endpoint_description {
    std::string account;         // an account, or a provider: then each of its accounts serves
    std::string upstream_model;  // what the provider calls it
    price_list price;
    std::uint32_t context = 0;     // 0: not known
    std::uint32_t max_output = 0;  // 0: not known
    std::uint32_t weight = 1;
};

struct model_description {
    std::string id;            // `openai/gpt-4o-mini`
    std::string display_name;  // empty: the id
    std::int64_t created = 0;  // Unix seconds
    std::vector<endpoint_description> endpoints;
};

struct alias_description {
    std::string name;
    std::vector<std::string> models;  // models or other aliases: a fallback chain
};

struct key_description {
    std::string name;
    key_digest digest{};
    std::vector<std::string> models;     // globs
    std::vector<std::string> providers;  // globs
    std::string organisation;
    std::optional<wall_time> expires;
};

struct description {
    std::vector<account_description> accounts;
    std::vector<model_description> models;
    std::vector<alias_description> aliases;
    std::vector<key_description> keys;
    std::string default_model;  // empty: a request must name one
    std::vector<std::string> allow_models;
    std::vector<std::string> deny_models;
    std::vector<std::string> allow_providers;
    std::vector<std::string> deny_providers;
    data_floor data = data_floor::any;  // for every request
    std::uint32_t max_attempts = 3;
    std::uint32_t retry_percent = 20;
};

}  // namespace spillway::routing
