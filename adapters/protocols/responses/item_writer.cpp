#include "adapters/protocols/responses/item_writer.hpp"

#include "adapters/json/writer.hpp"
#include "adapters/protocols/responses/response_object.hpp"

#include <fmt/format.h>

#include <iterator>

namespace spillway::adapters::responses {

using namespace canonical;

namespace {

struct piece_words {
    std::string_view part;   // the part's type
    std::string_view value;  // its member
    std::string_view added;  // the events
    std::string_view delta;
    std::string_view done;
    std::string_view finished;
    std::string_view index;
};

const piece_words& words_of(piece_kind kind) noexcept {
    static constexpr piece_words text{
        "output_text",
        "text",
        "response.content_part.added",
        "response.output_text.delta",
        "response.output_text.done",
        "response.content_part.done",
        "content_index"};
    static constexpr piece_words refusal{
        "refusal",
        "refusal",
        "response.content_part.added",
        "response.refusal.delta",
        "response.refusal.done",
        "response.content_part.done",
        "content_index"};
    static constexpr piece_words summary{
        "summary_text",
        "text",
        "response.reasoning_summary_part.added",
        "response.reasoning_summary_text.delta",
        "response.reasoning_summary_text.done",
        "response.reasoning_summary_part.done",
        "summary_index"};
    static constexpr piece_words thought{
        "reasoning_text",
        "text",
        "response.content_part.added",
        "response.reasoning_text.delta",
        "response.reasoning_text.done",
        "response.content_part.done",
        "content_index"};
    switch (kind) {
    case piece_kind::none:
    case piece_kind::text: return text;
    case piece_kind::refusal: return refusal;
    case piece_kind::summary: return summary;
    case piece_kind::thought: return thought;
    }
    return text;
}

void add(std::string& list, std::string_view element) {
    if (!list.empty()) list.push_back(',');
    list.append(element);
}

}  // namespace

item_writer::item_writer(const answer_context& context, std::string& out, std::uint64_t& next_event)
    : context_{context}
    , out_{out}
    , streams_{context.how == delivery::streamed}
    , next_event_{next_event} {}

bool item_writer::event(std::string_view type) {
    if (streams_) open_event(out_, context_, type, next_event_++);
    return streams_;
}

void item_writer::done() {
    out_.append("}\n\n");
}

void item_writer::place() {
    out_.append(",\"output_index\":").append(fmt::format_int{count_}.str());
}

void item_writer::index() {
    out_.append(",\"item_id\":\"").append(id_).push_back('"');
    place();
    if (piece_ == piece_kind::none) return;
    out_.append(",\"").append(words_of(piece_).index).append("\":");
    out_.append(fmt::format_int{piece_ == piece_kind::summary ? summaries_ : pieces_}.str());
}

void item_writer::begin() {
    for (const std::string_view type : {"response.created", "response.in_progress"}) {
        if (!event(type)) return;
        out_.append(",\"response\":");
        append_response(out_, context_, {});
        done();
    }
}

void item_writer::added(std::string_view item) {
    if (!event("response.output_item.added")) return;
    place();
    out_.append(",\"item\":").append(item);
    done();
}

void item_writer::open_item(item_kind kind) {
    close("completed");
    kind_ = kind;
    const std::string_view prefix = kind == item_kind::message     ? "msg_"
                                    : kind == item_kind::reasoning ? "rs_"
                                    : is_free_text_                ? "ctc_"
                                                                   : "fc_";
    id_ = prefix;
    json::append_inside(id_, context_.generation_id);
    id_.append("_").append(fmt::format_int{count_}.str());
    piece_ = piece_kind::none;
    pieces_ = summaries_ = citations_ = 0;
    for (auto* text : {&text_, &annotations_, &logprobs_, &contents_, &summary_, &sealed_})
        text->clear();
}

void item_writer::open_message() {
    if (kind_ == item_kind::message) return;
    open_item(item_kind::message);
    added(fmt::format(
        R"({{"id":"{}","type":"message","status":"in_progress","content":[],"role":"assistant"}})",
        id_
    ));
}

void item_writer::open_reasoning() {
    if (kind_ == item_kind::reasoning && sealed_.empty()) return;
    open_item(item_kind::reasoning);
    added(fmt::format(R"({{"id":"{}","type":"reasoning","summary":[]}})", id_));
}

void item_writer::append_piece(std::string& to) const {
    const auto& words = words_of(piece_);
    to.append("{\"type\":\"").append(words.part).append("\",");
    if (piece_ == piece_kind::text) {
        to.append("\"annotations\":[").append(annotations_).append("],\"logprobs\":[");
        to.append(logprobs_).append("],");
    }
    to.append("\"").append(words.value).append("\":\"").append(text_).append("\"}");
}

void item_writer::open_piece(piece_kind kind, std::uint32_t part) {
    const bool is_thought = kind == piece_kind::summary || kind == piece_kind::thought;
    if (piece_ == kind && (!is_thought || part_ == part)) return;
    close_piece();
    piece_ = kind;
    part_ = part;
    if (!event(words_of(kind).added)) return;
    index();
    out_.append(",\"part\":");
    append_piece(out_);
    done();
}

void item_writer::piece(piece_kind kind, std::uint32_t part, std::string_view text) {
    if (kind == piece_kind::text || kind == piece_kind::refusal) {
        open_message();
    } else {
        open_reasoning();
    }
    open_piece(kind, part);
    text_.append(text);
    if (text.empty() || !event(words_of(kind).delta)) return;
    index();
    out_.append(",\"delta\":\"").append(text).push_back('"');
    if (kind == piece_kind::text) out_.append(",\"logprobs\":[]");
    done();
}

void item_writer::close_piece() {
    if (piece_ == piece_kind::none) return;
    const auto& words = words_of(piece_);
    std::string whole;
    append_piece(whole);
    if (event(words.done)) {
        index();
        out_.append(",\"").append(words.value).append("\":\"").append(text_).push_back('"');
        if (piece_ == piece_kind::text)
            out_.append(",\"logprobs\":[").append(logprobs_).push_back(']');
        done();
    }
    if (event(words.finished)) {
        index();
        out_.append(",\"part\":").append(whole);
        done();
    }
    const bool is_summary = piece_ == piece_kind::summary;
    add(is_summary ? summary_ : contents_, whole);
    ++(is_summary ? summaries_ : pieces_);
    piece_ = piece_kind::none;
    for (auto* text : {&text_, &annotations_, &logprobs_})
        text->clear();
}

void item_writer::logprobs(std::string_view elements) {
    if (piece_ == piece_kind::text) add(logprobs_, elements);
}

void item_writer::citation(const canonical::citation& cited) {
    if (piece_ != piece_kind::text || cited.url.empty()) return;
    const auto one = fmt::format(
        R"({{"type":"url_citation","start_index":{},"end_index":{},"url":"{}","title":"{}"}})",
        cited.from,
        cited.to,
        cited.url.raw,
        cited.title.raw
    );
    add(annotations_, one);
    const auto number = citations_++;
    if (!event("response.output_text.annotation.added")) return;
    index();
    out_.append(",\"annotation_index\":").append(fmt::format_int{number}.str());
    out_.append(",\"annotation\":").append(one);
    done();
}

void item_writer::sealed(const seal& what) {
    open_reasoning();
    close_piece();
    append_seal(sealed_, what);
}

void item_writer::image(const media_source& source) {
    if (source.kind != source_kind::base64) return;
    close("completed");
    id_ = "ig_";
    json::append_inside(id_, context_.generation_id);
    id_.append("_").append(fmt::format_int{count_}.str());
    added(fmt::format(R"({{"id":"{}","type":"image_generation_call","status":"in_progress"}})", id_)
    );
    finish_item(fmt::format(
        R"({{"id":"{}","type":"image_generation_call","status":"completed","result":"{}"}})",
        id_,
        source.data.raw
    ));
}

void item_writer::open_call(const canonical::event& one) {
    close("completed");
    is_free_text_ = one.is_free_text;
    open_item(item_kind::call);
    call_id_ = one.id.raw;
    name_ = one.name.raw;
    std::string item;
    close_call(item, "in_progress");
    added(item);
}

void item_writer::arguments(std::string_view text) {
    if (text.empty()) return;
    text_.append(text);
    const std::string_view type = is_free_text_ ? "response.custom_tool_call_input.delta"
                                                : "response.function_call_arguments.delta";
    if (!event(type)) return;
    index();
    out_.append(",\"delta\":\"").append(text).push_back('"');
    done();
}

void item_writer::close_call(std::string& item, std::string_view status) {
    fmt::format_to(
        std::back_inserter(item),
        R"({{"id":"{}","type":"{}","status":"{}","{}":"{}","call_id":"{}","name":"{}"}})",
        id_,
        is_free_text_ ? "custom_tool_call" : "function_call",
        status,
        is_free_text_ ? "input" : "arguments",
        text_,
        call_id_,
        name_
    );
}

void item_writer::close(std::string_view status) {
    if (kind_ == item_kind::none) return;
    close_piece();
    std::string item;
    switch (kind_) {
    case item_kind::none: return;
    case item_kind::message:
        item = fmt::format(
            R"({{"id":"{}","type":"message","status":"{}","content":[{}],"role":"assistant"}})",
            id_,
            status,
            contents_
        );
        break;
    case item_kind::reasoning:
        item = fmt::format(R"({{"id":"{}","type":"reasoning","summary":[{}])", id_, summary_);
        if (!contents_.empty()) item.append(",\"content\":[").append(contents_).push_back(']');
        if (!sealed_.empty())
            item.append(",\"encrypted_content\":\"").append(sealed_).push_back('"');
        item.push_back('}');
        break;
    case item_kind::call: {
        const std::string_view type = is_free_text_ ? "response.custom_tool_call_input.done"
                                                    : "response.function_call_arguments.done";
        if (event(type)) {
            index();
            out_.append(is_free_text_ ? ",\"input\":\"" : ",\"arguments\":\"").append(text_);
            out_.push_back('"');
            done();
        }
        close_call(item, status);
    }
    }
    kind_ = item_kind::none;
    finish_item(item);
}

void item_writer::finish_item(std::string_view item) {
    if (event("response.output_item.done")) {
        place();
        out_.append(",\"item\":").append(item);
        done();
    }
    add(items_, item);
    ++count_;
}

void item_writer::end(std::string_view type, std::string_view object) {
    if (!event(type)) {
        out_.append(object);
        return;
    }
    out_.append(",\"response\":").append(object);
    done();
    if (context_.side == face::openrouter) out_.append("data: [DONE]\n\n");
}

}  // namespace spillway::adapters::responses
