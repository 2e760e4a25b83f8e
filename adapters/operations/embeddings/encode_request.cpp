#include "adapters/operations/embeddings/encode_request.hpp"

#include "adapters/canonical/media.hpp"
#include "adapters/json/writer.hpp"

#include <fmt/format.h>

#include <string_view>
#include <utility>

namespace spillway::adapters::embeddings {

namespace {

using canonical::source_kind;

constexpr std::string_view line_break = "\\n";

problem refusal(std::string_view param, std::string message) {
    auto why = make_problem(error_class::bad_request, std::move(message), param);
    why.type = "invalid_request_error";
    return why;
}

class request_encoder {
public:
    request_encoder(
        const embedding_request& from,
        wire what,
        const canonical::encode_context& to,
        std::string& out
    ) noexcept
        : from_{from}
        , what_{what}
        , to_{to}
        , text_{out}
        , out_{out} {}

    result<> run() {
        if (auto why = unfit()) return std::move(*why);
        for (const auto name : from_.others)
            to_.dropped.add(name);
        if (!from_.title.empty() && !takes_titles()) to_.dropped.add("title");
        switch (what_) {
        case wire::openai: openai(); break;
        case wire::google_batch: google_batch(); break;
        case wire::vertex_one: vertex_one(); break;
        case wire::vertex_many: vertex_many(); break;
        case wire::cohere:
        case wire::bedrock_cohere: cohere(); break;
        case wire::ollama: ollama(); break;
        case wire::titan: titan(); break;
        case wire::none: std::unreachable();
        }
        return {};
    }

private:
    // ---- what the target cannot do at all

    std::optional<problem> unfit() const {
        const auto most = most_inputs(what_, to_.upstream_model);
        if (most != 0 && from_.inputs.size() > most) {
            return refusal(
                "input",
                fmt::format(
                    "{} takes {} of {} a request; {} were sent.",
                    to_.upstream_model,
                    most == 1 ? std::string{"one input"} : fmt::format("{} inputs", most),
                    to_.row.display_name,
                    from_.inputs.size()
                )
            );
        }
        const bool is_cohere = what_ == wire::cohere || what_ == wire::bedrock_cohere;
        if (!from_.forms.is_float() && !is_cohere) {
            return refusal(
                "embedding_types",
                fmt::format("{} gives floats, which can be base64, only.", to_.row.display_name)
            );
        }
        return unfit_image();
    }

    std::optional<problem> unfit_image() const {
        if (!from_.has_images()) return std::nullopt;
        const bool takes_images = what_ == wire::cohere || what_ == wire::google_batch ||
                                  what_ == wire::vertex_one || what_ == wire::bedrock_cohere ||
                                  (what_ == wire::openai && to_.row.takes_openrouter_members);
        if (!takes_images) {
            return refusal(
                "input", fmt::format("{} embeds texts, no images.", to_.row.display_name)
            );
        }
        if (what_ == wire::openai) return std::nullopt;
        for (const content& one : from_.contents) {
            if (one.kind != content_kind::image || one.image.kind == source_kind::base64) continue;
            return refusal(
                "input",
                fmt::format(
                    "{} fetches no images; send the image itself as a data: URL.",
                    to_.row.display_name
                )
            );
        }
        return std::nullopt;
    }

    [[nodiscard]] bool takes_titles() const noexcept {
        return what_ == wire::google_batch || what_ == wire::vertex_one ||
               what_ == wire::vertex_many;
    }

    // ---- parts that several have

    // All texts of an input in one, a line each.
    void append_text(const input& of) {
        bool is_first = true;
        text_.push_back('"');
        for (const content& one : from_.contents_of(of)) {
            if (!is_first) text_.append(line_break);
            text_.append(one.text.raw);
            is_first = false;
        }
        text_.push_back('"');
    }

    void text_list() {
        const char* comma = "";
        text_.push_back('[');
        for (const input& one : from_.inputs) {
            text_.append(std::exchange(comma, ","));
            append_text(one);
        }
        text_.push_back(']');
    }

    void dimensions(std::string_view name) {
        if (from_.dimensions) out_.member(name, static_cast<std::int64_t>(*from_.dimensions));
    }

    void drop_purpose() const {
        if (from_.what_for != purpose::unset) to_.dropped.add("input_type");
    }
    // What is too long is an error there.
    void drop_cut() const {
        if (from_.cut == truncation::start || from_.cut == truncation::end)
            to_.dropped.add("truncate");
    }

    // {"type":"text"…} and {"type":"image_url"…}.
    void content_list(const input& of) {
        const char* comma = "";
        text_.append("{\"content\":[");
        for (const content& one : from_.contents_of(of)) {
            text_.append(std::exchange(comma, ","));
            if (one.kind == content_kind::text) {
                text_.append("{\"type\":\"text\",\"text\":\"").append(one.text.raw).append("\"}");
            } else {
                text_.append("{\"type\":\"image_url\",\"image_url\":{\"url\":\"");
                canonical::append_url(text_, one.image, "image/png");
                text_.append("\"}}");
            }
        }
        text_.append("]}");
    }

    void content_lists() {
        const char* comma = "";
        text_.push_back('[');
        for (const input& one : from_.inputs) {
            text_.append(std::exchange(comma, ","));
            content_list(one);
        }
        text_.push_back(']');
    }

    // ---- OpenAI and those like it

    // The name the provider has for it.
    [[nodiscard]] std::string_view name_of_dimensions() const noexcept {
        for (const parameter_rule& rule : to_.row.parameters) {
            if (rule.which == member::dimensions && rule.action == rule_action::rename)
                return rule.to;
        }
        return "dimensions";
    }

    void openai() {
        out_.open().member("model", to_.upstream_model).name("input");
        if (from_.has_images()) {
            content_lists();
        } else if (from_.inputs.size() == 1) {
            append_text(from_.inputs.front());
        } else {
            text_list();
        }
        out_.member(
            "encoding_format", from_.forms.is_only(vector_form::base64) ? "base64" : "float"
        );
        dimensions(name_of_dimensions());
        if (to_.row.takes_openrouter_members && from_.what_for != purpose::unset) {
            out_.member("input_type", words_of(from_.what_for).plain);
        } else {
            drop_purpose();
        }
        drop_cut();
        out_.close();
    }

    // ---- Google

    void google_content(const input& of) {
        const char* comma = "";
        out_.name("content").raw("{\"parts\":[");
        for (const content& one : from_.contents_of(of)) {
            text_.append(std::exchange(comma, ","));
            if (one.kind == content_kind::text) {
                text_.append("{\"text\":\"").append(one.text.raw).append("\"}");
            } else {
                const auto type = one.image.type.empty() ? "image/png" : one.image.type.raw;
                text_.append("{\"inlineData\":{\"mimeType\":\"").append(type);
                text_.append("\",\"data\":\"").append(one.image.data.raw).append("\"}}");
            }
        }
        text_.append("]}");
    }

    void google_settings() {
        if (from_.what_for != purpose::unset)
            out_.member("taskType", words_of(from_.what_for).google);
        if (!from_.title.empty()) out_.member("title", from_.title);
        dimensions("outputDimensionality");
    }

    void google_batch() {
        const char* comma = "";
        text_.append("{\"requests\":[");
        for (const input& one : from_.inputs) {
            text_.append(std::exchange(comma, ","));
            out_.open().name("model").raw("\"models/").raw(to_.upstream_model).raw("\"");
            google_content(one);
            google_settings();
            out_.close();
        }
        text_.append("]}");
        if (from_.cut == truncation::start || from_.cut == truncation::none)
            to_.dropped.add("truncate");
    }

    void vertex_one() {
        out_.open();
        google_content(from_.inputs.front());
        google_settings();
        vertex_cut();
        out_.close();
    }

    void vertex_cut() {
        if (from_.cut == truncation::none) out_.name("autoTruncate").raw("false");
        if (from_.cut == truncation::start) to_.dropped.add("truncate");
    }

    void vertex_many() {
        const char* comma = "";
        text_.append("{\"instances\":[");
        for (const input& one : from_.inputs) {
            text_.append(std::exchange(comma, ","));
            out_.open().name("content");
            append_text(one);
            if (from_.what_for != purpose::unset)
                out_.member("task_type", words_of(from_.what_for).google);
            if (!from_.title.empty()) out_.member("title", from_.title);
            out_.close();
        }
        text_.append("],\"parameters\":");
        out_.open();
        dimensions("outputDimensionality");
        vertex_cut();
        out_.close();
        text_.push_back('}');
    }

    // ---- Cohere, and at Amazon the same without the model's name

    void cohere() {
        out_.open();
        if (what_ == wire::cohere) out_.member("model", to_.upstream_model);
        if (from_.has_images()) {
            out_.name("inputs");
            content_lists();
        } else {
            out_.name("texts");
            text_list();
        }
        cohere_purpose();
        cohere_forms();
        dimensions("output_dimension");
        if (from_.cut == truncation::none) out_.member("truncate", "NONE");
        if (from_.cut == truncation::start) out_.member("truncate", "START");
        if (from_.cut == truncation::end) out_.member("truncate", "END");
        out_.close();
    }

    // Required since its third generation; documents are what is embedded most.
    void cohere_purpose() {
        if (from_.what_for == purpose::unset) {
            out_.member("input_type", "search_document");
            return;
        }
        const purpose_row& words = words_of(from_.what_for);
        if (!words.is_exact) to_.dropped.add("input_type");
        out_.member("input_type", words.cohere);
    }

    // Amazon's has no base64: it is made here.
    void cohere_forms() {
        const char* comma = "";
        const bool packs = what_ == wire::cohere;
        out_.name("embedding_types");
        text_.push_back('[');
        for (std::size_t i = 0; i < vector_form_count; ++i) {
            const auto form = static_cast<vector_form>(i);
            const bool is_source =
                form == vector_form::floats && !packs && from_.forms.has(vector_form::base64);
            const bool is_asked = from_.forms.has(form) && (packs || form != vector_form::base64);
            if (!is_source && !is_asked) continue;
            text_.append(std::exchange(comma, ","));
            text_.append("\"").append(name_of(form)).append("\"");
        }
        text_.push_back(']');
    }

    // ---- Ollama, Amazon

    void ollama() {
        out_.open().member("model", to_.upstream_model).name("input");
        text_list();
        dimensions("dimensions");
        if (from_.cut == truncation::none) out_.name("truncate").raw("false");
        if (from_.cut == truncation::start) to_.dropped.add("truncate");
        drop_purpose();
        out_.close();
    }

    void titan() {
        const bool is_first = !to_.upstream_model.contains("titan-embed-text-v2");
        out_.open().name("inputText");
        append_text(from_.inputs.front());
        if (is_first && from_.dimensions) {
            to_.dropped.add("dimensions");
        } else {
            dimensions("dimensions");
        }
        drop_purpose();
        drop_cut();
        out_.close();
    }

    const embedding_request& from_;
    const wire what_;
    const canonical::encode_context& to_;
    std::string& text_;
    json::writer out_;
};

}  // namespace

result<> encode_request(
    const embedding_request& from, wire what, const canonical::encode_context& to, std::string& out
) {
    return request_encoder{from, what, to, out}.run();
}

}  // namespace spillway::adapters::embeddings
