// /api/v1 towards a streaming client: each event with OpenRouter's additions, usage gathered into one last chunk
// before [DONE]. Events of one answer differ in their delta alone, so the text around it is edited once and
// then only compared.
#include "adapters/errors.hpp"
#include "adapters/json/walker.hpp"
#include "adapters/json/writer.hpp"
#include "adapters/protocols/chat/errors.hpp"
#include "adapters/protocols/chat/splice.hpp"
#include "adapters/protocols/chat/stream.hpp"
#include "adapters/protocols/chat/usage.hpp"

#include <algorithm>

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
        reader_.feed(octets);
        sse::block block;
        while (!is_over() && reader_.next(block))
            take(block);
        if (!is_over() && reader_.held().size() > line_limit) too_long();
    }

    void take(const sse::block& block) {
        if (block.data.size() > line_limit) return too_long();
        if (block.seen.is_plain() && !block.named_error && take_alike(block.data)) return;
        switch (classify_read(block)) {
        case event_kind::none:
            // Comments and empty lines keep connections alive; an event without data would break readers.
            if (block.whole.find_first_not_of("\r\n") == 0 && block.whole.front() != ':') return;
            out_.append(block.whole);
            return;
        case event_kind::done: return end_answer();
        case event_kind::failure:
            if (facts_.content_started) out_.append(render_stream_problem(*failed_, context_));
            return;
        case event_kind::usage_only: return keep_usage();
        case event_kind::chunk:
        case event_kind::plain: return splice();
        }
    }

    void too_long() {
        fail_with(
            broken_answer({}, "The provider sent an event of more than 1 MiB.", context_.provider)
        );
        if (facts_.content_started) out_.append(render_stream_problem(*failed_, context_));
    }

    void keep_usage() {
        auto text = scratch_.view().text();
        if (chunk_.usage) raw_usage_.assign(part(text, chunk_.usage));
    }

    void splice() {
        facts_.content_started = true;
        auto text = scratch_.view().text();
        if (created_.empty()) {
            created_ = part(text, chunk_.created);
            object_ = part(text, chunk_.object);
        }
        edit_list edits{text};
        splicer_.edit_top(chunk_, edits);
        splicer_.edit_choices(text, chunk_, edits);
        if (chunk_.usage_member.end != 0) {
            keep_usage();
            erase_member(text, chunk_.usage_member, edits);
        }
        out_.append("data: ");
        const auto from = out_.size();
        edits.append_to(out_);
        if (text.find('\n') != text.npos) {
            // The text of several data lines becomes one.
            std::replace(out_.begin() + static_cast<std::ptrdiff_t>(from), out_.end(), '\n', ' ');
        }
        learn(text, edits, std::string_view{out_}.substr(from));
        out_.append("\n\n");
    }

    // Remembers what stands around the delta, before and after the edits.
    void learn(std::string_view before, const edit_list& edits, std::string_view after) {
        if (chunk_.choices.size() != 1 || !chunk_.choices.front().has_delta) return;
        const auto& delta = chunk_.choices.front().body;
        auto head = delta.begin + 1;
        auto tail = delta.end - 1;
        if (before.find('\n') != before.npos) return;
        head_in_.assign(before.substr(0, head));
        tail_in_.assign(before.substr(tail));
        head_out_.assign("data: ").append(after.substr(0, edits.moved(head)));
        tail_out_.assign(after.substr(edits.moved(tail))).append("\n\n");
        // A chunk with a finish reason is the last of its kind.
        if (part(before, chunk_.choices.front().finish) != "null") head_in_.clear();
    }

    // An event that differs from the last one in its delta only.
    bool take_alike(std::string_view data) {
        if (head_in_.empty() || !data.starts_with(head_in_) || !data.ends_with(tail_in_))
            return false;
        if (data.size() <= head_in_.size() + tail_in_.size()) return false;
        // From the delta's opening brace to its closing one.
        auto inner =
            data.substr(head_in_.size() - 1, data.size() - head_in_.size() - tail_in_.size() + 2);
        scratch_.assign(inner);
        auto text = scratch_.view();
        json::walker walk{text};
        bool role = false;
        bool content = false;
        bool calls = false;
        auto end = walk.members(text.data(), [&](json::raw_string name, const char* p) {
            if (name.text == "role") role = !walk.is_null(p);
            if (name.text == "content") content = true;
            if (name.text == "tool_calls") calls = !walk.is_null(p);
            return walk.any(p, 4);
        });
        bool has_null_role = !role && inner.find("\"role\"") != inner.npos;
        if (!end || !walk.at_end(end) || !walk.utf8_is_valid() || has_null_role) return false;
        ++facts_.events;
        facts_.text_octets += data.size();
        out_.append(head_out_).append(missing_in_delta(role, content, calls, false));
        out_.append(inner.substr(1, inner.size() - 2)).append(tail_out_);
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
        out_.append(",\"provider\":").append(splicer_.provider());
        out_.append(",\"choices\":[{\"index\":0,");
        out_.append(
            context_.what == operation::completions
                ? "\"text\":\"\""
                : "\"delta\":{\"role\":\"assistant\",\"content\":\"\"}"
        );
        append_finish(",\"finish_reason\":", normalised_finish(finish_));
        append_finish(",\"native_finish_reason\":", finish_);
        out_.append("}],\"usage\":");
        append_usage(out_, raw_usage_.view().text(), tokens, price_of(tokens));
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

    const splicer splicer_;
    std::string out_;
    std::string created_;  // raw values of the first chunk
    std::string object_;
    padded_text raw_usage_;
    std::string head_in_;  // up to and with the delta's opening brace; empty: nothing learnt
    std::string tail_in_;  // from the delta's closing brace
    std::string head_out_;
    std::string tail_out_;
};

}  // namespace

std::unique_ptr<answer_translator>
make_spliced_stream(const provider_row& row, const answer_context& context) {
    return std::make_unique<spliced_stream>(row, context);
}

}  // namespace spillway::adapters::chat
