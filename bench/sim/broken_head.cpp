#include "bench/sim/broken_head.hpp"

#include <utility>

namespace spillway::bench::sim {

std::string broken_head(std::string_view variant) {
    using namespace std::string_literals;
    static const std::pair<std::string_view, std::string> variants[] = {
        {"http09", "<html>hello from 1991</html>\r\n"s},
        {"bad-version", "HTTP/7.3 200 OK\r\ncontent-length: 2\r\n\r\n{}"s},
        {"bad-status", "HTTP/1.1 2x0 OK\r\ncontent-length: 2\r\n\r\n{}"s},
        {"no-colon", "HTTP/1.1 200 OK\r\ncontent-length 2\r\n\r\n{}"s},
        {"space-in-name", "HTTP/1.1 200 OK\r\ncontent-length : 2\r\n\r\n{}"s},
        {"bare-lf", "HTTP/1.1 200 OK\ncontent-length: 2\n\n{}"s},
        {"folded", "HTTP/1.1 200 OK\r\nx-a: b\r\n c\r\ncontent-length: 2\r\n\r\n{}"s},
        {"nul", "HTTP/1.1 200 OK\r\nx-a: b\0c\r\ncontent-length: 2\r\n\r\n{}"s},
        {"both-lengths",
         "HTTP/1.1 200 OK\r\ncontent-length: 2\r\ntransfer-encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n"s},
        {"two-lengths", "HTTP/1.1 200 OK\r\ncontent-length: 2\r\ncontent-length: 3\r\n\r\n{} "s},
        {"bad-length", "HTTP/1.1 200 OK\r\ncontent-length: +2\r\n\r\n{}"s},
    };
    for (const auto& [name, bytes] : variants) {
        if (name == variant) return bytes;
    }
    return "\x16\x03\x01\xff garbage \x00\x01\x02 octets\r\n\r\n"s;
}

}  // namespace spillway::bench::sim
