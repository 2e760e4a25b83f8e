#include "bench/load/response_reader.hpp"

#include "proxy/base/bytes.hpp"

#include <algorithm>
#include <charconv>

namespace spillway::bench::load {
namespace {

using base::equals_ignoring_case;

constexpr std::size_t stamp_digits = 20;

// The number behind "t=" (bench/sim/bench_page.hpp), or zero.
std::uint64_t stamp_in(std::string_view line) {
    const auto at = base::find(line, "\"t=");
    if (at == base::not_found || line.size() < at + 3 + stamp_digits) return 0;
    std::uint64_t value = 0;
    const char* first = line.data() + at + 3;
    std::from_chars(first, first + stamp_digits, value);
    return value;
}

}  // namespace

void response_reader::start() {
    stage_ = stage::head;
    head_.clear();
    line_.clear();
    framing_.clear();
    left_ = 0;
    status_ = 0;
    is_stream_ = is_chunked_ = saw_done_ = false;
    keep_alive_ = true;
}

response_reader::progress response_reader::feed(std::string_view bytes, std::uint64_t now) {
    if (stage_ == stage::head) {
        const auto state = feed_head(bytes);
        if (state != progress::complete) return state;
        if (!is_chunked_ && left_ == 0) return progress::complete;
    }
    if (is_chunked_) return feed_chunks(bytes, now);
    const auto taken = std::min(left_, bytes.size());
    feed_payload(bytes.substr(0, taken), now);
    left_ -= taken;
    if (taken < bytes.size()) return progress::broken;  // nobody asked for more
    return left_ == 0 ? progress::complete : progress::need_more;
}

// The usual answer arrives with its whole head in one read: then nothing is copied.
response_reader::progress response_reader::feed_head(std::string_view& bytes) {
    const auto before = head_.size();
    auto end = before == 0 ? base::find(bytes, "\r\n\r\n") : base::not_found;
    if (end != base::not_found) {
        head_.assign(bytes.substr(0, end + 4));
    } else {
        head_.append(bytes);
        end = base::find(head_, "\r\n\r\n");
        if (end == base::not_found) {
            return head_.size() > 256 * 1024 ? progress::broken : progress::need_more;
        }
        head_.resize(end + 4);
    }
    bytes.remove_prefix(head_.size() - before);
    return read_head() ? progress::complete : progress::broken;
}

bool response_reader::read_head() {
    std::string_view rest = head_;
    if (!rest.starts_with("HTTP/1.1 ") || rest.size() < 12) return false;
    std::from_chars(rest.data() + 9, rest.data() + 12, status_);
    bool has_length = false;
    for (auto line_end = base::find(rest, "\r\n"); line_end != base::not_found && line_end > 0;) {
        const auto line = rest.substr(0, line_end);
        rest.remove_prefix(line_end + 2);
        line_end = base::find(rest, "\r\n");
        const auto colon = line.find(':');
        if (colon == std::string_view::npos) continue;
        const auto name = line.substr(0, colon);
        const auto value = base::trim(line.substr(colon + 1));
        if (equals_ignoring_case(name, "content-length")) {
            std::from_chars(value.data(), value.data() + value.size(), left_);
            has_length = true;
        } else if (equals_ignoring_case(name, "transfer-encoding")) {
            is_chunked_ = true;
        } else if (equals_ignoring_case(name, "content-type")) {
            is_stream_ = value.starts_with("text/event-stream");
        } else if (equals_ignoring_case(name, "connection")) {
            keep_alive_ = !equals_ignoring_case(value, "close");
        }
    }
    stage_ = is_chunked_ ? stage::chunk_size : stage::counted_body;
    return is_chunked_ || has_length;
}

void response_reader::feed_payload(std::string_view payload, std::uint64_t now) {
    if (!is_stream_) return;
    while (!payload.empty()) {
        const auto end = payload.find('\n');
        if (end == std::string_view::npos) {
            line_.append(payload);
            return;
        }
        if (line_.empty()) {
            take_line(payload.substr(0, end), now);
        } else {
            line_.append(payload.substr(0, end));
            take_line(line_, now);
            line_.clear();
        }
        payload.remove_prefix(end + 1);
    }
}

void response_reader::take_line(std::string_view line, std::uint64_t now) {
    if (!line.starts_with("data:")) return;
    if (line.starts_with("data: [DONE]")) {
        saw_done_ = true;
        return;
    }
    if (const auto stamp = stamp_in(line); stamp != 0) events_.on_event(stamp, now);
}

bool response_reader::take_framing_line(std::string_view& bytes, std::string_view& line) {
    const auto end = bytes.find('\n');
    if (end == std::string_view::npos) {
        framing_.append(bytes);
        bytes = {};
        return false;
    }
    if (framing_.empty()) {
        line = bytes.substr(0, end);
    } else {
        framing_.append(bytes.substr(0, end));
        line = framing_;
    }
    bytes.remove_prefix(end + 1);
    if (line.ends_with('\r')) line.remove_suffix(1);
    return true;
}

bool response_reader::read_chunk_size(std::string_view line) {
    left_ = 0;
    const auto [end, error] = std::from_chars(line.data(), line.data() + line.size(), left_, 16);
    return error == std::errc{} && end != line.data();
}

response_reader::progress response_reader::feed_chunks(std::string_view bytes, std::uint64_t now) {
    while (!bytes.empty()) {
        if (stage_ == stage::finished) return progress::broken;
        if (stage_ == stage::chunk_data) {
            const auto taken = std::min(left_, bytes.size());
            feed_payload(bytes.substr(0, taken), now);
            bytes.remove_prefix(taken);
            left_ -= taken;
            if (left_ == 0) stage_ = stage::chunk_end;
            continue;
        }
        std::string_view line;
        if (!take_framing_line(bytes, line)) return progress::need_more;
        if (stage_ == stage::chunk_size) {
            if (!read_chunk_size(line)) return progress::broken;
            stage_ = left_ > 0 ? stage::chunk_data : stage::trailer;
        } else if (stage_ == stage::chunk_end) {
            if (!line.empty()) return progress::broken;
            stage_ = stage::chunk_size;
        } else if (line.empty()) {  // the end of the trailers
            stage_ = stage::finished;
        }
        framing_.clear();
    }
    return stage_ == stage::finished ? progress::complete : progress::need_more;
}

}  // namespace spillway::bench::load
