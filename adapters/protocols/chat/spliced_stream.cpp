// /api/v1 towards a streaming client: each event with OpenRouter's additions, usage gathered into one last chunk
// before [DONE]. Events of one answer differ in their delta alone, so the text around it is edited once and
// then only compared.
#include "adapters/json/closing_quote.hpp"
#include "adapters/json/text.hpp"
#include "adapters/json/view_edits.hpp"
#include "adapters/json/walker.hpp"
#include "adapters/json/writer.hpp"
#include "adapters/protocols/chat/errors.hpp"
#include "adapters/protocols/chat/splice.hpp"
#include "adapters/protocols/chat/stream.hpp"
#include "adapters/protocols/chat/usage.hpp"
#include "adapters/sse/delta_text.hpp"

#include <algorithm>
#include <cstring>

namespace spillway::adapters::chat {

namespace {

constexpr std::size_t line_limit = 1024 * 1024;  // a longer event is a fault of the provider

class spliced_stream final : public stream {
public:
    spliced_stream(const provider_row& row, const answer_context& context)
        : stream{row, context}
        , splicer_{context} {}

    void feed(std::string_view octets, piece_list& out) override {
        out_.clear();
        absorb(octets);
        out.push(out_);
    }

    void finish(std::string_view last_octets, ending how, piece_list& out) override {
        out_.clear();
        if (!last_octets.empty()) absorb(last_octets);
        sse::block block;
        if (!is_over() && reader_.flush(block) && block.has_data) {
            if (how == ending::complete && is_whole(block)) {
                take(block);
            } else {
                how = ending::cut;
            }
        }
        settle_end(how);
        if (facts_.complete && !done_) end_answer();
        out.push(out_);
    }

private:
    void absorb(std::string_view octets) {
        if (is_over()) return;
        if (reader_.is_idle() && octets.size() <= line_limit) {
            octets.remove_prefix(splice_alike(octets));
            if (octets.empty()) return;
        }
        reader_.feed(octets);
        sse::block block;
        while (!is_over() && reader_.next(block))
            take(block);
        if (!is_over() && reader_.held().size() > line_limit) too_long();
    }

    // Ordinary events at the start of a read, which differ from the last one in one text alone. How many octets
    // they take.
    std::size_t splice_alike(std::string_view octets) {
        const auto* p = octets.data();
        const auto* const end = p + octets.size();
        const auto lead = lead_in_.size();
        const auto rest = rest_in_.size();
        while (lead != 0 && static_cast<std::size_t>(end - p) > lead + rest &&
               std::memcmp(p, lead_in_.data(), lead) == 0) {
            std::uint32_t tops = 0;
            const auto* const from = p + lead;
            const auto* const quote = json::closing_quote(p, from, end, tops);
            if (quote == nullptr || static_cast<std::size_t>(end - quote) < rest ||
                std::memcmp(quote, rest_in_.data(), rest) != 0) {
                break;
            }
            const std::string_view text{from, static_cast<std::size_t>(quote - from)};
            if (tops != 0 && !json::is_utf8(text)) break;
            put(text);
            ++facts_.events;
            facts_.text_octets += lead + text.size() + rest - framing_octets;
            p = quote + rest;
        }
        return static_cast<std::size_t>(p - octets.data());
    }

    void put(std::string_view text) {
        const auto before = out_.size();
        const auto all = before + lead_out_.size() + text.size() + rest_out_.size();
        // GCC 12 hands the grown capacity to the operation, not the size that was asked for: it is not used.
        out_.resize_and_overwrite(all, [&](char* to, std::size_t) {
            to += before;
            std::memcpy(to, lead_out_.data(), lead_out_.size());
            to += lead_out_.size();
            std::memcpy(to, text.data(), text.size());
            std::memcpy(to + text.size(), rest_out_.data(), rest_out_.size());
            return all;
        });
    }

    // Remembers what stands around the text that changes: at [begin, end) of the payload `in`, at `out_begin` of the
    // event `out`.
    void learn_text(
        std::string_view in, sse::delta_text text, std::string_view out, std::size_t out_begin
    ) {
        lead_in_.assign("data: ").append(in.substr(0, text.begin));
        rest_in_.assign(in.substr(text.end)).append("\n\n");
        lead_out_.assign(out.substr(0, out_begin));
        rest_out_.assign(out.substr(out_begin + text.end - text.begin));
    }

    void take(const sse::block& block) {
        if (block.is_late_lf) {
            if (last_left_) out_.append(block.whole);
            return;
        }
        last_left_ = false;
        if (block.data.size() > line_limit) return too_long();
        if (block.seen.is_plain() && !block.named_error && take_alike(block.data)) return;
        reading read;
        switch (classify_read(block, read)) {
        case event_kind::none:
            // Comments and empty lines keep connections alive; an event without data would break readers.
            if (block.whole.find_first_not_of("\r\n") == 0 && block.whole.front() != ':') return;
            out_.append(block.whole);
            last_left_ = true;
            return;
        case event_kind::done: return end_answer();
        case event_kind::failure: return;
        case event_kind::usage_only: return keep_usage(read);
        case event_kind::chunk:
        case event_kind::plain: return splice(read);
        }
    }

    void too_long() {
        fail_with(
            broken_answer({}, "The provider sent an event of more than 1 MiB.", context_.provider)
        );
    }

    void keep_usage(const reading& read) {
        if (read.where.usage) raw_usage_.assign(part(read.text.text(), read.where.usage));
    }

    void splice(const reading& read) {
        facts_.content_started = true;
        const auto text = read.text.text();
        const auto& where = read.where;
        if (created_.empty()) {
            created_ = part(text, where.created);
            object_ = part(text, where.object);
        }
        view_edits edits{text};
        splicer_.edit_top(where, edits);
        splicer_.edit_choices(text, where, edits);
        if (where.usage_member) {
            keep_usage(read);
            erase_member(text, where.usage_member, edits);
        }
        const auto event = out_.size();
        out_.append("data: ");
        const auto from = out_.size();
        edits.append_to(out_);
        if (text.find('\n') != text.npos) {
            // The text of several data lines becomes one.
            std::replace(out_.begin() + static_cast<std::ptrdiff_t>(from), out_.end(), '\n', ' ');
        }
        const bool learnt = learn(read, edits, std::string_view{out_}.substr(from));
        out_.append("\n\n");
        lead_in_.clear();
        if (!learnt) return;
        const auto changing = sse::find_delta_text(text, head_in_.size());
        if (!changing.is_found()) return;
        const auto begin = from - event + edits.moved(changing.begin);
        learn_text(text, changing, std::string_view{out_}.substr(event), begin);
    }

    // Remembers what stands around the delta, before and after the edits. False: this event is no example.
    bool learn(const reading& read, const view_edits& edits, std::string_view after) {
        const auto before = read.text.text();
        const auto& where = read.where;
        if (where.choices.size() != 1 || !where.choices.front().has_delta) return false;
        const auto& delta = where.choices.front().body;
        auto head = delta.begin + 1;
        auto tail = delta.end - 1;
        if (before.find('\n') != before.npos) return false;
        head_in_.assign(before.substr(0, head));
        tail_in_.assign(before.substr(tail));
        head_out_.assign("data: ").append(after.substr(0, edits.moved(head)));
        tail_out_.assign(after.substr(edits.moved(tail))).append("\n\n");
        // A chunk with a finish reason is the last of its kind.
        const auto& only = where.choices.front();
        if (part(before, only.finish) != "null" || only.usage || where.usage ||
            where.hidden_usage) {
            head_in_.clear();
        }
        return !head_in_.empty();
    }

    // An event that differs from the last one in its delta only.
    bool take_alike(std::string_view data) {
        if (head_in_.empty() || !data.starts_with(head_in_) || !data.ends_with(tail_in_))
            return false;
        if (data.size() <= head_in_.size() + tail_in_.size()) return false;
        // From the delta's opening brace to its closing one.
        auto inner =
            data.substr(head_in_.size() - 1, data.size() - head_in_.size() - tail_in_.size() + 2);
        json::padded_room room;
        const auto text = room.hold(inner);
        json::walker walk{text};
        bool role = false;
        bool content = false;
        bool calls = false;
        bool has_thought = false;
        std::size_t foreign = 0;  // where a foreign name of the thought begins
        auto end = walk.members(text.data(), [&](json::raw_string name, const char* p) {
            if (name.text == thought_name) has_thought = true;
            if (name.text == foreign_thought_name)
                foreign = static_cast<std::size_t>(name.text.data() - text.data());
            if (name.text == "role") role = !walk.is_null(p);
            if (name.text == "content") content = true;
            if (name.text == "tool_calls") calls = !walk.is_null(p);
            return walk.any(p, 4);
        });
        bool has_null_role = !role && inner.find("\"role\"") != inner.npos;
        if (!end || !walk.at_end(end) || !walk.utf8_is_valid() || has_null_role) return false;
        ++facts_.events;
        facts_.text_octets += data.size();
        const auto event = out_.size();
        out_.append(head_out_).append(missing_in_delta(role, content, calls, false));
        const auto behind_open = out_.size() - event;
        if (has_thought) foreign = 0;
        if (foreign != 0) {
            out_.append(inner.substr(1, foreign - 1)).append(thought_name);
            inner.remove_prefix(foreign + foreign_thought_name.size() - 1);
        }
        out_.append(inner.substr(1, inner.size() - 2)).append(tail_out_);
        const auto changing = sse::find_delta_text(data, head_in_.size());
        if (changing.is_found() && data.find('\n') == data.npos) {
            auto begin = behind_open + changing.begin - head_in_.size();
            if (foreign != 0 && changing.begin > head_in_.size() + foreign)
                begin -= foreign_thought_name.size() - thought_name.size();
            learn_text(data, changing, std::string_view{out_}.substr(event), begin);
        }
        return true;
    }

    // The usage chunk and [DONE].
    void end_answer() {
        if (facts_.events == 0) return;
        auto tokens = usage_or_estimate();
        out_.append("data: {\"id\":").append(splicer_.id());
        out_.append(",\"object\":").append(object_.empty() ? default_object() : object_);
        out_.append(",\"created\":");
        if (created_.empty()) {
            json::writer{out_}.number(context_.created);
        } else {
            out_.append(created_);
        }
        out_.append(",\"model\":").append(splicer_.model());
        out_.append(splicer_.provider_member());
        out_.append(",\"choices\":[{\"index\":0,");
        out_.append(
            context_.what == operation::completions
                ? "\"text\":\"\""
                : "\"delta\":{\"role\":\"assistant\",\"content\":\"\"}"
        );
        append_finish(",\"finish_reason\":", normalised_finish(finish_));
        append_finish(",\"native_finish_reason\":", finish_);
        out_.append("}],\"usage\":");
        append_usage(
            out_,
            raw_usage_.view().text(),
            raw_usage_.view().size() != 0 ? read_usage(raw_usage_.view()) : usage_object{},
            tokens,
            price_of(tokens)
        );
        out_.append("}\n\n").append(done_event);
    }

    void append_finish(std::string_view name, std::string_view word) {
        out_.append(name);
        if (word.empty()) {
            out_.append("null");
        } else {
            out_.append("\"").append(word).append("\"");
        }
    }

    [[nodiscard]] std::string_view default_object() const noexcept {
        return context_.what == operation::completions ? "\"text_completion\""
                                                       : "\"chat.completion.chunk\"";
    }

    splicer splicer_;
    std::string out_;
    std::string created_;  // raw values of the first chunk
    std::string object_;
    padded_text raw_usage_;
    bool last_left_ = false;  // the last block was a comment or an empty line, and left as it was
    std::string head_in_;     // up to and with the delta's opening brace; empty: nothing learnt
    std::string tail_in_;     // from the delta's closing brace
    std::string head_out_;
    std::string tail_out_;
    std::string lead_in_;  // up to the text that changes, the whole event's; empty: nothing learnt
    std::string rest_in_;  // from that text's closing quote
    std::string lead_out_;
    std::string rest_out_;
};

}  // namespace

std::unique_ptr<answer_translator>
make_spliced_stream(const provider_row& row, const answer_context& context) {
    return std::make_unique<spliced_stream>(row, context);
}

}  // namespace spillway::adapters::chat
