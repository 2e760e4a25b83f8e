#define BOOST_TEST_MODULE proxy_observe
#include <boost/test/unit_test.hpp>

#include <csignal>

// As the process does: a log into a pipe that nobody reads any more is an error, not the end.
struct without_sigpipe {
    without_sigpipe() { std::signal(SIGPIPE, SIG_IGN); }
};
BOOST_TEST_GLOBAL_FIXTURE(without_sigpipe);
