// Flag files, which hold every grammar of the command line. Whatever the text, all that is wrong with it becomes a
// complaint; what has none comes back equal when it is printed and parsed again. The same text is read as a catalogue,
// split as an object and cut into arguments.
#include "proxy/options/catalog_file.hpp"
#include "proxy/options/object.hpp"
#include "proxy/options/parser.hpp"
#include "proxy/options/print.hpp"
#include "tests/fuzz/fuzz_check.hpp"

#include <string>
#include <string_view>

namespace {

using namespace spillway;

constexpr std::string_view variables[] = {"OPENAI_API_KEY"};
constexpr known_provider providers[] = {
    {"openai",
     settings::protocol::chat,
     "https://api.openai.com/v1",
     variables,
     known_provider::key_need::required}};

// "self" is the text, "printed" what was made of it, "key" a secret; anything else is absent.
parse_input input_of(const std::string& text, const std::string& printed) {
    parse_input input;
    input.variables = {{"OPENAI_API_KEY", "sk-1"}, {"CREDENTIALS_DIRECTORY", "."}};
    input.known_providers = providers;
    input.read_file = [&](const std::string& path,
                          std::string& why_not) -> std::optional<std::string> {
        if (path == "self") return text;
        if (path == "printed") return printed;
        if (path == "key" || path == "./key") return "0123456789abcdef0123456789\n";
        why_not = "absent";
        return std::nullopt;
    };
    return input;
}

void check_round_trip(const std::string& text) {
    std::string printed;
    parse_input input = input_of(text, printed);
    input.arguments = {"--flagfile", "self"};
    const parse_outcome first = parse_options(input);
    for (const remark& one : first.complaints)
        FUZZ_CHECK(!one.where.empty() && !one.what.empty());
    printed = render_config(first.value);
    if (!first.is_usable() || printed.contains("literal:***")) return;
    input.arguments = {"--flagfile", "printed"};
    const parse_outcome second = parse_options(input);
    FUZZ_CHECK(second.is_usable());
    FUZZ_CHECK(second.value == first.value);
}

void check_arguments(const std::string& text) {
    parse_input input = input_of(text, text);
    std::string_view rest{text};
    while (!rest.empty()) {
        const std::size_t end = std::min(rest.find('\n'), rest.size());
        input.arguments.emplace_back(rest.substr(0, end));
        rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    input.variables["SPILLWAY_PROVIDER"] = text;
    parse_options(input);
}

void check_object(const std::string& text) {
    const auto parts = settings::split_object(text);
    if (parts) FUZZ_CHECK(!parts->empty());
    const auto quoted = settings::split_object("k=" + settings::object_value(text));
    FUZZ_CHECK(quoted && quoted->size() == 1 && quoted->front().value == text);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string text{reinterpret_cast<const char*>(data), size};
    check_round_trip(text);
    check_arguments(text);
    check_object(text);
    settings::read_catalog(text);
    return 0;
}
