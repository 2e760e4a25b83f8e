#include "adapters/canonical/frame_reader.hpp"

#include "adapters/protocols/converse/message_reader.hpp"
#include "adapters/sse/block_reader.hpp"

#include <string>

namespace spillway::adapters::canonical {

namespace {

class event_reader final : public frame_reader {
public:
    void feed(std::string_view octets) override { blocks_.feed(octets); }
    bool next(read_frame& out) override { return blocks_.next(block_) && show(out); }
    bool flush(read_frame& out) override { return blocks_.flush(block_) && show(out); }

private:
    bool show(read_frame& out) {
        // Google may report a failure as a bare object where an event should be.
        const bool is_bare = !block_.has_data && block_.whole.starts_with('{');
        data_.assign(is_bare ? block_.whole : block_.data);
        const std::string_view name = block_.named_error ? "error" : std::string_view{};
        out = read_frame{{name, data_.view()}, block_.whole, block_.has_data || is_bare};
        return true;
    }

    sse::block_reader blocks_;
    sse::block block_{};
    padded_text data_;
};

// A line may be of any size: an image is one. The answer's own limit bounds it.
class line_reader final : public frame_reader {
public:
    void feed(std::string_view octets) override { rest_ = octets; }

    bool next(read_frame& out) override {
        if (is_spent_) kept_.clear();
        is_spent_ = false;
        const auto end = rest_.find('\n');
        if (end == rest_.npos) {
            kept_.append(rest_);
            rest_ = {};
            return false;
        }
        const std::string_view line = rest_.substr(0, end + 1);
        rest_.remove_prefix(end + 1);
        return show(line, out);
    }

    bool flush(read_frame& out) override { return !kept_.empty() && show({}, out); }

private:
    bool show(std::string_view line, read_frame& out) {
        if (!kept_.empty()) {
            line = kept_.append(line);
            is_spent_ = true;
        }
        data_.assign(line.substr(0, line.find_last_not_of(" \t\r\n") + 1));
        out = read_frame{{{}, data_.view()}, line, data_.view().size() > 0};
        return true;
    }

    std::string_view rest_;
    std::string kept_;  // of a line that came in several reads
    bool is_spent_ = false;
    padded_text data_;
};

}  // namespace

std::unique_ptr<frame_reader> make_frame_reader(framing how) {
    switch (how) {
    case framing::none: return nullptr;
    case framing::events: return std::make_unique<event_reader>();
    case framing::lines: return std::make_unique<line_reader>();
    case framing::event_stream: return std::make_unique<converse::message_reader>();
    }
    return nullptr;
}

}  // namespace spillway::adapters::canonical
