#define BOOST_TEST_MODULE proxy_upstream
#include <boost/test/unit_test.hpp>
