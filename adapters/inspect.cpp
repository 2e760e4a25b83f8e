#include "adapters/inspect.hpp"

#include "adapters/json/name_table.hpp"
#include "adapters/json/text.hpp"
#include "adapters/json/walker.hpp"

#include <fmt/format.h>

#include <limits>

namespace spillway::adapters {

namespace {

constexpr std::size_t max_model_octets = 256;
constexpr std::size_t max_text_octets = 1024;  // user, preset
constexpr std::size_t max_session_octets = 256;
constexpr std::uint32_t max_choices = 128;

constexpr json::name_table<member_count> names{member_names};

// What value a member may have; null is always allowed except where noted.
enum class shape : std::uint8_t {
    any,
    model,  // not null
    models,
    messages,  // not null
    prompt,
    flag,
    tokens,
    choices,
    stop,
    preferences,
    short_text,
    list,
    object,
    stream_options,
    tools,
    tool_choice,
    response_format,
    modalities,
    logprobs,
};

constexpr shape shape_of(member which) noexcept {
    switch (which) {
    case member::model: return shape::model;
    case member::models: return shape::models;
    case member::messages: return shape::messages;
    case member::prompt:
    case member::input: return shape::prompt;
    case member::stream:
    case member::parallel_tool_calls:
    case member::include_reasoning: return shape::flag;
    case member::stream_options: return shape::stream_options;
    case member::max_tokens:
    case member::max_completion_tokens: return shape::tokens;
    case member::n: return shape::choices;
    case member::stop: return shape::stop;
    case member::provider: return shape::preferences;
    case member::route:
    case member::preset:
    case member::session_id:
    case member::user:
    case member::reasoning_effort: return shape::short_text;
    case member::plugins:
    case member::transforms: return shape::list;
    case member::usage:
    case member::trace:
    case member::debug:
    case member::reasoning: return shape::object;
    case member::tools: return shape::tools;
    case member::tool_choice: return shape::tool_choice;
    case member::response_format: return shape::response_format;
    case member::modalities: return shape::modalities;
    case member::logprobs: return shape::logprobs;
    default: return shape::any;
    }
}

using shape_table = std::array<shape, member_count>;

constexpr shape_table chat_shapes = [] {
    shape_table all{};
    for (std::size_t i = 0; i < member_count; ++i)
        all[i] = shape_of(static_cast<member>(i));
    return all;
}();

// In other dialects the gateway reads what it needs for choosing a target; the rest is its decoder's business.
constexpr shape_table foreign_shapes = [] {
    shape_table all{};
    for (const member read :
         {member::model,
          member::models,
          member::stream,
          member::messages,
          member::input,
          member::tools,
          member::max_tokens,
          member::provider,
          member::route,
          member::preset,
          member::session_id}) {
        all[static_cast<std::size_t>(read)] = shape_of(read);
    }
    return all;
}();

// Of these the path names the model.
constexpr shape_table path_shapes = [] {
    shape_table all = foreign_shapes;
    for (const member unread : {member::model, member::stream})
        all[static_cast<std::size_t>(unread)] = shape::any;
    return all;
}();

constexpr const shape_table& shapes_of(protocol dialect) noexcept {
    switch (dialect) {
    case protocol::chat: return chat_shapes;
    case protocol::messages:
    case protocol::responses:
    case protocol::cohere:
    case protocol::ollama: return foreign_shapes;
    case protocol::gemini:
    case protocol::converse: return path_shapes;
    }
    return foreign_shapes;
}

// Kinds of content parts, met as member names of a part object.
struct part_interest {
    std::uint16_t& needs;

    void name(std::string_view text, std::size_t depth) const noexcept {
        // request 1, messages 2, message 3, content 4, part 5
        if (depth != 5) return;
        if (text == "image_url") add(need::images);
        if (text == "input_audio") add(need::audio);
        if (text == "file") add(need::files);
        if (text == "video_url" || text == "input_video") add(need::video);
    }
    static void text(std::string_view, std::size_t) noexcept {}
    void add(need what) const noexcept { needs |= static_cast<std::uint16_t>(what); }
};

// Tools the gateway would have to run itself are named by their type.
struct tool_interest {
    std::uint16_t& needs;

    static void name(std::string_view, std::size_t) noexcept {}
    void text(std::string_view value, std::size_t depth) const noexcept {
        // request 1, tools 2, tool 3
        if (depth == 3 && value.starts_with("openrouter:")) {
            needs |= static_cast<std::uint16_t>(need::server_tools);
        }
    }
};

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

// Fills one request_facts. A step that fails says why once and returns nullptr.
class request_inspector {
public:
    request_inspector(request_facts& facts, padded_view body) noexcept
        : facts_{facts}
        , shapes_{shapes_of(facts.dialect)}
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

bool request_inspector::run() noexcept {
    auto p = walk_.skip_space(walk_.begin());
    if (!walk_.is(p, '{')) {
        fail("The request body must be one JSON object.", {}, "invalid_json");
        return false;
    }
    p = object(p);
    if (p) p = walk_.skip_space(p);
    if (!p || !walk_.at_end(p) || !walk_.utf8_is_valid()) {
        fail("The request body is not valid JSON.", {}, "invalid_json");
        return false;
    }
    return complete();
}

problem request_inspector::why() const {
    std::string message{message_};
    if (!param_.empty()) message = fmt::format("Invalid '{}': {}", param_, message_);
    auto refused = make_problem(error_class::bad_request, std::move(message), param_);
    refused.type = "invalid_request_error";
    refused.code = code_;
    return refused;
}

request_inspector::place request_inspector::object(place p) noexcept {
    facts_.open_brace_ = static_cast<std::uint32_t>(p - walk_.begin());
    p = walk_.skip_space(p + 1);
    if (walk_.is(p, '}')) return p + 1;
    for (;;) {
        if (*p != '"') return nullptr;
        p = one_member(p);
        if (!p) return nullptr;
        ++facts_.all_members_;
        p = walk_.skip_space(p);
        if (walk_.is(p, '}')) return p + 1;
        if (*p != ',') return nullptr;
        p = walk_.skip_space(p + 1);
    }
}

request_inspector::place request_inspector::one_member(place p) noexcept {
    const auto begin = p;
    json::raw_string name;
    p = walk_.string(p + 1, name);
    if (!p) return nullptr;
    auto number = names.find(name.text);
    if (name.escaped) {
        auto plain = json::unescaped(name.text);
        number = plain ? names.find(*plain) : names.none;
    }
    p = walk_.colon(p);
    if (!p) return nullptr;
    if (number == names.none) return walk_.any(p, 1);

    auto which = static_cast<member>(number);
    if (facts_.has(which)) {
        return fail("the member stands there twice.", name_of(which), "duplicate_parameter");
    }
    facts_.seen_ |= std::uint64_t{1} << number;
    auto offset = [&](place at) {
        return static_cast<std::uint32_t>(at - walk_.begin());
    };
    auto& span = facts_.members_[facts_.known_++];
    span.begin = offset(begin);
    span.value = offset(p);
    span.which = which;
    span.ordinal = static_cast<std::uint16_t>(
        std::min<std::uint32_t>(facts_.all_members_, std::numeric_limits<std::uint16_t>::max())
    );
    p = known_member(which, p);
    if (p) span.end = offset(p);
    return p;
}

request_inspector::place request_inspector::known_member(member which, place p) noexcept {
    now_ = which;
    auto what = shapes_[static_cast<std::size_t>(which)];
    if (walk_.is_null(p) && what != shape::model && what != shape::messages) {
        return walk_.literal(p);
    }
    bool ignored = false;
    switch (what) {
    case shape::any: return walk_.any(p, 1);
    case shape::model: return model_name(p);
    case shape::models: return model_list(p);
    case shape::messages: return messages(p);
    case shape::prompt: return prompt(p);
    case shape::flag: return flag(p, which == member::stream ? facts_.stream : ignored);
    case shape::tokens: return tokens(p);
    case shape::choices: return positive(p, max_choices, facts_.n);
    case shape::stop: return stop(p);
    case shape::preferences: return preferences(p);
    case shape::short_text: return short_text(p);
    case shape::list:
        if (*p != '[') return wrong_type("must be an array.");
        return walk_.value(p, 1);
    case shape::object:
        if (*p != '{') return wrong_type("must be an object.");
        if (which == member::reasoning) facts_.add(need::reasoning);
        return walk_.value(p, 1);
    case shape::stream_options: return stream_options(p);
    case shape::tools: return list_of_objects(p);
    case shape::tool_choice:
        if (*p != '"' && *p != '{') return wrong_type("must be a string or an object.");
        return walk_.value(p, 1);
    case shape::response_format: return response_format(p);
    case shape::modalities: return modalities(p);
    case shape::logprobs:
        if (!walk_.is_false(p)) facts_.add(need::logprobs);
        return walk_.value(p, 1);
    }
    return nullptr;
}

bool request_inspector::complete() noexcept {
    if (facts_.dialect != protocol::chat) return complete_foreign();
    if (facts_.what == operation::chat && !facts_.has(member::messages)) {
        fail("messages are missing.", "messages", "missing_required_parameter");
        return false;
    }
    if (facts_.what == operation::embeddings && !facts_.has(member::input)) {
        fail("the input is missing.", "input", "missing_required_parameter");
        return false;
    }
    if (facts_.has(member::web_search_options)) facts_.add(need::web_search);
    return true;
}

bool request_inspector::complete_foreign() noexcept {
    const bool by_path = facts_.dialect == protocol::gemini || facts_.dialect == protocol::converse;
    if (facts_.prompt_octets == 0) facts_.prompt_octets = facts_.body_.size();
    if (facts_.dialect == protocol::ollama && !facts_.has(member::stream)) facts_.stream = true;
    if (by_path && !is_model_name(facts_.model)) {
        fail("the path holds what is not a valid model ID.", "model", "invalid_value");
        return false;
    }
    return true;
}

request_inspector::place request_inspector::word(place p, std::string_view& out) noexcept {
    if (*p != '"') return wrong_type("must be a string.");
    json::raw_string raw;
    p = walk_.string(p + 1, raw);
    if (!p) return nullptr;
    if (!raw.escaped) {
        out = raw.text;
        return p;
    }
    auto plain = json::unescaped(raw.text);
    if (!plain) return fail("holds half a surrogate pair.", name_of(now_), "invalid_value");
    facts_.unescaped_.push_front(std::move(*plain));
    out = facts_.unescaped_.front();
    return p;
}

request_inspector::place
request_inspector::text(place p, std::string_view& out, std::size_t limit) noexcept {
    p = word(p, out);
    if (p && out.size() > limit) return fail("is too long.", name_of(now_), "string_too_long");
    return p;
}

request_inspector::place request_inspector::model_name(place p) noexcept {
    if (*p != '"') return wrong_type("must be a string.");
    p = word(p, facts_.model);
    if (p && !is_model_name(facts_.model)) {
        return fail("is not a valid model ID.", "model", "invalid_value");
    }
    return p;
}

request_inspector::place
request_inspector::strings(place p, request_facts::slice& out, std::size_t limit) noexcept {
    if (*p != '[') return wrong_type("must be an array of strings.");
    out.first = facts_.listed_count_;
    return walk_.elements(p, [&](place at) -> place {
        if (out.count == limit || facts_.listed_count_ == request_facts::max_listed) {
            return fail("has too many entries.", name_of(now_), "array_above_max_length");
        }
        at = word(at, facts_.listed_.texts[facts_.listed_count_]);
        if (!at) return nullptr;
        ++facts_.listed_count_;
        ++out.count;
        return at;
    });
}

request_inspector::place request_inspector::model_list(place p) noexcept {
    p = strings(p, facts_.models_, request_facts::max_models);
    if (!p) return nullptr;
    for (auto name : facts_.models()) {
        if (!is_model_name(name)) {
            return fail("holds what is not a valid model ID.", "models", "invalid_value");
        }
    }
    return p;
}

request_inspector::place request_inspector::messages(place p) noexcept {
    constexpr std::string_view expected = "must be a non-empty array of objects.";
    if (*p != '[') return wrong_type(expected);
    const auto from = p;
    bool any = false;
    p = walk_.elements(p, [&](place at) -> place {
        if (*at != '{') return wrong_type(expected);
        any = true;
        return walk_.value(at, 2, part_interest{facts_.needs});
    });
    if (!p) return nullptr;
    if (!any) return fail(expected, "messages", "empty_array");
    facts_.messages = {from, static_cast<std::size_t>(p - from)};
    facts_.prompt_octets += facts_.messages.size();
    return p;
}

request_inspector::place request_inspector::prompt(place p) noexcept {
    if (*p != '"' && *p != '[') return wrong_type("must be a string or an array.");
    auto end = walk_.value(p, 1);
    if (end) facts_.prompt_octets += static_cast<std::size_t>(end - p);
    return end;
}

request_inspector::place request_inspector::flag(place p, bool& out) noexcept {
    out = walk_.is_true(p);
    if (!out && !walk_.is_false(p)) return wrong_type("must be a boolean.");
    return walk_.literal(p);
}

request_inspector::place
request_inspector::positive(place p, std::uint32_t limit, std::uint32_t& out) noexcept {
    auto end = walk_.number(p);
    if (!end) return wrong_type("must be a positive integer.");
    auto value = json::to_integer({p, static_cast<std::size_t>(end - p)});
    if (!value) return wrong_type("must be a positive integer.");
    if (*value == 0) return fail("must be 1 or more.", name_of(now_), "integer_below_min_value");
    if (*value > limit) return fail("is too large.", name_of(now_), "integer_above_max_value");
    out = static_cast<std::uint32_t>(*value);
    return end;
}

request_inspector::place request_inspector::tokens(place p) noexcept {
    std::uint32_t count = 0;
    p = positive(p, std::numeric_limits<std::int32_t>::max(), count);
    if (p && (!facts_.max_tokens || count < *facts_.max_tokens)) facts_.max_tokens = count;
    return p;
}

request_inspector::place request_inspector::stop(place p) noexcept {
    if (*p == '"') return walk_.any(p, 1);
    if (*p != '[') return wrong_type("must be a string or an array of strings.");
    return walk_.elements(p, [&](place at) -> place {
        if (*at != '"') return wrong_type("must be a string or an array of strings.");
        return walk_.any(at, 2);
    });
}

request_inspector::place request_inspector::short_text(place p) noexcept {
    std::string_view ignored;
    switch (now_) {
    case member::user: return text(p, facts_.user, max_text_octets);
    case member::preset: return text(p, facts_.preset, max_text_octets);
    case member::session_id: return text(p, facts_.session_id, max_session_octets);
    case member::reasoning_effort:
        p = text(p, ignored, max_text_octets);
        if (p && ignored != "none") facts_.add(need::reasoning);
        return p;
    default: return text(p, ignored, max_text_octets);
    }
}

request_inspector::place request_inspector::list_of_objects(place p) noexcept {
    constexpr std::string_view expected = "must be an array of objects.";
    if (*p != '[') return wrong_type(expected);
    const auto from = p;
    bool any = false;
    p = walk_.elements(p, [&](place at) -> place {
        if (*at != '{') return wrong_type(expected);
        any = true;
        return walk_.value(at, 2, tool_interest{facts_.needs});
    });
    if (!p || !any) return p;
    facts_.add(need::tools);
    facts_.prompt_octets += static_cast<std::size_t>(p - from);
    return p;
}

template <class OnMember>
request_inspector::place request_inspector::each_member(place p, OnMember&& on_member) noexcept {
    if (*p != '{') return wrong_type("must be an object.");
    return walk_.members(p, [&](json::raw_string name, place value) -> place {
        if (!name.escaped) return on_member(name.text, value);
        auto plain = json::unescaped(name.text);
        return on_member(plain ? std::string_view{*plain} : name.text, value);
    });
}

request_inspector::place request_inspector::stream_options(place p) noexcept {
    return each_member(p, [this](std::string_view name, place value) {
        if (name != "include_usage" || walk_.is_null(value)) return walk_.any(value, 2);
        bool asked = false;
        auto end = flag(value, asked);
        if (asked) facts_.usage_asked = usage_request::asked;
        return end;
    });
}

request_inspector::place request_inspector::response_format(place p) noexcept {
    return each_member(p, [this](std::string_view name, place value) {
        if (name != "type") return walk_.any(value, 2);
        std::string_view type;
        auto end = word(value, type);
        if (type == "json_object") facts_.add(need::json_object);
        if (type == "json_schema") facts_.add(need::json_schema);
        return end;
    });
}

request_inspector::place request_inspector::modalities(place p) noexcept {
    request_facts::slice listed;
    p = strings(p, listed, 8);
    for (auto kind : facts_.list(listed)) {
        if (kind == "audio") facts_.add(need::audio_output);
        if (kind == "image") facts_.add(need::image_output);
    }
    return p;
}

request_inspector::place request_inspector::preferences(place p) noexcept {
    facts_.provider.present = true;
    std::uint32_t seen = 0;
    return each_member(p, [&](std::string_view name, place value) -> place {
        auto number = name.size() < 32 ? preferences_table.find(name) : preferences_table.none;
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

namespace {

enum class octet_kind : std::uint8_t { refused, plain, dot, slash };

constexpr auto octet_kinds = [] {
    std::array<octet_kind, 256> kinds{};
    for (unsigned char c = '0'; c <= '9'; ++c)
        kinds[c] = octet_kind::plain;
    for (unsigned char c = 'a'; c <= 'z'; ++c)
        kinds[c] = kinds[c - 32U] = octet_kind::plain;
    for (unsigned char c : {'_', '-', ':', '@', '~', '+'})
        kinds[c] = octet_kind::plain;
    kinds['.'] = octet_kind::dot;
    kinds['/'] = octet_kind::slash;
    return kinds;
}();

}  // namespace

bool is_model_name(std::string_view text) noexcept {
    if (text.empty() || text.size() > max_model_octets) return false;
    bool named = false;      // the part has an octet that is no dot
    std::size_t length = 0;  // of the part
    auto part_is_good = [&] {
        return named || length > 2;
    };
    for (char c : text) {
        ++length;
        switch (octet_kinds[static_cast<unsigned char>(c)]) {
        case octet_kind::refused: return false;
        case octet_kind::plain: named = true; break;
        case octet_kind::dot: break;
        case octet_kind::slash:
            --length;
            if (!part_is_good()) return false;
            named = false;
            length = 0;
        }
    }
    return part_is_good();
}

std::optional<problem> inspect(const question& asked, padded_view body, request_facts& into) {
    if (body.size() >= std::numeric_limits<std::uint32_t>::max()) {
        return make_problem(error_class::too_large, "The request body is too large.");
    }
    into.what = asked.what;
    into.side = asked.side;
    into.dialect = asked.dialect;
    into.form = asked.form;
    into.model = asked.model;
    into.stream = asked.how == delivery_asked::streamed;
    request_inspector inspector{into, body};
    if (inspector.run()) return std::nullopt;
    return inspector.why();
}

result<request_facts> inspect(const question& asked, padded_view body) {
    result<request_facts> facts{boost::system::in_place_value};
    if (auto why = inspect(asked, body, *facts)) facts = std::move(*why);
    return facts;
}

}  // namespace spillway::adapters
