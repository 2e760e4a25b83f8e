// The recorded answers of ../shared: which protocol each one speaks, and how it is framed.
#pragma once

#include "adapters/canonical/codec.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace spillway::testing {

struct recording {
    std::filesystem::path file;
    std::string provider;  // the row
    adapters::protocol speaks = adapters::protocol::chat;
    adapters::framing frames = adapters::framing::none;
};

// Every body that is an answer of a conversation, with a status of success. Empty: there is no ../shared.
[[nodiscard]] std::vector<recording> recorded_answers();

}  // namespace spillway::testing
