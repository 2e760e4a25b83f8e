// The waist's request as Google's generateContent (or countTokens), after the rules of the surface and the model.
#include "adapters/json/document.hpp"
#include "adapters/json/text.hpp"
#include "adapters/json/writer.hpp"
#include "adapters/protocols/gemini/codec.hpp"
#include "adapters/protocols/gemini/encode_contents.hpp"
#include "adapters/protocols/gemini/encode_tools.hpp"
#include "adapters/protocols/gemini/model_rules.hpp"
#include "adapters/protocols/gemini/schema.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace spillway::adapters::gemini {

using namespace canonical;

namespace {

constexpr std::size_t most_stops = 5;
constexpr std::size_t most_label = 63;

// Labels are small letters, digits, _ and -, and not long.
std::string label_of(std::string_view text) {
    std::string out{text.substr(0, most_label)};
    for (char& c : out) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
        const bool fits = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
        if (!fits) c = '_';
    }
    return out;
}

class request_encoder {
public:
    request_encoder(const request& from, const encode_context& to, std::string& out) noexcept
        : from_{from}
        , to_{to}
        , rules_{rules_of(to.upstream_model)}
        , is_vertex_{to.row.surface == google_surface::vertex}
        , out_{out}
        , tools_{from, to, rules_, out} {}

    result<> run() {
        const bool counts = to_.what == operation::count_tokens;
        const bool is_wrapped = counts && !is_vertex_;
        if (from_.n > 1 && from_.stream && !counts) {
            return make_problem(
                error_class::bad_request, "Google streams one candidate only: n must be 1.", "n"
            );
        }
        if (auto refused = tools_.check(); !refused) return refused;
        if (is_wrapped) {
            out_.append("{\"generateContentRequest\":{\"model\":\"models/");
            out_.append(to_.upstream_model).append("\",");
        } else {
            out_.push_back('{');
        }
        contents_encoder contents{from_, to_, rules_, out_};
        if (auto written = contents.run(); !written) return written;
        tools_.declare();
        if (!counts) settings();
        out_.append(is_wrapped ? "}}" : "}");
        return {};
    }

private:
    void settings() {
        tools_.configure();
        generation_config();
        if (!from_.safety_settings.empty())
            out_.append(",\"safetySettings\":").append(from_.safety_settings.raw);
        service_tier();
        labels();
        for (const auto& one : from_.extras)
            to_.dropped.add(one.name);
    }

    // ---- generationConfig

    void name(std::string_view label) {
        out_.append(has_settings_ ? ",\"" : ",\"generationConfig\":{\"");
        has_settings_ = true;
        out_.append(label).append("\":");
    }
    void setting(std::string_view label, std::string_view raw) {
        if (raw.empty()) return;
        name(label);
        out_.append(raw);
    }
    void setting(std::string_view label, std::uint64_t number) {
        setting(label, fmt::format_int{number}.str());
    }

    void generation_config() {
        sampling();
        format();
        thinking();
        modalities();
        if (has_settings_) out_.push_back('}');
    }

    void sampling() {
        if (from_.max_tokens) setting("maxOutputTokens", *from_.max_tokens);
        if (from_.n > 1) setting("candidateCount", from_.n);
        setting("temperature", from_.temperature.raw);
        setting("topP", from_.top_p.raw);
        if (from_.top_k.raw != "0") setting("topK", from_.top_k.raw);
        stops();
        seed();
        const bool has_penalties = rules_.has_penalties || (is_vertex_ && rules_.generation < 30);
        limited(member::presence_penalty, from_.presence_penalty, "presencePenalty", has_penalties);
        limited(
            member::frequency_penalty, from_.frequency_penalty, "frequencyPenalty", has_penalties
        );
        logprobs();
        limited(member::min_p, from_.min_p, {}, false);
        limited(member::top_a, from_.top_a, {}, false);
        limited(member::repetition_penalty, from_.repetition_penalty, {}, false);
        limited(member::logit_bias, from_.logit_bias, {}, false);
        if (!from_.verbosity.empty()) to_.dropped.add(member::verbosity);
        if (!from_.prediction.empty()) to_.dropped.add("prediction");
        if (from_.tool_choice.parallel == tristate::no && tools_.has_functions())
            to_.dropped.add(member::parallel_tool_calls);
    }

    void limited(member which, raw_value value, std::string_view label, bool is_taken) {
        if (value.empty()) return;
        if (is_taken) {
            setting(label, value.raw);
        } else if (value.raw != "0" && value.raw != "{}") {
            to_.dropped.add(which);
        }
    }

    void stops() {
        if (from_.stop.empty()) return;
        name("stopSequences");
        out_.push_back('[');
        for (std::size_t i = 0; i < std::min(most_stops, from_.stop.size()); ++i)
            out_.append("\"").append(from_.stop[i].raw).append("\",");
        out_.back() = ']';
        if (from_.stop.size() > most_stops) to_.dropped.add(member::stop);
    }

    // Thirty-two bits with a sign: a larger seed is folded, which is as good a seed.
    void seed() {
        constexpr std::uint64_t most = 0x7fff'ffff;
        const auto number = json::to_integer(from_.seed.raw);
        if (number && *number > most) {
            setting("seed", *number & most);
        } else {
            setting("seed", from_.seed.raw);
        }
    }

    void logprobs() {
        if (!from_.logprobs) return;
        if (!is_vertex_) return to_.dropped.add(member::logprobs);
        setting("responseLogprobs", "true");
        setting("logprobs", from_.top_logprobs.raw);
    }

    void format() {
        const auto& wanted = from_.format;
        if (wanted.kind == format_kind::unset || wanted.kind == format_kind::text) return;
        if (tools_.has_functions() && !rules_.mixes_tools)
            return to_.dropped.add(member::response_format);
        setting("responseMimeType", "\"application/json\"");
        if (wanted.kind != format_kind::json_schema || wanted.schema.empty()) return;
        const padded_text text{wanted.schema.raw};
        json::document read;
        if (!read.read(text.view())) return;
        name(rules_.has_json_schema ? "responseJsonSchema" : "responseSchema");
        if (rules_.has_json_schema) {
            write_known_members(read.root(), out_);
        } else {
            write_open_api(read.root(), out_);
        }
    }

    void thinking() {
        const auto& wish = from_.reasoning;
        const bool says_nothing = !wish.is_set() && wish.exclude == tristate::unset;
        if (says_nothing) return;
        if (rules_.thinking == thinking_control::none) {
            if (wish.is_set() && !wish.is_off()) to_.dropped.add(member::reasoning);
            return;
        }
        name("thinkingConfig");
        const bool shows = wish.exclude != tristate::yes && !wish.is_off();
        out_.append(shows ? "{\"includeThoughts\":true" : "{\"includeThoughts\":false");
        if (rules_.thinking == thinking_control::level) {
            thinking_level();
        } else {
            thinking_budget();
        }
        out_.push_back('}');
    }

    void thinking_level() {
        const auto& wish = from_.reasoning;
        auto level = wish.is_off() ? effort::none : wish.effort;
        if (level == effort::unset && wish.budget)
            level = effort_of(*wish.budget, from_.max_tokens.value_or(0));
        if (level == effort::unset) return;
        out_.append(",\"thinkingLevel\":\"").append(level_of(level, rules_)).push_back('"');
    }

    // Minus one: the model decides.
    void thinking_budget() {
        const auto& wish = from_.reasoning;
        constexpr std::uint64_t usual_output = 65'536;
        std::optional<std::uint64_t> budget;
        if (wish.is_off()) {
            budget = rules_.can_be_off ? 0 : rules_.least_budget;
        } else if (wish.budget) {
            budget = std::clamp(*wish.budget, rules_.least_budget, rules_.most_budget);
        } else if (wish.effort != effort::unset) {
            const auto share = budget_of(wish.effort, from_.max_tokens.value_or(usual_output));
            budget = std::clamp(share, rules_.least_budget, rules_.most_budget);
        }
        if (budget) {
            out_.append(",\"thinkingBudget\":").append(fmt::format_int{*budget}.str());
        } else if (wish.enabled == tristate::yes || wish.is_adaptive) {
            out_.append(",\"thinkingBudget\":-1");
        }
    }

    void modalities() {
        const padded_text text{from_.modalities.raw};
        json::document read;
        if (!from_.modalities.empty() && read.read(text.view()) && !read.root().is_empty()) {
            name("responseModalities");
            out_.push_back('[');
            for (const auto one : read.root().elements()) {
                std::string word{one.string().raw};
                for (char& c : word)
                    c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
                out_.append("\"").append(word).append("\",");
            }
            out_.back() = ']';
        }
        voice();
        image_config();
    }

    void voice() {
        const padded_text text{from_.audio.raw};
        json::document read;
        if (from_.audio.empty() || !read.read(text.view())) return;
        const auto voice = read.root()["voice"];
        if (!voice.is_string()) return;
        name("speechConfig");
        out_.append("{\"voiceConfig\":{\"prebuiltVoiceConfig\":{\"voiceName\":");
        out_.append(voice.raw()).append("}}}");
    }

    void image_config() {
        const padded_text text{from_.image_config.raw};
        json::document read;
        if (from_.image_config.empty() || !read.read(text.view())) return;
        const auto ratio = read.root()["aspect_ratio"];
        const auto size = read.root()["image_size"];
        if (!ratio.is_string() && !size.is_string()) return;
        name("imageConfig");
        out_.push_back('{');
        if (ratio.is_string()) out_.append("\"aspectRatio\":").append(ratio.raw());
        if (ratio.is_string() && size.is_string()) out_.push_back(',');
        if (size.is_string()) out_.append("\"imageSize\":").append(size.raw());
        out_.push_back('}');
    }

    // ---- beside it

    void service_tier() {
        const std::string_view tier = from_.service_tier.raw;
        if (tier.empty() || tier == "auto") return;
        const bool is_known = tier == "flex" || tier == "priority";
        if (is_vertex_ || (!is_known && tier != "default" && tier != "standard")) {
            if (tier != "default" && tier != "standard") to_.dropped.add(member::service_tier);
            return;
        }
        out_.append(",\"serviceTier\":\"").append(is_known ? tier : "standard").push_back('"');
    }

    void labels() {
        const padded_text text{from_.metadata.raw};
        json::document read;
        if (!is_vertex_ || from_.metadata.empty() || !read.read(text.view())) return;
        char before = '{';
        for (const auto [label, value] : read.root().members()) {
            if (!value.is_string()) continue;
            if (before == '{') out_.append(",\"labels\":");
            out_.push_back(before);
            before = ',';
            json::append_string(out_, label_of(label));
            out_.push_back(':');
            json::append_string(out_, label_of(from_.made.plain(value.string())));
        }
        if (before == ',') out_.push_back('}');
    }

    const request& from_;
    const encode_context& to_;
    const model_rules rules_;
    const bool is_vertex_;
    std::string& out_;
    tools_encoder tools_;
    bool has_settings_ = false;
};

}  // namespace

result<> encode_request(const request& from, const encode_context& to, std::string& out) {
    return request_encoder{from, to, out}.run();
}

}  // namespace spillway::adapters::gemini
