// The `provider` object.
#include "adapters/inspect/request_inspector.hpp"
#include "adapters/json/name_table.hpp"

namespace spillway::adapters {

namespace {

constexpr std::array<std::string_view, 14> preference_names{
    "order",
    "only",
    "ignore",
    "allow_fallbacks",
    "require_parameters",
    "data_collection",
    "zdr",
    "enforce_distillable_text",
    "quantizations",
    "sort",
    "max_price",
    "preferred_min_throughput",
    "preferred_max_latency",
    "options",
};
constexpr json::name_table<14> preferences_table{preference_names};

}  // namespace

request_inspector::place request_inspector::preferences(place p) noexcept {
    facts_.provider.present = true;
    std::uint32_t seen = 0;
    return each_member(p, [&](std::string_view name, place value) -> place {
        const auto number = preferences_table.find_copied(name);
        if (number == preferences_table.none) return walk_.any(value, 2);
        auto bit = std::uint32_t{1} << number;
        if ((seen & bit) != 0) {
            return fail("holds a member twice.", "provider", "duplicate_parameter");
        }
        seen |= bit;
        if (walk_.is_null(value)) return walk_.literal(value);
        return preference(static_cast<preference_name>(number), value);
    });
}

request_inspector::place request_inspector::preference(preference_name which, place p) noexcept {
    auto& wanted = facts_.provider;
    request_facts::slice ignored;
    switch (which) {
    case preference_name::order: return strings(p, facts_.order_, request_facts::max_listed);
    case preference_name::only: return strings(p, facts_.only_, request_facts::max_listed);
    case preference_name::ignore: return strings(p, facts_.ignore_, request_facts::max_listed);
    case preference_name::allow_fallbacks: return choice(p, wanted.allow_fallbacks);
    case preference_name::require_parameters: return choice(p, wanted.require_parameters);
    case preference_name::zdr: return choice(p, wanted.zdr);
    case preference_name::enforce_distillable_text:
        return choice(p, wanted.enforce_distillable_text);
    case preference_name::data_collection: {
        std::string_view policy;
        auto end = word(p, policy);
        if (policy == "allow") wanted.data_collection = data_policy::allow;
        if (policy == "deny") wanted.data_collection = data_policy::deny;
        if (end && wanted.data_collection == data_policy::any) {
            return fail("data_collection is allow or deny.", "provider", "invalid_value");
        }
        return end;
    }
    case preference_name::quantizations: {
        auto end = strings(p, ignored, request_facts::max_listed);
        if (end) wanted.quantizations = {p, static_cast<std::size_t>(end - p)};
        return end;
    }
    case preference_name::sort: return sort(p);
    case preference_name::max_price: return span(p, '{', wanted.max_price);
    case preference_name::preferred_min_throughput:
        return span(p, '\0', wanted.preferred_min_throughput);
    case preference_name::preferred_max_latency: return span(p, '\0', wanted.preferred_max_latency);
    case preference_name::options: return span(p, '{', wanted.options);
    }
    return nullptr;
}

request_inspector::place request_inspector::choice(place p, tristate& out) noexcept {
    bool yes = false;
    p = flag(p, yes);
    if (p) out = yes ? tristate::yes : tristate::no;
    return p;
}

// open == 0: a number or an object.
request_inspector::place
request_inspector::span(place p, char open, std::string_view& out) noexcept {
    bool is_number = *p == '-' || static_cast<unsigned char>(*p - '0') < 10;
    if (*p != '{' && (open == '{' || !is_number))
        return wrong_type("holds a member of wrong type.");
    auto end = walk_.value(p, 2);
    if (end) out = {p, static_cast<std::size_t>(end - p)};
    return end;
}

request_inspector::place request_inspector::sort(place p) noexcept {
    auto& wanted = facts_.provider;
    auto order = [&](place at) -> place {
        std::string_view by;
        auto end = word(at, by);
        if (by == "price") wanted.sort = sort_order::price;
        if (by == "throughput") wanted.sort = sort_order::throughput;
        if (by == "latency") wanted.sort = sort_order::latency;
        if (by == "exacto") wanted.sort = sort_order::exacto;
        if (end && wanted.sort == sort_order::none) {
            return fail(
                "sort is price, throughput, latency or exacto.", "provider", "invalid_value"
            );
        }
        return end;
    };
    if (*p != '{') return order(p);
    return each_member(p, [&](std::string_view name, place value) -> place {
        if (name == "by" && !walk_.is_null(value)) return order(value);
        if (name != "partition" || walk_.is_null(value)) return walk_.any(value, 3);
        std::string_view partition;
        auto end = word(value, partition);
        if (partition == "none") wanted.partition = sort_partition::none;
        if (end && partition != "none" && partition != "model") {
            return fail("sort.partition is model or none.", "provider", "invalid_value");
        }
        return end;
    });
}

}  // namespace spillway::adapters
