#include "adapters/canonical/request.hpp"
#include "adapters/protocols/messages/block_pen.hpp"

namespace spillway::adapters::messages {

using namespace canonical;

namespace {

class whole_pen final : public block_pen {
public:
    explicit whole_pen(std::string& text) noexcept : text_{text} {}

    void open_text() override {
        citations_.clear();
        begin(R"({"type":"text","text":")");
    }
    void open_thinking() override { begin(R"({"type":"thinking","thinking":")"); }
    void open_tool(escaped id, escaped name) override {
        input_.clear();
        begin(R"({"type":"tool_use","id":")");
        text_.append(id.raw).append(R"(","name":")").append(name.raw).append(R"(","input":)");
    }

    void text(escaped fragment) override { text_.append(fragment.raw); }
    void thinking(escaped fragment) override { text_.append(fragment.raw); }
    void input(escaped fragment) override { input_.append(fragment.raw); }
    void citation(raw_value object) override {
        citations_.append(citations_.empty() ? "" : ",").append(object.raw);
    }

    void close_text() override {
        text_.append(R"(","citations":)");
        if (citations_.empty()) {
            text_.append("null}");
        } else {
            text_.append("[").append(citations_).append("]}");
        }
    }
    void close_thinking(escaped signature) override {
        text_.append(R"(","signature":")").append(signature.raw).append("\"}");
    }
    void close_tool() override {
        part call;
        call.arguments = {input_};
        arena made;
        text_.append(arguments_object(call, made).raw).append("}");
    }
    void redacted(escaped data) override {
        begin(R"({"type":"redacted_thinking","data":")");
        text_.append(data.raw).append("\"}");
    }

private:
    void begin(std::string_view head) {
        if (!text_.empty()) text_.push_back(',');
        text_.append(head);
    }

    std::string& text_;
    std::string input_;
    std::string citations_;
};

}  // namespace

std::unique_ptr<block_pen> make_whole_pen(std::string& text) {
    return std::make_unique<whole_pen>(text);
}

}  // namespace spillway::adapters::messages
