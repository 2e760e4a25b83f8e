// What a request asks of the simulated model, in one form for all dialects. A dialect's reader fills it by
// walking the conversation; tokens are counted on the way, so that the same conversation costs the same in
// every dialect. Pure values.
#pragma once

#include <boost/json/value.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace spillway::bench::sim {

struct tool {
    std::string name;
    std::string description;
    boost::json::value parameters;  // a JSON schema, or null
};

enum class tool_wish { automatic, none, required };
enum class reasoning_wish { none, hidden, shown };
enum class speaker { system, user, assistant };

class prompt {
public:
    std::string model;
    std::vector<tool> tools;
    tool_wish calls = tool_wish::automatic;
    std::string named_tool;  // the only one that may be called
    bool one_call_only = false;
    bool wants_json = false;
    boost::json::value schema;  // of the answer, or null
    std::vector<std::string> stops;
    std::optional<std::size_t> most_tokens;
    reasoning_wish reasoning = reasoning_wish::none;
    std::size_t choices = 1;
    bool is_stream = false;

    // The conversation, in its order. Neighbours of one speaker are one turn.
    void begin_turn(speaker who);
    void add_text(std::string_view text);
    void add_image();
    void add_document();
    void add_call(std::string_view name, std::string_view arguments);
    void add_result(std::string_view text);

    // Counts the tool as well.
    void add_tool(tool declared);

    std::size_t tokens() const { return tokens_; }
    bool was_given_a_result() const { return ends_with_result_; }

    // What the user said last, with a remark on pictures and documents.
    std::string last_words() const;

private:
    std::size_t tokens_ = 3;
    std::optional<speaker> who_;
    bool ends_with_result_ = false;
    bool has_user_words_ = false;
    std::string user_text_;
    std::size_t images_ = 0;
    std::size_t documents_ = 0;
};

}  // namespace spillway::bench::sim
