#include "adapters/protocols/gemini/decode_contents.hpp"

#include "adapters/protocols/gemini/spellings.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace spillway::adapters::gemini {

using namespace canonical;

namespace {

problem refusal(std::string_view param, std::string_view message) {
    return make_problem(
        error_class::bad_request, fmt::format("Invalid value at '{}': {}", param, message), param
    );
}

part_kind kind_of(std::string_view type) noexcept {
    if (type.starts_with("image/")) return part_kind::image;
    if (type.starts_with("audio/")) return part_kind::audio;
    return type.starts_with("video/") ? part_kind::video : part_kind::file;
}

bool is_result(json::value part) {
    return member_of(part, "functionResponse").is_object();
}

}  // namespace

bool contents_decoder::refuse(std::string_view member, std::string_view message) {
    why_ = refusal(fmt::format("contents[{}].{}", index_, member), message);
    return false;
}

result<> contents_decoder::contents(json::value from) {
    if (from.is_string()) {
        into_.add_message(role::user);
        into_.add_text(from.string());
        return {};
    }
    if (from.is_object()) {
        if (!content(from)) return why_;
        return {};
    }
    if (!from.is_array() || from.is_empty())
        return refusal("contents", "a list of contents is needed.");
    for (const auto one : from.elements()) {
        if (!content(one)) return why_;
        ++index_;
    }
    return {};
}

result<> contents_decoder::instructions(json::value from) {
    into_.add_message(role::system);
    is_message_open_ = true;
    const auto inside = from.is_object() && from["parts"] ? from["parts"] : from;
    const auto take = [this](json::value one) {
        const auto words = one.is_string() ? one : one["text"];
        if (words.is_string()) into_.add_text(words.string());
        return words.is_string();
    };
    bool is_good = true;
    if (inside.is_array()) {
        for (const auto one : inside.elements())
            is_good = is_good && take(one);
    } else {
        is_good = take(inside);
    }
    if (!is_good) return refusal("systemInstruction", "text parts are needed.");
    return {};
}

bool contents_decoder::content(json::value one) {
    if (one.is_string()) {
        into_.add_message(role::user);
        into_.add_text(one.string());
        return true;
    }
    if (!one.is_object()) return refuse("parts", "a content is an object with parts.");
    is_message_open_ = false;
    const auto who = one["role"];
    const auto inside = one["parts"];
    const bool is_models = who.equals("model") || who.equals("assistant");
    const bool is_users = !who || who.equals("user") || who.equals("function") ||
                          who.equals("tool") || who.equals("");
    if (who.equals("system")) {
        into_.add_message(role::system);
        is_message_open_ = true;
        return parts(inside, role::system);
    }
    if (!is_models && !is_users) return refuse("role", "use one of: user, model.");
    // A part may stand where its content should.
    if (!inside && !who) return part(one, role::user);
    return parts(inside, is_models ? role::assistant : role::user);
}

bool contents_decoder::parts(json::value list, role as) {
    if (list.is_object()) return part(list, as);
    if (list.is_string()) {
        add(part_kind::text, as).text = list.string();
        return true;
    }
    if (!list.is_array()) return refuse("parts", "a list of parts is needed.");
    for (const auto one : list.elements()) {
        if (!part(one, as)) return false;
    }
    return true;
}

part& contents_decoder::add(part_kind kind, role as) {
    const role wanted = kind == part_kind::tool_result ? role::tool : as;
    if (!is_message_open_ || into_.messages.back().role != wanted) into_.add_message(wanted);
    is_message_open_ = true;
    return into_.add(kind);
}

bool contents_decoder::part(json::value one, role as) {
    if (one.is_string()) {
        add(part_kind::text, as).text = one.string();
        return true;
    }
    if (!one.is_object()) return refuse("parts", "a part is an object.");
    if (one["text"].is_string()) {
        text(one, as);
        return true;
    }
    if (is_result(one)) return function_result(member_of(one, "functionResponse"));
    if (const auto from = member_of(one, "functionCall"); from.is_object()) {
        if (as != role::assistant) return refuse("parts", "functionCall belongs to the model.");
        return call(from, one);
    }
    return data(one, as);
}

bool contents_decoder::data(json::value one, role as) {
    if (as == role::system) return refuse("parts", "instructions are text.");
    for (const auto* name : {"inlineData", "fileData"}) {
        const auto blob = member_of(one, name);
        if (!blob.is_object()) continue;
        const auto type = member_of(blob, "mimeType").string();
        canonical::part& made = add(kind_of(type.raw), as);
        sign(one, made);
        return media(blob, made);
    }
    return code(one, as);
}

void contents_decoder::text(json::value one, role as) {
    const bool is_thought = one["thought"].is_true();
    canonical::part& made = add(is_thought ? part_kind::reasoning : part_kind::text, as);
    made.text = one["text"].string();
    if (is_thought) made.format = reasoning_format::google;
    sign(one, made);
}

// Google takes both alphabets, and its Python client writes the one for URLs; the others take one.
escaped contents_decoder::standard_base64(escaped text) {
    if (text.raw.find_first_of("-_") == text.raw.npos) return text;
    std::string standard{text.raw};
    std::ranges::replace(standard, '-', '+');
    std::ranges::replace(standard, '_', '/');
    standard.resize((standard.size() + 3) / 4 * 4, '=');
    return {into_.made.keep(std::move(standard))};
}

void contents_decoder::sign(json::value carrier, canonical::part& made) {
    const auto signature = member_of(carrier, "thoughtSignature");
    if (!signature.is_string() || signature.string().empty()) return;
    made.signature = signature.string();
    made.format = reasoning_format::google;
}

bool contents_decoder::call(json::value from, json::value carrier) {
    if (!from["name"].is_string()) return refuse("parts", "a functionCall needs a name.");
    const auto arguments = from["args"];
    if (arguments && !arguments.is_object()) return refuse("parts", "args is an object.");
    canonical::part& made = add(part_kind::tool_call, role::assistant);
    made.name = from["name"].string();
    made.id = from["id"].string();
    if (made.id.empty()) made.id = {into_.made.keep(fmt::format("call_{}", calls_))};
    ++calls_;
    made.object = arguments ? arguments.text() : raw_value{"{}"};
    sign(carrier, made);
    open_.push_back({made.id, made.name});
    return true;
}

// By its id, else the first open call of that name; a result of neither keeps what it says.
escaped contents_decoder::answered(json::value id, escaped name) {
    for (auto at = open_.begin(); at != open_.end(); ++at) {
        const bool is_it =
            id.is_string() && !id.string().empty() ? at->id == id.string() : at->name == name;
        if (!is_it) continue;
        const auto found = at->id;
        open_.erase(at);
        return found;
    }
    if (id.is_string() && !id.string().empty()) return id.string();
    return {into_.made.keep(fmt::format("call_{}", calls_++))};
}

bool contents_decoder::function_result(json::value from) {
    if (!from["name"].is_string()) return refuse("parts", "a functionResponse needs a name.");
    canonical::part& made = add(part_kind::tool_result, role::tool);
    made.name = from["name"].string();
    made.id = answered(from["id"], made.name);
    response(from["response"], made);
    for (const auto one : from["parts"].elements()) {
        auto blob = member_of(one, "inlineData");
        if (!blob.is_object()) blob = member_of(one, "fileData");
        if (!blob.is_object()) continue;
        const auto type = member_of(blob, "mimeType").string();
        if (!media(blob, into_.add_nested(kind_of(type.raw)))) return false;
    }
    return true;
}

// {"output":"…"}, {"result":"…"} and {"error":"…"} are one text; anything else is its JSON.
void contents_decoder::response(json::value from, canonical::part& result) {
    escaped words = into_.made.quoted(from ? from.raw() : std::string_view{"{}"});
    std::size_t count = 0;
    for (const auto [name, value] : from.members()) {
        ++count;
        const bool is_error = name == "error";
        if (!value.is_string() || (name != "output" && name != "result" && !is_error)) continue;
        if (count == 1) words = value.string();
        result.is_error = is_error;
    }
    if (count > 1) {
        words = into_.made.quoted(from.raw());
        result.is_error = false;
    }
    into_.add_nested(part_kind::text).text = words;
}

bool contents_decoder::media(json::value blob, canonical::part& made) {
    const auto uri = member_of(blob, "fileUri");
    const auto octets = blob["data"];
    made.source.type = member_of(blob, "mimeType").string();
    made.source.name = member_of(blob, "displayName").string();
    if (uri.is_string() && !uri.string().empty()) {
        made.source.kind = source_kind::url;
        made.source.data = uri.string();
        return true;
    }
    if (!octets.is_string()) return refuse("parts", "data or a fileUri is needed.");
    if (made.source.type.empty()) return refuse("parts", "inlineData needs a mimeType.");
    made.source.kind = source_kind::base64;
    made.source.data = standard_base64(octets.string());
    return true;
}

// What a model of Google's ran in an earlier turn reads as text elsewhere; parts of unknown kinds say nothing there.
bool contents_decoder::code(json::value carrier, role as) {
    const auto source = member_of(carrier, "executableCode")["code"];
    const auto output = member_of(carrier, "codeExecutionResult")["output"];
    const auto shown = source.is_string() ? source : output;
    if (!shown.is_string()) return true;
    const std::string_view language = source.is_string() ? "python" : "";
    add(part_kind::text, as).text = {
        into_.made.keep(fmt::format("```{}\\n{}\\n```\\n", language, shown.string().raw))};
    return true;
}

}  // namespace spillway::adapters::gemini
