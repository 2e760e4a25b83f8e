#define BOOST_TEST_MODULE proxy_credentials
#include <boost/test/unit_test.hpp>
