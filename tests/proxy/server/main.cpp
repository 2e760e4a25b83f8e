#define BOOST_TEST_MODULE proxy_server
#include <boost/test/unit_test.hpp>

#include <csignal>

// As the process does.
struct without_sigpipe {
    without_sigpipe() { std::signal(SIGPIPE, SIG_IGN); }
};
BOOST_TEST_GLOBAL_FIXTURE(without_sigpipe);
