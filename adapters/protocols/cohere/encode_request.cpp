// The canonical request as a body of Cohere's chat API.
#include "adapters/base64.hpp"
#include "adapters/canonical/media.hpp"
#include "adapters/canonical/refusal.hpp"
#include "adapters/json/writer.hpp"
#include "adapters/protocols/cohere/codec.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

namespace spillway::adapters::cohere {

using namespace canonical;

namespace {

constexpr std::size_t most_stops = 5;
constexpr std::uint64_t output_for_budgets = 8'192;  // where the client sets no limit

// Models that think aloud, by a word in their names; others refuse to be told.
constexpr std::array<std::string_view, 2> thinkers{"reasoning", "a-plus"};

bool thinks(std::string_view model) noexcept {
    return std::ranges::any_of(thinkers, [&](std::string_view word) {
        return model.contains(word);
    });
}

struct number_row {
    member which;
    raw_value request::*from;
    std::string_view name;
    double least;
    double most;
};
constexpr std::array<number_row, 6> numbers{{
    {member::temperature, &request::temperature, "temperature", 0, 1},
    {member::top_p, &request::top_p, "p", 0.01, 0.99},
    {member::top_k, &request::top_k, "k", 0, 500},
    {member::frequency_penalty, &request::frequency_penalty, "frequency_penalty", 0, 1},
    {member::presence_penalty, &request::presence_penalty, "presence_penalty", 0, 1},
    {member::seed, &request::seed, "seed", 0, 18446744073709551615.0},
}};

struct unknown_row {
    member which;
    raw_value request::*from;
};
constexpr std::array<unknown_row, 7> unknown{{
    {member::repetition_penalty, &request::repetition_penalty},
    {member::logit_bias, &request::logit_bias},
    {member::min_p, &request::min_p},
    {member::top_a, &request::top_a},
    {member::top_logprobs, &request::top_logprobs},
    {member::audio, &request::audio},
    {member::web_search_options, &request::web_search},
}};

problem cannot(std::string_view message) {
    return refusal("messages", message);
}

class request_encoder {
public:
    request_encoder(const request& from, const encode_context& to, std::string& text)
        : from_{from}
        , to_{to}
        , text_{text}
        , out_{text}
        , thinks_{thinks(to.upstream_model)} {}

    result<> run() {
        if (from_.n > 1) return refusal("n", "the model gives one choice; ask for each by itself.");
        const bool is_formed = from_.format.kind == format_kind::json_object ||
                               from_.format.kind == format_kind::json_schema;
        if (is_formed && !from_.tools.empty())
            return refusal("response_format", "the model takes no format beside tools.");
        out_.open().member("model", to_.upstream_model);
        if (from_.stream) out_.name("stream").raw("true");
        out_.name("messages").raw("[");
        for (const message& one : from_.messages) {
            if (auto written = message_of(one); !written) return written;
        }
        out_.raw("]");
        tools();
        if (is_formed) format();
        sampling();
        reasoning();
        leftovers();
        out_.close();
        return {};
    }

private:
    void open_message(std::string_view who) {
        if (has_messages_) out_.raw(",");
        has_messages_ = true;
        out_.open().member("role", who);
    }

    result<> message_of(const message& one) {
        switch (one.role) {
        case role::system:
        case role::developer: return contents("system", one);
        case role::user: return contents("user", one);
        case role::assistant: assistant(one); return {};
        case role::tool: results(one); return {};
        }
        return {};
    }

    // Empty contents are refused: they are left out.
    result<> contents(std::string_view who, const message& one) {
        const auto parts = from_.parts_of(one);
        const auto is_said = [](const part& each) {
            return each.kind != part_kind::text || !each.text.empty();
        };
        const auto said = std::ranges::count_if(parts, is_said);
        if (said == 0) return {};
        open_message(who);
        if (parts.size() == 1 && parts.front().kind == part_kind::text) {
            out_.member("content", parts.front().text).close();
            return {};
        }
        out_.name("content").raw("[");
        bool is_first = true;
        for (const part& each : parts) {
            if (!is_said(each)) continue;
            if (!is_first) out_.raw(",");
            is_first = false;
            if (auto written = content(each); !written) return written;
        }
        out_.raw("]").close();
        return {};
    }

    void text(escaped what) { out_.open().member("type", "text").member("text", what).close(); }

    result<> content(const part& one) {
        switch (one.kind) {
        case part_kind::text:
        case part_kind::refusal: text(one.text); return {};
        case part_kind::image: return image(one.source);
        case part_kind::file: return file(one.source);
        case part_kind::audio: return cannot("the model takes no audio.");
        case part_kind::video: return cannot("the model takes no video.");
        case part_kind::reasoning:
        case part_kind::tool_call:
        case part_kind::tool_result: break;
        }
        return cannot("holds a content that has no place in this role.");
    }

    result<> image(const media_source& source) {
        if (source.kind != source_kind::base64 && source.kind != source_kind::url)
            return cannot("the model takes images as data: URLs and addresses only.");
        out_.open().member("type", "image_url").name("image_url").open();
        std::string url;
        append_url(url, source, "image/png", to_.longs);
        out_.member("url", escaped{url});
        if (!source.detail.empty()) out_.member("detail", source.detail);
        out_.close().close();
        return {};
    }

    result<> file(const media_source& source) {
        if (source.kind == source_kind::text) {
            text(source.data);
            return {};
        }
        std::string plain;
        if (source.kind != source_kind::base64 || !source.type.raw.starts_with("text/") ||
            !append_from_base64(plain, from_.made.plain(source.data))) {
            return cannot("the model takes files of text only.");
        }
        text(from_.made.quoted(plain));
        return {};
    }

    // A text beside calls is the plan that led to them.
    void assistant(const message& one) {
        const auto parts = from_.parts_of(one);
        const auto is_call = [](const part& each) {
            return each.kind == part_kind::tool_call;
        };
        const bool calls = std::ranges::any_of(parts, is_call);
        std::string plan;
        std::string content;
        json::writer to{content};
        const auto put = [&](std::string_view type, escaped what) {
            if (what.empty()) return;
            if (!content.empty()) to.raw(",");
            to.open().member("type", type).member(type, what).close();
        };
        for (const part& each : parts) {
            const bool is_text = each.kind == part_kind::text || each.kind == part_kind::refusal;
            if (each.kind == part_kind::reasoning && thinks_) put("thinking", each.text);
            if (is_text && calls) plan.append(each.text.raw);
            if (is_text && !calls) put("text", each.text);
            if (!is_text && !is_call(each) && each.kind != part_kind::reasoning)
                to_.dropped.add("messages.assistant.media");
        }
        if (!calls && content.empty()) return;
        open_message("assistant");
        if (!content.empty()) out_.name("content").raw("[").raw(content).raw("]");
        if (!plan.empty()) out_.member("tool_plan", escaped{plan});
        if (calls) tool_calls(parts);
        out_.close();
    }

    void tool_calls(std::span<const part> parts) {
        out_.name("tool_calls").raw("[");
        bool is_first = true;
        for (const part& each : parts) {
            if (each.kind != part_kind::tool_call) continue;
            if (!is_first) out_.raw(",");
            is_first = false;
            out_.open().member("id", each.id).member("type", "function").name("function").open();
            out_.member("name", each.name);
            out_.member("arguments", arguments_string(each, from_.made)).close().close();
        }
        out_.raw("]");
    }

    void results(const message& one) {
        for (const part& each : from_.parts_of(one)) {
            if (each.kind != part_kind::tool_result) continue;
            const auto contents = from_.contents_of(each);
            const auto is_text = [](const part& what) {
                return what.kind == part_kind::text;
            };
            if (!std::ranges::all_of(contents, is_text)) to_.dropped.add("messages.tool.media");
            const auto said = joined_text(contents, from_.made);
            open_message("tool");
            out_.member("tool_call_id", each.id);
            out_.member("content", said.empty() ? escaped{"(empty)"} : said).close();
        }
    }

    [[nodiscard]] bool is_chosen(const tool& one) const {
        const auto& choice = from_.tool_choice;
        if (choice.mode == choice_mode::named) return one.name == choice.name;
        return choice.allowed.empty() ||
               std::ranges::find(choice.allowed, one.name) != choice.allowed.end();
    }

    void tools() {
        bool is_first = true;
        bool is_strict = false;
        for (const tool& one : from_.tools) {
            if (!one.server.empty()) {
                to_.dropped.add(member::tools);
                continue;
            }
            if (!is_chosen(one)) continue;
            if (is_first) out_.name("tools").raw("[");
            if (!is_first) out_.raw(",");
            is_first = false;
            is_strict |= one.strict == tristate::yes;
            function(one);
        }
        if (is_first) return;
        out_.raw("]");
        if (is_strict) out_.name("strict_tools").raw("true");
        const auto mode = from_.tool_choice.mode;
        if (mode == choice_mode::required || mode == choice_mode::named)
            out_.member("tool_choice", "REQUIRED");
        if (mode == choice_mode::none) out_.member("tool_choice", "NONE");
        if (from_.tool_choice.parallel == tristate::no)
            to_.dropped.add(member::parallel_tool_calls);
    }

    void function(const tool& one) {
        constexpr std::string_view free_text =
            R"({"type":"object","properties":{"input":{"type":"string"}},"required":["input"]})";
        constexpr std::string_view nothing = R"({"type":"object","properties":{}})";
        out_.open().member("type", "function").name("function").open().member("name", one.name);
        if (!one.description.empty()) out_.member("description", one.description);
        const auto schema = one.parameters.empty() ? nothing : one.parameters.raw;
        out_.name("parameters").raw(one.is_free_text ? free_text : schema).close().close();
    }

    void format() {
        out_.name("response_format").open().member("type", "json_object");
        if (from_.format.kind == format_kind::json_schema && !from_.format.schema.empty())
            out_.member("json_schema", from_.format.schema);
        out_.close();
    }

    void sampling() {
        if (from_.max_tokens)
            out_.member("max_tokens", static_cast<std::int64_t>(*from_.max_tokens));
        if (!from_.stop.empty()) {
            out_.name("stop_sequences").raw("[");
            const auto count = std::min(from_.stop.size(), most_stops);
            for (std::size_t i = 0; i < count; ++i)
                out_.raw(i > 0 ? ",\"" : "\"").raw(from_.stop[i].raw).raw("\"");
            out_.raw("]");
            if (count < from_.stop.size()) to_.dropped.add(member::stop);
        }
        for (const number_row& row : numbers) {
            const auto number = (from_.*row.from).raw;
            if (number.empty()) continue;
            double value = 0;
            std::from_chars(number.data(), number.data() + number.size(), value);
            out_.name(row.name);
            if (value < row.least || value > row.most) {
                fmt::format_to(
                    std::back_inserter(text_), "{}", std::clamp(value, row.least, row.most)
                );
            } else {
                out_.raw(number);
            }
        }
        if (from_.logprobs) out_.name("logprobs").raw("true");
    }

    void reasoning() {
        const auto& wish = from_.reasoning;
        if (!wish.is_set()) return;
        if (!thinks_) {
            if (!wish.is_off()) to_.dropped.add(member::reasoning);
            return;
        }
        out_.name("thinking").open().member("type", wish.is_off() ? "disabled" : "enabled");
        if (!wish.is_off()) {
            const auto most = from_.max_tokens.value_or(output_for_budgets);
            const auto budget = wish.budget.value_or(budget_of(wish.effort, most));
            if (budget > 0) out_.member("token_budget", std::int64_t{budget});
        }
        out_.close();
    }

    void leftovers() {
        for (const unknown_row& row : unknown) {
            if (!(from_.*row.from).empty()) to_.dropped.add(row.which);
        }
        if (!from_.prediction.empty()) to_.dropped.add("prediction");
        if (!from_.image_config.empty()) to_.dropped.add(member::image_config);
        if (!from_.safety_settings.empty()) to_.dropped.add("safety_settings");
        if (!from_.service_tier.empty()) to_.dropped.add(member::service_tier);
        if (!from_.verbosity.empty()) to_.dropped.add(member::verbosity);
        if (from_.modalities.raw.contains("image") || from_.modalities.raw.contains("audio"))
            to_.dropped.add(member::modalities);
        for (const extra_member& one : from_.extras)
            to_.dropped.add(one.name);
    }

    const request& from_;
    const encode_context& to_;
    std::string& text_;
    json::writer out_;
    const bool thinks_;
    bool has_messages_ = false;
};

}  // namespace

result<> encode_request(const request& from, const encode_context& to, std::string& out) {
    return request_encoder{from, to, out}.run();
}

}  // namespace spillway::adapters::cohere
