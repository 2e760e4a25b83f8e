// Boost.JSON is compiled here, once, from its headers: the control plane needs no library of its own for it.
#include <boost/json/src.hpp>
