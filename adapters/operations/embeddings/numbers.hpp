// Vectors from one spelling into the other: a JSON list of numbers, and base64 of float32 with the little end first, as
// OpenAI's SDKs ask for it. Stateless.
#pragma once

#include <string>
#include <string_view>

namespace spillway::adapters::embeddings {

// Appends base64 of the list's numbers. False: a number is none that a float can hold. REQUIRES: valid JSON, numbers
// only.
[[nodiscard]] bool append_base64_of(std::string& out, std::string_view list);
// Appends the list: each number in the fewest digits that read back as the same float. False: it is no base64 of
// floats, or one of them is no number.
[[nodiscard]] bool append_list_of(std::string& out, std::string_view base64);

// Appends the list as a vector of unit length; as it is spelled, if it is one within a thousandth, or all zeros. False:
// as above. REQUIRES: valid JSON, numbers only.
[[nodiscard]] bool append_unit_list(std::string& out, std::string_view list);

}  // namespace spillway::adapters::embeddings
