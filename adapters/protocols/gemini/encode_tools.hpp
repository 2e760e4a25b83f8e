// The tools of a request as Google's: functions in one list, what Google runs itself beside them, and the mode of calling.
// Writes members of the request's text, each with its comma before it; one object a request.
#pragma once

#include "adapters/canonical/codec.hpp"
#include "adapters/protocols/gemini/model_rules.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace spillway::adapters::gemini {

class tools_encoder {
public:
    tools_encoder(
        const canonical::request& from,
        const canonical::encode_context& to,
        const model_rules& rules,
        std::string& out
    ) noexcept;

    // A problem: a tool Google cannot run, or a name it does not take.
    [[nodiscard]] result<> check() const;
    // "tools"
    void declare();
    // "toolConfig"; without declarations there may be none. REQUIRES: declare() has been called.
    void configure();
    [[nodiscard]] bool has_functions() const noexcept { return has_functions_; }

private:
    [[nodiscard]] bool is_offered(const canonical::tool& one) const noexcept;
    [[nodiscard]] bool is_strict() const noexcept;
    void find_server_tools();
    void functions();
    void parameters(const canonical::tool& one);
    void allowed_names();

    const canonical::request& from_;
    const canonical::encode_context& to_;
    const model_rules& rules_;
    std::string& out_;
    std::vector<std::string_view> asked_;  // tools that Google runs
    bool has_functions_ = false;
};

}  // namespace spillway::adapters::gemini
