#include "proxy/deployment_builder.hpp"
#include "proxy/options/check.hpp"
#include "proxy/options/help.hpp"
#include "proxy/options/parser.hpp"
#include "proxy/options/print.hpp"
#include "proxy/process.hpp"
#include "routing/explain.hpp"

#include <fmt/format.h>

#include <csignal>
#include <cstdio>
#include <exception>

#include <sys/resource.h>
#include <unistd.h>

extern char** environ;

namespace {

using namespace spillway;

constexpr int clean = 0;
constexpr int bad_configuration = 1;
constexpr int could_not_start = 2;

void print(std::FILE* to, std::string_view text) {
    std::fwrite(text.data(), 1, text.size(), to);
}

// Every descriptor the system allows, and no core dumps: they would hold keys and prompts.
void set_limits() {
    rlimit files{};
    if (getrlimit(RLIMIT_NOFILE, &files) == 0 && files.rlim_cur < files.rlim_max) {
        files.rlim_cur = files.rlim_max;
        setrlimit(RLIMIT_NOFILE, &files);
    }
    const rlimit none{0, 0};
    setrlimit(RLIMIT_CORE, &none);
    std::signal(SIGPIPE, SIG_IGN);
}

bool processor_fits() {
#if defined(__AVX2__)
    __builtin_cpu_init();
    return __builtin_cpu_supports("avx2") != 0 && __builtin_cpu_supports("bmi2") != 0;
#else
    return true;
#endif
}

void configure(observe::process_log& log, const options& from) {
    const bool as_text =
        from.log_format == settings::log_format::text ||
        (from.log_format == settings::log_format::by_terminal && isatty(STDERR_FILENO) != 0);
    log.configure(
        static_cast<observe::level>(from.log_level),
        as_text ? observe::log_form::text : observe::log_form::json
    );
}

int complain(const std::vector<std::string>& complaints) {
    for (const std::string& one : complaints)
        print(stderr, "error: " + one + "\n");
    return bad_configuration;
}

int print_routes(const flow::deployment& plan, std::string_view model) {
    const routing::client_key anybody;
    print(stdout, routing::print_routes(*plan.routes, model, anybody, base::clock::now(), 0));
    return clean;
}

// Answers that need no valid configuration.
std::optional<int> answer_at_once(const parse_outcome& parsed) {
    if (parsed.what == action::version) {
        print(stdout, "spillway " SPILLWAY_VERSION "\n");
        return clean;
    }
    if (parsed.what == action::help) {
        print(stdout, render_help(parsed.argument));
        return clean;
    }
    return std::nullopt;
}

int run(int argc, char** argv) {
    const std::vector<known_provider> providers = known_providers();
    const auto parse = [&] {
        parse_input input;
        input.arguments.assign(argv + 1, argv + argc);
        input.variables = make_environment(environ);
        input.known_providers = providers;
        return parse_options(input);
    };
    parse_outcome parsed = parse();
    if (parsed.is_usable()) {
        if (const std::optional<int> answered = answer_at_once(parsed)) return *answered;
    }
    print(stderr, render_remarks(parsed));
    if (!parsed.is_usable()) return bad_configuration;

    deployment_builder builder;
    const built_deployment first = builder.build(parsed.value);
    if (!first.value) return complain(first.complaints);
    if (parsed.what == action::print_config) {
        print(stdout, render_config(parsed.value));
        return clean;
    }
    if (parsed.what == action::print_routes) return print_routes(*first.value, parsed.argument);
    if (parsed.what == action::check) {
        print(stdout, render_summary(parsed.value));
        return clean;
    }

    observe::process_log log;
    configure(log, parsed.value);
    const auto again = [&]() -> std::optional<options> {
        parse_outcome fresh = parse();
        for (const remark& one : fresh.complaints)
            log.error(one.where + ": " + one.what + " " + one.advice);
        if (!fresh.is_usable()) return std::nullopt;
        configure(log, fresh.value);
        return std::move(fresh.value);
    };
    process gateway{std::move(parsed.value), builder, first.value, log, again};
    return gateway.run();
}

}  // namespace

int main(int argc, char** argv) {
    if (!processor_fits()) {
        print(
            stderr,
            "spillway: built for processors with AVX2 and BMI2; build with -DSPILLWAY_MARCH= for "
            "this one\n"
        );
        return could_not_start;
    }
    set_limits();
    try {
        return run(argc, argv);
    } catch (const std::exception& error) {
        print(stderr, fmt::format("spillway: could not start: {}\n", error.what()));
        return could_not_start;
    }
}
