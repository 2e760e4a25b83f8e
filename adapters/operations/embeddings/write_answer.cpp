#include "adapters/operations/embeddings/write_answer.hpp"

#include "adapters/json/writer.hpp"
#include "adapters/operations/embeddings/numbers.hpp"
#include "adapters/protocols/chat/usage.hpp"

#include <algorithm>
#include <utility>

namespace spillway::adapters::embeddings {

namespace {

class answer_writer {
public:
    answer_writer(
        const embedding_answer& from,
        const wishes& asked,
        const usage& tokens,
        const answer_context& context,
        std::string& out
    ) noexcept
        : from_{from}
        , asked_{asked}
        , tokens_{tokens}
        , context_{context}
        , text_{out}
        , out_{out} {}

    bool run() {
        switch (context_.dialect) {
        case protocol::gemini: return gemini();
        case protocol::cohere: return cohere();
        case protocol::ollama: return ollama();
        case protocol::chat:
        case protocol::messages:
        case protocol::responses:
        case protocol::converse: break;
        }
        return openai();
    }

private:
    [[nodiscard]] const series* find(vector_form form) const noexcept {
        const auto found = std::ranges::find(from_.given, form, &series::form);
        return found == from_.given.end() ? nullptr : &*found;
    }

    // The series to write a form from: it itself, or for floats and base64 the other.
    [[nodiscard]] const series* source_of(vector_form form) const noexcept {
        if (const series* const same = find(form)) return same;
        if (form == vector_form::base64) return find(vector_form::floats);
        return form == vector_form::floats ? find(vector_form::base64) : nullptr;
    }

    // "[…]" or base64 in quotes.
    bool vector(std::string_view from, vector_form is, vector_form wanted) {
        if (wanted != vector_form::base64) {
            if (is != vector_form::base64) {
                text_.append(from);
                return true;
            }
            return append_list_of(text_, from);
        }
        text_.push_back('"');
        if (is == vector_form::base64) {
            text_.append(from);
        } else if (!append_base64_of(text_, from)) {
            return false;
        }
        text_.push_back('"');
        return true;
    }

    // Every vector of the form, with something around each and commas between them.
    template <class Around>
    bool each(vector_form wanted, Around&& around) {
        const series* const source = source_of(wanted);
        if (source == nullptr) return false;
        std::size_t number = 0;
        for (const std::string_view one : source->vectors) {
            if (number != 0) text_.push_back(',');
            const std::string_view behind = around(number++);
            if (!vector(one, source->form, wanted)) return false;
            text_.append(behind);
        }
        return true;
    }

    bool plain_list(vector_form wanted) {
        text_.push_back('[');
        if (!each(wanted, [](std::size_t) { return std::string_view{}; })) return false;
        text_.push_back(']');
        return true;
    }

    bool openai() {
        const auto wanted =
            asked_.forms.has(vector_form::base64) ? vector_form::base64 : vector_form::floats;
        text_.append("{\"object\":\"list\",\"data\":[");
        const bool is_good = each(wanted, [this](std::size_t number) {
            text_.append("{\"object\":\"embedding\",\"index\":");
            out_.number(static_cast<std::int64_t>(number)).raw(",\"embedding\":");
            return std::string_view{"}"};
        });
        if (!is_good) return false;
        text_.append("],\"model\":");
        model();
        text_.append(",\"usage\":");
        if (context_.side == face::openrouter) {
            openrouter_usage();
        } else {
            out_.open();
            out_.member("prompt_tokens", static_cast<std::int64_t>(tokens_.prompt));
            out_.member("total_tokens", static_cast<std::int64_t>(tokens_.total)).close();
        }
        text_.push_back('}');
        return true;
    }

    void openrouter_usage() {
        const auto price =
            context_.costs != nullptr ? context_.costs->cost_of(tokens_) : std::nullopt;
        chat::append_usage(text_, {}, chat::usage_object{}, tokens_, price);
        text_.append(",\"provider\":");
        out_.string(context_.provider).raw(",\"id\":").string(context_.generation_id);
    }

    // As the provider names it: OpenRouter, too, answers so.
    void model() {
        if (from_.model.empty()) {
            out_.string(context_.model);
        } else {
            text_.append("\"").append(from_.model.raw).append("\"");
        }
    }

    bool gemini() {
        const bool is_one = context_.what == operation::embed_one;
        text_.append(is_one ? "{\"embedding\":" : "{\"embeddings\":[");
        const bool is_good = each(vector_form::floats, [this](std::size_t) {
            text_.append("{\"values\":");
            return std::string_view{"}"};
        });
        if (!is_good) return false;
        text_.append(is_one ? "" : "]").append(",\"usageMetadata\":{\"promptTokenCount\":");
        out_.number(static_cast<std::int64_t>(tokens_.prompt)).raw("}}");
        return true;
    }

    bool cohere() {
        out_.open().member("id", context_.generation_id).name("embeddings").raw("{");
        const char* comma = "";
        for (std::size_t i = 0; i < vector_form_count; ++i) {
            const auto form = static_cast<vector_form>(i);
            if (!asked_.forms.has(form)) continue;
            out_.raw(std::exchange(comma, ",")).raw("\"").raw(name_of(form)).raw("\":");
            if (!plain_list(form)) return false;
        }
        out_.raw("}").name("texts").raw(asked_.texts.empty() ? "[]" : asked_.texts);
        out_.name("meta").raw(R"({"api_version":{"version":"2"},"billed_units":{"input_tokens":)");
        out_.number(static_cast<std::int64_t>(tokens_.prompt)).raw("}}");
        out_.member("response_type", "embeddings_by_type").close();
        return true;
    }

    bool ollama() {
        if (context_.what == operation::embed_one) {
            text_.append("{\"embedding\":");
            if (!each(vector_form::floats, [](std::size_t) { return std::string_view{}; }))
                return false;
            text_.push_back('}');
            return true;
        }
        out_.open().member("model", context_.model).name("embeddings");
        if (!plain_list(vector_form::floats)) return false;
        out_.member("total_duration", std::int64_t{0}).member("load_duration", std::int64_t{0});
        out_.member("prompt_eval_count", static_cast<std::int64_t>(tokens_.prompt)).close();
        return true;
    }

    const embedding_answer& from_;
    const wishes& asked_;
    const usage& tokens_;
    const answer_context& context_;
    std::string& text_;
    json::writer out_;
};

}  // namespace

bool write_answer(
    const embedding_answer& from,
    const wishes& asked,
    const usage& tokens,
    const answer_context& context,
    std::string& out
) {
    return answer_writer{from, asked, tokens, context, out}.run();
}

}  // namespace spillway::adapters::embeddings
