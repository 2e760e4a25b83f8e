// Takes top-level members out of a request's body, each with one comma, and puts what is missing in front of the rest.
// Owned by one preparation of a request. Invariant: members are given in the order of the body; no octet is taken twice,
// and what stays is one JSON object.
#pragma once

#include "adapters/json/edit_list.hpp"
#include "adapters/message.hpp"

#include <string>
#include <string_view>

namespace spillway::adapters {

// Members only the gateway reads: OpenRouter's additions, which clients of every dialect may send.
[[nodiscard]] bool is_the_gateways(std::string_view name) noexcept;

class member_eraser {
public:
    member_eraser(const request_facts& facts, edit_list& edits) noexcept
        : facts_{facts}
        , edits_{edits} {}

    void erase(const member_span& which);
    // Members with a comma behind each. To be called once, after the last erase().
    void put_in_front(std::string members);

private:
    const request_facts& facts_;
    edit_list& edits_;
    std::size_t erased_ = 0;
};

}  // namespace spillway::adapters
