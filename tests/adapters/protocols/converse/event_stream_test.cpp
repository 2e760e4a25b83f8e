#include "adapters/base64.hpp"
#include "adapters/canonical/frame_reader.hpp"
#include "adapters/protocols/converse/crc32.hpp"
#include "adapters/protocols/converse/event_stream.hpp"
#include "tests/adapters/support/files.hpp"
#include "tests/adapters/support/json_tree.hpp"
#include "tests/support/three_ways.hpp"

#include <boost/crc.hpp>
#include <boost/test/unit_test.hpp>

#include <filesystem>
#include <string>

namespace {

using namespace spillway;
using namespace spillway::adapters;
using namespace std::string_literals;

std::uint32_t checked_sum(std::string_view octets) {
    boost::crc_32_type sum;
    sum.process_bytes(octets.data(), octets.size());
    return sum.checksum();
}

std::string big_endian(std::uint32_t value) {
    std::string text;
    for (int shift = 24; shift >= 0; shift -= 8)
        text.push_back(static_cast<char>(value >> shift & 0xffU));
    return text;
}

// A message made by hand, its sums by another library.
std::string message_of(std::string_view headers, std::string_view payload) {
    std::string text =
        big_endian(static_cast<std::uint32_t>(16 + headers.size() + payload.size())) +
        big_endian(static_cast<std::uint32_t>(headers.size()));
    text += big_endian(checked_sum(text));
    text.append(headers).append(payload);
    return text + big_endian(checked_sum(text));
}

std::string header_of(std::string_view name, char type, std::string_view value) {
    return std::string(1, static_cast<char>(name.size()))
        .append(name)
        .append(1, type)
        .append(value);
}

std::string text_header(std::string_view name, std::string_view value) {
    return header_of(name, 7, std::string{'\0', static_cast<char>(value.size())}.append(value));
}

std::string event_of(std::string_view name, std::string_view payload) {
    return message_of(
        text_header(":event-type", name) + text_header(":message-type", "event"), payload
    );
}

std::string said_by(canonical::frame_reader& reader, const testing::pieces& parts) {
    std::string said;
    const auto show = [&said](const canonical::read_frame& one) {
        said.append(one.frame.is_exception ? "!" : "").append(one.frame.name).append("=");
        said.append(one.frame.data.text()).append(one.has_data ? ";" : " (nothing);");
    };
    canonical::read_frame one;
    for (const std::string_view part : parts) {
        reader.feed(part);
        while (reader.next(one))
            show(one);
    }
    BOOST_TEST(!reader.flush(one));
    return said + (reader.is_broken() ? "broken" : "");
}

std::string read_three_ways(std::string_view octets) {
    return testing::three_ways(octets, [](const testing::pieces& parts) {
        const auto reader = canonical::make_frame_reader(framing::event_stream);
        return said_by(*reader, parts);
    });
}

}  // namespace

BOOST_AUTO_TEST_SUITE(event_stream)

BOOST_AUTO_TEST_CASE(the_sum_is_that_of_ieee_802_3) {
    BOOST_TEST(converse::crc32("123456789") == 0xcbf43926U);
    BOOST_TEST(converse::crc32("") == 0U);
    std::string text;
    for (int i = 0; i < 67; ++i) {
        BOOST_TEST(converse::crc32(text) == checked_sum(text));
        BOOST_TEST(
            converse::crc32(
                text.substr(text.size() / 3), converse::crc32(text.substr(0, text.size() / 3))
            ) == checked_sum(text)
        );
        text.push_back(static_cast<char>(i * 37));
    }
}

BOOST_AUTO_TEST_CASE(messages_come_out_however_they_are_cut) {
    const std::string stream = event_of("messageStart", R"({"role":"assistant","p":"abc"})") +
                               event_of("contentBlockDelta", R"({"delta":{"text":"Hi"}})") +
                               event_of("metadata", "{}");
    BOOST_TEST(
        read_three_ways(stream) ==
        R"(messageStart={"role":"assistant","p":"abc"};contentBlockDelta={"delta":{"text":"Hi"}};metadata={};)"
    );
}

BOOST_AUTO_TEST_CASE(every_type_of_header_is_read) {
    const std::string headers =
        header_of("a", 0, "") + header_of("b", 1, "") + header_of("c", 2, "\x7f") +
        header_of("d", 3, "\x01\x02"s) + header_of("e", 4, "\0\0\xa0\x0c"s) +
        header_of("f", 5, "\0\0\0\0\0\0\0\x05"s) + header_of("g", 6, "\0\x03xyz"s) +
        header_of("h", 7, "\0\x02hi"s) + header_of("i", 8, "\0\0\0\0\0\0\0\x06"s) +
        header_of("j", 9, "0123456789abcdef");
    const std::string message = message_of(headers, "payload");
    BOOST_TEST(converse::message_size(message).value() == message.size());
    const auto read = converse::read_message(message);
    BOOST_TEST_REQUIRE(read.has_value());
    BOOST_TEST(read->payload == "payload");
    BOOST_TEST(read->text_of("h") == "hi");
    BOOST_TEST(read->text_of("g") == "");
    BOOST_TEST(read->text_of("k") == "");
    std::string said;
    converse::header one;
    for (std::string_view rest = read->headers; converse::next_header(rest, one);) {
        said.append(one.name).append(std::to_string(static_cast<int>(one.type)));
        said.append(":").append(std::to_string(one.value.size())).append(" ");
    }
    BOOST_TEST(said == "a0:0 b1:0 c2:1 d3:2 e4:4 f5:8 g6:3 h7:2 i8:8 j9:16 ");
}

BOOST_AUTO_TEST_CASE(a_wrong_octet_anywhere_breaks_the_stream) {
    const std::string message = event_of("metadata", R"({"usage":{}})");
    for (std::size_t at = 0; at < message.size(); ++at) {
        std::string wrong = message;
        wrong[at] = static_cast<char>(wrong[at] ^ 0x10);
        const auto reader = canonical::make_frame_reader(framing::event_stream);
        BOOST_TEST(said_by(*reader, {wrong}) == "broken", "octet " << at);
    }
}

BOOST_AUTO_TEST_CASE(a_message_that_is_cut_breaks_the_stream_only_at_its_end) {
    const std::string message = event_of("metadata", "{}");
    for (std::size_t size = 1; size < message.size(); ++size) {
        const auto reader = canonical::make_frame_reader(framing::event_stream);
        BOOST_TEST(said_by(*reader, {std::string_view{message}.substr(0, size)}) == "broken");
    }
    BOOST_TEST(read_three_ways(message + message.substr(0, 20)) == "metadata={};broken");
}

BOOST_AUTO_TEST_CASE(lengths_beyond_the_limits_are_no_message) {
    const auto refuses = [](std::uint32_t total, std::uint32_t headers) {
        std::string prelude = big_endian(total) + big_endian(headers);
        prelude += big_endian(checked_sum(prelude));
        return !converse::message_size(prelude).has_value();
    };
    BOOST_TEST(refuses(15, 0));
    BOOST_TEST(!refuses(16, 0));
    BOOST_TEST(refuses(16, 1));
    BOOST_TEST(refuses(16 + 128 * 1024 + 1, 128 * 1024 + 1));
    BOOST_TEST(!refuses(16 + 128 * 1024, 128 * 1024));
    BOOST_TEST(refuses(16 + 24 * 1024 * 1024 + 1, 0));
    BOOST_TEST(!refuses(16 + 24 * 1024 * 1024, 0));
    BOOST_TEST(refuses(0xffff'ffffU, 0xffff'fff0U));
}

BOOST_AUTO_TEST_CASE(headers_that_do_not_add_up_are_no_message) {
    for (const std::string& headers :
         {header_of("a", 10, ""),
          header_of("", 0, ""),
          header_of("a", 4, "\0\0\0"s),
          header_of("a", 7, "\0\x05hi"s),
          header_of("a", 7, "\0"s),
          "\x05"s,
          "\x01g"s}) {
        BOOST_TEST(!converse::read_message(message_of(headers, "{}")).has_value());
    }
}

BOOST_AUTO_TEST_CASE(exceptions_and_errors_are_told_apart_from_events) {  // trap 46
    BOOST_TEST(
        read_three_ways(message_of(
            text_header(":exception-type", "throttlingException") +
                text_header(":message-type", "exception"),
            R"({"message":"slow"})"
        )) == R"(!throttlingException={"message":"slow"};)"
    );
    BOOST_TEST(
        read_three_ways(event_of("internalServerException", "")) == "!internalServerException=;"
    );
    BOOST_TEST(
        read_three_ways(message_of(
            text_header(":message-type", "error") + text_header(":error-code", "Odd") +
                text_header(":error-message", "a \"word\""),
            ""
        )) == R"(!Odd={"message":"a \"word\""};)"
    );
    BOOST_TEST(read_three_ways(event_of("ping", "")) == "ping= (nothing);");
}

BOOST_AUTO_TEST_CASE(an_error_body_in_json_is_a_broken_stream_at_once) {  // trap 47
    const auto reader = canonical::make_frame_reader(framing::event_stream);
    BOOST_TEST(said_by(*reader, {R"({"message":"The security token is invalid."})"}) == "broken");
}

BOOST_AUTO_TEST_CASE(the_event_a_chunk_wraps_comes_out) {
    BOOST_TEST(
        read_three_ways(event_of("chunk", R"({"bytes":"eyJ0eXBlIjoicGluZyJ9","p":"ab"})")) ==
        R"(chunk={"type":"ping"};)"
    );
    BOOST_TEST(read_three_ways(event_of("chunk", R"({"bytes":"?"})")) == "broken");
    BOOST_TEST(read_three_ways(event_of("chunk", "")) == "broken");
}

BOOST_AUTO_TEST_CASE(what_is_written_is_what_others_write) {
    std::string out = "before";
    const std::size_t begin =
        converse::open_message(out, converse::message_type::event, "contentBlockStop");
    out.append(R"({"contentBlockIndex":0})");
    converse::close_message(out, begin);
    BOOST_TEST(
        out == "before" + message_of(
                              text_header(":event-type", "contentBlockStop") +
                                  text_header(":content-type", "application/json") +
                                  text_header(":message-type", "event"),
                              R"({"contentBlockIndex":0})"
                          )
    );
}

BOOST_AUTO_TEST_CASE(the_public_vectors_hold) {
    const std::filesystem::path folder{"../shared/recordings/aws-vectors"};
    if (!std::filesystem::exists(folder)) {
        BOOST_TEST_MESSAGE("skipped: no ../shared/recordings/aws-vectors");
        return;
    }
    std::size_t count = 0;
    for (const auto& file : std::filesystem::directory_iterator{folder}) {
        const std::string name = file.path().filename().string();
        if (!name.starts_with("eventstream-encoded-")) continue;
        ++count;
        const std::string octets = testing::read_file(file.path());
        const auto size = converse::message_size(octets);
        const auto read = size && *size == octets.size() ? converse::read_message(octets)
                                                         : std::optional<converse::message_view>{};
        BOOST_TEST(read.has_value() == name.contains("positive"), name);
        if (!read) continue;
        std::string told = name;
        told.replace(told.find("encoded"), 7, "decoded").replace(told.size() - 3, 3, "json");
        const auto wanted = testing::parse_json(testing::read_file(folder / told));
        BOOST_TEST_REQUIRE(wanted.has_value());
        std::string payload;
        BOOST_TEST(append_from_base64(payload, wanted->word("payload")));
        BOOST_TEST(read->payload == payload);
        BOOST_TEST(std::to_string(read->headers.size()) == wanted->word("headers_length"));
        converse::header one;
        std::string_view rest = read->headers;
        if (!converse::next_header(rest, one)) continue;
        BOOST_TEST(one.name == wanted->word("headers.0.name"));
        BOOST_TEST(std::to_string(static_cast<int>(one.type)) == wanted->word("headers.0.type"));
    }
    BOOST_TEST_MESSAGE("event stream vectors: " << count);
    BOOST_TEST(count == 5U);
}

BOOST_AUTO_TEST_SUITE_END()
