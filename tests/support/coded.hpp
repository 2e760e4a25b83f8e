// Texts in the content codings, made by the codings' own libraries.
#pragma once

#include "proxy/wire/content_decoder.hpp"

#include <string>
#include <string_view>

namespace spillway::testing {

// REQUIRES: neither identity nor unknown.
std::string coded(wire::content_coding coding, std::string_view plain);

}  // namespace spillway::testing
