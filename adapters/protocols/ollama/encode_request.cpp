// The waist's request as Ollama's /api/chat.
#include "adapters/protocols/ollama/codec.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace spillway::adapters::ollama {

using namespace canonical;

namespace {

class request_encoder {
public:
    request_encoder(const request& from, const encode_context& to, std::string& out) noexcept
        : from_{from}
        , to_{to}
        , out_{out} {}

    result<> run() {
        if (from_.n > 1) {
            return make_problem(
                error_class::bad_request, "Ollama gives one answer only: n must be 1.", "n"
            );
        }
        out_.append("{\"model\":\"").append(to_.upstream_model).append("\",\"stream\":");
        out_.append(from_.stream ? "true" : "false").append(",\"messages\":[");
        for (const message& one : from_.messages) {
            if (!write(one)) return why_;
        }
        out_.push_back(']');
        if (auto refused = tools(); !refused) return refused;
        format();
        think();
        options();
        logprobs();
        rest();
        out_.push_back('}');
        return {};
    }

private:
    bool refuse(std::string_view message) {
        why_ = make_problem(error_class::bad_request, std::string{message}, "messages");
        return false;
    }

    // ---- messages

    bool write(const message& one) {
        const auto parts = from_.parts_of(one);
        if (one.role == role::tool) {
            for (const part& result : parts) {
                if (!tool_result(result)) return false;
            }
            return true;
        }
        const bool is_user = one.role == role::user;
        open(is_user ? "user" : one.role == role::assistant ? "assistant" : "system");
        const bool is_good = media(parts);
        contents(parts);
        thinking(parts);
        calls(parts);
        out_.push_back('}');
        return is_good;
    }

    void open(std::string_view role) {
        if (out_.back() != '[') out_.push_back(',');
        out_.append("{\"role\":\"").append(role).push_back('"');
    }

    void contents(std::span<const part> parts) {
        out_.append(",\"content\":\"");
        bool is_first = true;
        for (const part& one : parts) {
            const bool is_document =
                one.kind == part_kind::file && one.source.kind == source_kind::text;
            if (one.kind != part_kind::text && one.kind != part_kind::refusal && !is_document)
                continue;
            if (!is_first) out_.append("\\n");
            is_first = false;
            out_.append(is_document ? one.source.data.raw : one.text.raw);
        }
        out_.push_back('"');
    }

    bool media(std::span<const part> parts) {
        bool has_images = false;
        for (const part& one : parts) {
            const auto& source = one.source;
            if (source.kind == source_kind::none || source.kind == source_kind::text) continue;
            if (one.kind != part_kind::image) return refuse("Ollama takes text and images only.");
            if (source.kind != source_kind::base64) {
                return refuse("Ollama reads no addresses of images; send the data as a data: URL.");
            }
            out_.append(has_images ? ",\"" : ",\"images\":[\"");
            to_.longs.append(out_, source.data.raw);
            out_.push_back('"');
            has_images = true;
        }
        if (has_images) out_.push_back(']');
        return true;
    }

    void thinking(std::span<const part> parts) {
        bool is_open = false;
        for (const part& one : parts) {
            if (one.kind != part_kind::reasoning || one.text.empty()) continue;
            if (!is_open) out_.append(",\"thinking\":\"");
            is_open = true;
            out_.append(one.text.raw);
        }
        if (is_open) out_.push_back('"');
    }

    void calls(std::span<const part> parts) {
        bool is_open = false;
        for (const part& one : parts) {
            if (one.kind != part_kind::tool_call) continue;
            out_.append(is_open ? ",{" : ",\"tool_calls\":[{");
            is_open = true;
            if (!one.id.empty()) out_.append("\"id\":\"").append(one.id.raw).append("\",");
            out_.append("\"function\":{\"name\":\"").append(one.name.raw);
            out_.append("\",\"arguments\":").append(arguments_object(one, from_.made).raw);
            out_.append("}}");
        }
        if (is_open) out_.push_back(']');
    }

    bool tool_result(const part& result) {
        if (result.kind != part_kind::tool_result) return true;
        open("tool");
        const auto inside = from_.contents_of(result);
        const bool is_good = media(inside);
        contents(inside);
        const auto name = result.name.empty() ? name_of_call(result.id) : result.name;
        if (!name.empty()) out_.append(",\"tool_name\":\"").append(name.raw).push_back('"');
        if (!result.id.empty())
            out_.append(",\"tool_call_id\":\"").append(result.id.raw).push_back('"');
        out_.push_back('}');
        return is_good;
    }

    [[nodiscard]] escaped name_of_call(escaped id) const noexcept {
        const auto found = std::ranges::find_if(from_.parts, [id](const part& one) {
            return one.kind == part_kind::tool_call && one.id == id;
        });
        return found == from_.parts.end() ? escaped{} : found->name;
    }

    // ---- tools

    // There is no word for a choice: none offers nothing, and nothing can be forced.
    result<> tools() {
        const auto& choice = from_.tool_choice;
        bool is_open = false;
        for (const canonical::tool& one : from_.tools) {
            if (!one.server.empty()) {
                return make_problem(
                    error_class::bad_request,
                    fmt::format("Ollama cannot run the tool {}.", one.server_type.raw),
                    "tools"
                );
            }
            if (choice.mode == choice_mode::none || !is_offered(one)) continue;
            out_.append(is_open ? "," : ",\"tools\":[");
            is_open = true;
            tool(one);
        }
        if (is_open) out_.push_back(']');
        const bool is_forced =
            choice.mode == choice_mode::required || choice.mode == choice_mode::named;
        if (is_open && is_forced) to_.dropped.add(member::tool_choice);
        if (is_open && choice.parallel == tristate::no)
            to_.dropped.add(member::parallel_tool_calls);
        return {};
    }

    [[nodiscard]] bool is_offered(const canonical::tool& one) const noexcept {
        const auto& choice = from_.tool_choice;
        if (choice.mode == choice_mode::named) return one.name == choice.name;
        return choice.allowed.empty() ||
               std::ranges::find(choice.allowed, one.name) != choice.allowed.end();
    }

    void tool(const canonical::tool& one) {
        out_.append("{\"type\":\"function\",\"function\":{\"name\":\"").append(one.name.raw);
        out_.push_back('"');
        if (!one.description.empty())
            out_.append(",\"description\":\"").append(one.description.raw).push_back('"');
        out_.append(",\"parameters\":");
        if (one.is_free_text) {
            out_.append(
                R"({"type":"object","properties":{"input":{"type":"string"}},"required":["input"]})"
            );
        } else {
            out_.append(
                one.parameters.empty() ? R"({"type":"object","properties":{}})" : one.parameters.raw
            );
        }
        out_.append("}}");
    }

    void format() {
        const auto& wanted = from_.format;
        if (wanted.kind == format_kind::json_object) out_.append(",\"format\":\"json\"");
        if (wanted.kind != format_kind::json_schema) return;
        out_.append(",\"format\":");
        out_.append(wanted.schema.empty() ? "\"json\"" : wanted.schema.raw);
    }

    // gpt-oss knows levels and no switch; the others know the switch.
    void think() {
        const auto& wish = from_.reasoning;
        if (wish.exclude == tristate::yes) to_.dropped.add(member::include_reasoning);
        if (!wish.is_set()) return;
        if (!to_.upstream_model.contains("gpt-oss")) {
            out_.append(wish.is_off() ? ",\"think\":false" : ",\"think\":true");
            return;
        }
        auto level = wish.is_off() ? effort::low : wish.effort;
        if (level == effort::unset && wish.budget)
            level = effort_of(*wish.budget, from_.max_tokens.value_or(0));
        std::string_view word = "medium";
        if (level == effort::none || level == effort::minimal || level == effort::low) word = "low";
        if (level == effort::high || level == effort::xhigh || level == effort::max) word = "high";
        out_.append(",\"think\":\"").append(word).push_back('"');
    }

    // ---- options

    void option(std::string_view name, std::string_view raw) {
        if (raw.empty()) return;
        out_.append(has_options_ ? ",\"" : ",\"options\":{\"").append(name).append("\":");
        out_.append(raw);
        has_options_ = true;
    }

    void options() {
        if (from_.max_tokens) option("num_predict", fmt::format_int{*from_.max_tokens}.str());
        option("temperature", from_.temperature.raw);
        option("top_p", from_.top_p.raw);
        option("top_k", from_.top_k.raw);
        option("min_p", from_.min_p.raw);
        option("seed", from_.seed.raw);
        option("repeat_penalty", from_.repetition_penalty.raw);
        option("presence_penalty", from_.presence_penalty.raw);
        option("frequency_penalty", from_.frequency_penalty.raw);
        std::string stops;
        for (const escaped one : from_.stop)
            stops.append(stops.empty() ? "[\"" : ",\"").append(one.raw).push_back('"');
        if (!stops.empty()) stops.push_back(']');
        option("stop", stops);
        if (has_options_) out_.push_back('}');
    }

    void logprobs() {
        if (!from_.logprobs) return;
        out_.append(",\"logprobs\":true");
        if (!from_.top_logprobs.empty())
            out_.append(",\"top_logprobs\":").append(from_.top_logprobs.raw);
    }

    void rest() {
        if (!from_.top_a.empty()) to_.dropped.add(member::top_a);
        if (!from_.logit_bias.empty()) to_.dropped.add(member::logit_bias);
        if (!from_.modalities.empty()) to_.dropped.add(member::modalities);
        if (!from_.audio.empty()) to_.dropped.add(member::audio);
        if (!from_.image_config.empty()) to_.dropped.add(member::image_config);
        if (!from_.web_search.empty()) to_.dropped.add(member::web_search_options);
        if (!from_.prediction.empty()) to_.dropped.add("prediction");
        if (!from_.verbosity.empty()) to_.dropped.add(member::verbosity);
        for (const auto& one : from_.extras)
            to_.dropped.add(one.name);
    }

    const request& from_;
    const encode_context& to_;
    std::string& out_;
    problem why_;
    bool has_options_ = false;
};

}  // namespace

result<> encode_request(const request& from, const encode_context& to, std::string& out) {
    return request_encoder{from, to, out}.run();
}

}  // namespace spillway::adapters::ollama
