#include "proxy/options/secret.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace spillway::settings {

namespace {

enum class form : std::uint8_t {
    key,       // what a header field can carry: visible ASCII
    document,  // anything but controls that are no white space
};

bool is_usable(std::string_view content, form wanted) {
    return std::all_of(content.begin(), content.end(), [wanted](char c) {
        const bool is_visible = c > 0x20 && c < 0x7f;
        if (wanted == form::key) return is_visible;
        const auto octet = static_cast<unsigned char>(c);
        return octet >= 0x20 || c == '\n' || c == '\r' || c == '\t';
    });
}

parsed<secret_value> accept(std::string reference, std::string content, form wanted) {
    if (content.empty())
        return problem{fmt::format("{} is empty", reference), "put the secret there"};
    secret_value secret{std::move(reference), base::secret{std::move(content)}};
    if (!is_usable(secret.value.reveal(), wanted)) {
        if (wanted == form::document)
            return problem{fmt::format("{} is no text", secret.reference), "name the right file"};
        return problem{
            fmt::format("{} holds blanks, line ends or other octets no key has", secret.reference),
            "keep one key and nothing else there"};
    }
    return secret;
}

parsed<secret_value>
from_file(std::string reference, const std::string& path, const parse_input& input, form wanted) {
    std::string why_not;
    std::optional<std::string> content = input.read_file(path, why_not);
    if (!content) {
        return problem{
            fmt::format("{} cannot be read: {}", reference, why_not),
            "check the path and the permissions"};
    }
    if (content->ends_with('\n')) content->pop_back();
    if (content->ends_with('\r')) content->pop_back();
    return accept(std::move(reference), std::move(*content), wanted);
}

parsed<secret_value>
from_credentials(std::string_view name, const parse_input& input, form wanted) {
    if (name.empty() || name.contains('/') || name.starts_with('.')) {
        return problem{
            "cred: is not followed by a credential's name",
            "write cred:NAME as in LoadCredential="};
    }
    const auto directory = input.variables.find("CREDENTIALS_DIRECTORY");
    if (directory == input.variables.end() || directory->second.empty()) {
        return problem{
            fmt::format("cred:{} cannot be read: CREDENTIALS_DIRECTORY is not set", name),
            "start under systemd with LoadCredential=, or use file:PATH"};
    }
    return from_file(
        fmt::format("cred:{}", name), fmt::format("{}/{}", directory->second, name), input, wanted
    );
}

parsed<secret_value> from_variable(std::string_view name, const parse_input& input, form wanted) {
    const auto found = input.variables.find(name);
    if (found == input.variables.end()) {
        return problem{
            fmt::format("the variable {} is not set", shown(name)), "set it, or use file:PATH"};
    }
    return accept(fmt::format("env:{}", name), found->second, wanted);
}

bool is_variable_name(std::string_view name) {
    return !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '_';
    });
}

parsed<secret_value> resolve(std::string_view text, const parse_input& input, form wanted) {
    if (text.starts_with("env:")) {
        const std::string_view name = text.substr(4);
        if (is_variable_name(name)) return from_variable(name, input, wanted);
        return problem{"env: is not followed by a variable's name", "write env:NAME"};
    }
    if (text.starts_with("file:")) {
        const parsed<std::string> path = parse_path(text.substr(5));
        if (!path) return path.error();
        return from_file(fmt::format("file:{}", *path), *path, input, wanted);
    }
    if (text.starts_with("cred:")) return from_credentials(text.substr(5), input, wanted);
    if (text == masked_literal) {
        return problem{
            "literal:*** is the mask that --print-config shows",
            "put the secret into a variable or a file and name it with env:NAME or file:PATH"};
    }
    if (text.starts_with("literal:")) {
        parsed<secret_value> secret = accept("literal:", std::string{text.substr(8)}, wanted);
        if (secret) secret->reference = masked_literal;
        return secret;
    }
    return problem{
        "the secret is not written as a reference",
        "write env:NAME, file:PATH or cred:NAME (or literal:TEXT, which shows in the process "
        "list)"};
}

}  // namespace

parsed<secret_value> resolve_secret(std::string_view text, const parse_input& input) {
    return resolve(text, input, form::key);
}

parsed<secret_value> resolve_secret_document(std::string_view text, const parse_input& input) {
    return resolve(text, input, form::document);
}

bool is_literal(const secret_value& secret) noexcept {
    return secret.reference == masked_literal;
}

}  // namespace spillway::settings
