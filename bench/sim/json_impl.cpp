// Boost.JSON, compiled once: the distribution's library package is not needed to build.
#include <boost/json/src.hpp>
