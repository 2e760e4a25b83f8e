#include "adapters/protocols/converse/message_reader.hpp"

#include "adapters/base64.hpp"
#include "adapters/json/writer.hpp"

#include <algorithm>

namespace spillway::adapters::converse {

bool message_reader::next(canonical::read_frame& out) {
    if (is_broken_) return false;
    const std::string_view message = kept_.empty() ? take_message() : take_kept();
    return !message.empty() && show(message, out);
}

bool message_reader::flush(canonical::read_frame&) {
    is_broken_ |= !kept_.empty() && kept_.size() != kept_total_;
    return false;
}

// The next message of the read, or nothing: its begin has been kept.
std::string_view message_reader::take_message() {
    if (rest_.size() >= prelude_octets) {
        const std::optional<std::size_t> size = message_size(rest_);
        if (!size) {
            is_broken_ = true;
            return {};
        }
        if (rest_.size() >= *size) {
            const std::string_view message = rest_.substr(0, *size);
            rest_.remove_prefix(*size);
            return message;
        }
        kept_total_ = *size;
    }
    kept_.assign(rest_);
    rest_ = {};
    return {};
}

std::string_view message_reader::take_kept() {
    // What was shown last has been read by now.
    if (kept_total_ != 0 && kept_.size() == kept_total_) {
        kept_.clear();
        kept_total_ = 0;
        return take_message();
    }
    const auto fill_up_to = [this](std::size_t size) {
        const std::size_t lacking = std::min(size - kept_.size(), rest_.size());
        kept_.append(rest_.substr(0, lacking));
        rest_.remove_prefix(lacking);
        return kept_.size() == size;
    };
    if (kept_total_ == 0) {
        if (!fill_up_to(prelude_octets)) return {};
        const std::optional<std::size_t> size = message_size(kept_);
        if (!size) {
            is_broken_ = true;
            return {};
        }
        kept_total_ = *size;
    }
    return fill_up_to(kept_total_) ? std::string_view{kept_} : std::string_view{};
}

bool message_reader::show(std::string_view message, canonical::read_frame& out) {
    const std::optional<message_view> read = read_message(message);
    if (!read) {
        is_broken_ = true;
        return false;
    }
    out = {};
    out.whole = message;
    canonical::frame& frame = out.frame;
    if (read->type == "error") {
        show_error(*read, frame);
    } else {
        frame.is_exception = read->type == "exception";
        frame.name = read->name;
        // Some servers send an exception as an event of its name.
        frame.is_exception |= frame.name.ends_with("Exception");
        data_.assign(read->payload);
        frame.data = data_.view();
        if (frame.name == "chunk" && !unwrap_chunk(frame)) is_broken_ = true;
    }
    out.has_data = frame.is_exception || frame.data.size() > 0;
    return !is_broken_;
}

// An error that is not modelled has no payload: its code and words stand in headers.
void message_reader::show_error(const message_view& read, canonical::frame& out) {
    std::string text;
    json::writer{text}.open().member("message", read.text_of(":error-message")).close();
    data_.assign(text);
    out.name = read.text_of(":error-code");
    out.data = data_.view();
    out.is_exception = true;
}

// The stream of a model's own answers wraps each event of the model: {"bytes":"<base64>"}.
bool message_reader::unwrap_chunk(canonical::frame& out) {
    if (!chunk_.read(data_.view())) return false;
    const json::value wrapped = chunk_.root()["bytes"];
    unwrapped_.clear();
    if (!wrapped.is_string() || !append_from_base64(unwrapped_, wrapped.string().raw)) return false;
    data_.assign(unwrapped_);
    out.data = data_.view();
    return true;
}

}  // namespace spillway::adapters::converse
