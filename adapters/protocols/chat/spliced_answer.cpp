// /api/v1 towards a client that waits for the whole answer: collected up to a bound, then spliced in one go. What
// is longer than the bound passes as it is.
#include "adapters/protocols/chat/errors.hpp"
#include "adapters/protocols/chat/splice.hpp"
#include "adapters/protocols/chat/translator.hpp"
#include "adapters/protocols/chat/usage.hpp"

namespace spillway::adapters::chat {

namespace {

constexpr std::size_t collect_limit = 16 * 1024 * 1024;

class spliced_answer final : public translator {
public:
    using translator::translator;

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
        facts_.text_octets = came_at_once ? last_octets.size() : answer_.size();
        if (!passes_ && facts_.complete) {
            splice(came_at_once ? last_octets : std::string_view{answer_}, out);
        }
        facts_.complete &= !failed_;
        facts_.terminal_seen = facts_.complete;
    }

private:
    void splice(std::string_view answer, piece_list& out) {
        scratch_.assign(answer);
        auto text = scratch_.view();
        if (!chunk_.read(text)) {
            fail_with(broken_answer(answer, "The provider's answer is not JSON.", context_.provider)
            );
            return;
        }
        take_facts(text);
        if (chunk_.is_error(text.text())) {
            fail_with(text.text());
            return;
        }
        facts_.content_started = true;
        edit_list edits{text.text()};
        splicer splicer{context_};
        splicer.edit_top(chunk_, edits);
        splicer.edit_choices(text.text(), chunk_, edits);
        edit_usage(text, edits);
        answer_.clear();
        answer_.reserve(edits.size());
        edits.append_to(answer_);
        out.push(answer_);
    }

    void edit_usage(padded_view text, edit_list& edits) {
        auto tokens = usage_or_estimate();
        auto raw = part(text.text(), chunk_.usage);
        std::string spliced;
        append_usage(spliced, raw, tokens, price_of(tokens));
        if (chunk_.usage) {
            edits.replace(chunk_.usage.begin, raw.size(), spliced);
            return;
        }
        if (chunk_.usage_member.end != 0) {
            auto begin = text.text().find(':', chunk_.usage_member.begin) + 1;
            edits.replace(begin, chunk_.usage_member.end - begin, spliced);
            return;
        }
        edits.insert(chunk_.close, ",\"usage\":");
        edits.insert(chunk_.close, spliced);
    }

    std::string answer_;
    bool passes_ = false;
};

}  // namespace

std::unique_ptr<answer_translator>
make_spliced_answer(const provider_row& row, const answer_context& context) {
    return std::make_unique<spliced_answer>(row, context);
}

}  // namespace spillway::adapters::chat
