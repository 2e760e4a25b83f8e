// Heads, with Beast as oracle: what we accept, Beast accepts, with the same method, target, status and fields. Beast
// 345 refuses some legal things we take; they are named in beast_is_stricter(). Also: the verdict does not depend on
// how the octets were cut, and the first octet of the input chooses request or response and the cut.
#include "proxy/wire/head_parser.hpp"
#include "tests/fuzz/fuzz_check.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>

#include <string>

namespace {

using namespace spillway::wire;
namespace http = boost::beast::http;

std::string_view as_std(boost::beast::string_view text) {
    return {text.data(), text.size()};
}

// Legal, taken by us, refused by Beast 345:
// * a status line without the space before an absent reason;
// * framing fields it checks while it reads the head (we do in framing.cpp, which has a target of its own);
// * a minor version above 1.
template <class Head>
bool beast_is_stricter(std::string_view text, const Head& head) {
    return head.has(field::content_length) || head.has(field::transfer_encoding) ||
           head.has(field::upgrade) || head.has(field::connection) ||
           head.has(field::proxy_connection) || head.version_minor() > 1 ||
           text.substr(0, text.find('\r')).size() == std::string_view{"HTTP/1.1 200"}.size();
}

template <class Parser, class Head>
void compare(std::string_view text, const Head& head, Parser& oracle) {
    oracle.eager(false);
    oracle.header_limit(1 << 20);
    boost::system::error_code error;
    oracle.put(boost::asio::buffer(text.data(), text.size()), error);
    if (error && beast_is_stricter(text, head)) return;
    FUZZ_CHECK(!error);
    FUZZ_CHECK(oracle.is_header_done());
    const auto& theirs = oracle.get();
    // Beast groups fields of one name; compare name by name, in order within a name.
    std::size_t count = 0;
    for (const auto& each : theirs) {
        ++count;
        bool found = false;
        for (std::size_t i = 0; i < head.size() && !found; ++i) {
            found =
                head[i].name == as_std(each.name_string()) && head[i].value == as_std(each.value());
        }
        FUZZ_CHECK(found);
    }
    FUZZ_CHECK(count == head.size());
}

template <class Head, class Parse>
head_verdict parse_in_two(std::string_view text, std::size_t cut, Head& head, Parse parse) {
    const std::string first{text.substr(0, cut)};
    const head_verdict early = parse(std::string_view{first}, head);
    if (early.state == head_state::incomplete) return parse(text, head);
    head.rebase(text.data());
    return early;
}

template <class Head>
void check_views(std::string_view text, const Head& head) {
    for (std::size_t i = 0; i < head.size(); ++i) {
        const field_view each = head[i];
        FUZZ_CHECK(!each.name.empty() && each.name.data() > text.data());
        FUZZ_CHECK(each.value.data() + each.value.size() <= text.data() + text.size());
        FUZZ_CHECK(each.id == lookup(each.name));
        FUZZ_CHECK(each.id == field::unknown || head.has(each.id));
    }
}

template <class Head, class Parse, class Oracle>
void run(std::string_view text, std::size_t cut, Parse parse, Oracle oracle) {
    static Head whole;
    static Head pieces;
    whole.reset();
    pieces.reset();
    const head_verdict verdict = parse(text, whole);
    const head_verdict again = parse_in_two(text, cut, pieces, parse);
    FUZZ_CHECK(verdict.state == again.state);
    FUZZ_CHECK(verdict.status == again.status);
    FUZZ_CHECK(verdict.consumed == again.consumed);
    if (verdict.state != head_state::complete) return;
    FUZZ_CHECK(whole.size() == pieces.size());
    FUZZ_CHECK(verdict.consumed <= text.size());
    check_views(text, whole);
    for (std::size_t i = 0; i < whole.size(); ++i) {
        FUZZ_CHECK(whole[i].name == pieces[i].name && whole[i].value == pieces[i].value);
    }
    oracle(text.substr(0, verdict.consumed), whole);
}

void run_request(std::string_view text, std::size_t cut) {
    run<request_head>(
        text,
        cut,
        [](std::string_view t, request_head& h) { return parse_request(t, h); },
        [](std::string_view t, const request_head& head) {
            // Beast takes one empty line fewer than we do.
            while (t.starts_with("\r\n")) {
                t.remove_prefix(2);
            }
            http::request_parser<http::empty_body> oracle;
            oracle.skip(true);
            compare(t, head, oracle);
            if (!oracle.is_header_done()) return;
            FUZZ_CHECK(as_std(oracle.get().method_string()) == head.method_text());
            FUZZ_CHECK(as_std(oracle.get().target()).ends_with(head.target()));
        }
    );
}

void run_response(std::string_view text, std::size_t cut) {
    run<response_head>(
        text,
        cut,
        [](std::string_view t, response_head& h) { return parse_response(t, h); },
        [](std::string_view t, const response_head& head) {
            http::response_parser<http::empty_body> oracle;
            oracle.skip(true);
            compare(t, head, oracle);
            if (!oracle.is_header_done()) return;
            FUZZ_CHECK(oracle.get().result_int() == head.status());
        }
    );
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const std::string_view text{reinterpret_cast<const char*>(data) + 1, size - 1};
    const std::size_t cut = text.empty() ? 0 : (data[0] >> 1) * 7u % text.size();
    if ((data[0] & 1) == 0) {
        run_request(text, cut);
    } else {
        run_response(text, cut);
    }
    return 0;
}
