// /v1 towards a client that waits for the whole answer: octets pass as they come. Only what does not begin like an
// answer is held until it is known whether it is an error. Of a long answer the ends are kept, where usage is.
#include "adapters/json/vector.hpp"
#include "adapters/protocols/chat/errors.hpp"
#include "adapters/protocols/chat/translator.hpp"
#include "adapters/protocols/chat/usage.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>

namespace spillway::adapters::chat {

namespace {

constexpr std::size_t watched_limit = 64 * 1024;  // an answer up to this is read as a whole
constexpr std::size_t window = 16 * 1024;         // of longer ones, at each end

constexpr std::size_t longest_usage = 1024;  // of an ordinary answer
constexpr std::size_t longest_rest = 512;    // of what follows it
constexpr std::size_t longest_word = 64;     // of finish reasons

enum class start : std::uint8_t { unknown, answer, suspect };

// What the first member says about the object.
start judge(std::string_view text) noexcept {
    if (text.starts_with("{\"id\":")) return start::answer;
    constexpr std::string_view space = " \t\r\n";
    auto at = text.find_first_not_of(space);
    if (at == text.npos) return start::unknown;
    if (text[at] != '{') return start::suspect;
    at = text.find_first_not_of(space, at + 1);
    if (at == text.npos) return start::unknown;
    if (text[at] != '"') return start::suspect;
    auto end = text.find('"', at + 1);
    if (end == text.npos) return text.size() - at > 64 ? start::answer : start::unknown;
    auto name = text.substr(at + 1, end - at - 1);
    constexpr std::string_view errors[] = {
        "error",
        "errors",
        "detail",
        "message",
        "code",
        "fault",
        "success",
        "status",
        "error_code",
        "type",
        "base_resp",
    };
    if (std::find(std::begin(errors), std::end(errors), name) != std::end(errors))
        return start::suspect;
    if (name != "object") return start::answer;
    // {"object":"error",…} is one, {"object":"chat.completion",…} is none.
    auto value = text.find('"', text.find(':', end));
    if (value == text.npos || text.size() - value < 7) return start::unknown;
    return text.substr(value, 7) == "\"error\"" ? start::suspect : start::answer;
}

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
    const auto at = text.find_first_not_of(": \t\r\n", text.find('"', name + 1) + 1);
    return at != text.npos && text[at] == first ? at : text.npos;
}

// Nothing but members follows `from` until the brace at `close` closes the outermost object.
bool closes_object(std::string_view text, std::size_t from, std::size_t close) noexcept {
    if (close == text.npos || close < from || close - from > longest_rest) return false;
    std::size_t depth = 1;
    for (auto at = from; at <= close; ++at) {
        const auto c = text[at];
        if (c == '"') {
            at = text.find('"', at + 1);
            if (at == text.npos || text[at - 1] == '\\') return false;
        }
        if (c == '{' || c == '[') ++depth;
        if ((c == '}' || c == ']') && --depth == 0) return at == close && c == '}';
    }
    return false;
}

class verbatim_answer final : public translator {
public:
    using translator::translator;

    void feed(std::string_view octets, piece_list& out) override {
        if (octets.empty() || failed_) return;
        watch(octets);
        if (start_ == start::answer) {
            out.push(octets);
            return;
        }
        if (start_ == start::unknown) start_ = judge(head_);
        if (start_ == start::answer || size_ > watched_limit) {
            start_ = start::answer;
            facts_.content_started = true;
            facts_.at_boundary = false;
            release(octets, out);
        }
    }

    void finish(std::string_view last_octets, ending how, piece_list& out) override {
        const bool at_once = size_ == 0;
        if (!at_once) feed(last_octets, out);
        const auto all = at_once ? last_octets : std::string_view{head_};
        if (how == ending::complete && !failed_ &&
            (at_once ? all.size() : size_) <= watched_limit && judge(all) == start::answer &&
            take_ends(all)) {
            if (at_once) out.push(all);
            size_ = all.size();
            facts_.content_started = true;
            facts_.at_boundary = false;
            return settle(how);
        }
        if (at_once) feed(last_octets, out);
        if (failed_ || size_ == 0) return;
        bool whole = size_ <= watched_limit;
        scratch_.assign(whole ? std::string_view{head_} : usage_part());
        auto text = scratch_.view();
        bool good = whole ? chunk_.read(text) : chunk_.read(text) && chunk_.usage;
        if (good) take_facts(text);
        if (whole && how == ending::complete) {
            if (!good) {
                fail_with(
                    broken_answer(head_, "The provider's answer is not JSON.", context_.provider)
                );
            } else if (chunk_.is_error(text.text())) {
                fail_with(text.text());
            } else if (start_ != start::answer) {
                facts_.content_started = true;
                out.push(head_);
            }
        }
        settle(how);
    }

private:
    void settle(ending how) noexcept {
        facts_.complete = how == ending::complete && !failed_;
        facts_.terminal_seen = facts_.complete;
        facts_.events = 1;
        facts_.text_octets = size_;
    }

    // What an ordinary answer says at its end, without a look at the rest. False: it is not ordinary.
    bool take_ends(std::string_view text) {
        const auto close = text.find_last_not_of(" \t\r\n");
        const auto usage_at = value_of(text, last_name(text, "\"usage\""), '{');
        if (usage_at == text.npos) return false;
        std::string_view word;
        if (context_.what != operation::embeddings) {
            const auto from = value_of(text, last_name(text, "\"finish_reason\""), '"');
            if (from == text.npos) return false;
            word = text.substr(from + 1, text.find_first_of("\"\\", from + 1) - from - 1);
            if (word.empty() || word.size() > longest_word) return false;
        }
        std::array<char, longest_usage + padding> room;
        const auto size = std::min(text.size() - usage_at, longest_usage);
        std::memcpy(room.data(), text.data() + usage_at, size);
        std::memset(room.data() + size, 0, padding);
        const auto read = read_usage({room.data(), size}, row_.total);
        if (!read.tokens.present || !closes_object(text, usage_at + read.size, close)) return false;
        facts_.tokens = read.tokens;
        finish_ = word;
        facts_.finish_reason = finish_;
        return true;
    }

    // head_ is the answer as long as it is short; then its first window, and tail_ is at least the last.
    void watch(std::string_view octets) {
        auto before = size_;
        size_ += octets.size();
        if (size_ <= watched_limit) {
            head_.append(octets);
            return;
        }
        if (before <= watched_limit) {
            tail_ = head_;
            if (start_ == start::answer) head_.resize(std::min(head_.size(), window));
            if (head_.size() < window) head_.append(octets.substr(0, window - head_.size()));
        }
        if (octets.size() >= window) {
            tail_.assign(octets.substr(octets.size() - window));
            return;
        }
        tail_.append(octets);
        if (tail_.size() > watched_limit) tail_.erase(0, tail_.size() - window);
    }

    // All octets so far, of which `fresh` are the last.
    void release(std::string_view fresh, piece_list& out) {
        if (size_ <= watched_limit) {
            out.push(size_ == fresh.size() ? fresh : std::string_view{head_});
            return;
        }
        out.push(std::string_view{head_}.substr(0, size_ - fresh.size()));
        out.push(fresh);
    }

    // {"usage":{…}} cut out of the ends of a long answer; the last one counts.
    [[nodiscard]] std::string usage_part() const {
        constexpr std::string_view name = "\"usage\"";
        for (const auto* text : {&tail_, &head_}) {
            auto at = text->rfind(name);
            if (at == text->npos) continue;
            auto from = text->find('{', at);
            if (from == text->npos) continue;
            int depth = 0;
            for (auto to = from; to < text->size(); ++to) {
                if ((*text)[to] == '{') ++depth;
                if ((*text)[to] == '}' && --depth == 0) {
                    return "{\"usage\":" + text->substr(from, to + 1 - from) + "}";
                }
            }
        }
        return {};
    }

    std::string head_;
    std::string tail_;
    std::size_t size_ = 0;
    start start_ = start::unknown;
};

}  // namespace

std::unique_ptr<answer_translator>
make_verbatim_answer(const provider_row& row, const answer_context& context) {
    return std::make_unique<verbatim_answer>(row, context);
}

}  // namespace spillway::adapters::chat
