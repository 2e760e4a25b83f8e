#include "adapters/operations/embeddings/decode_request.hpp"

#include "adapters/canonical/media.hpp"
#include "adapters/canonical/refusal.hpp"
#include "adapters/json/document.hpp"

#include <fmt/format.h>

namespace spillway::adapters::embeddings {

namespace {

using canonical::refusal;
using canonical::source_kind;

// Both spellings of Google's members.
json::value either(json::value object, std::string_view camel, std::string_view snake) noexcept {
    const auto found = object[camel];
    return found ? found : object[snake];
}

class request_decoder {
public:
    request_decoder(const request_facts& facts, embedding_request& into) noexcept
        : facts_{facts}
        , into_{into} {}

    result<> run() {
        if (is_of_tokens()) {
            return refusal(
                "input", "lists of tokens are taken by OpenAI's own models alone; send the text."
            );
        }
        if (!read_.read({facts_.body().data(), facts_.body().size()}))
            return refusal("body", "one JSON object is needed.");
        if (!by_dialect(read_.root())) return std::move(why_);
        if (into_.inputs.empty()) return refusal(input_name_, "there is nothing to embed.");
        if (into_.forms.empty()) into_.forms.add(vector_form::floats);
        return {};
    }

private:
    bool refuse(std::string_view param, std::string_view message) {
        why_ = refusal(param, message);
        return false;
    }

    // Looked for before anything is read into nodes: such lists are long.
    [[nodiscard]] bool is_of_tokens() const noexcept {
        const auto* const found = facts_.find(member::input);
        if (found == nullptr) return false;
        auto text = facts_.value_of(*found);
        if (!text.starts_with('[')) return false;
        text.remove_prefix(1);
        const auto first = text.find_first_not_of(" \t\r\n");
        if (first == text.npos) return false;
        const char c = text[first];
        return c == '[' || c == '-' || (c >= '0' && c <= '9');
    }

    bool by_dialect(json::value root) {
        switch (facts_.dialect) {
        case protocol::gemini: return gemini(root);
        case protocol::cohere: return cohere(root);
        case protocol::ollama: return ollama(root);
        case protocol::chat:
        case protocol::messages:
        case protocol::responses:
        case protocol::converse: break;
        }
        return openai(root);
    }

    // ---- what several dialects have

    bool whole_number(json::value value, std::string_view name) {
        if (!value) return true;
        into_.dimensions = value.count();
        if (into_.dimensions && *into_.dimensions > 0) return true;
        return refuse(name, "a positive whole number is needed.");
    }

    bool take_text(json::value value, std::string_view name, escaped& to) {
        if (value && !value.is_string()) return refuse(name, "a string is needed.");
        to = value.string();
        return true;
    }

    // A word nobody knows goes nowhere, and the client is told.
    bool take_purpose(json::value value, std::string_view name) {
        if (!value) return true;
        if (!value.is_string()) return refuse(name, "a string is needed.");
        if (const auto known = purpose_named(value.string().raw)) {
            into_.what_for = *known;
        } else {
            into_.others.push_back(name);
        }
        return true;
    }

    bool image(json::value url, std::string_view name) {
        content& made = into_.add();
        made.kind = content_kind::image;
        if (url.is_string() && canonical::read_url(url.string(), made.image, into_.made))
            return true;
        return refuse(name, "the URL of an image is needed: https:// or data: in base64.");
    }

    // {"type":"text","text"} and {"type":"image_url","image_url":{"url"}}, as OpenRouter and Cohere have them.
    bool parts(json::value list, std::string_view name) {
        if (!list.is_array() || list.is_empty())
            return refuse(name, "an input that is an object needs a list named content.");
        into_.add_input();
        for (const auto part : list.elements()) {
            const auto type = part["type"];
            if (type.equals("text") && part["text"].is_string()) {
                into_.add().text = part["text"].string();
            } else if (type.equals("image_url")) {
                const auto holder = part["image_url"];
                if (!image(holder.is_object() ? holder["url"] : holder, name)) return false;
            } else {
                return refuse(name, "contents are texts and images.");
            }
        }
        return true;
    }

    bool text_list(json::value list, std::string_view name) {
        if (!list.is_array()) return refuse(name, "a list of strings is needed.");
        for (const auto one : list.elements()) {
            if (!one.is_string()) return refuse(name, "a list of strings is needed.");
            into_.add_text_input(one.string());
        }
        return true;
    }

    // ---- OpenAI, OpenRouter

    bool openai(json::value root) {
        const auto input = root["input"];
        if (input.is_string()) {
            into_.add_text_input(input.string());
        } else if (!input.is_array()) {
            return refuse("input", "a string, or a list of strings, is needed.");
        }
        for (const auto one : input.elements()) {
            if (one.is_string()) {
                into_.add_text_input(one.string());
            } else if (!parts(one["content"], "input")) {
                return false;
            }
        }
        const auto form = root["encoding_format"];
        const bool packs = form.equals("base64");
        if (form && !packs && !form.equals("float"))
            return refuse("encoding_format", "it is float or base64.");
        into_.forms.add(packs ? vector_form::base64 : vector_form::floats);
        return whole_number(root["dimensions"], "dimensions") &&
               take_purpose(root["input_type"], "input_type") &&
               take_text(root["user"], "user", into_.user);
    }

    // ---- Google

    bool gemini(json::value root) {
        input_name_ = "content";
        if (facts_.what == operation::embed_one) return gemini_one(root);
        input_name_ = "requests";
        const auto requests = root["requests"];
        if (!requests.is_array()) return refuse("requests", "a list of requests is needed.");
        for (const auto one : requests.elements()) {
            const auto what_for = into_.what_for;
            const auto dimensions = into_.dimensions;
            const auto title = into_.title;
            const bool is_first = into_.inputs.empty();
            if (!gemini_one(one)) return false;
            const bool is_alike = what_for == into_.what_for && dimensions == into_.dimensions &&
                                  title == into_.title;
            if (!is_first && !is_alike)
                return refuse(
                    "requests", "all of a batch need the same taskType, title and dimensions here."
                );
        }
        return true;
    }

    bool gemini_one(json::value request) {
        into_.what_for = purpose::unset;
        into_.dimensions.reset();
        const auto content = request["content"];
        into_.add_input();
        if (content.is_string()) {
            into_.add().text = content.string();
        } else {
            const auto list = content["parts"];
            const bool is_good = list.is_array() ? gemini_parts(list) : gemini_part(list);
            if (!is_good) return false;
        }
        if (request["autoTruncate"].is_false()) into_.cut = truncation::none;
        return take_purpose(either(request, "taskType", "task_type"), "taskType") &&
               take_text(request["title"], "title", into_.title) &&
               whole_number(
                   either(request, "outputDimensionality", "output_dimensionality"),
                   "outputDimensionality"
               );
    }

    bool gemini_parts(json::value list) {
        if (list.is_empty()) return refuse("content", "it needs parts.");
        for (const auto part : list.elements()) {
            if (!gemini_part(part)) return false;
        }
        return true;
    }

    bool gemini_part(json::value part) {
        if (part["text"].is_string()) {
            into_.add().text = part["text"].string();
            return true;
        }
        const auto data = either(part, "inlineData", "inline_data");
        if (!data["data"].is_string()) return refuse("content", "parts are texts and inlineData.");
        content& made = into_.add();
        made.kind = content_kind::image;
        made.image.kind = source_kind::base64;
        made.image.type = either(data, "mimeType", "mime_type").string();
        made.image.data = data["data"].string();
        return true;
    }

    // ---- Cohere

    bool cohere(json::value root) {
        input_name_ = "texts";
        if (const auto texts = root["texts"]; texts && !text_list(texts, "texts")) return false;
        for (const auto one : root["images"].elements()) {
            into_.add_input();
            if (!image(one, "images")) return false;
        }
        for (const auto one : root["inputs"].elements()) {
            if (!parts(one["content"], "inputs")) return false;
        }
        return cohere_forms(root["embedding_types"]) && cohere_truncate(root["truncate"]) &&
               cohere_purpose(root["input_type"]) &&
               whole_number(root["output_dimension"], "output_dimension") &&
               note(root, "max_tokens");
    }

    bool cohere_forms(json::value list) {
        if (list && !list.is_array()) return refuse("embedding_types", "a list is needed.");
        for (const auto one : list.elements()) {
            const auto form = form_named(one.string().raw);
            if (!form)
                return refuse(
                    "embedding_types", "they are float, base64, int8, uint8, binary and ubinary."
                );
            into_.forms.add(*form);
        }
        return true;
    }

    bool cohere_purpose(json::value value) {
        // Says what the inputs are, not what for.
        return value.equals("image") || take_purpose(value, "input_type");
    }

    bool cohere_truncate(json::value value) {
        if (!value) return true;
        if (value.equals("NONE")) into_.cut = truncation::none;
        if (value.equals("START")) into_.cut = truncation::start;
        if (value.equals("END")) into_.cut = truncation::end;
        return into_.cut != truncation::unset || refuse("truncate", "it is NONE, START or END.");
    }

    // ---- Ollama

    bool ollama(json::value root) {
        const bool is_older = facts_.what == operation::embed_one;
        input_name_ = is_older ? "prompt" : "input";
        const auto input = root[input_name_];
        if (input.is_string()) {
            into_.add_text_input(input.string());
        } else if (is_older || !text_list(input, "input")) {
            return refuse(input_name_, is_older ? "a string is needed." : "texts are needed.");
        }
        const auto truncate = root["truncate"];
        if (truncate.is_true()) into_.cut = truncation::end;
        if (truncate.is_false()) into_.cut = truncation::none;
        return whole_number(root["dimensions"], "dimensions") && note(root, "options");
    }

    // A member nobody else has. REQUIRES: the name is a constant.
    bool note(json::value root, std::string_view name) {
        const auto value = root[name];
        const bool says_nothing = (value.is_object() || value.is_array()) && value.is_empty();
        if (value && !says_nothing) into_.others.push_back(name);
        return true;
    }

    const request_facts& facts_;
    embedding_request& into_;
    json::document read_;
    std::string_view input_name_ = "input";
    problem why_;
};

}  // namespace

result<> decode_request(const request_facts& facts, embedding_request& into) {
    return request_decoder{facts, into}.run();
}

}  // namespace spillway::adapters::embeddings
