#include "proxy/flow/admission.hpp"

#include "proxy/base/bytes.hpp"
#include "proxy/net/digest.hpp"
#include "proxy/wire/target.hpp"

#include <optional>
#include <string_view>

namespace spillway::flow {

namespace {

const routing::client_key anonymous{};

constexpr std::size_t longest_key = 512;

adapters::problem unauthorised(std::string_view text) {
    adapters::problem problem =
        adapters::make_problem(adapters::error_class::auth, std::string{text});
    problem.code = "invalid_api_key";
    return problem;
}

// Keys are of letters that need no escape in a query.
std::string_view key_of_query(std::string_view query) noexcept {
    while (!query.empty()) {
        const auto end = query.find('&');
        const std::string_view one = query.substr(0, end);
        if (one.starts_with("key=")) return one.substr(4);
        query = end == query.npos ? std::string_view{} : query.substr(end + 1);
    }
    return {};
}

// The one credential of the request; empty when there is none, nothing when there is more than one.
std::optional<std::string_view>
credential(const wire::request_head& head, query_key in_query) noexcept {
    using wire::field;
    static constexpr wire::field_set bare{field::x_api_key, field::api_key, field::x_goog_api_key};
    if (head.has(field::authorization)) {
        if (head.is_repeated(field::authorization) || head.has_any_of(bare)) return std::nullopt;
        const std::string_view value = head.value(field::authorization);
        if (!base::begins_ignoring_case(value, "bearer ")) return std::string_view{};
        return base::trim(value.substr(std::string_view{"bearer "}.size()));
    }
    std::optional<std::string_view> found;
    for (const field id : bare.members) {
        if (!head.has(id)) continue;
        if (found || head.is_repeated(id)) return std::nullopt;
        found = head.value(id);
    }
    if (found) return found;
    if (in_query == query_key::taken) return key_of_query(wire::split_target(head.target()).query);
    return std::string_view{};
}

bool is_signed(const wire::request_head& head) noexcept {
    return head.value(wire::field::authorization).starts_with("AWS4-HMAC-SHA256");
}

}  // namespace

adapters::result<const routing::client_key*>
admission::admit(const wire::request_head& head, const deployment& plan, query_key in_query) {
    if (plan.auth == auth_mode::off) return &anonymous;
    const std::optional<std::string_view> shown = credential(head, in_query);
    if (!shown) return unauthorised("Send exactly one API key.");
    if (shown->empty()) {
        return unauthorised(
            is_signed(head)
                ? "This gateway takes a bearer key, no AWS signature. Set AWS_BEARER_TOKEN_BEDROCK "
                  "to "
                  "your gateway key."
                : "Missing Authentication header. Send your key as 'Authorization: Bearer <key>'."
        );
    }
    const bool remembered =
        generation_ == plan.generation && net::constant_time_equal(accepted_.reveal(), *shown);
    const routing::client_key* key = nullptr;
    if (remembered) {
        key = &plan.routes->keys()[key_];
    } else if (shown->size() <= longest_key) {
        key = plan.routes->keys().find(net::hmac_sha256(plan.digest_key, *shown));
    }
    if (key == nullptr || (key->expires && key->is_expired(std::chrono::system_clock::now())))
        return unauthorised("Invalid API key.");
    if (!remembered) {
        accepted_ = base::secret{std::string{*shown}};
        generation_ = plan.generation;
        key_ = key->id;
    }
    return key;
}

}  // namespace spillway::flow
