// A Google account for programs, as its key file describes it: who it is, where tokens are asked for, and the key that signs
// the question.
#pragma once

#include "proxy/base/secret.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace spillway::credentials {

struct service_account {
    std::string email;
    std::string key_id;
    std::string token_url;  // also the audience of the question
    std::string project;
    base::secret private_key;  // PEM
};

// Nothing: the text is not the JSON of such a file, and `why_not` says what it lacks.
std::optional<service_account> parse_service_account(std::string_view json, std::string& why_not);

}  // namespace spillway::credentials
