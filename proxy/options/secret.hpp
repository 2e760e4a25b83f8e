// Secrets are written as references and read here, once a parse. Neither the text nor the content of a
// secret appears in a problem: a key pasted where a reference belongs must not reach a log.
#pragma once

#include "proxy/options/parser.hpp"
#include "proxy/options/value.hpp"

#include <string_view>

namespace spillway::settings {

// What stands for the text of a literal in `secret_value::reference`.
inline constexpr std::string_view masked_literal = "literal:***";

// env:NAME, file:PATH (less one line end), cred:NAME, literal:TEXT.
parsed<secret_value> resolve_secret(std::string_view text, const parse_input& input);
// The same for a text of several lines.
parsed<secret_value> resolve_secret_document(std::string_view text, const parse_input& input);

bool is_literal(const secret_value& secret) noexcept;

}  // namespace spillway::settings
