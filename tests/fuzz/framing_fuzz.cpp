// Framing, against a second reading that is as simple as can be: from the list of fields alone, field by field. The
// first octet chooses request or response.
#include "proxy/base/bytes.hpp"
#include "proxy/wire/framing.hpp"
#include "proxy/wire/head_parser.hpp"
#include "tests/fuzz/fuzz_check.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

namespace {

using namespace spillway;
using namespace spillway::wire;

std::vector<std::string> values_of(const head& head, std::string_view name) {
    std::vector<std::string> out;
    for (std::size_t i = 0; i < head.size(); ++i) {
        if (base::equals_ignoring_case(head[i].name, name)) out.emplace_back(head[i].value);
    }
    return out;
}

bool is_number(const std::string& text) {
    return !text.empty() &&
           std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// Only what everybody reads alike.
bool is_clear(const head& head) {
    const auto lengths = values_of(head, "content-length");
    const auto codings = values_of(head, "transfer-encoding");
    if (!codings.empty()) {
        return codings.size() == 1 && lengths.empty() && head.version_minor() != 0 &&
               base::equals_ignoring_case(codings.front(), "chunked");
    }
    return lengths.size() <= 1 && (lengths.empty() || is_number(lengths.front()));
}

void check_common(const head& head, const body_framing& framing) {
    if (framing.kind == body_kind::refused) {
        FUZZ_CHECK(framing.status >= 400 && !framing.reason.empty());
        // A clear head is refused for one thing only: a number that does not fit.
        FUZZ_CHECK(!is_clear(head) || values_of(head, "content-length").front().size() >= 8);
        return;
    }
    FUZZ_CHECK(is_clear(head));
    if (framing.kind != body_kind::length) return;
    std::string digits = values_of(head, "content-length").front();
    digits.erase(0, std::min(digits.find_first_not_of('0'), digits.size() - 1));
    FUZZ_CHECK(digits == std::to_string(framing.length));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const std::string fields{reinterpret_cast<const char*>(data) + 1, size - 1};
    if ((data[0] & 1) == 0) {
        request_head head;
        const std::string version = (data[0] & 2) == 0 ? "1.1" : "1.0";
        const std::string text = "POST / HTTP/" + version + "\r\nHost: a\r\n" + fields + "\r\n\r\n";
        if (parse_request(text, head).state != head_state::complete) return 0;
        const body_framing framing = request_framing(head, 33554432);
        FUZZ_CHECK(framing.kind != body_kind::until_close);
        check_common(head, framing);
    } else {
        response_head head;
        const std::string start = (data[0] & 2) == 0 ? "HTTP/1.1 200 OK\r\n" : "HTTP/1.0 204 N\r\n";
        const std::string text = start + fields + "\r\n\r\n";
        if (parse_response(text, head).state != head_state::complete) return 0;
        check_common(head, response_framing(head, method::post));
    }
    return 0;
}
