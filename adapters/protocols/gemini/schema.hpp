// Schemas between JSON Schema and what Google takes: the OpenAPI subset of older models, the members of JSON Schema
// that newer ones know, and back. What has no counterpart is left out, never invented. Stateless.
#pragma once

#include "adapters/json/document.hpp"

#include <string>

namespace spillway::adapters::gemini {

// The OpenAPI subset: references are put in their places (a recursive one ends as a plain object), null becomes
// nullable, allOf is merged. Appended to `out`.
void write_open_api(json::value schema, std::string& out);
// JSON Schema without the members that responseJsonSchema refuses.
void write_known_members(json::value schema, std::string& out);
// Google's own schema as JSON Schema: small types, nullable as a type.
void write_json_schema(json::value schema, std::string& out);

// An object schema that names no properties: Google wants no schema at all then.
[[nodiscard]] bool is_without_properties(json::value schema) noexcept;

}  // namespace spillway::adapters::gemini
