// What is written of a rerank: the provider's body, and the client's answer.
#include "adapters/canonical/translate.hpp"

#include "adapters/json/document.hpp"
#include "adapters/json/writer.hpp"
#include "adapters/operations/rerank/rerank.hpp"
#include "adapters/operations/whole_answer.hpp"

#include <fmt/format.h>

#include <utility>

namespace spillway::adapters::rerank {

namespace {

problem no_images(const provider_row& row) {
    return make_problem(
        error_class::bad_request,
        fmt::format("{} ranks texts, no images.", row.display_name),
        "documents"
    );
}

// Members that Cohere and the others have in common; what only one side has is added by the caller.
void write_common(const rerank_request& from, std::string_view model, json::writer& out) {
    out.open().member("model", model).member("query", from.query).name("documents").raw("[");
    const char* comma = "";
    for (const document& one : from.documents)
        out.raw(std::exchange(comma, ",")).raw("\"").raw(one.text.raw).raw("\"");
    out.raw("]");
    if (from.top_n) out.member("top_n", static_cast<std::int64_t>(*from.top_n));
}

class rerank_translator final : public operations::whole_answer {
public:
    rerank_translator(
        const provider_row& row, const answer_context& context, std::string_view provider
    )
        : whole_answer{row, context, provider}
        , prompt_octets_{context.prompt_octets} {
        rerank_request asked;
        if (!decode_request(*context.asked, asked)) return;
        count_ = asked.documents.size();
        prompt_octets_ = asked.query.raw.size();
        for (const document& one : asked.documents)
            prompt_octets_ += one.text.raw.size();
        if (context.dialect == protocol::cohere || !asked.echoes) return;
        documents_.reserve(count_);
        for (const document& one : asked.documents)
            keep(one);
    }

protected:
    void translate(padded_view body, piece_list& out) override {
        rerank_answer answer;
        if (!read_answer(body, count_, answer))
            return no_answer("The provider's answer ranks no documents of the request.");
        count_tokens(answer);
        const bool for_cohere = context_.dialect == protocol::cohere;
        if (for_cohere && row_.speaks == protocol::cohere) return tell(this->body(), out);
        for_cohere ? write_cohere(answer) : write_common_form(answer);
        tell(text_, out);
    }

private:
    // {"text":…}, {"image":…} or both.
    void keep(const document& one) {
        std::string& made = documents_.emplace_back();
        json::writer out{made};
        out.open();
        if (one.image.empty() || !one.text.empty()) out.member("text", one.text);
        if (!one.image.empty()) out.member("image", one.image);
        out.close();
    }

    void count_tokens(const rerank_answer& answer) {
        if (answer.tokens) {
            facts_.tokens.prompt = *answer.tokens;
            facts_.tokens.total = *answer.tokens;
        } else {
            facts_.tokens = estimate_usage(prompt_octets_, answer_facts{}, delivery::whole);
        }
        facts_.tokens.present = true;
    }

    void write_results(const rerank_answer& answer) {
        const char* comma = "";
        text_.append("\"results\":[");
        for (const ranked& one : answer.results) {
            text_.append(std::exchange(comma, ","));
            text_.append("{\"index\":").append(fmt::format_int{one.index}.str());
            text_.append(",\"relevance_score\":").append(one.score);
            if (one.index < documents_.size())
                text_.append(",\"document\":").append(documents_[one.index]);
            text_.push_back('}');
        }
        text_.push_back(']');
    }

    void write_cohere(const rerank_answer& answer) {
        json::writer out{text_};
        out.open().member("id", context_.generation_id).raw(",");
        write_results(answer);
        out.name("meta").raw(R"({"api_version":{"version":"2"})");
        if (answer.search_units) {
            out.raw(",\"billed_units\":{\"search_units\":");
            out.number(static_cast<std::int64_t>(*answer.search_units)).raw("}");
        }
        if (answer.tokens) {
            out.raw(",\"tokens\":{\"input_tokens\":");
            out.number(static_cast<std::int64_t>(*answer.tokens)).raw("}");
        }
        out.raw("}").close();
    }

    void write_common_form(const rerank_answer& answer) {
        json::writer out{text_};
        out.open().member("id", context_.generation_id).member("object", "list").name("model");
        if (answer.model.empty()) {
            out.string(context_.model);
        } else {
            out.raw("\"").raw(answer.model.raw).raw("\"");
        }
        if (context_.side == face::openrouter) out.member("provider", context_.provider);
        out.raw(",");
        write_results(answer);
        out.name("usage");
        json::writer usage{text_};
        usage.open();
        if (answer.search_units)
            usage.member("search_units", static_cast<std::int64_t>(*answer.search_units));
        if (answer.tokens) usage.member("total_tokens", static_cast<std::int64_t>(*answer.tokens));
        if (context_.side == face::openrouter) write_cost(usage);
        usage.close();
        out.close();
    }

    void write_cost(json::writer& out) {
        const auto price =
            context_.costs != nullptr ? context_.costs->cost_of(facts_.tokens) : std::nullopt;
        out.name("cost");
        if (price) {
            json::append_nano(text_, price->total);
        } else {
            text_.append("null");
        }
    }

    std::size_t prompt_octets_;  // of the texts, for an estimate
    std::size_t count_ = 0;
    std::vector<std::string> documents_;  // as they are repeated
    std::string text_;
};

}  // namespace

result<dropped_names> prepare(
    const provider_row& row,
    const request_facts& facts,
    std::string_view upstream_model,
    edit_list& edits
) {
    if (facts.dialect == row.speaks)
        return canonical::adapt_request(row, facts, upstream_model, edits);
    rerank_request asked;
    if (const result<> read = decode_request(facts, asked); !read) return read.error();
    for (const document& one : asked.documents) {
        if (!one.image.empty()) return no_images(row);
    }
    dropped_names dropped;
    std::string text;
    json::writer out{text};
    write_common(asked, upstream_model, out);
    const bool to_cohere = row.speaks == protocol::cohere;
    if (!asked.tokens_a_document.empty()) {
        if (to_cohere) {
            out.member("max_tokens_per_doc", asked.tokens_a_document);
        } else {
            dropped.add("max_tokens_per_doc");
        }
    }
    if (!to_cohere) out.name("return_documents").raw("false");
    out.close();
    if (!dropped.empty() && facts.provider.require_parameters == tristate::yes)
        return canonical::refuse_dropped(row, dropped);
    edits.replace(0, facts.body().size(), text);
    return dropped;
}

std::unique_ptr<answer_translator>
make_answer(const provider_row& row, const answer_context& context, std::string_view provider) {
    return std::make_unique<rerank_translator>(row, context, provider);
}

}  // namespace spillway::adapters::rerank
