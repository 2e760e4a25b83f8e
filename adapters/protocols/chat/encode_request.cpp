// The waist's request as a Chat Completions body, after the rules of the provider's row.
#include "adapters/protocols/chat/codec.hpp"
#include "adapters/protocols/chat/encode_messages.hpp"
#include "adapters/protocols/chat/value_rules.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace spillway::adapters::chat {

using namespace canonical;

namespace {

// OpenRouter's parameters of the model that plain OpenAI does not know.
constexpr std::array openrouter_parameters{
    member::top_k, member::min_p, member::top_a, member::repetition_penalty, member::image_config};

bool is_search(escaped type) noexcept {
    return type.raw.find("web_search") != type.raw.npos;
}

bool is_openrouters(escaped type) noexcept {
    return type.raw.starts_with("openrouter:");
}

class request_encoder {
public:
    request_encoder(const request& from, const encode_context& to, std::string& out) noexcept
        : from_{from}
        , to_{to}
        , row_{to.row}
        , out_{out} {}

    result<> run() {
        if (auto refused = server_tools(); !refused) return refused;
        out_.append("{\"model\":\"").append(to_.upstream_model).append("\",\"messages\":");
        if (auto written = message_encoder{from_, to_, out_}.run(); !written) return written;
        stream();
        limits();
        sampling();
        tools();
        tool_choice();
        format();
        reasoning();
        features();
        extras();
        out_.push_back('}');
        return {};
    }

private:
    void name(std::string_view label) { out_.append(",\"").append(label).append("\":"); }

    [[nodiscard]] const parameter_rule* rule_of(member which) const noexcept {
        for (const auto& rule : row_.parameters) {
            if (rule.which == which && to_.upstream_model.starts_with(rule.prefix)) return &rule;
        }
        return nullptr;
    }

    // The member's name, if the provider takes it at all.
    bool takes(member which) {
        const auto* rule = rule_of(which);
        const bool is_unknown =
            row_.refuses_unknown_members &&
            std::ranges::find(openrouter_parameters, which) != openrouter_parameters.end();
        if (is_unknown || (rule != nullptr && rule->action == rule_action::drop)) {
            to_.dropped.add(which);
            return false;
        }
        const bool is_renamed = rule != nullptr && rule->action == rule_action::rename;
        name(is_renamed ? rule->to : name_of(which));
        return true;
    }
    void parameter(member which, raw_value value) {
        if (value.empty() || !takes(which)) return;
        const auto* rule = rule_of(which);
        const bool has_range = rule != nullptr && rule->action == rule_action::clamp;
        const std::string nearest = has_range ? clamped(rule->within, value.raw) : std::string{};
        out_.append(nearest.empty() ? value.raw : std::string_view{nearest});
    }
    void parameter(member which, escaped text) {
        if (text.empty() || !takes(which)) return;
        out_.append("\"").append(text.raw).append("\"");
    }
    void number(member which, std::uint64_t value) {
        if (takes(which)) out_.append(fmt::format_int{value}.str());
    }
    void flag(member which, tristate value) {
        if (value != tristate::unset && takes(which))
            out_.append(value == tristate::yes ? "true" : "false");
    }

    // What a tool of the provider's own does cannot be imitated; a search has a member of its own.
    result<> server_tools() {
        for (const auto& one : from_.tools) {
            if (one.server.empty() || is_search(one.server_type)) continue;
            if (row_.takes_openrouter_members && is_openrouters(one.server_type)) continue;
            return make_problem(
                error_class::bad_request,
                fmt::format("{} cannot run the tool {}.", row_.display_name, one.server_type.raw),
                "tools"
            );
        }
        return {};
    }

    void stream() {
        if (!from_.stream) return;
        out_.append(",\"stream\":true");
        if (row_.usage == stream_usage::ask)
            out_.append(",\"stream_options\":{\"include_usage\":true}");
    }

    void limits() {
        if (from_.max_tokens) number(member::max_tokens, *from_.max_tokens);
        if (from_.n > 1) number(member::n, from_.n);
        if (from_.stop.empty() || !takes(member::stop)) return;
        constexpr std::size_t most = 4;
        out_.push_back('[');
        for (std::size_t i = 0; i < std::min(most, from_.stop.size()); ++i)
            out_.append("\"").append(from_.stop[i].raw).append("\",");
        out_.back() = ']';
        if (from_.stop.size() > most) to_.dropped.add(member::stop);
    }

    void sampling() {
        parameter(member::temperature, from_.temperature);
        parameter(member::top_p, from_.top_p);
        parameter(member::top_k, from_.top_k);
        parameter(member::min_p, from_.min_p);
        parameter(member::top_a, from_.top_a);
        parameter(member::frequency_penalty, from_.frequency_penalty);
        parameter(member::presence_penalty, from_.presence_penalty);
        parameter(member::repetition_penalty, from_.repetition_penalty);
        parameter(member::seed, from_.seed);
        parameter(member::logit_bias, from_.logit_bias);
        if (from_.logprobs) flag(member::logprobs, tristate::yes);
        parameter(member::top_logprobs, from_.top_logprobs);
    }

    [[nodiscard]] bool names_allowed() const noexcept {
        return !row_.takes_custom_tools && !from_.tool_choice.allowed.empty();
    }

    // Where there is no word for "only these", the others are not offered.
    [[nodiscard]] bool is_offered(const canonical::tool& one) const noexcept {
        if (!one.server.empty()) return row_.takes_openrouter_members;
        const auto& allowed = from_.tool_choice.allowed;
        return !names_allowed() || std::ranges::find(allowed, one.name) != allowed.end();
    }

    void tools() {
        for (const auto& one : from_.tools) {
            if (!is_offered(one)) continue;
            if (has_tools_) {
                out_.push_back(',');
            } else {
                out_.append(",\"tools\":[");
            }
            has_tools_ = true;
            tool(one);
        }
        if (has_tools_) out_.push_back(']');
    }

    void tool(const canonical::tool& one) {
        if (!one.server.empty()) {
            out_.append(
                is_openrouters(one.server_type) ? one.server.raw
                                                : R"({"type":"openrouter:web_search"})"
            );
            return;
        }
        const bool is_custom = one.is_free_text && row_.takes_custom_tools;
        const std::string_view type = is_custom ? "custom" : "function";
        out_.append("{\"type\":\"").append(type).append("\",\"").append(type);
        out_.append("\":{\"name\":\"").append(one.name.raw).push_back('"');
        if (!one.description.empty())
            out_.append(",\"description\":\"").append(one.description.raw).push_back('"');
        if (one.is_free_text && !is_custom) {
            out_.append(
                R"(,"parameters":{"type":"object","properties":{"input":{"type":"string"}},)"
                R"("required":["input"],"additionalProperties":false})"
            );
        } else if (!one.parameters.empty()) {
            out_.append(",\"parameters\":").append(one.parameters.raw);
        }
        if (one.strict != tristate::unset && !is_custom)
            out_.append(one.strict == tristate::yes ? ",\"strict\":true" : ",\"strict\":false");
        out_.push_back('}');
        if (one.cache != cache_mark::none && row_.takes_openrouter_members)
            out_.append(",\"cache_control\":{\"type\":\"ephemeral\"}");
        out_.push_back('}');
    }

    void tool_choice() {
        const auto& choice = from_.tool_choice;
        if (!has_tools_) return;
        flag(member::parallel_tool_calls, choice.parallel);
        if (choice.mode == choice_mode::unset && choice.allowed.empty()) return;
        const auto* rule = rule_of(member::tool_choice);
        const bool is_forced =
            choice.mode == choice_mode::required || choice.mode == choice_mode::named;
        if (is_forced && rule != nullptr && rule->action == rule_action::drop_forced_choice)
            return to_.dropped.add(member::tool_choice);
        if (!takes(member::tool_choice)) return;
        if (!choice.allowed.empty() && row_.takes_custom_tools) return allowed_tools();
        choice_word();
    }

    void choice_word() {
        const auto& choice = from_.tool_choice;
        switch (choice.mode) {
        case choice_mode::unset:
        case choice_mode::automatic: out_.append("\"auto\""); return;
        case choice_mode::none: out_.append("\"none\""); return;
        case choice_mode::required:
            out_.append("\"");
            out_.append(row_.required_tool_choice.empty() ? "required" : row_.required_tool_choice);
            out_.append("\"");
            return;
        case choice_mode::named: tool_name(choice.name); return;
        }
    }

    void tool_name(escaped wanted) {
        const auto found = std::ranges::find(from_.tools, wanted, &canonical::tool::name);
        const bool is_free_text = found != from_.tools.end() && found->is_free_text;
        const bool is_custom = is_free_text && row_.takes_custom_tools;
        const std::string_view type = is_custom ? "custom" : "function";
        out_.append("{\"type\":\"").append(type).append("\",\"").append(type);
        out_.append("\":{\"name\":\"").append(wanted.raw).append("\"}}");
    }

    void allowed_tools() {
        const bool is_required = from_.tool_choice.mode == choice_mode::required;
        out_.append("{\"type\":\"allowed_tools\",\"allowed_tools\":{\"mode\":\"");
        out_.append(is_required ? "required" : "auto").append("\",\"tools\":[");
        for (const auto one : from_.tool_choice.allowed) {
            tool_name(one);
            out_.push_back(',');
        }
        out_.back() = ']';
        out_.append("}}");
    }

    void format() {
        const auto& wanted = from_.format;
        if (wanted.kind == format_kind::unset) return;
        const auto* rule = rule_of(member::response_format);
        if (wanted.kind == format_kind::text) {
            // The default; some refuse it beside tools.
            const bool is_refused = rule != nullptr && has_tools_;
            if (!is_refused) out_.append(",\"response_format\":{\"type\":\"text\"}");
            return;
        }
        if (wanted.kind == format_kind::json_object) {
            out_.append(",\"response_format\":{\"type\":\"json_object\"}");
            return;
        }
        out_.append(",\"response_format\":{\"type\":\"json_schema\",\"json_schema\":{\"name\":\"");
        out_.append(wanted.name.empty() ? "answer" : wanted.name.raw).push_back('"');
        if (!wanted.description.empty())
            out_.append(",\"description\":\"").append(wanted.description.raw).push_back('"');
        if (!wanted.schema.empty()) out_.append(",\"schema\":").append(wanted.schema.raw);
        if (wanted.strict != tristate::unset)
            out_.append(wanted.strict == tristate::yes ? ",\"strict\":true" : ",\"strict\":false");
        out_.append("}}");
    }

    void reasoning() {
        const auto& wish = from_.reasoning;
        if (row_.takes_reasoning_object) return reasoning_object();
        if (wish.exclude == tristate::yes) to_.dropped.add(member::include_reasoning);
        // Who says no to thinking by a switch gets the model's default where there is no such word.
        if (!wish.is_set() || (wish.is_off() && wish.effort == effort::unset)) return;
        auto level = wish.effort;
        if (level == effort::unset && wish.budget)
            level = effort_of(*wish.budget, from_.max_tokens.value_or(0));
        if (level == effort::unset) level = effort::medium;
        parameter(member::reasoning_effort, escaped{name_of(level)});
    }

    void reasoning_object() {
        const auto& wish = from_.reasoning;
        if (!wish.is_set() && wish.exclude == tristate::unset) return;
        out_.append(",\"reasoning\":{");
        if (wish.effort != effort::unset) {
            out_.append("\"effort\":\"").append(name_of(wish.effort)).append("\",");
        } else if (wish.budget) {
            out_.append("\"max_tokens\":")
                .append(fmt::format_int{*wish.budget}.str())
                .push_back(',');
        } else if (wish.enabled != tristate::unset || wish.is_adaptive) {
            out_.append(wish.is_off() ? "\"enabled\":false," : "\"enabled\":true,");
        }
        if (wish.exclude != tristate::unset)
            out_.append(wish.exclude == tristate::yes ? "\"exclude\":true," : "\"exclude\":false,");
        if (!wish.summary.empty())
            out_.append("\"summary\":\"").append(wish.summary.raw).append("\",");
        out_.back() = '}';
    }

    void features() {
        parameter(member::user, from_.user);
        parameter(member::service_tier, from_.service_tier);
        parameter(member::verbosity, from_.verbosity);
        parameter(member::modalities, from_.modalities);
        parameter(member::audio, from_.audio);
        parameter(member::image_config, from_.image_config);
        search();
        if (!from_.prediction.empty()) out_.append(",\"prediction\":").append(from_.prediction.raw);
        // What only OpenAI and OpenRouter know, and nobody's answer depends on.
        if (!row_.takes_developer_role) return;
        parameter(member::prompt_cache_key, from_.prompt_cache_key);
        parameter(member::safety_identifier, from_.safety_identifier);
        flag(member::store, from_.store);
        if (from_.store == tristate::yes) parameter(member::metadata, from_.metadata);
        if (from_.cache != cache_mark::none && row_.takes_openrouter_members)
            out_.append(",\"cache_control\":{\"type\":\"ephemeral\"}");
    }

    void search() {
        if (row_.takes_openrouter_members) {
            if (from_.web_search.raw.find("\"id\"") != std::string_view::npos) {
                out_.append(",\"plugins\":[").append(from_.web_search.raw).push_back(']');
            } else {
                parameter(member::web_search_options, from_.web_search);
            }
            return;
        }
        const bool is_asked = !from_.web_search.empty() ||
                              std::ranges::any_of(from_.tools, [](const canonical::tool& one) {
                                  return is_search(one.server_type);
                              });
        if (!is_asked) return;
        if (row_.takes_custom_tools) {
            out_.append(",\"web_search_options\":{}");
        } else {
            to_.dropped.add(member::web_search_options);
        }
    }

    void extras() {
        for (const auto& one : from_.extras)
            to_.dropped.add(one.name);
    }

    const request& from_;
    const encode_context& to_;
    const provider_row& row_;
    std::string& out_;
    bool has_tools_ = false;
};

}  // namespace

result<> encode_request(const request& from, const encode_context& to, std::string& out) {
    return request_encoder{from, to, out}.run();
}

}  // namespace spillway::adapters::chat
