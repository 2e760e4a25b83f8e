// /v1 towards a client that waits for the whole answer: octet for octet. Up to a bound it is held until it has been read as a
// whole, so that an error in it or broken JSON can still become another target's answer. What is longer passes as it
// comes, and only its ends are kept, where usage is.
#include "adapters/json/structure.hpp"
#include "adapters/json/vector.hpp"
#include "adapters/json/walker.hpp"
#include "adapters/protocols/chat/errors.hpp"
#include "adapters/protocols/chat/translator.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>

namespace spillway::adapters::chat {

namespace {

constexpr std::size_t held_limit = 64 * 1024;
constexpr std::size_t window = 16 * 1024;  // of a longer answer, at each end

constexpr std::size_t longest_usage = 1024;  // of an ordinary answer
constexpr std::size_t longest_rest = 512;    // of what follows it
constexpr std::size_t longest_word = 64;     // of finish reasons

// The last place of `name`, quotes included.
std::size_t last_name(std::string_view text, std::string_view name) noexcept {
    constexpr auto width = json::octets::width;
    if (text.size() < name.size()) return text.npos;
    auto last = text.size() - name.size();  // where it may begin
    while (last >= width) {
        const auto base = last + 1 - width;
        const auto* const from = text.data() + base;
        auto hits =
            (json::octets::load(from).equal(name[0]) & json::octets::load(from + 1).equal(name[1]))
                .mask();
        while (hits != 0) {
            const auto bit = static_cast<std::size_t>(std::bit_width(hits)) - 1;
            if (std::memcmp(from + bit, name.data(), name.size()) == 0) return base + bit;
            hits &= ~(std::uint32_t{1} << bit);
        }
        last = base - 1;
    }
    return text.substr(0, last + name.size()).rfind(name);
}

// Where the value of the member begins whose name is at `name`, if it begins with `first`.
std::size_t value_of(std::string_view text, std::size_t name, char first) noexcept {
    if (name == text.npos) return text.npos;
    auto at = text.find('"', name + 1) + 1;
    while (at < text.size() && (text[at] == ':' || text[at] == ' ' || text[at] == '\n'))
        ++at;
    return at < text.size() && text[at] == first ? at : text.npos;
}

// The string whose octets begin at `from`, if it is a short word.
std::string_view word_at(std::string_view text, std::size_t from) noexcept {
    const auto last = std::min(text.size(), from + longest_word);
    for (auto at = from; at < last; ++at) {
        if (text[at] == '"') return {text.data() + from, at - from};
        if (text[at] == '\\') break;
    }
    return {};
}

// Nothing but members follows `from` until the outermost object of a text that is balanced closes.
bool closes_object(std::string_view text, std::size_t from) noexcept {
    if (text.size() - from > longest_rest) return false;
    std::size_t depth = 1;
    for (auto at = from; at < text.size(); ++at) {
        const auto c = text[at];
        if (c == '"') {
            at = text.find('"', at + 1);
            if (at == text.npos || text[at - 1] == '\\') return false;
        }
        if (c == '{' || c == '[') ++depth;
        if ((c == '}' || c == ']') && --depth == 0)
            return c == '}' && text.find('}', at + 1) == text.npos;
    }
    return false;
}

class verbatim_answer final : public translator {
public:
    verbatim_answer(const provider_row& row, const answer_context& context)
        : translator{row, context} {
        keeps_length_ = true;
    }

    void feed(std::string_view octets, piece_list& out) override {
        if (passes_) {
            watch_end(octets);
            out.push(octets);
        } else if (held_.size() + octets.size() <= held_limit) {
            held_.append(octets);
        } else {
            pass(octets, out);
        }
    }

    void finish(std::string_view last_octets, ending how, piece_list& out) override {
        const bool came_at_once = held_.empty() && !passes_ && last_octets.size() <= held_limit;
        if (!came_at_once) feed(last_octets, out);
        if (passes_) {
            read_ends();
        } else {
            judge(came_at_once ? last_octets : std::string_view{held_}, how, out);
        }
        facts_.complete = how == ending::complete && !failed_;
        facts_.terminal_seen = facts_.complete;
        facts_.events = 1;
        if (!facts_.tokens.present && !generates()) estimate_prompt();
    }

private:
    void judge(std::string_view answer, ending how, piece_list& out) {
        facts_.text_octets = answer.size();
        if (how == ending::cut) return;
        if (json::look_over(answer) != json::structure::plain || !take_ends(answer))
            judge_closely(answer);
        if (failed_) return;
        begin();
        out.push(answer);
    }

    // An answer of words; of others the octets say nothing about tokens.
    [[nodiscard]] bool generates() const noexcept {
        return context_.what == operation::chat || context_.what == operation::completions;
    }

    void estimate_prompt() noexcept {
        facts_.tokens = estimate_usage(context_.prompt_octets, answer_facts{}, delivery::whole);
        facts_.tokens.present = true;
    }

    // What an ordinary answer says at its end. False: it is not ordinary.
    bool take_ends(std::string_view text) {
        const auto usage_at = value_of(text, last_name(text, "\"usage\""), '{');
        if (usage_at == text.npos) return false;
        std::string_view word;
        if (generates()) {
            const auto from = value_of(text, last_name(text, "\"finish_reason\""), '"');
            if (from == text.npos) return false;
            word = word_at(text, from + 1);
            if (word.empty()) return false;
        }
        std::array<char, longest_usage + padding> room;
        const auto size = std::min(text.size() - usage_at, longest_usage);
        std::memcpy(room.data(), text.data() + usage_at, size);
        std::memset(room.data() + size, 0, padding);
        json::walker walk{{room.data(), size}};
        usage_object counts;
        const auto* const end = read_usage(walk, room.data(), counts);
        if (end == nullptr || !counts.tokens.present) return false;
        const auto behind = usage_at + static_cast<std::size_t>(end - room.data());
        if (!closes_object(text, behind)) return false;
        take_usage(counts);
        take_finish(word);
        return true;
    }

    void judge_closely(std::string_view answer) {
        json::padded_room room;
        const auto text = room.hold(answer);
        chunk where;
        if (!where.read(text)) {
            return fail_with(
                broken_answer(text.text(), "The provider's answer is not JSON.", context_.provider)
            );
        }
        take_facts(text, where);
        if (where.is_error(text.text())) fail_with(text.text());
    }

    void begin() noexcept {
        facts_.content_started = true;
        facts_.at_boundary = false;
    }

    void pass(std::string_view octets, piece_list& out) {
        passes_ = true;
        begin();
        facts_.text_octets = held_.size() + octets.size();
        out.push(held_);
        out.push(octets);
        start_ = std::string_view{held_}.substr(0, window);
        if (start_.size() < window) start_.append(octets.substr(0, window - start_.size()));
        end_ = held_.substr(held_.size() - std::min(held_.size(), window));
        keep_end(octets);
    }

    void watch_end(std::string_view octets) {
        held_ = {};  // has left
        facts_.text_octets += octets.size();
        keep_end(octets);
    }

    // end_ is at least the last window of what has passed.
    void keep_end(std::string_view octets) {
        if (octets.size() >= window) {
            end_.assign(octets.substr(octets.size() - window));
            return;
        }
        end_.append(octets);
        if (end_.size() > 4 * window) end_.erase(0, end_.size() - window);
    }

    // {"usage":{…}} cut out of the ends; the last one counts.
    void read_ends() {
        constexpr std::string_view name = "\"usage\"";
        for (const std::string_view text : {std::string_view{end_}, std::string_view{start_}}) {
            const auto at = text.rfind(name);
            if (at == text.npos) continue;
            const auto from = text.find('{', at);
            if (from == text.npos) continue;
            const padded_text object{text.substr(from)};
            const auto counts = read_usage(object.view());
            if (counts.tokens.present || counts.is_suspect) return take_usage(counts);
        }
    }

    std::string held_;   // all of it, as long as it is short
    std::string start_;  // of a longer one
    std::string end_;
    bool passes_ = false;
};

}  // namespace

std::unique_ptr<answer_translator>
make_verbatim_answer(const provider_row& row, const answer_context& context) {
    return std::make_unique<verbatim_answer>(row, context);
}

}  // namespace spillway::adapters::chat
