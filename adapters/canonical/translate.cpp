#include "adapters/canonical/translate.hpp"

#include "adapters/canonical/observed_answer.hpp"
#include "adapters/canonical/translated_answer.hpp"
#include "adapters/errors.hpp"
#include "adapters/json/writer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

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

namespace {

// Members only the gateway reads: OpenRouter's additions, which clients of every dialect may send.
constexpr std::array own_members{
    member::models,
    member::provider,
    member::route,
    member::plugins,
    member::transforms,
    member::preset,
    member::session_id,
    member::trace,
    member::debug,
    member::usage,
};

// Takes the member out with the comma that parts it from its neighbours.
void take_out(const request_facts& facts, const member_span& which, edit_list& edits) {
    const std::string_view body = facts.body();
    std::size_t begin = which.begin;
    std::size_t end = which.end;
    if (which.ordinal > 0) {
        begin = body.rfind(',', begin);
    } else if (const auto comma = body.find_first_not_of(" \t\r\n", end);
               comma != body.npos && body[comma] == ',') {
        end = comma + 1;
    }
    edits.erase(begin, end - begin);
}

bool leaves_body(const provider_row& row, member which) noexcept {
    const bool is_hosted =
        row.url == url_style::vertex_claude || row.url == url_style::bedrock_claude;
    if (which == member::model) return is_hosted;
    if (which == member::stream) return row.url == url_style::bedrock_claude;
    return std::ranges::find(own_members, which) != own_members.end();
}

std::string_view hosted_front(const provider_row& row) noexcept {
    if (row.url == url_style::vertex_claude) return "\"anthropic_version\":\"vertex-2023-10-16\",";
    if (row.url == url_style::bedrock_claude)
        return "\"anthropic_version\":\"bedrock-2023-05-31\",";
    return {};
}

}  // namespace

result<dropped_names> adapt_request(
    const provider_row& row,
    const request_facts& facts,
    std::string_view upstream_model,
    edit_list& edits
) {
    // The path names the model, and what else the gateway reads is no member these protocols know.
    if (row.speaks == protocol::gemini || row.speaks == protocol::converse) return dropped_names{};
    if (const auto front = hosted_front(row); !front.empty())
        edits.insert(facts.open_brace() + 1, front);
    for (const member_span& one : facts.members()) {
        if (leaves_body(row, one.which)) {
            take_out(facts, one, edits);
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
    const codec* const from = codec_of(speaks);
    const codec* const to = codec_of(context.dialect);
    if (from == nullptr || to == nullptr) return nullptr;
    auto decoder = from->make_decoder({row, provider, context.model});
    const bool has_same_frames = context.how == delivery::whole || context.frames == to->streams;
    if (from == to && has_same_frames && context.form == stream_form::usual)
        return std::make_unique<observed_answer>(std::move(decoder), context, provider);
    return std::make_unique<translated_answer>(
        std::move(decoder), to->make_encoder(context), context, provider
    );
}

problem explain_answer(
    const provider_row& row,
    const answer_head& head,
    std::string_view body,
    std::string_view provider
) {
    const codec* const speaks = codec_of(row.speaks);
    if (speaks != nullptr) return speaks->explain(head, body, row, provider);
    return make_problem(error_class::internal, "The provider's protocol has no codec.");
}

std::string render_problem(const problem& why, const question& asked) {
    const codec* const speaks = codec_of(asked.dialect);
    if (asked.dialect == protocol::chat || speaks == nullptr)
        return adapters::render_problem(why, asked.side);
    return speaks->render_problem(why, asked.side);
}

std::string render_stream_problem(const problem& why, const answer_context& context) {
    const codec* const speaks = codec_of(context.dialect);
    if (context.dialect == protocol::chat || speaks == nullptr)
        return adapters::render_stream_problem(why, context);
    return speaks->render_stream_problem(why, context);
}

stream_face stream_face_of(const question& asked) noexcept {
    if (asked.form == stream_form::array) return {"application/json", {}, false};
    const codec* const speaks = codec_of(asked.dialect);
    if (asked.dialect == protocol::chat || speaks == nullptr)
        return {"text/event-stream", ": keep-alive\n\n", true};
    return {speaks->stream_type, speaks->keepalive, speaks->streams == framing::events};
}

}  // namespace spillway::adapters::canonical
