#include "adapters/protocols/chat/errors.hpp"

#include "adapters/provider_words.hpp"

#include <algorithm>

namespace spillway::adapters::chat {

namespace {

// The row's own reading of the code goes first: some say with one status what others say with several.
std::optional<error_class>
class_of_code(const provider_row& row, const provider_words& what) noexcept {
    const auto known = std::ranges::find(row.codes, what.code, &error_code::code);
    if (what.code.empty() || known == row.codes.end()) return std::nullopt;
    return known->what;
}

}  // namespace

problem explain_answer(
    const answer_head& head,
    std::string_view body,
    const provider_row& row,
    std::string_view provider
) {
    auto what = words_of(body);
    auto kind = class_of_code(row, what).value_or(class_of(head.status, what));
    auto out = problem_of(std::move(what), kind, head.status, body, provider);
    out.retry_after = retry_after_of(head);
    return out;
}

problem
explain_inside(std::string_view object, const provider_row& row, std::string_view provider) {
    auto what = words_of(object);
    auto status = what.status;
    auto kind = class_of_code(row, what).value_or(
        status != 0 ? class_of(status, what) : class_of_words(what)
    );
    if (what.message.empty()) what.message = "The provider reported an error.";
    return problem_of(std::move(what), kind, status, object, provider);
}

problem
broken_answer(std::string_view octets, std::string_view message, std::string_view provider) {
    provider_words what;
    what.message = message;
    return problem_of(std::move(what), error_class::upstream_fault, 200, octets, provider);
}

}  // namespace spillway::adapters::chat
