// The waist's request as a body for /responses. Nothing is stored there; what the model must see again of its own
// thoughts comes back encrypted.
#include "adapters/canonical/media.hpp"
#include "adapters/json/document.hpp"
#include "adapters/protocols/responses/codec.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace spillway::adapters::responses {

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
            why_ = make_problem(
                error_class::bad_request,
                fmt::format("{} gives one answer a request.", to_.row.display_name),
                "n"
            );
            return why_;
        }
        out_.append("{\"model\":\"").append(to_.upstream_model).append("\",\"input\":[");
        const auto first = out_.size();
        for (const auto& one : from_.messages) {
            if (!message(one)) return why_;
        }
        if (out_.size() > first) out_.pop_back();
        out_.append("],\"store\":").append(from_.store == tristate::yes ? "true" : "false");
        if (from_.stream) out_.append(",\"stream\":true");
        limits();
        tools();
        if (!tool_choice()) return why_;
        text();
        reasoning();
        plain();
        dropped();
        out_.push_back('}');
        return {};
    }

private:
    bool refuse(std::string_view what, std::string_view param) {
        why_ = make_problem(
            error_class::bad_request,
            fmt::format("{} cannot be sent {}.", to_.row.display_name, what),
            param
        );
        return false;
    }

    // Each item ends with the comma behind it.
    bool message(const canonical::message& one) {
        const auto all = from_.parts_of(one);
        switch (one.role) {
        case role::system: return said("system", "input_text", all);
        case role::developer: return said("developer", "input_text", all);
        case role::user: return said("user", "input_text", all);
        case role::assistant: return assistant(all);
        case role::tool: return results(all);
        }
        return true;
    }

    static bool is_content(const part& one) noexcept {
        return one.kind != part_kind::reasoning && one.kind != part_kind::tool_call &&
               one.kind != part_kind::tool_result && !(is_text(one) && one.text.empty());
    }
    static bool is_text(const part& one) noexcept {
        return one.kind == part_kind::text || one.kind == part_kind::refusal;
    }

    bool said(std::string_view who, std::string_view text_type, std::span<const part> all) {
        if (std::ranges::none_of(all, is_content)) return true;
        out_.append(R"({"type":"message","role":")").append(who).append(R"(","content":[)");
        for (const part& one : all) {
            if (is_content(one) && !content(one, text_type)) return false;
        }
        out_.back() = ']';
        out_.append("},");
        return true;
    }

    bool content(const part& one, std::string_view text_type) {
        switch (one.kind) {
        case part_kind::text: return word(text_type, "text", one.text);
        case part_kind::refusal: return word("refusal", "refusal", one.text);
        case part_kind::image:
            out_.append(R"({"type":"input_image",")");
            if (one.source.kind == source_kind::file_id) {
                out_.append("file_id\":\"").append(one.source.data.raw);
            } else {
                out_.append("image_url\":\"");
                append_url(out_, one.source, "image/png", to_.longs);
            }
            out_.append("\",\"detail\":\"");
            out_.append(one.source.detail.empty() ? "auto" : one.source.detail.raw).append("\"},");
            return true;
        case part_kind::file: return file(one.source);
        case part_kind::audio: return refuse("audio", "messages");
        case part_kind::video: return refuse("a video", "messages");
        case part_kind::reasoning:
        case part_kind::tool_call:
        case part_kind::tool_result: return true;
        }
        return true;
    }

    bool word(std::string_view type, std::string_view name, escaped text) {
        out_.append("{\"type\":\"").append(type).append("\",\"").append(name).append("\":\"");
        out_.append(text.raw).append("\"},");
        return true;
    }

    bool file(const media_source& source) {
        if (source.kind == source_kind::text) return word("input_text", "text", source.data);
        out_.append(R"({"type":"input_file",")");
        if (source.kind == source_kind::file_id) {
            out_.append("file_id\":\"").append(source.data.raw);
        } else if (source.kind == source_kind::url) {
            out_.append("file_url\":\"").append(source.data.raw);
        } else {
            out_.append("filename\":\"");
            out_.append(source.name.empty() ? "document.pdf" : source.name.raw);
            out_.append("\",\"file_data\":\"");
            append_url(out_, source, "application/pdf", to_.longs);
        }
        out_.append("\"},");
        return true;
    }

    // Thoughts, then words, then calls: the order in which the model made them.
    bool assistant(std::span<const part> all) {
        thoughts(all);
        if (!said_by_assistant(all)) return false;
        for (const part& one : all) {
            if (one.kind == part_kind::tool_call) call(one);
        }
        return true;
    }

    bool said_by_assistant(std::span<const part> all) {
        if (std::ranges::none_of(all, [](const part& one) {
                return is_text(one) && is_content(one);
            }))
            return true;
        out_.append(R"({"type":"message","role":"assistant","content":[)");
        for (const part& one : all) {
            if (is_text(one) && is_content(one) && !content(one, "output_text")) return false;
        }
        out_.back() = ']';
        out_.append("},");
        return true;
    }

    // Only what this maker encrypted; summaries belong to the block behind them.
    void thoughts(std::span<const part> all) {
        std::string summary;
        for (const part& one : all) {
            if (one.kind != part_kind::reasoning) continue;
            if (one.thought == reasoning_kind::summary) {
                if (!summary.empty()) summary.push_back(',');
                summary.append(R"({"type":"summary_text","text":")");
                summary.append(one.text.raw).append("\"}");
                continue;
            }
            const bool is_ours =
                one.thought == reasoning_kind::encrypted && !one.data.empty() &&
                (one.format == reasoning_format::openai || one.format == reasoning_format::xai);
            if (is_ours) {
                out_.append(R"({"type":"reasoning",)");
                if (!one.id.empty()) out_.append("\"id\":\"").append(one.id.raw).append("\",");
                out_.append("\"summary\":[").append(summary);
                out_.append("],\"encrypted_content\":\"").append(one.data.raw).append("\"},");
            }
            summary.clear();
        }
    }

    [[nodiscard]] bool is_free_text(escaped tool) const noexcept {
        return std::ranges::any_of(from_.tools, [tool](const auto& one) {
            return one.is_free_text && one.name == tool;
        });
    }

    void call(const part& one) {
        const bool is_custom = is_free_text(one.name);
        out_.append(is_custom ? R"({"type":"custom_tool_call")" : R"({"type":"function_call")");
        out_.append(",\"call_id\":\"").append(one.id.raw);
        out_.append("\",\"name\":\"").append(one.name.raw);
        if (is_custom) {
            const padded_text object{arguments_object(one, from_.made).raw};
            json::document read;
            const bool is_read = read.read(object.view());
            out_.append("\",\"input\":\"");
            if (is_read) out_.append(read.root()["input"].string().raw);
        } else {
            out_.append("\",\"arguments\":\"").append(arguments_string(one, from_.made).raw);
        }
        out_.append("\"},");
    }

    [[nodiscard]] bool answers_free_text(escaped id) const noexcept {
        return std::ranges::any_of(from_.parts, [&](const part& one) {
            return one.kind == part_kind::tool_call && one.id == id && is_free_text(one.name);
        });
    }

    bool results(std::span<const part> all) {
        for (const part& one : all) {
            if (one.kind != part_kind::tool_result) continue;
            out_.append(
                answers_free_text(one.id) ? R"({"type":"custom_tool_call_output","call_id":")"
                                          : R"({"type":"function_call_output","call_id":")"
            );
            out_.append(one.id.raw).append("\",\"output\":");
            const auto contents = from_.contents_of(one);
            if (std::ranges::all_of(contents, is_text)) {
                out_.append("\"").append(joined_text(contents, from_.made).raw).append("\"},");
                continue;
            }
            out_.push_back('[');
            for (const part& each : contents) {
                if (is_content(each) && !content(each, "input_text")) return false;
            }
            out_.back() = ']';
            out_.append("},");
        }
        return true;
    }

    void limits() {
        constexpr std::uint64_t least = 16;
        if (from_.max_tokens) {
            out_.append(",\"max_output_tokens\":");
            out_.append(fmt::format_int{std::max(least, *from_.max_tokens)}.str());
        }
        out_.append(",\"include\":[\"reasoning.encrypted_content\"");
        if (from_.logprobs) out_.append(",\"message.output_text.logprobs\"");
        out_.push_back(']');
        raw("top_logprobs", from_.top_logprobs);
        raw("temperature", from_.temperature);
        raw("top_p", from_.top_p);
    }

    void raw(std::string_view name, raw_value value) {
        if (!value.empty()) out_.append(",\"").append(name).append("\":").append(value.raw);
    }
    void quoted(std::string_view name, escaped value) {
        if (value.empty()) return;
        out_.append(",\"").append(name).append("\":\"").append(value.raw).push_back('"');
    }
    static std::string_view flag(tristate value) noexcept {
        return value == tristate::yes ? "true" : "false";
    }

    void tools() {
        const auto first = out_.size();
        out_.append(",\"tools\":[");
        bool any = false;
        bool searches = !from_.web_search.empty();
        for (const auto& one : from_.tools) {
            if (!one.server.empty()) {
                searches |= one.server_type.raw.find("web_search") != std::string_view::npos;
                if (one.server_type.raw.find("web_search") == std::string_view::npos)
                    to_.dropped.add(member::tools);
                continue;
            }
            any = true;
            tool(one);
        }
        if (searches) out_.append(R"({"type":"web_search"},)");
        has_tools_ = any || searches;
        if (has_tools_) {
            out_.back() = ']';
        } else {
            out_.resize(first);
        }
    }

    void tool(const canonical::tool& one) {
        out_.append(
            one.is_free_text ? R"({"type":"custom","name":")" : R"({"type":"function","name":")"
        );
        out_.append(one.name.raw).push_back('"');
        quoted("description", one.description);
        if (!one.is_free_text) {
            out_.append(",\"parameters\":");
            out_.append(
                one.parameters.empty() ? R"({"type":"object","properties":{}})" : one.parameters.raw
            );
            // Strict is the default here, and no schema that was not written for it would pass.
            out_.append(",\"strict\":").append(flag(one.strict));
        }
        out_.append("},");
    }

    void tool_name(escaped name) {
        out_.append(
            is_free_text(name) ? R"({"type":"custom","name":")" : R"({"type":"function","name":")"
        );
        out_.append(name.raw).append("\"}");
    }

    bool tool_choice() {
        const auto& choice = from_.tool_choice;
        if (!has_tools_) return true;
        if (choice.parallel != tristate::unset)
            out_.append(",\"parallel_tool_calls\":").append(flag(choice.parallel));
        if (!choice.allowed.empty()) {
            const bool is_required = choice.mode == choice_mode::required;
            out_.append(R"(,"tool_choice":{"type":"allowed_tools","mode":")");
            out_.append(is_required ? "required" : "auto").append("\",\"tools\":[");
            for (const auto name : choice.allowed) {
                tool_name(name);
                out_.push_back(',');
            }
            out_.back() = ']';
            out_.push_back('}');
            return true;
        }
        switch (choice.mode) {
        case choice_mode::unset: return true;
        case choice_mode::automatic: out_.append(",\"tool_choice\":\"auto\""); return true;
        case choice_mode::none: out_.append(",\"tool_choice\":\"none\""); return true;
        case choice_mode::required: out_.append(",\"tool_choice\":\"required\""); return true;
        case choice_mode::named:
            out_.append(",\"tool_choice\":");
            tool_name(choice.name);
            return true;
        }
        return true;
    }

    void text() {
        const auto& wanted = from_.format;
        if (wanted.kind == format_kind::unset && from_.verbosity.empty()) return;
        out_.append(",\"text\":{");
        if (wanted.kind == format_kind::text) out_.append(R"("format":{"type":"text"})");
        if (wanted.kind == format_kind::json_object)
            out_.append(R"("format":{"type":"json_object"})");
        if (wanted.kind == format_kind::json_schema) {
            out_.append(R"("format":{"type":"json_schema","name":")");
            out_.append(wanted.name.empty() ? "answer" : wanted.name.raw).push_back('"');
            quoted("description", wanted.description);
            raw("schema", wanted.schema);
            if (wanted.strict != tristate::unset)
                out_.append(",\"strict\":").append(flag(wanted.strict));
            out_.push_back('}');
        }
        if (!from_.verbosity.empty()) {
            if (wanted.kind != format_kind::unset) out_.push_back(',');
            out_.append("\"verbosity\":\"").append(from_.verbosity.raw).push_back('"');
        }
        out_.push_back('}');
    }

    void reasoning() {
        const auto& wish = from_.reasoning;
        if (wish.exclude == tristate::yes) to_.dropped.add(member::include_reasoning);
        auto level = wish.effort;
        if (level == effort::unset && wish.budget)
            level = effort_of(*wish.budget, from_.max_tokens.value_or(0));
        if (level == effort::unset && wish.is_set() && !wish.is_off()) level = effort::medium;
        if (level == effort::unset && wish.summary.empty()) return;
        out_.append(",\"reasoning\":{");
        if (level != effort::unset)
            out_.append("\"effort\":\"").append(name_of(level)).append("\",");
        if (!wish.summary.empty())
            out_.append("\"summary\":\"").append(wish.summary.raw).append("\",");
        out_.back() = '}';
    }

    void plain() {
        quoted("user", from_.user);
        quoted("service_tier", from_.service_tier);
        quoted("prompt_cache_key", from_.prompt_cache_key);
        quoted("safety_identifier", from_.safety_identifier);
        raw("metadata", from_.metadata);
    }

    // What this protocol has no word for.
    void dropped() {
        const auto report = [this](member which, bool is_there) {
            if (is_there) to_.dropped.add(which);
        };
        report(member::stop, !from_.stop.empty());
        report(member::seed, !from_.seed.empty());
        report(member::top_k, !from_.top_k.empty());
        report(member::min_p, !from_.min_p.empty());
        report(member::top_a, !from_.top_a.empty());
        report(member::frequency_penalty, !from_.frequency_penalty.empty());
        report(member::presence_penalty, !from_.presence_penalty.empty());
        report(member::repetition_penalty, !from_.repetition_penalty.empty());
        report(member::logit_bias, !from_.logit_bias.empty());
        report(member::modalities, !from_.modalities.empty());
        report(member::audio, !from_.audio.empty());
        report(member::image_config, !from_.image_config.empty());
        if (!from_.prediction.empty()) to_.dropped.add("prediction");
        for (const auto& one : from_.extras)
            to_.dropped.add(one.name);
    }

    const request& from_;
    const encode_context& to_;
    std::string& out_;
    bool has_tools_ = false;
    problem why_;
};

}  // namespace

result<> encode_request(const request& from, const encode_context& to, std::string& out) {
    return request_encoder{from, to, out}.run();
}

}  // namespace spillway::adapters::responses
