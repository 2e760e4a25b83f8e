#include "bench/sim/dialects/gemini_print.hpp"

#include "bench/sim/dialects/json_view.hpp"

#include <fmt/format.h>

#include <utility>

namespace spillway::bench::sim {
namespace {

std::string_view finish_reason(const said& choice) {
    switch (choice.finish) {
    case finish_kind::length: return "MAX_TOKENS";
    case finish_kind::filter: return "SAFETY";
    case finish_kind::stop:
    case finish_kind::stop_sequence:
    case finish_kind::calls:
    case finish_kind::refusal: break;
    }
    return "STOP";
}

// The whole prompt is blocked: there is no candidate at all.
bool is_blocked(const answer& made) {
    return made.choices.front().finish == finish_kind::refusal;
}

json::array text_details(std::size_t tokens) {
    return list_of(json::object{{"modality", "TEXT"}, {"tokenCount", tokens}});
}

// Counts of zero are left out, as protocol buffers do.
json::object print_usage(const answer& made, const gemini_frame& frame, std::size_t completion) {
    const auto thoughts = std::min(made.reasoning_tokens, completion);
    json::object usage{{"promptTokenCount", made.prompt_tokens}};
    if (completion > thoughts) usage["candidatesTokenCount"] = completion - thoughts;
    usage["totalTokenCount"] = made.prompt_tokens + completion;
    if (made.cached_tokens > 0) {
        usage["cachedContentTokenCount"] = made.cached_tokens;
        usage["cacheTokensDetails"] = text_details(made.cached_tokens);
    }
    usage["promptTokensDetails"] = text_details(made.prompt_tokens);
    if (thoughts > 0) usage["thoughtsTokenCount"] = thoughts;
    if (frame.surface == google_surface::studio)
        usage["serviceTier"] = "standard";
    else
        usage["trafficType"] = "ON_DEMAND";
    return usage;
}

json::object print_call(const part& one, const gemini_frame& frame) {
    json::object call{{"name", one.name}, {"args", parse_json(one.text)}};
    if (frame.surface == google_surface::studio) call["id"] = one.id;
    return {{"functionCall", std::move(call)}};
}

// The signature of the thoughts before; goes with the first call, else with the end of the text.
std::string signature_of(const said& choice) {
    for (const auto& one : choice.parts) {
        if (one.kind == part_kind::reasoning) return one.signature;
        if (one.kind == part_kind::redacted) return one.text;
    }
    return {};
}

json::object print_text(std::string_view text, part_kind kind) {
    json::object printed{{"text", text}};
    if (kind == part_kind::reasoning) printed["thought"] = true;
    return printed;
}

json::object print_image(const part& one) {
    return {{"inlineData", {{"mimeType", "image/png"}, {"data", one.text}}}};
}

json::value print_grounding(const said& choice) {
    for (const auto& one : choice.parts) {
        if (one.citations.empty()) continue;
        const auto& cited = one.citations.front();
        // Offsets are octets here, and zero is left out.
        json::object segment{
            {"startIndex", cited.begin},
            {"endIndex", cited.end},
            {"text", one.text.substr(cited.begin, cited.end - cited.begin)}};
        json::object support{{"segment", std::move(segment)}};
        support["groundingChunkIndices"] = list_of(0);
        json::object source{
            {"web",
             {{"uri", citation::url}, {"title", citation::title}, {"domain", "example.com"}}}};
        json::object grounding;
        grounding["webSearchQueries"] = list_of("simulated query");
        grounding["groundingChunks"] = list_of(std::move(source));
        grounding["groundingSupports"] = list_of(std::move(support));
        return grounding;
    }
    return nullptr;
}

class gemini_printer {
public:
    gemini_printer(const answer& made, const gemini_frame& frame) : made_(made), frame_(frame) {}

    json::object whole() const {
        if (is_blocked(made_)) return block();
        json::array candidates;
        for (std::size_t i = 0; i < made_.choices.size(); ++i) {
            const auto& choice = made_.choices[i];
            auto parts = print_parts(choice);
            candidates.push_back(candidate(std::move(parts), i, &choice));
        }
        return respond(std::move(candidates), made_.completion_tokens);
    }

    // All chunks; the last one carries the finish.
    std::vector<json::object> chunks() {
        if (is_blocked(made_)) return {block()};
        for (std::size_t i = 0; i < made_.choices.size(); ++i)
            add_choice(made_.choices[i], i);
        return std::move(chunks_);
    }

private:
    json::array print_parts(const said& choice) const {
        json::array parts;
        auto signature = signature_of(choice);
        for (const auto& one : choice.parts) {
            if (one.kind == part_kind::redacted || one.text.empty()) continue;
            if (one.kind == part_kind::call) {
                parts.push_back(print_call(one, frame_));
                if (!signature.empty())
                    parts.back().get_object()["thoughtSignature"] = std::exchange(signature, {});
            } else if (one.kind == part_kind::image) {
                parts.push_back(print_image(one));
            } else {
                parts.push_back(print_text(one.text, one.kind));
            }
        }
        const bool ends_in_text =
            !choice.parts.empty() && choice.parts.back().kind == part_kind::text;
        if (!signature.empty() && ends_in_text && !parts.empty())
            parts.back().get_object()["thoughtSignature"] = signature;
        return parts;
    }

    json::object candidate(json::array parts, std::size_t index, const said* ended) const {
        json::object made;
        json::object content{{"role", "model"}};
        if (!parts.empty()) content["parts"] = std::move(parts);
        made["content"] = std::move(content);
        if (ended != nullptr) made["finishReason"] = finish_reason(*ended);
        made["index"] = index;
        if (ended == nullptr) return made;
        if (auto grounding = print_grounding(*ended); !grounding.is_null())
            made["groundingMetadata"] = std::move(grounding);
        return made;
    }

    json::object respond(json::array candidates, std::size_t completion) const {
        json::object made;
        made["candidates"] = std::move(candidates);
        made["usageMetadata"] = print_usage(made_, frame_, completion);
        made["modelVersion"] = frame_.model;
        made["responseId"] = frame_.id;
        return made;
    }

    json::object block() const {
        json::object made{{"promptFeedback", {{"blockReason", "PROHIBITED_CONTENT"}}}};
        made["usageMetadata"] = print_usage(made_, frame_, 0);
        made["modelVersion"] = frame_.model;
        made["responseId"] = frame_.id;
        return made;
    }

    void add(json::object one, std::size_t index, const said* ended) {
        auto said_so_far = made_.reasoning_tokens + chunks_.size();
        if (ended != nullptr) said_so_far = made_.completion_tokens;
        said_so_far = std::min(said_so_far, made_.completion_tokens);
        auto chosen = candidate(list_of(std::move(one)), index, ended);
        chunks_.push_back(respond(list_of(std::move(chosen)), said_so_far));
    }

    void add_choice(const said& choice, std::size_t index) {
        auto signature = signature_of(choice);
        for (const auto& one : choice.parts) {
            if (one.kind == part_kind::call) {
                auto call = print_call(one, frame_);
                if (!signature.empty()) call["thoughtSignature"] = std::exchange(signature, {});
                add(std::move(call), index, nullptr);
            } else if (one.kind == part_kind::image) {
                add(print_image(one), index, nullptr);
            } else if (one.kind != part_kind::redacted) {
                for (const auto piece : pieces_of(one))
                    add(print_text(piece, one.kind), index, nullptr);
            }
        }
        json::object last{{"text", ""}};
        if (!signature.empty()) last["thoughtSignature"] = signature;
        add(std::move(last), index, &choice);
    }

    const answer& made_;
    const gemini_frame& frame_;
    std::vector<json::object> chunks_;
};

reply start_reply(const answer& made) {
    reply started;
    started.content_type = "application/json; charset=UTF-8";
    started.prompt_tokens = made.prompt_tokens;
    started.completion_tokens = is_blocked(made) ? 0 : made.completion_tokens;
    return started;
}

std::string frame_chunk_of(const json::object& chunk, gemini_stream form, std::size_t index) {
    const auto text = json::serialize(chunk);
    if (form == gemini_stream::events) return fmt::format("data: {}\r\n\r\n", text);
    return (index == 0 ? "[" : "\r\n,\r\n") + text;
}

}  // namespace

reply print_gemini(const answer& made, const gemini_frame& frame) {
    auto printed = start_reply(made);
    printed.body = json::serialize(gemini_printer{made, frame}.whole());
    return printed;
}

reply stream_gemini(const answer& made, const gemini_frame& frame, gemini_stream form) {
    auto printed = start_reply(made);
    printed.is_stream = true;
    if (form == gemini_stream::events) printed.content_type = "text/event-stream";
    const auto chunks = gemini_printer{made, frame}.chunks();
    for (const auto& chunk : chunks)
        printed.events.push_back(frame_chunk_of(chunk, form, printed.events.size()));
    printed.closing = std::move(printed.events.back());
    printed.events.pop_back();
    if (form == gemini_stream::array) printed.closing += "\r\n]";
    return printed;
}

}  // namespace spillway::bench::sim
