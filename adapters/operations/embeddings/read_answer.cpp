#include "adapters/operations/embeddings/read_answer.hpp"

#include "adapters/json/text.hpp"
#include "adapters/json/walker.hpp"

#include <algorithm>

namespace spillway::adapters::embeddings {

namespace {

using json::raw_string;

class answer_reader {
public:
    answer_reader(padded_view body, std::size_t expected, embedding_answer& into) noexcept
        : into_{into}
        , walk_{body}
        , expected_{expected} {}

    bool run() {
        const char* p = walk_.skip_space(walk_.begin());
        p = walk_.members(p, [this](const raw_string& name, const char* at) {
            return top(name.text, at);
        });
        if (p == nullptr || !walk_.at_end(walk_.skip_space(p)) || !walk_.utf8_is_valid())
            return false;
        return into_.shape != answer_shape::none && !into_.given.empty();
    }

private:
    using place = const char*;

    place top(std::string_view name, place p) {
        if (name == "data") return data(p);
        if (name == "embedding") return *p == '{' ? one_values(p) : one_list(p);
        if (name == "embeddings") return *p == '{' ? by_form(p) : embeddings(p);
        if (name == "predictions") return predictions(p);
        if (name == "model") return word(p, into_.model);
        if (name == "usage") return count_in(p, "prompt_tokens");
        if (name == "usageMetadata") return count_in(p, "promptTokenCount");
        if (name == "meta") return meta(p);
        if (name == "prompt_eval_count" || name == "inputTextTokenCount") return count(p);
        return walk_.any(p, 1);
    }

    // ---- vectors

    series& of(vector_form form) {
        const auto found = std::ranges::find(into_.given, form, &series::form);
        if (found != into_.given.end()) return *found;
        series& made = into_.given.emplace_back();
        made.form = form;
        return made;
    }

    place numbers(place p, std::string_view& out) {
        const place from = p;
        p = walk_.elements(p, [this](place at) { return walk_.number(at); });
        if (p != nullptr) out = {from, static_cast<std::size_t>(p - from)};
        return p;
    }

    // A list of numbers, or base64 where a text may stand.
    place vector(place p, vector_form form) {
        std::string_view text;
        if (*p != '"') {
            p = numbers(p, text);
            if (p != nullptr) of(form).vectors.push_back(text);
            return p;
        }
        raw_string packed;
        p = walk_.string(p + 1, packed);
        if (p == nullptr || packed.escaped) return nullptr;
        of(vector_form::base64).vectors.push_back(packed.text);
        return p;
    }

    place one_list(place p) {
        into_.shape = answer_shape::one_list;
        return vector(p, vector_form::floats);
    }

    // {"values":[…],"statistics":{"token_count":…}}
    place values(place p) {
        bool found = false;
        p = walk_.members(p, [&](const raw_string& name, place at) {
            if (name.text == "statistics") return count_in(at, "token_count");
            if (name.text != "values") return walk_.any(at, 3);
            found = true;
            return vector(at, vector_form::floats);
        });
        return found ? p : nullptr;
    }

    place one_values(place p) {
        into_.shape = answer_shape::one_values;
        return values(p);
    }

    // Objects with values, or plain lists.
    place embeddings(place p) {
        into_.shape = answer_shape::lists;
        return walk_.elements(p, [this](place at) {
            if (*at != '{') return vector(at, vector_form::floats);
            into_.shape = answer_shape::values;
            return values(at);
        });
    }

    place by_form(place p) {
        into_.shape = answer_shape::by_form;
        return walk_.members(p, [this](const raw_string& name, place at) -> place {
            const auto form = form_named(name.text);
            if (!form) return walk_.any(at, 2);
            if (walk_.is_null(at)) return walk_.literal(at);
            return walk_.elements(at, [&](place one) { return vector(one, *form); });
        });
    }

    place predictions(place p) {
        into_.shape = answer_shape::predictions;
        return walk_.elements(p, [this](place at) {
            return walk_.members(at, [this](const raw_string& name, place inside) {
                return name.text == "embeddings" ? values(inside) : walk_.any(inside, 3);
            });
        });
    }

    // [{"index":0,"embedding":[…]}]
    place data(place p) {
        into_.shape = answer_shape::data;
        return walk_.elements(p, [this](place at) { return datum(at); });
    }

    place datum(place p) {
        std::optional<std::uint64_t> index;
        const auto before = vectors_of(vector_form::floats) + vectors_of(vector_form::base64);
        p = walk_.members(p, [&](const raw_string& name, place at) -> place {
            if (name.text == "embedding") return vector(at, vector_form::floats);
            const place from = at;
            at = walk_.any(at, 3);
            if (at != nullptr && name.text == "index")
                index = json::to_integer({from, static_cast<std::size_t>(at - from)});
            return at;
        });
        const auto after = vectors_of(vector_form::floats) + vectors_of(vector_form::base64);
        if (p == nullptr || after != before + 1) return nullptr;
        return put_in_place(before, index) ? p : nullptr;
    }

    [[nodiscard]] std::size_t vectors_of(vector_form form) const noexcept {
        const auto found = std::ranges::find(into_.given, form, &series::form);
        return found == into_.given.end() ? 0 : found->vectors.size();
    }

    // Nearly always they come in their order. The vectors of one answer are all of one form.
    bool put_in_place(std::size_t number, std::optional<std::uint64_t> index) {
        if (into_.given.size() != 1) return false;
        if (!is_shuffled_ && (!index || *index == number)) return true;
        if (!index || *index >= expected_ || number >= expected_) return false;
        auto& vectors = into_.given.front().vectors;
        if (!is_shuffled_) {
            ordered_.assign(vectors.begin(), vectors.end() - 1);
            ordered_.resize(expected_);
            is_shuffled_ = true;
        }
        std::string_view& to = ordered_[static_cast<std::size_t>(*index)];
        if (!to.empty()) return false;
        to = vectors.back();
        if (number + 1 == expected_) vectors = ordered_;
        return true;
    }

    // ---- counts

    place word(place p, escaped& out) {
        if (*p != '"') return walk_.any(p, 1);
        raw_string text;
        p = walk_.string(p + 1, text);
        out = {text.text};
        return p;
    }

    place count(place p) {
        const place from = p;
        p = walk_.any(p, 2);
        if (p == nullptr) return p;
        std::string_view text{from, static_cast<std::size_t>(p - from)};
        if (text.ends_with(".0")) text.remove_suffix(2);
        constexpr std::uint64_t most = std::uint64_t{1} << 53;
        const auto read = json::to_integer(text);
        if (!read || *read > most) return p;
        into_.tokens += *read;
        into_.counts = true;
        return p;
    }

    place count_in(place p, std::string_view wanted) {
        if (*p != '{') return walk_.any(p, 3);
        return walk_.members(p, [&](const raw_string& name, place at) {
            return name.text == wanted ? count(at) : walk_.any(at, 4);
        });
    }

    // Cohere's: texts and pictures are billed apart.
    place meta(place p) {
        if (*p != '{') return walk_.any(p, 1);
        return walk_.members(p, [this](const raw_string& name, place at) {
            if (name.text != "billed_units" || *at != '{') return walk_.any(at, 2);
            return walk_.members(at, [this](const raw_string& unit, place inside) {
                const bool is_wanted = unit.text == "input_tokens" || unit.text == "image_tokens";
                return is_wanted ? count(inside) : walk_.any(inside, 3);
            });
        });
    }

    embedding_answer& into_;
    json::walker walk_;
    std::size_t expected_;
    std::vector<std::string_view> ordered_;
    bool is_shuffled_ = false;
};

}  // namespace

bool read_answer(padded_view body, std::size_t expected, embedding_answer& into) noexcept {
    return answer_reader{body, expected, into}.run();
}

}  // namespace spillway::adapters::embeddings
