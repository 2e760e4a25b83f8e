// Writes the items of an output one behind the other: at most one is open. In a stream each step is an event too; in a
// whole answer only the finished items are kept. One an answer.
#pragma once

#include "adapters/answer.hpp"
#include "adapters/canonical/event.hpp"
#include "adapters/protocols/responses/sealed.hpp"

#include <string>
#include <string_view>

namespace spillway::adapters::responses {

enum class item_kind : std::uint8_t { none, message, reasoning, call };
enum class piece_kind : std::uint8_t { none, text, refusal, summary, thought };

class item_writer {
public:
    // Events go to `out`, and their numbers are counted; both outlive the writer.
    item_writer(const answer_context& context, std::string& out, std::uint64_t& next_event);

    [[nodiscard]] item_kind open() const noexcept { return kind_; }
    // The finished items, comma between them.
    [[nodiscard]] const std::string& items() const noexcept { return items_; }

    // Created and in progress; nothing in a whole answer.
    void begin();
    // A piece of text in an item of its kind, opened as need be. `part`: the thought it belongs to.
    void piece(piece_kind kind, std::uint32_t part, std::string_view text);
    void logprobs(std::string_view elements);
    void citation(const canonical::citation& cited);
    // Of the open thought, or of one that has nothing else.
    void sealed(const seal& what);
    void image(const canonical::media_source& source);
    void open_call(const canonical::event& one);
    void arguments(std::string_view text);
    // `status` of the item: completed or incomplete.
    void close(std::string_view status);
    // The last event, with the whole object; or the object alone.
    void end(std::string_view type, std::string_view object);

private:
    void open_item(item_kind kind);
    void open_message();
    void open_reasoning();
    void open_piece(piece_kind kind, std::uint32_t part);
    void close_piece();
    void close_call(std::string& item, std::string_view status);
    void append_piece(std::string& to) const;
    void finish_item(std::string_view item);
    void added(std::string_view item);

    bool event(std::string_view type);  // false: a whole answer has none
    void place();
    void index();
    void done();

    const answer_context& context_;
    std::string& out_;
    const bool streams_;
    std::uint64_t& next_event_;
    std::string items_;
    std::size_t count_ = 0;  // of items, the open one not counted
    item_kind kind_ = item_kind::none;
    std::string id_;

    piece_kind piece_ = piece_kind::none;
    std::uint32_t part_ = 0;
    std::uint32_t pieces_ = 0;  // finished ones in their list
    std::uint32_t summaries_ = 0;
    std::string text_;  // of the open piece, or a call's arguments
    std::string annotations_;
    std::uint32_t citations_ = 0;
    std::string logprobs_;
    std::string contents_;  // finished pieces
    std::string summary_;
    std::string sealed_;
    std::string call_id_;
    std::string name_;
    bool is_free_text_ = false;
};

}  // namespace spillway::adapters::responses
