#include "proxy/observe/access_log.hpp"
#include "tests/support/certificates.hpp"

#include <boost/json.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <fstream>
#include <memory>
#include <set>
#include <sstream>
#include <string>

#include <fcntl.h>
#include <unistd.h>

namespace {

using namespace spillway;
using namespace std::chrono_literals;
using observe::request_record;

request_record full_record() {
    request_record record;
    std::ranges::copy(std::string_view{"gen-1700000000-abcdefghij0123456789"}, record.id.begin());
    record.asked_model = "gpt-4o-mini";
    record.model = "openai/gpt-4o-mini";
    record.provider = "openai/eu";
    record.key = "team-a";
    record.operation = "chat";
    record.face = "openrouter";
    record.fault = "cut";
    record.status = 200;
    record.attempts = 2;
    record.streamed = true;
    record.usage_estimated = true;
    record.prompt_tokens = 11;
    record.completion_tokens = 22;
    record.cached_tokens = 3;
    record.reasoning_tokens = 4;
    record.cost_nanos = -5;
    record.octets_sent = 6000;
    record.first_octet = 7ms;
    record.duration = 8s;
    return record;
}

std::string line_of(const request_record& record) {
    const std::size_t room = observe::line_room(record);
    std::string line(room, '?');
    const std::size_t size = observe::write_line(line.data(), "2024-05-06T07:08:09.010Z", record);
    BOOST_TEST(size <= room);
    line.resize(size);
    return line;
}

std::string content_of(const std::string& path) {
    std::ostringstream text;
    text << std::ifstream{path, std::ios::binary}.rdbuf();
    return text.str();
}

int open_for_append(const std::string& path) {
    const int file = ::open(path.c_str(), O_WRONLY | O_APPEND | O_CLOEXEC);
    BOOST_REQUIRE(file > STDERR_FILENO);
    return file;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(access_log_lines)

BOOST_AUTO_TEST_CASE(a_line_says_everything_that_is_known) {
    BOOST_TEST(
        line_of(full_record()) ==
        "{\"time\":\"2024-05-06T07:08:09.010Z\",\"id\":\"gen-1700000000-abcdefghij0123456789\","
        "\"key\":\"team-a\",\"operation\":\"chat\",\"face\":\"openrouter\","
        "\"asked_model\":\"gpt-4o-mini\",\"model\":\"openai/gpt-4o-mini\",\"provider\":\"openai/"
        "eu\","
        "\"status\":200,\"attempts\":2,\"stream\":true,\"prompt_tokens\":11,\"completion_tokens\":"
        "22,"
        "\"cached_tokens\":3,\"reasoning_tokens\":4,\"usage_estimated\":true,\"cost_nano_usd\":-5,"
        "\"octets\":6000,\"first_octet_us\":7000,\"duration_us\":8000000,\"fault\":\"cut\"}\n"
    );
}

BOOST_AUTO_TEST_CASE(what_is_not_known_is_not_said) {
    request_record record = full_record();
    record = {};
    std::ranges::fill(record.id, 'x');
    record.status = 404;
    BOOST_TEST(
        line_of(record) ==
        "{\"time\":\"2024-05-06T07:08:09.010Z\",\"id\":\"" + std::string(35, 'x') +
            "\",\"status\":404,\"attempts\":0,\"stream\":false,\"prompt_tokens\":0,"
            "\"completion_tokens\":0,\"octets\":0,\"first_octet_us\":0,\"duration_us\":0}\n"
    );
}

// The largest numbers and long texts still fit the line's room, and it stays JSON.
BOOST_AUTO_TEST_CASE(extreme_values_are_one_line_of_json) {
    request_record record = full_record();
    const std::string name(1000, 'n');
    record.asked_model = name;
    record.model = record.provider = record.key = record.fault = name;
    record.status = record.attempts = UINT16_MAX;
    record.prompt_tokens = record.completion_tokens = record.octets_sent = UINT64_MAX;
    record.cached_tokens = record.reasoning_tokens = UINT64_MAX;
    record.cost_nanos = INT64_MIN;
    record.first_octet = record.duration = std::chrono::microseconds::min();
    const std::string line = line_of(record);
    BOOST_TEST(std::ranges::count(line, '\n') == 1);
    const boost::json::object read = boost::json::parse(line).as_object();
    BOOST_TEST(read.at("prompt_tokens").to_number<std::uint64_t>() == UINT64_MAX);
    BOOST_TEST(read.at("cost_nano_usd").to_number<std::int64_t>() == INT64_MIN);
    BOOST_TEST(std::string_view{read.at("fault").as_string()} == name);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(access_logs)

BOOST_AUTO_TEST_CASE(every_lane_ends_up_in_the_file) {
    const tests::temporary_file file{""};
    observe::counters one;
    observe::counters other;
    {
        observe::access_log log{open_for_append(file.path()), {&one, &other}};
        request_record record = full_record();
        for (int i = 0; i < 100; ++i) {
            record.status = static_cast<std::uint16_t>(200 + i);
            log.of_worker(static_cast<std::size_t>(i % 2)).write(record);
        }
    }
    std::istringstream lines{content_of(file.path())};
    std::string line;
    std::multiset<std::int64_t> seen;
    std::int64_t last[2] = {};
    while (std::getline(lines, line)) {
        const boost::json::object read = boost::json::parse(line).as_object();
        const std::int64_t status = read.at("status").as_int64();
        BOOST_TEST(status > last[status % 2]);  // a lane keeps its order
        last[status % 2] = status;
        seen.insert(status);
        const std::string_view time = read.at("time").as_string();
        BOOST_TEST(time.size() == 24U);
        BOOST_TEST((time[10] == 'T' && time[19] == '.' && time[23] == 'Z'));
    }
    BOOST_TEST(seen.size() == 100U);
    BOOST_TEST(one.value(observe::counter::log_lines_dropped) == 0U);
}

// A full log disk never blocks traffic (R-P4), and what is lost is counted where the ring is full.
BOOST_AUTO_TEST_CASE(a_disk_that_is_full_costs_lines_and_nothing_else) {
    const int full = ::open("/dev/full", O_WRONLY | O_CLOEXEC);
    BOOST_REQUIRE(full > STDERR_FILENO);
    observe::counters count;
    observe::access_log log{full, {&count}};
    const request_record record = full_record();
    for (int i = 0; i < 5000; ++i)
        log.of_worker(0).write(record);
}

BOOST_AUTO_TEST_CASE(lines_that_find_no_room_are_counted) {
    int ends[2];
    BOOST_REQUIRE(::pipe2(ends, O_CLOEXEC) == 0);
    observe::counters count;
    {
        observe::access_log log{ends[1], {&count}};
        request_record record = full_record();
        const std::string name(4000, 'n');
        record.asked_model = name;
        // Nobody reads the pipe: the writer stands still, then the ring is full.
        while (count.value(observe::counter::log_lines_dropped) == 0)
            log.of_worker(0).write(record);
        ::close(ends[0]);  // the writer fails and goes on
    }
    BOOST_TEST(count.value(observe::counter::log_lines_dropped) == 1U);
}

BOOST_AUTO_TEST_SUITE_END()
