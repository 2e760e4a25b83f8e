#define BOOST_TEST_MODULE proxy_flow
#include <boost/test/unit_test.hpp>
