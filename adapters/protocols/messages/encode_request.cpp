// The canonical request as a body of the Messages API, for Anthropic itself and for those who host its models.
#include "adapters/canonical/refusal.hpp"
#include "adapters/protocols/messages/blanks.hpp"
#include "adapters/protocols/messages/block_writer.hpp"
#include "adapters/protocols/messages/codec.hpp"
#include "adapters/protocols/messages/encode_tools.hpp"
#include "adapters/protocols/messages/schema.hpp"
#include "adapters/protocols/messages/thinking_plan.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace spillway::adapters::messages {

using namespace canonical;

namespace {

constexpr std::uint64_t default_output = 32'000;
constexpr std::size_t longest_user = 256;
constexpr std::string_view json_wish =
    "Answer with one JSON object and nothing else: no text around it, no code fence.";

// Members of Anthropic's own that a client of another dialect may have sent: only Anthropic itself knows them.
constexpr std::array<std::string_view, 5> own_extras{
    "container", "mcp_servers", "context_management", "inference_geo", "speed"};

struct unknown_number {
    member which;
    raw_value request::*where;
};
constexpr std::array<unknown_number, 9> unknown_numbers{{
    {member::frequency_penalty, &request::frequency_penalty},
    {member::presence_penalty, &request::presence_penalty},
    {member::repetition_penalty, &request::repetition_penalty},
    {member::seed, &request::seed},
    {member::logit_bias, &request::logit_bias},
    {member::min_p, &request::min_p},
    {member::top_a, &request::top_a},
    {member::top_logprobs, &request::top_logprobs},
    {member::audio, &request::audio},
}};

// An e-mail address or a telephone number is refused.
bool looks_personal(std::string_view user) noexcept {
    if (user.contains('@')) return true;
    return user.find_first_not_of("+0123456789 ()-./") == user.npos;
}

std::string hash_of(std::string_view text) {
    std::uint64_t hash = 0xcbf2'9ce4'8422'2325U;  // FNV-1a
    for (const char c : text)
        hash = (hash ^ static_cast<unsigned char>(c)) * 0x0100'0000'01b3U;
    return fmt::format("user_{:016x}", hash);
}

class request_encoder {
public:
    request_encoder(const request& from, const encode_context& to, std::string& text)
        : from_{from}
        , to_{to}
        , text_{text}
        , out_{text}
        , rules_{rules_of(to.upstream_model)}
        , where_{hosting_of(to.row)}
        , tools_{from, to, rules_, where_}
        , turns_{arrange(from, to.dropped)} {
        const std::uint64_t most = rules_.most_output;
        max_tokens_ = std::min(from.max_tokens.value_or(std::min(most, default_output)), most);
        if (to.what != operation::count_tokens)
            thinking_ = plan_thinking(from, turns_, rules_, max_tokens_, to.dropped);
    }

    result<> run() {
        if (from_.n > 1) return refusal("n", "the model gives one choice; ask for each by itself.");
        if (auto known = tools_.check(); !known) return known;
        finish_turns();
        cache_marks marks{wanted()};
        if (!marks.all_stay()) to_.dropped.add(member::cache_control);
        out_.open();
        front();
        tools_.write(out_, marks, thinking_);
        system(marks);
        if (auto written = messages(marks); !written) return written;
        thinking();
        output_config();
        if (to_.what != operation::count_tokens) {
            sampling();
            accounting();
        }
        if (from_.cache != cache_mark::none && where_ == hosting::first_party)
            out_.name("cache_control").raw(control_of(from_.cache));
        leftovers();
        out_.close();
        return {};
    }

private:
    // A model that takes no beginning of its answer gets the user's word behind it.
    void finish_turns() {
        if (!turns_.ends_with_assistant()) return;
        const bool takes_prefill = rules_.prefill == feature::present && !thinking_.thinks() &&
                                   from_.format.kind != format_kind::json_schema;
        if (takes_prefill) return;
        to_.dropped.add("prefill");
        turns_.turns.push_back({speaker::user, static_cast<std::uint32_t>(turns_.blocks.size()), 1}
        );
        turns_.blocks.push_back({block_kind::placeholder, nullptr});
    }

    [[nodiscard]] cache_mark mark_at(std::size_t index) const noexcept {
        const block& one = turns_.blocks[index];
        const bool marks_whole = from_.cache != cache_mark::none &&
                                 where_ != hosting::first_party &&
                                 index + 1 == turns_.blocks.size();
        const auto own =
            one.kind == block_kind::part ? mark_of(from_, *one.what) : cache_mark::none;
        return marks_whole ? std::max(own, from_.cache) : own;
    }

    [[nodiscard]] wanted_marks wanted() const noexcept {
        wanted_marks all;
        all.in_front = tools_.marks();
        for (const part* one : turns_.system)
            all.in_front += one->cache != cache_mark::none ? 1 : 0;
        for (std::size_t i = 0; i < turns_.blocks.size(); ++i)
            all.on_messages += mark_at(i) != cache_mark::none ? 1 : 0;
        if (from_.cache != cache_mark::none && where_ == hosting::first_party) all.on_request = 1;
        return all;
    }

    void front() {
        const bool counts = to_.what == operation::count_tokens;
        if (where_ == hosting::vertex) out_.member("anthropic_version", "vertex-2023-10-16");
        if (where_ == hosting::bedrock) out_.member("anthropic_version", "bedrock-2023-05-31");
        if (where_ == hosting::first_party || (where_ == hosting::vertex && counts))
            out_.member("model", to_.upstream_model);
        if (counts) return;
        out_.member("max_tokens", static_cast<std::int64_t>(max_tokens_));
        if (from_.stream && where_ != hosting::bedrock) out_.name("stream").raw("true");
    }

    void system(cache_marks& marks) {
        const bool wants_json = from_.format.kind == format_kind::json_object;
        if (turns_.system.empty() && !wants_json) return;
        out_.name("system").raw("[");
        bool is_first = true;
        for (const part* one : turns_.system) {
            if (!is_first) out_.raw(",");
            is_first = false;
            out_.open().member("type", "text").member("text", one->text);
            marks.put_in_front(out_, one->cache);
            out_.close();
        }
        if (wants_json) {
            if (!is_first) out_.raw(",");
            out_.open().member("type", "text").member("text", json_wish).close();
        }
        out_.raw("]");
    }

    result<> messages(cache_marks& marks) {
        block_writer writes{from_, text_, marks, to_};
        out_.name("messages").raw("[");
        for (std::size_t i = 0; i < turns_.turns.size(); ++i) {
            const turn& one = turns_.turns[i];
            if (i > 0) out_.raw(",");
            out_.open().member("role", one.who == speaker::user ? "user" : "assistant");
            out_.name("content").raw("[");
            for (std::uint32_t at = one.first; at < one.first + one.count; ++at) {
                if (at > one.first) out_.raw(",");
                if (auto written = write_block(writes, at); !written) return written;
            }
            out_.raw("]").close();
        }
        out_.raw("]");
        return {};
    }

    // The beginning of an answer may not end in blanks.
    result<> write_block(block_writer& writes, std::size_t at) {
        const block& one = turns_.blocks[at];
        const bool is_beginning = turns_.ends_with_assistant() && at + 1 == turns_.blocks.size() &&
                                  one.kind == block_kind::part && one.what->kind == part_kind::text;
        if (!is_beginning) return writes.write(one, mark_at(at));
        writes.text(without_trailing_blanks(one.what->text), mark_at(at));
        return {};
    }

    void thinking() {
        switch (thinking_.form) {
        case thinking_form::unsaid: return;
        case thinking_form::disabled: out_.name("thinking").raw(R"({"type":"disabled"})"); return;
        case thinking_form::budget:
            out_.name("thinking").open().member("type", "enabled");
            out_.member("budget_tokens", std::int64_t{thinking_.budget}).close();
            return;
        case thinking_form::adaptive:
            out_.name("thinking").open().member("type", "adaptive");
            out_.member("display", thinking_.is_hidden ? "omitted" : "summarized").close();
            return;
        }
    }

    // OpenRouter lets verbosity stand in where no effort is asked for.
    [[nodiscard]] effort output_effort() const {
        if (thinking_.effort != effort::unset || from_.verbosity.empty()) return thinking_.effort;
        auto level = nearest(effort_named(from_.verbosity.raw), rules_.efforts);
        if (level == effort::unset) to_.dropped.add(member::verbosity);
        const bool is_above = level == effort::xhigh || level == effort::max;
        return thinking_.form == thinking_form::disabled && is_above ? effort::high : level;
    }

    void output_config() {
        const auto level = output_effort();
        const bool has_format = from_.format.kind == format_kind::json_schema &&
                                !from_.format.schema.empty() && !tools_.answers_by_tool();
        if (level == effort::unset && !has_format) return;
        out_.name("output_config").open();
        if (level != effort::unset) out_.member("effort", name_of(level));
        if (has_format) {
            out_.name("format").open().member("type", "json_schema");
            out_.member("schema", answer_schema(from_.format.schema, from_.made)).close();
        }
        out_.close();
    }

    void sampling() {
        std::vector<escaped> stops;
        for (const escaped one : from_.stop) {
            if (!is_blank(one)) stops.push_back(one);
        }
        if (!stops.empty()) {
            out_.name("stop_sequences").raw("[");
            for (std::size_t i = 0; i < stops.size(); ++i)
                out_.raw(i > 0 ? ",\"" : "\"").raw(stops[i].raw).raw("\"");
            out_.raw("]");
        }
        if (stops.size() < from_.stop.size()) to_.dropped.add(member::stop);
        const bool is_free = rules_.sampling != sampling_rule::refused && !thinking_.thinks();
        const bool is_second =
            rules_.sampling == sampling_rule::one_of_two && !from_.temperature.empty();
        number(
            from_.temperature, member::temperature, is_free ? feature::present : feature::absent
        );
        number(
            from_.top_p, member::top_p, is_free && !is_second ? feature::present : feature::absent
        );
        number(from_.top_k, member::top_k, is_free ? feature::present : feature::absent);
    }

    void number(raw_value number, member which, feature taken) {
        if (number.empty()) return;
        if (taken == feature::absent) return to_.dropped.add(which);
        double value = 0;
        std::from_chars(number.raw.data(), number.raw.data() + number.raw.size(), value);
        const bool is_above = which == member::temperature && value > 1;
        out_.name(name_of(which)).raw(is_above ? "1" : number.raw);
    }

    void accounting() {
        if (!from_.user.empty()) {
            const auto plain = from_.made.plain(from_.user);
            out_.name("metadata").open();
            if (plain.size() > longest_user || looks_personal(plain)) {
                out_.member("user_id", hash_of(plain));
            } else {
                out_.member("user_id", from_.user);
            }
            out_.close();
        }
        const auto tier = from_.service_tier.raw;
        if (tier.empty()) return;
        if (where_ != hosting::first_party || tier == "flex") {
            to_.dropped.add(member::service_tier);
        } else {
            const bool is_standard = tier == "default" || tier.starts_with("standard");
            out_.member("service_tier", is_standard ? "standard_only" : "auto");
        }
    }

    void leftovers() {
        for (const unknown_number& one : unknown_numbers) {
            if (!(from_.*one.where).empty()) to_.dropped.add(one.which);
        }
        if (from_.logprobs) to_.dropped.add(member::logprobs);
        if (!from_.prediction.empty()) to_.dropped.add("prediction");
        if (!from_.image_config.empty()) to_.dropped.add(member::image_config);
        if (!from_.safety_settings.empty()) to_.dropped.add("safety_settings");
        if (from_.modalities.raw.contains("image") || from_.modalities.raw.contains("audio"))
            to_.dropped.add(member::modalities);
        for (const extra_member& one : from_.extras) {
            const auto* known = std::ranges::find(own_extras, one.name);
            if (known == own_extras.end() || where_ != hosting::first_party) {
                to_.dropped.add(one.name);
            } else {
                out_.name(*known).raw(one.value.raw);
            }
        }
    }

    const request& from_;
    const encode_context& to_;
    std::string& text_;
    json::writer out_;
    const model_rules& rules_;
    const hosting where_;
    tools_encoder tools_;
    turn_list turns_;
    thinking_plan thinking_;
    std::uint64_t max_tokens_ = 0;
};

}  // namespace

result<> encode_request(const request& from, const encode_context& to, std::string& out) {
    return request_encoder{from, to, out}.run();
}

}  // namespace spillway::adapters::messages
