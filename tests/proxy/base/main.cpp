#define BOOST_TEST_MODULE proxy_base
#include <boost/test/unit_test.hpp>
