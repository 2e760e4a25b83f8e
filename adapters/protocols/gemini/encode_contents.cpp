#include "adapters/protocols/gemini/encode_contents.hpp"

#include "adapters/canonical/media_type.hpp"
#include "adapters/json/document.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace spillway::adapters::gemini {

using namespace canonical;

namespace {

// Google's word for a call whose signature is lost: sent as it is, not as base64.
constexpr std::string_view lost_signature = "skip_thought_signature_validator";
constexpr std::string_view files_base = "https://generativelanguage.googleapis.com/v1beta/";

// Ids that other providers, or gateways, give: they mean nothing to Google's models.
constexpr std::array<std::string_view, 6> foreign_ids{
    "call_", "toolu_", "tooluse_", "fc_", "chatcmpl-", "functions."};

bool is_instruction(role as) noexcept {
    return as == role::system || as == role::developer;
}
bool is_models(role as) noexcept {
    return as == role::assistant;
}

bool is_google(const part& one) noexcept {
    return one.format == reasoning_format::google;
}

bool is_youtube(std::string_view url) noexcept {
    return url.starts_with("https://www.youtube.com/") || url.starts_with("https://youtu.be/") ||
           url.starts_with("https://youtube.com/");
}

// "image/*" is taken where nothing better is known.
std::string_view guessed_type(const part& one) noexcept {
    if (const auto type = type_of_name(one.source.data.raw); !type.empty()) return type;
    if (const auto type = type_of_name(one.source.name.raw); !type.empty()) return type;
    switch (one.kind) {
    case part_kind::image: return "image/*";
    case part_kind::audio: return "audio/*";
    case part_kind::video: return "video/*";
    default: return "application/pdf";
    }
}

// A thought's signature that stands for itself belongs to the message's text; Google puts it on the last one.
escaped loose_signature(std::span<const part> parts) noexcept {
    for (const part& one : parts) {
        const bool is_loose = one.kind == part_kind::reasoning && is_google(one) &&
                              one.thought == reasoning_kind::encrypted;
        if (is_loose) return one.data;
    }
    return {};
}

}  // namespace

contents_encoder::contents_encoder(
    const request& from, const encode_context& to, const model_rules& rules, std::string& out
) noexcept
    : from_{from}
    , to_{to}
    , rules_{rules}
    , out_{out}
    , is_vertex_{to.row.surface == google_surface::vertex} {}

result<> contents_encoder::run() {
    instructions();
    if (!conversation()) return why_;
    return {};
}

bool contents_encoder::refuse(std::string_view message) {
    if (!has_failed_)
        why_ = make_problem(error_class::bad_request, std::string{message}, "messages");
    has_failed_ = true;
    return false;
}

void contents_encoder::open_content(std::string_view role) {
    if (has_contents_) out_.push_back(',');
    has_contents_ = true;
    has_parts_ = false;
    out_.append("{\"role\":\"").append(role).append("\",\"parts\":[");
}

void contents_encoder::open_part() {
    if (has_parts_) out_.push_back(',');
    has_parts_ = true;
}

// Google refuses a content without parts.
void contents_encoder::close_content() {
    if (!has_parts_) out_.append(R"({"text":"."})");
    out_.append("]}");
}

void contents_encoder::instructions() {
    const bool has_some = std::ranges::any_of(from_.messages, [this](const message& one) {
        return is_instruction(one.role) && !from_.parts_of(one).empty();
    });
    const bool has_others = std::ranges::any_of(from_.messages, [](const message& one) {
        return !is_instruction(one.role);
    });
    if (!has_some) return;
    owes_instructions_ = !rules_.has_system_instruction || !has_others;
    if (owes_instructions_) return;
    out_.append("\"systemInstruction\":{\"parts\":[");
    has_parts_ = false;
    instruction_parts();
    if (!has_parts_) out_.append(R"({"text":"."})");
    out_.append("]},");
}

void contents_encoder::instruction_parts() {
    for (const message& one : from_.messages) {
        if (!is_instruction(one.role)) continue;
        for (const part& text : from_.parts_of(one))
            text_part(text, {});
    }
    owes_instructions_ = false;
}

bool contents_encoder::conversation() {
    out_.append("\"contents\":[");
    const auto& all = from_.messages;
    const auto first =
        std::ranges::find_if(all, [](const message& one) { return !is_instruction(one.role); });
    // The first turn is the user's.
    if (first == all.end() || is_models(first->role)) {
        open_content("user");
        if (owes_instructions_) instruction_parts();
        close_content();
    }
    for (std::size_t at = 0; at < all.size() && !has_failed_;) {
        if (is_instruction(all[at].role)) {
            ++at;
        } else {
            at = is_models(all[at].role) ? model_turn(at) : user_turn(at);
        }
    }
    out_.push_back(']');
    return !has_failed_;
}

std::size_t contents_encoder::user_turn(std::size_t at) {
    open_content("user");
    if (owes_instructions_) instruction_parts();
    const auto& all = from_.messages;
    for (; at < all.size() && !is_models(all[at].role); ++at) {
        if (is_instruction(all[at].role)) continue;
        for (const part& one : from_.parts_of(all[at])) {
            if (one.kind == part_kind::tool_result) {
                stray_result(one);
            } else if (one.kind == part_kind::text || one.kind == part_kind::refusal) {
                text_part(one, {});
            } else if (!media_part(one)) {
                return at;
            }
        }
    }
    close_content();
    return at;
}

std::size_t contents_encoder::model_turn(std::size_t at) {
    calls_.clear();
    is_step_signed_ = false;
    const auto& all = from_.messages;
    open_content("model");
    for (; at < all.size(); ++at) {
        if (is_instruction(all[at].role)) continue;
        if (!is_models(all[at].role)) break;
        model_message(all[at]);
    }
    close_content();
    if (calls_.empty()) return at;
    const auto first = at;
    while (at < all.size() && (all[at].role == role::tool || is_instruction(all[at].role)))
        ++at;
    results(first, at);
    return at;
}

void contents_encoder::model_message(const message& one) {
    const auto parts = from_.parts_of(one);
    auto loose = loose_signature(parts);
    const part* last_text = nullptr;
    for (const part& each : parts) {
        if (each.kind == part_kind::text && !each.text.empty()) last_text = &each;
    }
    for (const part& each : parts) {
        switch (each.kind) {
        case part_kind::text:
        case part_kind::refusal: {
            const bool is_signed = is_google(each) && !each.signature.empty();
            text_part(each, is_signed ? each.signature : &each == last_text ? loose : escaped{});
            break;
        }
        case part_kind::reasoning: thought_part(each); break;
        case part_kind::tool_call: call_part(each); break;
        case part_kind::image:
        case part_kind::audio:
        case part_kind::video:
        case part_kind::file:
            if (!media_part(each)) return;
            break;
        case part_kind::tool_result: break;
        }
    }
}

void contents_encoder::text_part(const part& one, escaped signature) {
    if (one.text.empty() && signature.empty()) return;
    open_part();
    out_.append("{\"text\":\"").append(one.text.raw).push_back('"');
    if (!signature.empty())
        out_.append(",\"thoughtSignature\":\"").append(signature.raw).push_back('"');
    out_.push_back('}');
}

// The words of a thought are summaries and stay here; what was signed goes back as it came.
void contents_encoder::thought_part(const part& one) {
    if (one.thought != reasoning_kind::text || !is_google(one) || one.signature.empty()) return;
    open_part();
    out_.append("{\"text\":\"").append(one.text.raw).append("\",\"thought\":true");
    out_.append(",\"thoughtSignature\":\"").append(one.signature.raw).append("\"}");
}

bool contents_encoder::takes_call_id(escaped id) const noexcept {
    if (is_vertex_ || id.empty()) return false;
    return std::ranges::none_of(foreign_ids, [id](std::string_view prefix) {
        return id.raw.starts_with(prefix);
    });
}

void contents_encoder::call_part(const part& call) {
    open_part();
    out_.append("{\"functionCall\":{");
    if (takes_call_id(call.id)) out_.append("\"id\":\"").append(call.id.raw).append("\",");
    out_.append("\"name\":\"").append(call.name.raw).append("\",\"args\":");
    out_.append(arguments_object(call, from_.made).raw).push_back('}');
    const bool is_signed = is_google(call) && !call.signature.empty();
    if (is_signed) {
        out_.append(",\"thoughtSignature\":\"").append(call.signature.raw).push_back('"');
    } else if (rules_.wants_signatures && !is_step_signed_) {
        out_.append(",\"thoughtSignature\":\"").append(lost_signature).push_back('"');
    }
    is_step_signed_ = true;
    out_.push_back('}');
    calls_.push_back(&call);
}

// As many results as calls, and in their order; a call that nobody answered gets a result that says so.
void contents_encoder::results(std::size_t from, std::size_t behind) {
    answers_.assign(calls_.size(), nullptr);
    for (std::size_t at = from; at < behind; ++at) {
        for (const part& one : from_.parts_of(from_.messages[at])) {
            if (one.kind != part_kind::tool_result) continue;
            for (std::size_t i = 0; i < calls_.size(); ++i) {
                if (answers_[i] != nullptr || calls_[i]->id != one.id) continue;
                answers_[i] = &one;
                break;
            }
        }
    }
    open_content("user");
    for (std::size_t i = 0; i < calls_.size(); ++i)
        result_part(*calls_[i], answers_[i]);
    close_content();
    stray_results(from, behind);
}

// What answers no call of the turn, and media that a result cannot hold, follow as the user's words.
void contents_encoder::stray_results(std::size_t from, std::size_t behind) {
    bool is_open = false;
    const auto open = [&] {
        if (!is_open) open_content("user");
        is_open = true;
    };
    for (std::size_t at = from; at < behind; ++at) {
        for (const part& one : from_.parts_of(from_.messages[at])) {
            if (one.kind != part_kind::tool_result) continue;
            if (std::ranges::find(answers_, &one) == answers_.end()) {
                open();
                stray_result(one);
                continue;
            }
            if (rules_.has_media_results) continue;
            for (const part& inside : from_.contents_of(one)) {
                if (inside.kind == part_kind::text || inside.kind == part_kind::refusal) continue;
                open();
                if (!media_part(inside)) return;
            }
        }
    }
    if (is_open) close_content();
}

void contents_encoder::result_part(const part& call, const part* result) {
    open_part();
    out_.append("{\"functionResponse\":{");
    if (takes_call_id(call.id)) out_.append("\"id\":\"").append(call.id.raw).append("\",");
    out_.append("\"name\":\"").append(call.name.raw).append("\",\"response\":");
    if (result == nullptr) {
        out_.append(R"({"error":"The call was not answered."})");
    } else {
        result_response(*result);
        if (rules_.has_media_results) result_media(from_.contents_of(*result));
    }
    out_.append("}}");
}

void contents_encoder::result_response(const part& result) {
    std::string all;
    for (const part& one : from_.contents_of(result)) {
        if (one.kind == part_kind::text) all.append(one.text.raw);
    }
    if (!result.is_error && all.starts_with('{')) {
        const padded_text plain{from_.made.plain({all})};
        json::document read;
        if (read.read(plain.view()) && read.root().is_object()) {
            out_.append(plain.view().text());
            return;
        }
    }
    out_.append(result.is_error ? "{\"error\":\"" : "{\"output\":\"").append(all).append("\"}");
}

void contents_encoder::result_media(parts_view contents) {
    const bool has_media = std::ranges::any_of(contents, [](const part& one) {
        return one.source.kind != source_kind::none;
    });
    if (!has_media) return;
    out_.append(",\"parts\":[");
    has_parts_ = false;
    for (const part& one : contents) {
        if (one.source.kind != source_kind::none && !media_part(one)) return;
    }
    has_parts_ = true;
    out_.push_back(']');
}

void contents_encoder::stray_result(const part& result) {
    open_part();
    out_.append("{\"text\":\"");
    for (const part& one : from_.contents_of(result)) {
        if (one.kind == part_kind::text) out_.append(one.text.raw);
    }
    if (out_.ends_with("{\"text\":\"")) out_.push_back('.');
    out_.append("\"}");
}

bool contents_encoder::media_part(const part& one) {
    if (one.source.kind == source_kind::none) return true;
    if (one.kind == part_kind::audio && one.source.kind == source_kind::file_id) {
        to_.dropped.add("messages.audio");  // a voice answer another provider keeps
        return true;
    }
    open_part();
    return media_source(one);
}

bool contents_encoder::media_source(const part& one) {
    const auto& source = one.source;
    switch (source.kind) {
    case source_kind::none: return true;
    case source_kind::text:
        out_.append("{\"text\":\"").append(source.data.raw).append("\"}");
        return true;
    case source_kind::base64: {
        std::string_view type = type_of_base64(source.data.raw);
        if (type.empty()) type = source.type.raw;
        if (type.empty()) type = guessed_type(one);
        out_.append("{\"inlineData\":{\"mimeType\":\"").append(type);
        out_.append("\",\"data\":\"");
        to_.longs.append(out_, source.data.raw);
        out_.append("\"}}");
        return true;
    }
    case source_kind::url: return url_source(one);
    case source_kind::file_id: break;
    }
    if (is_vertex_) return refuse("Vertex AI knows no file ids; send the data or a gs:// address.");
    const bool is_address = source.data.raw.starts_with("https://");
    std::string uri{is_address ? std::string_view{} : files_base};
    uri.append(source.data.raw);
    if (!is_address && !source.data.raw.starts_with("files/"))
        return refuse("The file id is none of Google's: they begin with files/.");
    file_data(uri, source.type.raw);
    return true;
}

bool contents_encoder::url_source(const part& one) {
    // Some clients write "https:\/\/".
    const std::string_view uri = from_.made.quoted(from_.made.plain(one.source.data)).raw;
    const auto type = one.source.type.empty() ? guessed_type(one) : one.source.type.raw;
    if (is_youtube(uri)) {
        file_data(uri, "video/*");
        return true;
    }
    const bool is_own = !is_vertex_ && uri.starts_with(files_base);
    const bool is_fetched = is_vertex_ && (uri.starts_with("https://") || uri.starts_with("gs://"));
    if (is_own || is_fetched) {
        file_data(uri, is_own ? one.source.type.raw : type);
        return true;
    }
    return refuse(
        is_vertex_ ? "Vertex AI reads https:// and gs:// addresses only; send other media as data."
                   : "Google AI Studio reads no addresses of media but its own files and YouTube; "
                     "send the data as a data: URL."
    );
}

void contents_encoder::file_data(std::string_view uri, std::string_view type) {
    out_.append("{\"fileData\":{");
    if (!type.empty()) out_.append("\"mimeType\":\"").append(type).append("\",");
    out_.append("\"fileUri\":\"").append(uri).append("\"}}");
}

}  // namespace spillway::adapters::gemini
