// /api/v1 towards a client that waits for the whole answer: collected up to a bound, then spliced in one go; the pieces
// view into the provider's text. What is longer than the bound passes as it is.
#include "adapters/protocols/chat/errors.hpp"
#include "adapters/protocols/chat/splice.hpp"
#include "adapters/protocols/chat/translator.hpp"
#include "adapters/protocols/chat/usage.hpp"

namespace spillway::adapters::chat {

namespace {

constexpr std::size_t collect_limit = 16 * 1024 * 1024;

class spliced_answer final : public translator {
public:
    spliced_answer(const provider_row& row, const answer_context& context)
        : translator{row, context}
        , splicer_{context} {}

    void feed(std::string_view octets, piece_list& out) override {
        if (passes_) {
            out.push(octets);
            return;
        }
        if (answer_.size() + octets.size() <= collect_limit) {
            answer_.append(octets);
            return;
        }
        passes_ = true;
        facts_.content_started = true;
        facts_.at_boundary = false;
        out.push(answer_);
        out.push(octets);
    }

    void finish(std::string_view last_octets, ending how, piece_list& out) override {
        const bool came_at_once = answer_.empty() && last_octets.size() <= collect_limit;
        if (!came_at_once) feed(last_octets, out);
        facts_.complete = how == ending::complete;
        facts_.events = 1;
        const auto answer = came_at_once ? last_octets : std::string_view{answer_};
        facts_.text_octets = answer.size();
        if (!passes_ && facts_.complete) splice(answer, out);
        facts_.complete &= !failed_;
        facts_.terminal_seen = facts_.complete;
    }

private:
    void splice(std::string_view answer, piece_list& out) {
        json::padded_room room;
        const auto text = room.hold(answer);
        chunk where;
        if (!where.read(text)) {
            fail_with(broken_answer(answer, "The provider's answer is not JSON.", context_.provider)
            );
            return;
        }
        take_facts(text, where);
        if (where.is_error(answer)) {
            fail_with(answer);
            return;
        }
        facts_.content_started = true;
        view_edits edits{answer};
        splicer_.edit_top(where, edits);
        splicer_.edit_choices(answer, where, edits);
        edit_usage(text.text(), where, edits);
        edits.pieces(out);
    }

    void edit_usage(std::string_view padded, const chunk& where, view_edits& edits) {
        const auto tokens = usage_or_estimate();
        const auto raw = part(padded, where.usage);
        if (!where.usage_member) usage_.assign(",\"usage\":");
        append_usage(usage_, raw, where.counts, tokens, price_of(tokens));
        if (where.usage) {
            edits.replace(where.usage.begin, raw.size(), usage_);
        } else if (where.usage_member) {
            const auto begin = padded.find(':', where.usage_member.begin) + 1;
            edits.replace(begin, where.usage_member.end - begin, usage_);
        } else {
            edits.insert(where.close, usage_);
        }
    }

    std::string answer_;  // so far, if it comes in several reads
    std::string usage_;
    splicer splicer_;
    bool passes_ = false;
};

}  // namespace

std::unique_ptr<answer_translator>
make_spliced_answer(const provider_row& row, const answer_context& context) {
    return std::make_unique<spliced_answer>(row, context);
}

}  // namespace spillway::adapters::chat
