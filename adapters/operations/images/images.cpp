#include "adapters/operations/images/images.hpp"

#include "adapters/canonical/codec.hpp"
#include "adapters/canonical/refusal.hpp"
#include "adapters/canonical/translate.hpp"
#include "adapters/json/document.hpp"
#include "adapters/json/writer.hpp"
#include "adapters/operations/whole_answer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace spillway::adapters::images {

namespace {

using canonical::event_kind;
using canonical::refusal;

struct size_row {
    std::string_view size;
    std::string_view config;  // OpenRouter's image_config
};
constexpr std::array<size_row, 7> sizes{{
    {"256x256", R"({"aspect_ratio":"1:1"})"},
    {"512x512", R"({"aspect_ratio":"1:1"})"},
    {"1024x1024", R"({"aspect_ratio":"1:1"})"},
    {"1536x1024", R"({"aspect_ratio":"3:2"})"},
    {"1024x1536", R"({"aspect_ratio":"2:3"})"},
    {"1792x1024", R"({"aspect_ratio":"16:9"})"},
    {"1024x1792", R"({"aspect_ratio":"9:16"})"},
}};

// How OpenAI's models draw and wrap it.
constexpr std::array<std::string_view, 7> no_words_for{
    "quality",
    "style",
    "background",
    "output_format",
    "output_compression",
    "moderation",
    "input_fidelity"};

void read_size(json::value size, canonical::request& into) {
    if (!size || size.equals("auto")) return;
    const auto* const known = std::ranges::find(sizes, size.string().raw, &size_row::size);
    if (known == sizes.end()) {
        into.extras.push_back({"size", size.text()});
    } else {
        into.image_config = {known->config};
    }
}

result<> decode(const request_facts& facts, canonical::request& into) {
    json::document read;
    if (!read.read({facts.body().data(), facts.body().size()}))
        return refusal("body", "one JSON object is needed.");
    const auto root = read.root();
    const auto prompt = root["prompt"];
    if (!prompt.is_string()) return refusal("prompt", "a string is needed.");
    if (const auto n = root["n"]; n && n.count() != 1)
        return refusal("n", "this model makes one image a request.");
    if (root["response_format"].equals("url"))
        return refusal("response_format", "images come in the answer here: b64_json.");
    into.add_message(canonical::role::user);
    into.add_text(prompt.string());
    into.modalities = {R"(["text","image"])"};
    into.user = root["user"].string();
    read_size(root["size"], into);
    for (const auto name : no_words_for) {
        if (const auto value = root[name]; value && !value.equals("auto"))
            into.extras.push_back({name, value.text()});
    }
    return {};
}

class image_translator final : public operations::whole_answer, public canonical::event_sink {
public:
    image_translator(
        const provider_row& row, const answer_context& context, std::string_view provider
    )
        : whole_answer{row, context, provider}
        , decoder_{canonical::codec_of(row.speaks).make_decoder({row, provider, context.model})} {}

    void take(const canonical::event& one) override {
        switch (one.kind) {
        case event_kind::text:
        case event_kind::refusal: words_.append(one.text.raw); return;
        case event_kind::image: return add(one);
        case event_kind::finish:
            finish_ = one.native.raw;
            facts_.finish_reason = finish_;
            return;
        case event_kind::usage: facts_.tokens = one.tokens; return;
        case event_kind::end: has_ended_ = true; return;
        default: return;
        }
    }

    void fail(problem why) override {
        if (why.provider.empty()) why.provider = provider_;
        answer_translator::fail(std::move(why));
    }

protected:
    void translate(padded_view body, piece_list& out) override {
        decoder_->whole(body, *this);
        if (failed_) return;
        if (!has_ended_ || data_.empty()) return no_image();
        write();
        tell(text_, out);
    }

private:
    void add(const canonical::event& one) {
        if (one.source.kind != canonical::source_kind::base64) return;
        if (!data_.empty()) data_.push_back(',');
        data_.append("{\"b64_json\":\"").append(one.source.data.raw).append("\"}");
    }

    // The model spoke, or its filter did.
    void no_image() {
        canonical::arena made;
        std::string said{"The model made no image"};
        if (!finish_.empty()) said.append(" (").append(finish_).append(")");
        if (!words_.empty()) said.append(": ").append(made.plain({words_}));
        auto why = make_problem(error_class::content, std::move(said));
        why.code = "moderation_blocked";
        fail(std::move(why));
    }

    void write() {
        const usage& tokens = facts_.tokens;
        text_.append("{\"created\":").append(fmt::format_int{context_.created}.str());
        text_.append(",\"data\":[").append(data_).append("]");
        if (tokens.present) {
            text_.append(fmt::format(
                R"(,"usage":{{"input_tokens":{},"output_tokens":{},"total_tokens":{}}})",
                tokens.prompt,
                tokens.completion,
                tokens.total
            ));
        }
        text_.push_back('}');
    }

    std::unique_ptr<canonical::answer_decoder> decoder_;
    std::string data_;    // elements of the list
    std::string words_;   // JSON's spelling
    std::string finish_;  // owns facts_.finish_reason
    std::string text_;
    bool has_ended_ = false;
};

}  // namespace

bool can_make(const provider_row& row, std::string_view upstream_model) noexcept {
    return row.speaks == protocol::gemini && !upstream_model.starts_with("imagen");
}

result<dropped_names> prepare(
    const provider_row& row,
    const request_facts& facts,
    std::string_view upstream_model,
    edit_list& edits
) {
    canonical::arena made;
    canonical::request asked{made};
    if (const result<> read = decode(facts, asked); !read) return read.error();
    dropped_names dropped;
    std::string text;
    json::long_texts longs{facts.body()};
    const canonical::encode_context to{row, upstream_model, operation::chat, dropped, longs};
    const auto& codec = canonical::codec_of(row.speaks);
    if (const result<> written = codec.encode_request(asked, to, text); !written)
        return written.error();
    if (!dropped.empty() && facts.provider.require_parameters == tristate::yes)
        return canonical::refuse_dropped(row, dropped);
    longs.write(text, edits);
    return dropped;
}

std::unique_ptr<answer_translator>
make_answer(const provider_row& row, const answer_context& context, std::string_view provider) {
    return std::make_unique<image_translator>(row, context, provider);
}

}  // namespace spillway::adapters::images
