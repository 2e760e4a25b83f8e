#include "adapters/operations/embeddings/translate.hpp"

#include "adapters/canonical/translate.hpp"
#include "adapters/json/document.hpp"
#include "adapters/json/writer.hpp"
#include "adapters/operations/embeddings/decode_request.hpp"
#include "adapters/operations/embeddings/encode_request.hpp"
#include "adapters/operations/embeddings/numbers.hpp"
#include "adapters/operations/embeddings/read_answer.hpp"
#include "adapters/operations/embeddings/wire.hpp"
#include "adapters/operations/embeddings/write_answer.hpp"
#include "adapters/operations/whole_answer.hpp"
#include "adapters/protocols/chat/request.hpp"
#include "adapters/protocols/chat/translator.hpp"

#include <fmt/format.h>

#include <deque>
#include <utility>

namespace spillway::adapters::embeddings {

namespace {

// Is the client's body what the endpoint reads?
bool keeps_body(wire what, const request_facts& facts) noexcept {
    const bool is_one = facts.what == operation::embed_one;
    switch (facts.dialect) {
    case protocol::gemini:
        return what == wire::google_batch || (what == wire::vertex_one && is_one);
    case protocol::cohere: return what == wire::cohere;
    case protocol::ollama: return what == wire::ollama && !is_one;
    case protocol::chat:
    case protocol::messages:
    case protocol::responses:
    case protocol::converse: break;
    }
    return false;
}

// And is its answer what the client reads?
bool keeps_answer(answer_shape shape, const answer_context& context) noexcept {
    const bool is_one = context.what == operation::embed_one;
    switch (context.dialect) {
    case protocol::gemini:
        return shape == (is_one ? answer_shape::one_values : answer_shape::values);
    case protocol::cohere: return shape == answer_shape::by_form;
    case protocol::ollama: return shape == answer_shape::lists && !is_one;
    case protocol::chat:
    case protocol::messages:
    case protocol::responses:
    case protocol::converse: break;
    }
    return false;
}

// Google repeats the model in every request of a batch, and may name it beside a single content.
result<dropped_names>
rename_models(const request_facts& facts, std::string_view upstream_model, edit_list& edits) {
    json::document read;
    if (!read.read({facts.body().data(), facts.body().size()})) return dropped_names{};
    const auto rename = [&](json::value model) {
        if (!model) return;
        const auto at = static_cast<std::size_t>(model.raw().data() - facts.body().data());
        edits.replace(at, model.raw().size(), fmt::format("\"models/{}\"", upstream_model));
    };
    if (const auto model = read.root()["model"]) rename(model);
    for (const auto one : read.root()["requests"].elements())
        rename(one["model"]);
    return dropped_names{};
}

problem no_embeddings(const provider_row& row, std::string_view upstream_model) {
    auto why = make_problem(
        error_class::not_found,
        fmt::format("{} makes no embeddings with {}.", row.display_name, upstream_model),
        "model"
    );
    why.code = "model_not_found";
    return why;
}

// ---------------------------------------------------------------------------------------------------------

class embedding_translator final : public operations::whole_answer {
public:
    embedding_translator(
        const provider_row& row, const answer_context& context, std::string_view provider
    )
        : whole_answer{row, context, provider}
        , prompt_octets_{context.prompt_octets} {
        canonical::arena made;
        embedding_request asked{made};
        if (!decode_request(*context.asked, asked)) return;
        prompt_octets_ = 0;
        for (const content& one : asked.contents)
            prompt_octets_ += one.text.raw.size();
        asked_.forms = asked.forms;
        asked_.count = asked.inputs.size();
        shortens_ = asked.dimensions.has_value();
        if (context.dialect == protocol::cohere) echo(asked);
    }

protected:
    void translate(padded_view body, piece_list& out) override {
        embedding_answer answer;
        if (!read_answer(body, asked_.count, answer))
            return no_answer("The provider's answer holds no embeddings.");
        if (!is_complete(answer))
            return broken("The provider gave another number of vectors than was asked for.");
        count(answer);
        write(answer, out);
    }

private:
    [[nodiscard]] bool is_complete(const embedding_answer& answer) const noexcept {
        for (const series& one : answer.given) {
            if (asked_.count != 0 && one.vectors.size() != asked_.count) return false;
        }
        return true;
    }

    void count(const embedding_answer& answer) {
        usage& tokens = facts_.tokens;
        tokens.present = true;
        if (answer.counts || context_.prompt_tokens) {
            tokens.prompt = answer.counts ? answer.tokens : *context_.prompt_tokens;
        } else {
            answer_facts nothing;
            tokens = estimate_usage(prompt_octets_, nothing, delivery::whole);
            tokens.present = true;
        }
        tokens.total = tokens.prompt;
    }

    // Shortened vectors of Google's have any length, and clients of the other dialects count on one.
    bool bring_to_unit_length(embedding_answer& answer) {
        for (series& one : answer.given) {
            if (one.form != vector_form::floats) continue;
            for (std::string_view& vector : one.vectors) {
                std::string& made = scaled_.emplace_back();
                if (!append_unit_list(made, vector)) return false;
                vector = made;
            }
        }
        return true;
    }

    void write(embedding_answer& answer, piece_list& out) {
        if (row_.speaks == context_.dialect && keeps_answer(answer.shape, context_))
            return tell(body(), out);
        const bool scales =
            shortens_ && row_.speaks == protocol::gemini && context_.dialect != protocol::gemini;
        if (scales && !bring_to_unit_length(answer))
            return broken("The provider's vectors are no vectors of floats.");
        const bool is_good = write_answer(answer, asked_, facts_.tokens, context_, leaving_);
        if (!is_good) return broken("The provider's vectors are not in the form asked for.");
        tell(leaving_, out);
    }

    void echo(const embedding_request& asked) {
        const char* comma = "";
        asked_.texts.push_back('[');
        for (const content& one : asked.contents) {
            if (one.kind != content_kind::text) continue;
            asked_.texts.append(std::exchange(comma, ","));
            asked_.texts.append("\"").append(one.text.raw).append("\"");
        }
        asked_.texts.push_back(']');
    }

    std::size_t prompt_octets_;  // of the texts, for an estimate
    wishes asked_;
    bool shortens_ = false;
    std::deque<std::string> scaled_;  // vectors that were spelled anew
    std::string leaving_;
};

}  // namespace

result<dropped_names> prepare(
    const provider_row& row,
    const request_facts& facts,
    std::string_view upstream_model,
    edit_list& edits
) {
    const wire what = wire_of(row, upstream_model);
    if (what == wire::none) return no_embeddings(row, upstream_model);
    if (what == wire::openai && facts.dialect == protocol::chat)
        return chat::prepare_request(row, facts, upstream_model, edits);
    if (keeps_body(what, facts)) {
        if (facts.dialect == protocol::gemini) return rename_models(facts, upstream_model, edits);
        return canonical::adapt_request(row, facts, upstream_model, edits);
    }
    canonical::arena made;
    embedding_request asked{made};
    if (const result<> read = decode_request(facts, asked); !read) return read.error();
    dropped_names dropped;
    std::string text;
    text.reserve(facts.body().size() + facts.body().size() / 4);
    json::long_texts longs{facts.body()};
    const canonical::encode_context to{row, upstream_model, facts.what, dropped, longs};
    if (const result<> written = encode_request(asked, what, to, text); !written)
        return written.error();
    if (!dropped.empty() && facts.provider.require_parameters == tristate::yes)
        return canonical::refuse_dropped(row, dropped);
    longs.write(text, edits);
    return dropped;
}

std::unique_ptr<answer_translator>
make_answer(const provider_row& row, const answer_context& context, std::string_view provider) {
    // OpenAI's endpoint for embeddings is one, whichever of its protocols the row speaks.
    if (context.dialect == protocol::chat && row.speaks == protocol::responses)
        return chat::make_translator(row, context);
    return std::make_unique<embedding_translator>(row, context, provider);
}

}  // namespace spillway::adapters::embeddings
