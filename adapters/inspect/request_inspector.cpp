#include "adapters/inspect/request_inspector.hpp"

#include "adapters/inspect.hpp"
#include "adapters/json/name_table.hpp"
#include "adapters/json/text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace spillway::adapters {

namespace {

constexpr std::uint32_t max_choices = 128;

constexpr json::name_table<member_count> names{member_names};

}  // namespace

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
        number = plain ? names.find_copied(*plain) : names.none;
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
    if (facts_.what != operation::chat) return complete_other();
    if (!facts_.has(member::messages)) {
        fail("messages are missing.", "messages", "missing_required_parameter");
        return false;
    }
    if (facts_.has(member::web_search_options)) facts_.add(need::web_search);
    return true;
}

bool request_inspector::complete_other() noexcept {
    if (facts_.what == operation::embeddings && !facts_.has(member::input)) {
        fail("the input is missing.", "input", "missing_required_parameter");
        return false;
    }
    if (facts_.what == operation::images && facts_.stream) {
        fail("images come whole here; leave it out.", "stream", "unsupported_value");
        return false;
    }
    if (facts_.what != operation::completions) facts_.stream = false;
    if (facts_.prompt_octets == 0) facts_.prompt_octets = facts_.body_.size();
    return true;
}

bool request_inspector::complete_foreign() noexcept {
    const bool by_path = facts_.dialect == protocol::gemini || facts_.dialect == protocol::converse;
    if (facts_.prompt_octets == 0) facts_.prompt_octets = facts_.body_.size();
    const bool is_generation =
        facts_.what == operation::chat || facts_.what == operation::completions;
    if (!is_generation) facts_.stream = false;
    if (facts_.dialect == protocol::ollama && is_generation && !facts_.has(member::stream))
        facts_.stream = true;
    if (by_path && !is_model_name(facts_.model)) {
        fail("the path holds what is not a valid model ID.", "model", "invalid_value");
        return false;
    }
    return true;
}

}  // namespace spillway::adapters
