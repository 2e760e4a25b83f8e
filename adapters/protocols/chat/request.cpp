#include "adapters/protocols/chat/request.hpp"

#include "adapters/json/walker.hpp"
#include "adapters/json/writer.hpp"
#include "adapters/member_eraser.hpp"
#include "adapters/protocols/chat/value_rules.hpp"

#include <fmt/format.h>

#include <cstdint>
#include <initializer_list>
#include <utility>

namespace spillway::adapters::chat {

namespace {

constexpr std::uint64_t bits_of(std::initializer_list<member> set) noexcept {
    std::uint64_t bits = 0;
    for (const auto which : set)
        bits |= std::uint64_t{1} << static_cast<unsigned>(which);
    return bits;
}

// OpenRouter's words for the gateway itself; a provider would refuse or misread them. Not reported as dropped:
// the gateway has acted on them.
constexpr std::uint64_t gateway_members = bits_of({
    member::provider,
    member::plugins,
    member::transforms,
    member::usage,
    member::preset,
    member::trace,
    member::session_id,
    member::debug,
    member::stop_server_tools_when,
    member::max_tool_calls,
});
// OpenRouter's parameters of the model that plain OpenAI does not know.
constexpr std::uint64_t openrouter_parameters = bits_of({
    member::top_k,
    member::min_p,
    member::top_a,
    member::image_config,
    member::repetition_penalty,
    member::include_reasoning,
    member::x_search_filter,
    member::structured_outputs,
    member::cache_control,
    member::speed,
});
// Model fallback is done here, so that no provider does it a second time.
constexpr std::uint64_t fallback_members = bits_of({member::models, member::route});

class preparation {
public:
    preparation(
        const provider_row& row,
        const request_facts& facts,
        std::string_view model,
        edit_list& edits
    ) noexcept
        : row_{row}
        , facts_{facts}
        , model_{model}
        , edits_{edits}
        , eraser_{facts, edits} {}

    result<dropped_names> run() {
        if (facts_.needs_any(need::server_tools) && !row_.takes_openrouter_members) {
            return make_problem(
                error_class::bad_request,
                fmt::format("{} cannot run openrouter: server tools.", row_.display_name),
                "tools"
            );
        }
        for (const auto& known : facts_.members()) {
            if (one_member(known) == fate::goes) eraser_.erase(known);
        }
        add_missing();
        if (facts_.provider.require_parameters == tristate::yes && !dropped_.empty()) {
            return make_problem(
                error_class::bad_request,
                fmt::format("{} does not support {}.", row_.display_name, dropped_.joined()),
                dropped_.names().front()
            );
        }
        return std::move(dropped_);
    }

private:
    enum class fate : std::uint8_t { stays, goes };

    fate one_member(const member_span& known) {
        if (known.which == member::model) {
            replace_model(known);
            return fate::stays;
        }
        if (is_one_of(known.which, fallback_members)) return fate::goes;
        if (!row_.takes_openrouter_members && is_one_of(known.which, gateway_members))
            return fate::goes;
        if (known.which == member::stream_options) return stream_options(known);
        if (known.which == member::reasoning && !row_.takes_reasoning_object)
            return reasoning(known);
        if (known.which == member::tool_choice) tool_choice(known);
        return by_rule(known);
    }

    static bool is_one_of(member which, std::uint64_t set) noexcept {
        return (set >> static_cast<unsigned>(which) & 1) != 0;
    }

    void replace_model(const member_span& known) {
        if (facts_.model == model_) return;
        edits_.replace(known.value + 1, known.end - known.value - 2, model_);
    }

    static std::string quoted(std::string_view text) {
        std::string out;
        json::append_string(out, text);
        return out;
    }

    fate by_rule(const member_span& known) {
        if (row_.refuses_unknown_members && facts_.side == face::openrouter &&
            is_one_of(known.which, openrouter_parameters)) {
            return drop(known);
        }
        for (const auto& rule : row_.parameters) {
            if (rule.which != known.which || !model_.starts_with(rule.prefix)) continue;
            if (facts_.value_of(known) == "null") return fate::stays;
            switch (rule.action) {
            case rule_action::drop: return drop(known);
            case rule_action::rename: return rename(known, rule.to);
            case rule_action::drop_text_format:
                if (!facts_.needs_any(need::tools) || asks_for_form()) return fate::stays;
                return fate::goes;
            case rule_action::drop_forced_choice:
                return is_forced_choice(facts_.value_of(known)) ? drop(known) : fate::stays;
            case rule_action::clamp: clamp(known, rule.within); return fate::stays;
            }
        }
        return fate::stays;
    }

    [[nodiscard]] bool asks_for_form() const noexcept {
        return facts_.needs_any(need::json_object) || facts_.needs_any(need::json_schema);
    }

    fate drop(const member_span& known) {
        dropped_.add(known.which);
        return fate::goes;
    }

    void clamp(const member_span& known, const number_range& within) {
        const std::string nearest = clamped(within, facts_.value_of(known));
        if (!nearest.empty()) edits_.replace(known.value, known.end - known.value, nearest);
    }

    // Both spellings at once would be refused; the one the provider knows stays.
    fate rename(const member_span& known, std::string_view to) {
        for (const auto& other : facts_.members()) {
            if (name_of(other.which) == to) return drop(known);
        }
        auto name_end = facts_.body().find_last_of('"', known.value - 1);
        edits_.replace(known.begin + 1, name_end - known.begin - 1, to);
        return fate::stays;
    }

    // Only what the provider documents: {"effort":"high"} is reasoning_effort there.
    fate reasoning(const member_span& known) {
        auto value = facts_.value_of(known);
        std::string_view effort;
        json::walker walk{padded_view{value.data(), value.size()}};
        if (value.starts_with('{')) {
            static_cast<void>(walk.members(value.data(), [&](json::raw_string name, const char* p) {
                auto end = walk.any(p, 1);
                if (end && name.text == "effort" && *p == '"')
                    effort = {p, static_cast<std::size_t>(end - p)};
                return end;
            }));
        }
        if (value == "null") return fate::goes;
        if (effort.empty() || facts_.has(member::reasoning_effort)) return drop(known);
        std::string renamed{"\"reasoning_effort\":"};
        renamed.append(effort);
        edits_.replace(known.begin, known.end - known.begin, renamed);
        return fate::stays;
    }

    void tool_choice(const member_span& known) {
        if (row_.required_tool_choice.empty() || facts_.value_of(known) != "\"required\"") return;
        edits_.replace(known.value, known.end - known.value, quoted(row_.required_tool_choice));
    }

    [[nodiscard]] bool must_ask() const noexcept {
        return facts_.stream && row_.usage == stream_usage::ask &&
               facts_.what != operation::embeddings &&
               facts_.usage_asked == usage_request::not_asked;
    }

    fate stream_options(const member_span& known) {
        // Legal beside stream:true only.
        if (!facts_.stream) return fate::goes;
        if (!must_ask()) return fate::stays;
        auto value = facts_.value_of(known);
        json::walker walk{padded_view{value.data(), value.size()}};
        std::size_t from = 0;
        std::size_t to = 0;
        bool any = false;
        if (value.starts_with('{')) {
            static_cast<void>(walk.members(value.data(), [&](json::raw_string name, const char* p) {
                auto end = walk.any(p, 1);
                any = true;
                if (end && name.text == "include_usage") {
                    from = static_cast<std::size_t>(p - value.data());
                    to = static_cast<std::size_t>(end - value.data());
                }
                return end;
            }));
        }
        if (to != 0) {
            edits_.replace(known.value + from, to - from, "true");
        } else if (any) {
            edits_.insert(known.value + 1, "\"include_usage\":true,");
        } else {
            edits_.replace(known.value, value.size(), "{\"include_usage\":true}");
        }
        return fate::stays;
    }

    // What the provider needs and the client did not write, in front of everything.
    void add_missing() {
        std::string front;
        if (!facts_.has(member::model) && !model_.empty()) {
            front.append("\"model\":").append(quoted(model_)).append(",");
        }
        if (must_ask() && !facts_.has(member::stream_options)) {
            front.append("\"stream_options\":{\"include_usage\":true},");
        }
        eraser_.put_in_front(std::move(front));
    }

    const provider_row& row_;
    const request_facts& facts_;
    std::string_view model_;
    edit_list& edits_;
    member_eraser eraser_;
    dropped_names dropped_;
};

}  // namespace

result<dropped_names> prepare_request(
    const provider_row& row,
    const request_facts& facts,
    std::string_view upstream_model,
    edit_list& edits
) {
    return preparation{row, facts, upstream_model, edits}.run();
}

}  // namespace spillway::adapters::chat
