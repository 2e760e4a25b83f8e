// Amazon's event stream for tests: written from "name payload" lines, and read back into them.
#pragma once

#include "adapters/canonical/frame_reader.hpp"
#include "adapters/protocols/converse/event_stream.hpp"

#include <string>
#include <string_view>

namespace spillway::testing {

// A line an event; a name that begins with "!" is an exception's.
inline std::string event_frames(std::string_view lines) {
    using namespace adapters::converse;
    std::string out;
    while (!lines.empty()) {
        const auto end = std::min(lines.find('\n'), lines.size());
        std::string_view line = lines.substr(0, end);
        lines.remove_prefix(std::min(end + 1, lines.size()));
        if (line.empty()) continue;
        const bool is_exception = line.front() == '!';
        if (is_exception) line.remove_prefix(1);
        const auto space = std::min(line.find(' '), line.size());
        const auto begin = open_message(
            out, is_exception ? message_type::exception : message_type::event, line.substr(0, space)
        );
        out.append(line.substr(std::min(space + 1, line.size())));
        close_message(out, begin);
    }
    return out;
}

inline std::string event_lines(std::string_view octets) {
    const auto reader = adapters::canonical::make_frame_reader(adapters::framing::event_stream);
    std::string out;
    adapters::canonical::read_frame one;
    reader->feed(octets);
    while (reader->next(one)) {
        out.append(one.frame.is_exception ? "!" : "").append(one.frame.name).append(" ");
        out.append(one.frame.data.text()).append("\n");
    }
    static_cast<void>(reader->flush(one));
    return reader->is_broken() ? out.append("broken") : out;
}

}  // namespace spillway::testing
