#include "proxy/observe/process_log.hpp"

#include <boost/json.hpp>
#include <boost/test/unit_test.hpp>

#include <string>

#include <fcntl.h>
#include <unistd.h>

namespace {

using namespace spillway;
using observe::level;
using observe::log_form;
using observe::process_log;

// Standard error goes into a pipe while this lives.
class caught_output {
public:
    caught_output() : before_{::dup(STDERR_FILENO)} {
        BOOST_REQUIRE(::pipe2(ends_, O_CLOEXEC) == 0);
        ::dup2(ends_[1], STDERR_FILENO);
        ::close(ends_[1]);
    }
    caught_output(const caught_output&) = delete;
    caught_output& operator=(const caught_output&) = delete;
    ~caught_output() {
        (void)end();
        ::close(ends_[0]);
    }
    std::string end() {
        if (before_ < 0) return {};
        ::dup2(before_, STDERR_FILENO);
        ::close(before_);
        before_ = -1;
        std::string text(65536, '\0');
        const ssize_t got = ::read(ends_[0], text.data(), text.size());
        text.resize(got < 0 ? 0 : static_cast<std::size_t>(got));
        return text;
    }

private:
    int before_;
    int ends_[2] = {-1, -1};
};

std::string written(level what, std::string_view text, log_form form, level most = level::info) {
    process_log log;
    log.configure(most, form);
    caught_output output;
    log.write(what, text);
    return output.end();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(process_logs)

BOOST_AUTO_TEST_CASE(only_what_is_important_enough_is_written) {
    for (const level what : {level::error, level::warn, level::info, level::debug, level::trace}) {
        for (const level most :
             {level::error, level::warn, level::info, level::debug, level::trace}) {
            const std::string line = written(what, "text", log_form::text, most);
            BOOST_TEST(line.empty() == (what > most));
        }
    }
}

BOOST_AUTO_TEST_CASE(a_line_for_people_has_time_level_and_text) {
    const std::string line = written(level::warn, "low on descriptors", log_form::text);
    BOOST_REQUIRE(line.size() > 13);
    BOOST_TEST(line.substr(12) == " warn  low on descriptors\n");
    BOOST_TEST((line[2] == ':' && line[5] == ':' && line[8] == '.'));
}

BOOST_AUTO_TEST_CASE(a_line_for_collectors_is_json) {
    const std::string line = written(level::error, "it \"broke\"", log_form::json);
    const boost::json::object read = boost::json::parse(line).as_object();
    BOOST_TEST(std::string_view{read.at("level").as_string()} == "error");
    BOOST_TEST(std::string_view{read.at("text").as_string()} == "it \"broke\"");
    const std::string_view time = read.at("time").as_string();
    BOOST_TEST(time.size() == 24U);
    BOOST_TEST((time[10] == 'T' && time[19] == '.' && time[23] == 'Z'));
}

// S-A5: user data cannot start a new line or field.
BOOST_AUTO_TEST_CASE(control_characters_are_spelled_out) {
    std::string text = "a\"b\\c";
    for (int c = 0; c < 0x20; ++c)
        text += static_cast<char>(c);
    text += "\x7f\xc3\xa9";
    for (const log_form form : {log_form::text, log_form::json}) {
        const std::string line = written(level::info, text, form);
        BOOST_TEST(line.find('\n') == line.size() - 1);
        for (std::size_t i = 0; i + 1 < line.size(); ++i) {
            const auto c = static_cast<unsigned char>(line[i]);
            if (c < 0x20 || c == 0x7f) BOOST_ERROR("a raw control character at " << i);
        }
        BOOST_TEST(line.contains("\\u0000"));
        BOOST_TEST(line.contains("\\u001f\\u007f\xc3\xa9"));
    }
    const boost::json::object read =
        boost::json::parse(written(level::info, text, log_form::json)).as_object();
    BOOST_TEST(std::string_view{read.at("text").as_string()} == text);
}

BOOST_AUTO_TEST_SUITE_END()
