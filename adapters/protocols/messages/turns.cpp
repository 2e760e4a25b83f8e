#include "adapters/protocols/messages/turns.hpp"

#include "adapters/protocols/messages/blanks.hpp"

#include <algorithm>

namespace spillway::adapters::messages {

using namespace canonical;

namespace {

bool is_kind(const block& one, part_kind kind) noexcept {
    return one.kind == block_kind::part && one.what->kind == kind;
}

// Anthropic takes back what it signed, and nobody else's thoughts.
bool is_replayable(const part& thought) noexcept {
    if (thought.thought == reasoning_kind::summary) return false;
    const bool is_ours = thought.format == reasoning_format::anthropic ||
                         thought.format == reasoning_format::unknown;
    return is_ours &&
           !(thought.thought == reasoning_kind::encrypted ? thought.data : thought.signature)
                .empty();
}

class arranger {
public:
    arranger(const request& from, turn_list& into, dropped_names& dropped)
        : from_{from}
        , into_{into}
        , dropped_{dropped} {}

    void run() {
        collect();
        if (raw_.empty() || raw_.front().who == speaker::assistant) place_holder();
        for (std::size_t i = 0; i < raw_.size(); ++i) {
            if (raw_[i].who == speaker::assistant) {
                assistant(raw_[i]);
            } else {
                user(raw_[i]);
            }
        }
        if (!calls_.empty()) missing_turn();
    }

private:
    // Turns as the messages make them, neighbours of one speaker put together.
    void collect() {
        for (const message& one : from_.messages) {
            const bool instructs = one.role == role::system || one.role == role::developer;
            const auto who = one.role == role::assistant ? speaker::assistant : speaker::user;
            for (const part& each : from_.parts_of(one)) {
                if (!is_carried(each, who)) continue;
                if (instructs && raw_.empty()) {
                    into_.system.push_back(&each);
                } else {
                    add_raw(who, each);
                }
            }
        }
    }

    void add_raw(speaker who, const part& one) {
        if (raw_.empty() || raw_.back().who != who)
            raw_.push_back({who, static_cast<std::uint32_t>(found_.size()), 0});
        ++raw_.back().count;
        found_.push_back({block_kind::part, &one});
    }

    bool is_carried(const part& one, speaker who) {
        switch (one.kind) {
        case part_kind::text:
        case part_kind::refusal: return !is_blank(one.text);
        case part_kind::reasoning: return who == speaker::assistant && is_replayable(one);
        case part_kind::tool_call: return who == speaker::assistant;
        case part_kind::tool_result: return who == speaker::user;
        case part_kind::image:
        case part_kind::audio:
        case part_kind::video:
        case part_kind::file: break;
        }
        if (who == speaker::assistant) dropped_.add("messages.assistant.media");
        return who == speaker::user;
    }

    std::span<const block> found(const turn& of) const noexcept {
        return std::span{found_}.subspan(of.first, of.count);
    }

    void open(speaker who) {
        into_.turns.push_back({who, static_cast<std::uint32_t>(into_.blocks.size()), 0});
    }
    void put(const block& one) {
        ++into_.turns.back().count;
        into_.blocks.push_back(one);
    }
    void place_holder() {
        open(speaker::user);
        put({block_kind::placeholder, nullptr});
    }

    void assistant(const turn& of) {
        const auto is_thought = [](const block& one) {
            return is_kind(one, part_kind::reasoning);
        };
        const auto is_call = [](const block& one) {
            return is_kind(one, part_kind::tool_call);
        };
        open(speaker::assistant);
        for (const block& one : found(of)) {
            if (is_thought(one)) put(one);
        }
        for (const block& one : found(of)) {
            if (!is_thought(one) && !is_call(one)) put(one);
        }
        calls_.clear();
        for (const block& one : found(of)) {
            if (!is_call(one)) continue;
            put(one);
            calls_.push_back(one.what);
        }
    }

    void user(const turn& of) {
        open(speaker::user);
        const auto all = found(of);
        std::size_t answered = 0;
        for (const part* call : calls_) {
            const auto answers = [call](const block& one) {
                return is_kind(one, part_kind::tool_result) && one.what->id == call->id;
            };
            const auto result = std::ranges::find_if(all, answers);
            if (result != all.end()) ++answered;
            put(result != all.end() ? *result : block{block_kind::missing_result, call});
        }
        calls_.clear();
        std::size_t results = 0;
        for (const block& one : all) {
            if (is_kind(one, part_kind::tool_result)) {
                ++results;
            } else {
                put(one);
            }
        }
        if (results > answered) dropped_.add("messages.tool");  // nobody called for them
        if (into_.turns.back().count == 0) put({block_kind::placeholder, nullptr});
    }

    // The last calls of the history, without any message behind them.
    void missing_turn() {
        open(speaker::user);
        for (const part* call : calls_)
            put({block_kind::missing_result, call});
    }

    const request& from_;
    turn_list& into_;
    dropped_names& dropped_;
    std::vector<turn> raw_;
    std::vector<block> found_;
    std::vector<const part*> calls_;  // of the last assistant turn, not answered yet
};

}  // namespace

turn_list arrange(const request& from, dropped_names& dropped) {
    turn_list made;
    arranger{from, made, dropped}.run();
    return made;
}

}  // namespace spillway::adapters::messages
