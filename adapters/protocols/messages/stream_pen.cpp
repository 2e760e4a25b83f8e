#include "adapters/protocols/messages/block_pen.hpp"

#include <charconv>

namespace spillway::adapters::messages {

using namespace canonical;

namespace {

class stream_pen final : public block_pen {
public:
    explicit stream_pen(std::string& text) noexcept : text_{text} {}

    void open_text() override { start(R"({"type":"text","text":""})"); }
    void open_thinking() override { start(R"({"type":"thinking","thinking":"","signature":""})"); }
    void open_tool(escaped id, escaped name) override {
        has_input_ = false;
        begin_start();
        text_.append(R"({"type":"tool_use","id":")").append(id.raw);
        text_.append(R"(","name":")").append(name.raw).append(R"(","input":{}}})");
        text_.append("\n\n");
    }

    void text(escaped fragment) override { delta(R"({"type":"text_delta","text":")", fragment); }
    void thinking(escaped fragment) override {
        delta(R"({"type":"thinking_delta","thinking":")", fragment);
    }
    void input(escaped fragment) override {
        if (fragment.empty()) return;
        has_input_ = true;
        delta(R"({"type":"input_json_delta","partial_json":")", fragment);
    }
    void citation(raw_value object) override {
        begin_delta();
        text_.append(R"({"type":"citations_delta","citation":)").append(object.raw);
        text_.append("}}\n\n");
    }

    void close_text() override { stop(); }
    void close_thinking(escaped signature) override {
        delta(R"({"type":"signature_delta","signature":")", signature);
        stop();
    }
    void close_tool() override {
        if (!has_input_) delta(R"({"type":"input_json_delta","partial_json":")", {"{}"});
        stop();
    }
    void redacted(escaped data) override {
        begin_start();
        text_.append(R"({"type":"redacted_thinking","data":")").append(data.raw);
        text_.append("\"}}\n\n");
        stop();
    }

private:
    void index() {
        char digits[10];
        text_.append(digits, std::to_chars(digits, digits + sizeof digits, index_).ptr);
    }
    void begin_start() {
        text_.append(
            "event: content_block_start\ndata: {\"type\":\"content_block_start\",\"index\":"
        );
        index();
        text_.append(",\"content_block\":");
    }
    void start(std::string_view block) {
        begin_start();
        text_.append(block).append("}\n\n");
    }
    void begin_delta() {
        text_.append(
            "event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":"
        );
        index();
        text_.append(",\"delta\":");
    }
    void delta(std::string_view head, escaped fragment) {
        begin_delta();
        text_.append(head).append(fragment.raw).append("\"}}\n\n");
    }
    void stop() {
        text_.append("event: content_block_stop\ndata: {\"type\":\"content_block_stop\",\"index\":"
        );
        index();
        text_.append("}\n\n");
        ++index_;
    }

    std::string& text_;
    std::uint32_t index_ = 0;
    bool has_input_ = false;
};

}  // namespace

std::unique_ptr<block_pen> make_stream_pen(std::string& text) {
    return std::make_unique<stream_pen>(text);
}

}  // namespace spillway::adapters::messages
