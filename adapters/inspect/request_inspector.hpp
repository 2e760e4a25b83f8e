// The walk over one request body that fills one request_facts: what inspect() does. Lives for one call; a step gives the
// place behind what it read, or says once why not and gives nullptr.
#pragma once

#include "adapters/inspect/shapes.hpp"
#include "adapters/json/text.hpp"
#include "adapters/json/walker.hpp"
#include "adapters/message.hpp"

#include <limits>
#include <string_view>

namespace spillway::adapters {

enum class preference_name : std::uint8_t {
    order,
    only,
    ignore,
    allow_fallbacks,
    require_parameters,
    data_collection,
    zdr,
    enforce_distillable_text,
    quantizations,
    sort,
    max_price,
    preferred_min_throughput,
    preferred_max_latency,
    options,
};

class request_inspector {
public:
    request_inspector(request_facts& facts, padded_view body) noexcept
        : facts_{facts}
        , shapes_{shapes_of(facts.dialect, facts.what)}
        , walk_{body} {
        facts_.body_ = body.text();
    }

    [[nodiscard]] bool run() noexcept;
    [[nodiscard]] problem why() const;

private:
    using place = const char*;

    place fail(std::string_view message, std::string_view param, std::string_view code) noexcept {
        if (!message_.empty()) return nullptr;
        message_ = message;
        param_ = param;
        code_ = code;
        return nullptr;
    }
    place wrong_type(std::string_view expected) noexcept {
        return fail(expected, name_of(now_), "invalid_type");
    }
    place object(place p) noexcept;
    place one_member(place p) noexcept;
    place known_member(member which, place p) noexcept;
    bool complete() noexcept;
    bool complete_other() noexcept;
    bool complete_foreign() noexcept;

    place text(place p, std::string_view& out, std::size_t limit) noexcept;
    place strings(place p, request_facts::slice& out, std::size_t limit) noexcept;
    place model_name(place p) noexcept;
    place model_list(place p) noexcept;
    place messages(place p) noexcept;
    place prompt(place p) noexcept;
    place flag(place p, bool& out) noexcept;
    place positive(place p, std::uint32_t limit, std::uint32_t& out) noexcept;
    place tokens(place p) noexcept;
    place stop(place p) noexcept;
    place short_text(place p) noexcept;
    place list_of_objects(place p) noexcept;
    place stream_options(place p) noexcept;
    place response_format(place p) noexcept;
    place modalities(place p) noexcept;
    place preferences(place p) noexcept;
    place preference(preference_name which, place p) noexcept;
    place sort(place p) noexcept;
    place word(place p, std::string_view& out) noexcept;
    place choice(place p, tristate& out) noexcept;
    place span(place p, char open, std::string_view& out) noexcept;

    // Calls on_member(name, place of value) -> place behind the value, for each member of the object at p.
    template <class OnMember>
    place each_member(place p, OnMember&& on_member) noexcept;

    request_facts& facts_;
    const shape_table& shapes_;
    json::walker walk_;
    member now_ = member::model;  // which member is being read, for messages
    std::string_view message_;
    std::string_view param_;
    std::string_view code_;
};

template <class OnMember>
request_inspector::place request_inspector::each_member(place p, OnMember&& on_member) noexcept {
    if (*p != '{') return wrong_type("must be an object.");
    return walk_.members(p, [&](json::raw_string name, place value) -> place {
        if (!name.escaped) return on_member(name.text, value);
        auto plain = json::unescaped(name.text);
        return on_member(plain ? std::string_view{*plain} : name.text, value);
    });
}

}  // namespace spillway::adapters
