// The tools of a request and how they are to be chosen, as Anthropic wants them; also the tool by which a model
// without structured output is made to answer in JSON.
#pragma once

#include "adapters/canonical/codec.hpp"
#include "adapters/json/writer.hpp"
#include "adapters/protocols/messages/block_writer.hpp"
#include "adapters/protocols/messages/model_rules.hpp"
#include "adapters/protocols/messages/thinking_plan.hpp"

namespace spillway::adapters::messages {

class tools_encoder {
public:
    tools_encoder(
        const canonical::request& from,
        const canonical::encode_context& to,
        const model_rules& rules,
        hosting where
    );

    // A problem: a tool is named as those of ours.
    [[nodiscard]] result<> check() const;
    // The answer's schema goes into a tool.
    [[nodiscard]] bool answers_by_tool() const noexcept { return answers_by_tool_; }
    [[nodiscard]] std::size_t marks() const noexcept;
    void write(json::writer& out, cache_marks& marks, const thinking_plan& thinking);

private:
    [[nodiscard]] bool is_chosen(const canonical::tool& one) const;
    void put(json::writer& out, canonical::raw_value whole);
    void tools(json::writer& out, cache_marks& marks);
    void server_tool(json::writer& out, const canonical::tool& one);
    void function(json::writer& out, cache_marks& marks, const canonical::tool& one);
    void of_history(json::writer& out);
    void web_search(json::writer& out);
    void answer_tool(json::writer& out);
    void choice(json::writer& out, const thinking_plan& thinking);
    [[nodiscard]] std::string_view choice_word(const thinking_plan& thinking) const;
    void separate(json::writer& out);

    const canonical::request& from_;
    const canonical::encode_context& to_;
    const model_rules& rules_;
    const hosting where_;
    const bool answers_by_tool_;
    bool wraps_answer_ = false;
    std::size_t written_ = 0;
    bool has_own_ = false;  // tools the client asked for
};

}  // namespace spillway::adapters::messages
