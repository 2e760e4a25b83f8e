#include "proxy/credentials/service_account.hpp"

#include "adapters/json/document.hpp"
#include "proxy/credentials/answer_text.hpp"

namespace spillway::credentials {

namespace {

constexpr std::string_view usual_token_url = "https://oauth2.googleapis.com/token";

}  // namespace

std::optional<service_account> parse_service_account(std::string_view json, std::string& why_not) {
    const adapters::padded_text text{json};
    adapters::json::document read;
    if (!read.read(text.view()) || !read.root().is_object()) {
        why_not = "it is no JSON object";
        return std::nullopt;
    }
    const adapters::json::value root = read.root();
    if (!root["type"].equals("service_account")) {
        why_not = "its type is not service_account";
        return std::nullopt;
    }
    service_account made;
    made.email = text_of(root["client_email"]);
    made.key_id = text_of(root["private_key_id"]);
    made.project = text_of(root["project_id"]);
    made.token_url = text_of(root["token_uri"]);
    made.private_key = base::secret{text_of(root["private_key"])};
    if (made.token_url.empty()) made.token_url = usual_token_url;
    if (made.email.empty() || made.private_key.empty()) {
        why_not = "it has no client_email or no private_key";
        return std::nullopt;
    }
    return made;
}

}  // namespace spillway::credentials
