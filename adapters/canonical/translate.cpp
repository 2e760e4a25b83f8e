#include "adapters/canonical/translate.hpp"

#include "adapters/canonical/observed_answer.hpp"
#include "adapters/canonical/translated_answer.hpp"

#include <fmt/format.h>

namespace spillway::adapters::canonical {

result<dropped_names> translate_request(
    const provider_row& row,
    const request_facts& facts,
    std::string_view upstream_model,
    edit_list& edits
) {
    const codec* const from = codec_of(facts.dialect);
    const codec* const to = codec_of(row.speaks);
    if (from == nullptr || to == nullptr) {
        return make_problem(
            error_class::not_found,
            fmt::format(
                "{} cannot be asked in the dialect {}.", row.display_name, name_of(facts.dialect)
            )
        );
    }
    arena made;
    request asked{made};
    const padded_view body{facts.body().data(), facts.body().size()};
    if (const result<> read = from->decode_request(body, facts, asked); !read) return read.error();

    dropped_names dropped;
    std::string text;
    text.reserve(body.size() + body.size() / 4);
    const encode_context target{row, upstream_model, facts.what, dropped};
    if (const result<> written = to->encode_request(asked, target, text); !written)
        return written.error();
    if (!dropped.empty() && facts.provider.require_parameters == tristate::yes) {
        return make_problem(
            error_class::not_found,
            fmt::format(
                "{} does not support all parameters of the request: {}.",
                row.display_name,
                dropped.joined()
            ),
            "provider"
        );
    }
    edits.replace(0, body.size(), text);
    return dropped;
}

std::unique_ptr<answer_translator> translate_answer(
    const provider_row& row,
    const answer_context& context,
    std::optional<framing> streams,
    std::string_view provider
) {
    const codec* const from = codec_of(row.speaks);
    const codec* const to = codec_of(context.dialect);
    if (from == nullptr || to == nullptr) return nullptr;
    auto decoder = from->make_decoder({row, provider});
    const bool is_same =
        from == to && (!streams || *streams == to->streams) && context.form == stream_form::usual;
    if (is_same) {
        return std::make_unique<observed_answer>(std::move(decoder), context, streams, provider);
    }
    return std::make_unique<translated_answer>(
        std::move(decoder), to->make_encoder(context), context, streams, provider
    );
}

}  // namespace spillway::adapters::canonical
