#include "adapters/canonical/translate.hpp"

#include "adapters/canonical/free_text_calls.hpp"
#include "adapters/canonical/observed_answer.hpp"
#include "adapters/canonical/translated_answer.hpp"
#include "adapters/json/writer.hpp"
#include "adapters/member_eraser.hpp"
#include "adapters/protocols/messages/hosted.hpp"

#include <fmt/format.h>

namespace spillway::adapters::canonical {

namespace {

// Made at once for a body under way; a longer one has mostly long texts, which are not copied.
constexpr std::size_t most_room = 256 * 1024;

// Claude and Gemini think in silence unless they are asked to show it; the others show what there is. Who wants the
// thoughts left out may still need what the next turn has to bring back.
thoughts thoughts_for(protocol dialect, const reasoning_wish& wish) noexcept {
    if (wish.is_off()) return thoughts::hidden;
    switch (dialect) {
    case protocol::messages:
        if (wish.enabled != tristate::yes) return thoughts::hidden;
        return wish.exclude == tristate::yes ? thoughts::signed_only : thoughts::shown;
    case protocol::gemini: return wish.exclude == tristate::no ? thoughts::shown : thoughts::hidden;
    case protocol::converse:
        return wish.exclude == tristate::yes ? thoughts::signed_only : thoughts::shown;
    case protocol::chat:
    case protocol::responses:
    case protocol::cohere:
    case protocol::ollama: break;
    }
    return wish.exclude == tristate::yes ? thoughts::hidden : thoughts::shown;
}

}  // namespace

result<dropped_names> translate_request(
    const provider_row& row,
    const request_facts& facts,
    std::string_view upstream_model,
    edit_list& edits,
    answer_wishes& wishes
) {
    const codec& from = codec_of(facts.dialect);
    const codec& to = codec_of(row.speaks);
    arena made;
    request asked{made};
    const padded_view body{facts.body().data(), facts.body().size()};
    if (const result<> read = from.decode_request(body, facts, asked); !read) return read.error();

    dropped_names dropped;
    std::string text;
    text.reserve(std::min(body.size() + body.size() / 4, most_room));
    json::long_texts longs{body.text()};
    const encode_context target{row, upstream_model, facts.what, dropped, longs};
    if (const result<> written = to.encode_request(asked, target, text); !written)
        return written.error();
    if (!dropped.empty() && facts.provider.require_parameters == tristate::yes)
        return refuse_dropped(row, dropped);
    longs.write(text, edits);
    wishes.thoughts = thoughts_for(facts.dialect, asked.reasoning);
    wishes.settings = std::move(asked.settings);
    for (const tool& one : asked.tools) {
        if (one.is_free_text) add_free_text_tool(wishes.free_texts, one.name);
    }
    return dropped;
}

problem refuse_dropped(const provider_row& row, const dropped_names& dropped) {
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

result<dropped_names> adapt_request(
    const provider_row& row,
    const request_facts& facts,
    std::string_view upstream_model,
    edit_list& edits
) {
    // The path names the model, and what else the gateway reads is no member these protocols know.
    if (row.speaks == protocol::gemini || row.speaks == protocol::converse) return dropped_names{};
    if (row.speaks == protocol::messages) {
        dropped_names dropped;
        messages::adapt_body(row, facts, upstream_model, edits, dropped);
        if (!dropped.empty() && facts.provider.require_parameters == tristate::yes)
            return refuse_dropped(row, dropped);
        return dropped;
    }
    member_eraser eraser{facts, edits};
    for (const member_span& one : facts.members()) {
        if (is_the_gateways(name_of(one.which))) {
            eraser.erase(one);
        } else if (one.which == member::model) {
            std::string quoted;
            json::append_string(quoted, upstream_model);
            edits.replace(one.value, one.end - one.value, quoted);
        }
    }
    return dropped_names{};
}

std::unique_ptr<answer_translator> translate_answer(
    const provider_row& row,
    protocol speaks,
    const answer_context& context,
    std::string_view provider
) {
    const codec& from = codec_of(speaks);
    const codec& to = codec_of(context.dialect);
    auto decoder = from.make_decoder({row, provider, context.model});
    const bool has_same_frames = context.how == delivery::whole || context.frames == to.streams;
    // A legacy completion of a chat has its protocol, and none of its words.
    const bool is_own = &from == &to && (context.dialect != protocol::chat ||
                                         context.what != operation::completions);
    if (is_own && has_same_frames && context.form == stream_form::usual)
        return std::make_unique<observed_answer>(std::move(decoder), context, provider);
    return std::make_unique<translated_answer>(
        std::move(decoder), to.make_encoder(context), context, provider
    );
}

problem explain_answer(
    const provider_row& row,
    const answer_head& head,
    std::string_view body,
    std::string_view provider
) {
    return codec_of(row.speaks).explain(head, body, row, provider);
}

std::string render_problem(const problem& why, const question& asked, std::string_view request_id) {
    return codec_of(asked.dialect).render_problem(why, asked.side, request_id);
}

std::string render_stream_problem(const problem& why, const answer_context& context) {
    return codec_of(context.dialect).render_stream_problem(why, context);
}

stream_face stream_face_of(const question& asked) noexcept {
    if (asked.form == stream_form::array) return {"application/json", {}, false};
    const codec& speaks = codec_of(asked.dialect);
    return {speaks.stream_type, speaks.keepalive, speaks.streams == framing::events};
}

}  // namespace spillway::adapters::canonical
