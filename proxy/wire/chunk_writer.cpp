#include "proxy/wire/chunk_writer.hpp"

#include "proxy/base/check.hpp"

namespace spillway::wire {

std::string_view chunk_size_line(chunk_line& room, std::size_t size) noexcept {
    SPILLWAY_ASSERT(size != 0);
    char* const end = room.data() + room.size();
    char* at = end;
    *--at = '\n';
    *--at = '\r';
    for (; size != 0; size >>= 4) {
        *--at = "0123456789abcdef"[size & 15];
    }
    return {at, static_cast<std::size_t>(end - at)};
}

}  // namespace spillway::wire
