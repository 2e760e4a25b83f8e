#include "adapters/json/long_texts.hpp"

#include <charconv>
#include <functional>

namespace spillway::adapters::json {

namespace {

constexpr char mark = '\x01';

}  // namespace

void long_texts::append(std::string& out, std::string_view text) {
    // What was unescaped or made up lies elsewhere, and goes before the request is sent.
    const std::less_equal<const char*> is_at_most;
    const bool is_of_body = is_at_most(body_.data(), text.data()) &&
                            is_at_most(text.data() + text.size(), body_.data() + body_.size());
    if (text.size() < least_ || text.empty() || !is_of_body) {
        out.append(text);
        return;
    }
    out.push_back(mark);
    out.append(std::to_string(kept_.size())).push_back(mark);
    kept_.push_back(text);
}

// A text whose turn in the new body is not its turn in the old one is copied after all.
void long_texts::write(std::string_view text, edit_list& edits) const {
    if (kept_.empty()) return edits.replace(0, body_.size(), text);
    std::size_t from = 0;  // of the body: what is not replaced yet
    std::string made;
    for (auto at = text.find(mark); at != text.npos; at = text.find(mark)) {
        made.append(text, 0, at);
        text.remove_prefix(at + 1);
        std::size_t number = 0;
        std::from_chars(text.data(), text.data() + text.size(), number);
        text.remove_prefix(text.find(mark) + 1);
        const std::string_view kept = kept_[number];
        const auto begin = static_cast<std::size_t>(kept.data() - body_.data());
        if (begin < from) {
            made.append(kept);
            continue;
        }
        edits.replace(from, begin - from, made);
        made.clear();
        from = begin + kept.size();
    }
    edits.replace(from, body_.size() - from, made.append(text));
}

}  // namespace spillway::adapters::json
