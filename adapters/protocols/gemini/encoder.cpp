#include "adapters/protocols/gemini/encoder.hpp"

#include "adapters/json/document.hpp"
#include "adapters/json/writer.hpp"
#include "adapters/protocols/gemini/codec.hpp"
#include "adapters/protocols/gemini/finish.hpp"
#include "adapters/protocols/gemini/logprobs.hpp"
#include "adapters/protocols/gemini/usage.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace spillway::adapters::gemini {

using namespace canonical;

encoder::encoder(const answer_context& context) : context_{context} {
    names_.append(",\"modelVersion\":");
    json::append_string(names_, context.model);
    names_.append(",\"responseId\":");
    json::append_string(names_, context.generation_id);
    names_.push_back('}');
}

void encoder::take(const event& one) {
    switch (one.kind) {
    case event_kind::start:
        // A list that has begun can be ended by an error at any time.
        if (context_.form == stream_form::array && !is_whole() && !has_chunks_) {
            text_.append("[{").append(std::string_view{names_}.substr(1));
            has_chunks_ = true;
        }
        return;
    case event_kind::text:
    case event_kind::refusal: return say(one, open_text::text);
    case event_kind::reasoning: return say(one, open_text::thought);
    case event_kind::signature: return signature(one);
    case event_kind::encrypted:
        if (one.format == reasoning_format::google) signature(one);
        return;
    case event_kind::tool_start: return start_call(one);
    case event_kind::tool_arguments:
        if (auto* call = call_of(one.choice, one.tool)) call->arguments.append(one.text.raw);
        return;
    case event_kind::tool_end:
        if (auto* call = call_of(one.choice, one.tool)) end_call(*call);
        return;
    case event_kind::image:
    case event_kind::audio: return media(one);
    case event_kind::citation: return cite(one);
    case event_kind::logprobs: {
        auto& all = candidate_of(one.choice).logprobs;
        all.append(all.empty() ? "" : ",").append(one.value.raw);
        return;
    }
    case event_kind::finish: return finish(one);
    case event_kind::usage: tokens_ = one.tokens; return;
    case event_kind::end: return end();
    }
}

encoder::candidate& encoder::candidate_of(std::uint32_t choice) {
    const auto found = std::ranges::find(candidates_, choice, &candidate::index);
    if (found != candidates_.end()) return *found;
    candidate& made = candidates_.emplace_back();
    made.index = choice;
    return made;
}

encoder::open_call* encoder::call_of(std::uint32_t choice, std::uint32_t tool) noexcept {
    const auto found = std::ranges::find_if(calls_, [&](const open_call& one) {
        return one.choice == choice && one.tool == tool;
    });
    return found == calls_.end() ? nullptr : &*found;
}

void encoder::open_chunk() {
    if (context_.form == stream_form::usual) {
        text_.append("data: ");
    } else {
        text_.append(has_chunks_ ? ",\r\n" : "[");
    }
    has_chunks_ = true;
}

void encoder::close_chunk() {
    text_.append(names_);
    if (context_.form == stream_form::usual) text_.append("\r\n\r\n");
}

std::string& encoder::open_part(std::uint32_t choice) {
    candidate& of = candidate_of(choice);  // the last chunk names it in any case
    if (!is_whole()) {
        open_chunk();
        text_.append("{\"candidates\":[{\"content\":{\"parts\":[");
        return text_;
    }
    close_text(of, {});
    if (!of.parts.empty()) of.parts.push_back(',');
    return of.parts;
}

void encoder::close_part(std::uint32_t choice) {
    if (is_whole()) return;
    text_.append("],\"role\":\"model\"},\"index\":").append(fmt::format_int{choice}.str());
    text_.append("}]");
    close_chunk();
}

void encoder::close_text(candidate& of, std::string_view signed_by) {
    if (of.open == open_text::none) return;
    of.parts.push_back('"');
    if (of.open == open_text::thought) of.parts.append(",\"thought\":true");
    if (!signed_by.empty())
        of.parts.append(",\"thoughtSignature\":\"").append(signed_by).push_back('"');
    of.parts.push_back('}');
    of.open = open_text::none;
}

void encoder::say(const event& one, open_text kind) {
    if (one.text.empty()) return;
    if (kind == open_text::thought) thought_part_ = one.part;
    candidate& of = candidate_of(one.choice);
    if (is_whole() && of.open == kind) {
        of.parts.append(one.text.raw);
        return;
    }
    std::string& out = open_part(one.choice);
    out.append("{\"text\":\"").append(one.text.raw);
    if (is_whole()) {
        of.open = kind;
        return;
    }
    out.append(kind == open_text::thought ? "\",\"thought\":true}" : "\"}");
    close_part(one.choice);
}

// Only Google's own mean something to whom this client may send them back through us.
void encoder::signature(const event& one) {
    if (one.format != reasoning_format::google || one.text.empty()) return;
    for (open_call& call : calls_) {
        if (call.choice != one.choice || call.part != one.part) continue;
        call.signature = one.text.raw;
        return;
    }
    candidate& of = candidate_of(one.choice);
    if (is_whole() && of.open != open_text::none) return close_text(of, one.text.raw);
    std::string& out = open_part(one.choice);
    out.append("{\"text\":\"\"");
    if (one.part == thought_part_) out.append(",\"thought\":true");
    out.append(",\"thoughtSignature\":\"").append(one.text.raw).append("\"}");
    close_part(one.choice);
}

void encoder::start_call(const event& one) {
    open_call& made = calls_.emplace_back();
    made.choice = one.choice;
    made.tool = one.tool;
    made.part = one.part;
    made.id = one.id.raw;
    made.name = one.name.raw;
}

// A call is one part, and its arguments are an object.
void encoder::end_call(open_call& call) {
    canonical::part made;
    made.arguments = {call.arguments};
    std::string& out = open_part(call.choice);
    out.append("{\"functionCall\":{");
    if (!call.id.empty()) out.append("\"id\":\"").append(call.id).append("\",");
    out.append("\"name\":\"").append(call.name).append("\",\"args\":");
    out.append(arguments_object(made, made_).raw).push_back('}');
    made_.clear();
    if (!call.signature.empty())
        out.append(",\"thoughtSignature\":\"").append(call.signature).push_back('"');
    out.push_back('}');
    close_part(call.choice);
    calls_.erase(calls_.begin() + (&call - calls_.data()));
}

void encoder::end_calls(std::uint32_t choice) {
    for (std::size_t at = 0; at < calls_.size();) {
        if (calls_[at].choice == choice) {
            end_call(calls_[at]);
        } else {
            ++at;
        }
    }
}

void encoder::media(const event& one) {
    const auto& source = one.source;
    if (source.data.empty()) return;
    std::string& out = open_part(one.choice);
    const bool is_data = source.kind == source_kind::base64;
    const std::string_view guess = one.kind == event_kind::image ? "image/png" : "audio/wav";
    out.append(is_data ? "{\"inlineData\":{\"mimeType\":\"" : "{\"fileData\":{\"mimeType\":\"");
    out.append(source.type.empty() ? guess : source.type.raw);
    out.append(is_data ? "\",\"data\":\"" : "\",\"fileUri\":\"");
    out.append(source.data.raw).append("\"}}");
    close_part(one.choice);
}

void encoder::cite(const event& one) {
    if (one.cited.url.empty()) return;
    candidate& of = candidate_of(one.choice);
    of.source_list.append(
        of.source_list.empty() ? "{\"web\":{\"uri\":\"" : ",{\"web\":{\"uri\":\""
    );
    of.source_list.append(one.cited.url.raw).push_back('"');
    if (!one.cited.title.empty())
        of.source_list.append(",\"title\":\"").append(one.cited.title.raw).push_back('"');
    of.source_list.append("}}");
    const auto number = of.sources++;
    if (one.cited.text.empty()) return;
    of.stretches.append(of.stretches.empty() ? "" : ",").append("{\"segment\":{\"text\":\"");
    of.stretches.append(one.cited.text.raw).append("\"},\"groundingChunkIndices\":[");
    of.stretches.append(fmt::format_int{number}.str()).append("]}");
}

void encoder::finish(const event& one) {
    end_calls(one.choice);
    candidate& of = candidate_of(one.choice);
    of.why = one.why;
    of.is_finished = true;
}

void encoder::append_last(candidate& one) {
    text_.push_back('{');
    if (is_whole() && !one.parts.empty())
        text_.append("\"content\":{\"parts\":[").append(one.parts).append("],\"role\":\"model\"},");
    if (one.is_finished)
        text_.append("\"finishReason\":\"").append(native_of(one.why)).append("\",");
    text_.append("\"index\":").append(fmt::format_int{one.index}.str());
    if (!one.source_list.empty()) {
        text_.append(",\"groundingMetadata\":{\"groundingChunks\":[").append(one.source_list);
        text_.append("],\"groundingSupports\":[").append(one.stretches).append("]}");
    }
    const padded_text listed{"[" + one.logprobs + "]"};
    if (json::document read; !one.logprobs.empty() && read.read(listed.view())) {
        text_.append(",\"logprobsResult\":");
        append_google_logprobs(read.root(), text_);
    }
    text_.push_back('}');
}

void encoder::end() {
    if (context_.what == operation::count_tokens) {
        text_.append("{\"totalTokens\":").append(fmt::format_int{tokens_.prompt}.str()).append("}");
        return;
    }
    if (candidates_.empty()) candidates_.emplace_back();
    if (!is_whole()) open_chunk();
    text_.append("{\"candidates\":[");
    for (candidate& one : candidates_) {
        close_text(one, {});
        if (&one != candidates_.data()) text_.push_back(',');
        append_last(one);
    }
    text_.append("],\"usageMetadata\":");
    append_usage(text_, tokens_);
    if (is_whole()) {
        text_.append(names_);
        return;
    }
    close_chunk();
    if (context_.form == stream_form::array) text_.push_back(']');
}

std::unique_ptr<answer_encoder> make_encoder(const answer_context& context) {
    return std::make_unique<encoder>(context);
}

}  // namespace spillway::adapters::gemini
