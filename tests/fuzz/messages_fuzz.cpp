// Anthropic's Messages: requests and answers of any octets, whole and streamed; see dialect_fuzz.hpp.
#include "tests/fuzz/dialect_fuzz.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    return spillway::fuzzing::check_dialect(spillway::adapters::protocol::messages, data, size);
}
