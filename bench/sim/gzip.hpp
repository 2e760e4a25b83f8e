// A valid gzip member made of stored blocks: enough for a provider that compresses unasked, without zlib.
#pragma once

#include <string>
#include <string_view>

namespace spillway::bench::sim {

std::string gzip_stored(std::string_view data);

}  // namespace spillway::bench::sim
