// The waist's request as a Converse body: after the rules of the model's family and what the plan decided.
#include "adapters/json/document.hpp"
#include "adapters/json/text.hpp"
#include "adapters/protocols/converse/codec.hpp"
#include "adapters/protocols/converse/encode_messages.hpp"
#include "adapters/protocols/converse/encode_tools.hpp"
#include "adapters/protocols/converse/spelled_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace spillway::adapters::converse {

using namespace canonical;

namespace {

// Between 0 and 1, in the client's spelling where it is.
std::string_view unit_number(raw_value number) noexcept {
    double value = 0;
    const auto [end, error] =
        std::from_chars(number.raw.data(), number.raw.data() + number.raw.size(), value);
    if (error != std::errc{}) return number.raw.starts_with('-') ? "0" : "1";
    if (value > 1) return "1";
    return value < 0 ? std::string_view{"0"} : number.raw;
}

bool is_metadata_text(escaped text) noexcept {
    constexpr std::size_t most = 256;
    const auto fits = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               std::string_view{" :_@$#=/+,.-"}.contains(c);
    };
    return text.raw.size() <= most && std::ranges::all_of(text.raw, fits);
}

class request_encoder {
public:
    request_encoder(const request& from, const encode_context& to, std::string& out)
        : from_{from}
        , to_{to}
        , out_{out}
        , plan_{from, to}
        , caches_{from, to, plan_.model} {}

    result<> run() {
        if (from_.n > 1) {
            return make_problem(
                error_class::bad_request,
                fmt::format("{} gives one answer a request.", to_.row.display_name),
                "n"
            );
        }
        out_.push_back('{');
        if (auto written = encode_tools(from_, to_, plan_, caches_, out_); !written) return written;
        message_writer writer{from_, to_, plan_, caches_, out_};
        writer.system();
        if (auto written = writer.messages(); !written) return written;
        inference();
        format();
        additional();
        tier();
        metadata();
        report_rest();
        out_.push_back('}');
        return {};
    }

private:
    // Members of an object that is only written if it has any.
    class object {
    public:
        object(std::string& out, std::string_view label) : out_{out}, begin_{out.size()} {
            out.append(",\"").append(label).append("\":{");
            first_ = out.size();
        }
        std::string& member(std::string_view label) {
            return out_.append("\"").append(label).append("\":");
        }
        void close() {
            if (out_.size() == first_) {
                out_.resize(begin_);
            } else {
                out_.back() = '}';
            }
        }

    private:
        std::string& out_;
        std::size_t begin_;
        std::size_t first_;
    };

    void inference() {
        object config{out_, "inferenceConfig"};
        if (plan_.max_tokens && *plan_.max_tokens > 0)
            config.member("maxTokens").append(fmt::format_int{*plan_.max_tokens}.str()).append(",");
        if (!from_.temperature.empty() && plan_.takes_temperature)
            config.member("temperature").append(unit_number(from_.temperature)).append(",");
        if (!from_.top_p.empty() && plan_.takes_top_p)
            config.member("topP").append(unit_number(from_.top_p)).append(",");
        stops(config);
        config.close();
    }

    void stops(object& config) {
        std::size_t count = 0;
        for (const escaped stop : from_.stop) {
            if (is_blank(stop)) continue;
            if (count == plan_.model.most_stops) return finish_stops(member::stop);
            if (count++ == 0) config.member("stopSequences").push_back('[');
            out_.append("\"").append(stop.raw).append("\",");
        }
        if (count > 0) finish_stops();
    }
    void finish_stops(member dropped) {
        to_.dropped.add(dropped);
        finish_stops();
    }
    void finish_stops() {
        out_.back() = ']';
        out_.push_back(',');
    }

    void format() {
        if (plan_.answer != answer_form::native) return;
        out_.append(
            R"(,"outputConfig":{"textFormat":{"type":"json_schema","structure":{"jsonSchema":{"schema":")"
        );
        const raw_value schema = from_.format.schema;
        out_.append(from_.made.quoted(schema.empty() ? R"({"type":"object"})" : schema.raw).raw);
        out_.push_back('"');
        if (!from_.format.name.empty())
            out_.append(",\"name\":\"").append(from_.format.name.raw).push_back('"');
        if (!from_.format.description.empty())
            out_.append(",\"description\":\"").append(from_.format.description.raw).push_back('"');
        out_.append("}}}}");
    }

    void additional() {
        object fields{out_, "additionalModelRequestFields"};
        thinking(fields);
        top_k(fields);
        parallel(fields);
        penalty(fields, "frequency_penalty", from_.frequency_penalty, member::frequency_penalty);
        penalty(fields, "presence_penalty", from_.presence_penalty, member::presence_penalty);
        penalty(fields, "seed", from_.seed, member::seed);
        fields.close();
        if (plan_.model.is_claude() && !from_.stop.empty())
            out_.append(R"(,"additionalModelResponseFieldPaths":["/stop_sequence"])");
    }

    void thinking(object& fields) {
        switch (plan_.thinking) {
        case thinking_form::unsaid: break;
        case thinking_form::disabled:
            fields.member("thinking").append(R"({"type":"disabled"},)");
            break;
        case thinking_form::budget:
            fields.member("thinking").append(R"({"type":"enabled","budget_tokens":)");
            out_.append(fmt::format_int{plan_.budget}.str()).append("},");
            break;
        case thinking_form::adaptive: adaptive(fields); break;
        case thinking_form::nova:
            fields.member("reasoningConfig").append(R"({"type":"enabled","maxReasoningEffort":")");
            out_.append(name_of(plan_.level)).append("\"},");
            return;
        case thinking_form::effort:
            fields.member("reasoning_effort").append("\"").append(name_of(plan_.level));
            out_.append("\",");
            return;
        }
        if (plan_.level == effort::unset) return;
        fields.member("output_config").append("{\"effort\":\"").append(name_of(plan_.level));
        out_.append("\"},");
    }

    // Those that refuse sampling hide their thoughts unless they are asked.
    void adaptive(object& fields) {
        fields.member("thinking").append(R"({"type":"adaptive")");
        if (plan_.claude.sampling == messages::sampling_rule::refused) {
            const bool is_hidden = from_.reasoning.exclude == tristate::yes;
            out_.append(",\"display\":\"")
                .append(is_hidden ? "omitted" : "summarized")
                .append("\"");
        }
        out_.append("},");
    }

    void top_k(object& fields) {
        if (from_.top_k.empty() || !plan_.takes_top_k) return;
        switch (plan_.model.top_k) {
        case top_k_place::none: return;
        case top_k_place::top_k: fields.member("top_k").append(from_.top_k.raw).append(","); return;
        case top_k_place::k: fields.member("k").append(from_.top_k.raw).append(","); return;
        case top_k_place::inference_config:
            fields.member("inferenceConfig").append("{\"topK\":").append(from_.top_k.raw);
            out_.append("},");
            return;
        }
    }

    // Converse has no word for one call at a time; Claude has.
    void parallel(object& fields) {
        if (from_.tool_choice.parallel != tristate::no || !plan_.has_own_tools) return;
        if (!plan_.model.is_claude()) return to_.dropped.add(member::parallel_tool_calls);
        fields.member("tool_choice").append("{\"type\":\"");
        switch (plan_.calls) {
        case call_form::automatic: out_.append("auto"); break;
        case call_form::any: out_.append("any"); break;
        case call_form::named:
            out_.append("tool\",\"name\":\"").append(from_.tool_choice.name.raw);
            break;
        }
        out_.append("\",\"disable_parallel_tool_use\":true},");
    }

    void penalty(object& fields, std::string_view label, raw_value value, member which) {
        if (value.empty()) return;
        if (plan_.model.penalties == feature::absent) return to_.dropped.add(which);
        fields.member(label).append(value.raw).append(",");
    }

    void tier() {
        const std::string_view tier = from_.service_tier.raw;
        if (tier.empty() || tier == "auto") return;
        const bool is_known =
            tier == "priority" || tier == "default" || tier == "flex" || tier == "reserved";
        if (!is_known) return to_.dropped.add(member::service_tier);
        out_.append(R"(,"serviceTier":{"type":")").append(tier).append("\"}");
    }

    // Nobody's answer depends on them: pairs that do not fit stay behind.
    void metadata() {
        if (from_.metadata.empty()) return;
        constexpr std::size_t most_pairs = 16;
        const padded_text padded{from_.metadata.raw};
        json::document read;
        if (!read.read(padded.view())) return;
        object pairs{out_, "requestMetadata"};
        std::size_t count = 0;
        for (const auto [name, value] : read.root().members()) {
            const bool fits = !name.empty() && value.is_string() && is_metadata_text({name}) &&
                              is_metadata_text(value.string());
            if (fits && count++ < most_pairs)
                pairs.member(name).append("\"").append(value.string().raw).append("\",");
        }
        pairs.close();
    }

    void report(member which, raw_value value) {
        if (!value.empty()) to_.dropped.add(which);
    }
    void report_rest() {
        report(member::min_p, from_.min_p);
        report(member::top_a, from_.top_a);
        report(member::repetition_penalty, from_.repetition_penalty);
        report(member::logit_bias, from_.logit_bias);
        if (from_.logprobs) to_.dropped.add(member::logprobs);
        report(member::top_logprobs, from_.top_logprobs);
        report(member::audio, from_.audio);
        report(member::image_config, from_.image_config);
        report(member::web_search_options, from_.web_search);
        if (from_.modalities.raw.contains("image") || from_.modalities.raw.contains("audio"))
            to_.dropped.add(member::modalities);
        if (!from_.prediction.empty()) to_.dropped.add("prediction");
        if (!from_.safety_settings.empty()) to_.dropped.add("safety_settings");
        if (!from_.verbosity.empty() && !plan_.model.is_claude())
            to_.dropped.add(member::verbosity);
        for (const extra_member& one : from_.extras)
            to_.dropped.add(one.name);
    }

    const request& from_;
    const encode_context& to_;
    std::string& out_;
    const plan plan_;
    cache_points caches_;
};

}  // namespace

result<> encode_request(const request& from, const encode_context& to, std::string& out) {
    return request_encoder{from, to, out}.run();
}

}  // namespace spillway::adapters::converse
