// One provider account as the hall sees it: where to send, with which head fields, how the body must change,
// what an answer means. Stateless and immutable after make_adapter(); shared by all threads.
#pragma once

#include "adapters/answer.hpp"
#include "adapters/json/edit_list.hpp"
#include "adapters/message.hpp"

#include <chrono>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace spillway::adapters {

struct provider_row;

struct head_field {
    std::string name;
    std::string value;
};

struct head_field_view {
    std::string_view name;
    std::string_view value;
};

// The head of an upstream answer. Names are compared without case. `now` turns dates into waits.
struct answer_head {
    std::uint16_t status = 0;
    std::span<const head_field_view> fields;
    std::chrono::system_clock::time_point now;
};

// What of a request was taken out because the provider cannot carry it: members by their names in Chat Completions,
// features by a word. A name stands there once. Most requests have none: the list costs nothing then.
class dropped_names {
public:
    void add(member which) noexcept { add(name_of(which)); }
    // REQUIRES: the name is a constant.
    void add(std::string_view name) noexcept;
    [[nodiscard]] bool empty() const noexcept { return names_.empty(); }
    [[nodiscard]] std::span<const std::string_view> names() const noexcept { return names_; }
    // "a, b" for a header; empty when nothing was dropped.
    [[nodiscard]] std::string joined() const;

private:
    std::vector<std::string_view> names_;
};

// Which of a provider's paths a request takes.
struct call {
    operation what = operation::chat;
    delivery how = delivery::whole;
    protocol dialect = protocol::chat;  // the client's
};

// What a signature covers beside the account's own secrets.
struct signing_order {
    std::string_view target;  // as it is sent
    std::string_view authority;
    std::span<const std::string_view> body;
    std::chrono::system_clock::time_point now;
};

class adapter {
public:
    adapter() = default;
    adapter(const adapter&) = delete;
    adapter& operator=(const adapter&) = delete;
    virtual ~adapter() = default;

    [[nodiscard]] virtual const provider_row& row() const noexcept = 0;
    // In what a client of that dialect is served: its own where the provider speaks it, else what the row speaks.
    [[nodiscard]] virtual protocol speaks_to(protocol dialect) const noexcept = 0;
    // Scheme, host and port (and nothing else): "https://api.openai.com", "http://127.0.0.1:11434".
    [[nodiscard]] virtual std::string_view origin() const noexcept = 0;
    // Path and query, the base URL's path included. Meant to be asked once a target, not once a request.
    [[nodiscard]] virtual std::string
    target(const call& what, std::string_view upstream_model) const = 0;
    // Head fields that authenticate and those the account wants sent; empty for providers without keys.
    [[nodiscard]] virtual std::vector<head_field> credentials(std::string_view key) const = 0;

    // Of a client's field lines that ask for betas, in the dialect we speak to it, those the provider takes; as they are,
    // or written into `room`.
    [[nodiscard]] virtual std::string_view
    betas(std::string_view lines, std::string& /*room*/) const {
        return lines;
    }

    // Requests are signed one by one: sign() gives the fields that go with this one.
    [[nodiscard]] virtual bool signs() const noexcept { return false; }
    [[nodiscard]] virtual std::vector<head_field> sign(const signing_order&) const { return {}; }

    // Writes the edits that turn the client's body into the provider's: the model's name, the usage question,
    // members it does not know; and says what the answer must know of the request. REQUIRES: `edits` was made over
    // facts.body() and is empty. A problem means that this provider cannot be asked this.
    virtual result<dropped_names> prepare(
        const request_facts& facts,
        std::string_view upstream_model,
        edit_list& edits,
        answer_wishes& wishes
    ) const = 0;

    // What a non-2xx answer means. The body may be cut off at any length; `secret` is cut out of every text.
    [[nodiscard]] virtual problem
    explain(const answer_head& head, std::string_view body, std::string_view secret) const = 0;

    // The translator of a 2xx answer.
    [[nodiscard]] virtual std::unique_ptr<answer_translator>
    make_answer(const answer_context& context) const = 0;
};

// How long the head asks us to wait: retry-after-ms, retry-after (seconds, fractions, HTTP date), then the
// reset fields of the provider's limit headers. None on 2xx, for garbage and for negative values; a limit on
// the wait is the caller's business. Never more than a year.
[[nodiscard]] std::optional<std::chrono::milliseconds> retry_after_of(const answer_head& head
) noexcept;

}  // namespace spillway::adapters
