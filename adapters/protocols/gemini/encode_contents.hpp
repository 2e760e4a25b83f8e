// The conversation of a request as Google's contents: turns merged, the results of a turn's calls in one content and
// in their order, thought signatures where the model put them. Writes into the request's text; one object a request.
#pragma once

#include "adapters/canonical/codec.hpp"
#include "adapters/protocols/gemini/model_rules.hpp"

#include <span>
#include <string>
#include <vector>

namespace spillway::adapters::gemini {

class contents_encoder {
public:
    contents_encoder(
        const canonical::request& from,
        const canonical::encode_context& to,
        const model_rules& rules,
        std::string& out
    ) noexcept;

    // "contents":[…], and "systemInstruction":{…} before it where there is one.
    [[nodiscard]] result<> run();

private:
    using parts_view = std::span<const canonical::part>;

    // Text before the conversation, or in its first turn for models that know no instructions.
    void instructions();
    void instruction_parts();
    [[nodiscard]] bool conversation();

    void open_content(std::string_view role);
    void open_part();
    void close_content();

    // One turn: all messages of a role that follow each other. Each gives the number of the message behind it.
    [[nodiscard]] std::size_t user_turn(std::size_t at);
    [[nodiscard]] std::size_t model_turn(std::size_t at);
    void results(std::size_t from, std::size_t behind);
    void stray_results(std::size_t from, std::size_t behind);

    void model_message(const canonical::message& one);
    void text_part(const canonical::part& one, canonical::escaped signature);
    void call_part(const canonical::part& call);
    void thought_part(const canonical::part& one);
    void result_part(const canonical::part& call, const canonical::part* result);
    void result_response(const canonical::part& result);
    void result_media(parts_view contents);
    void stray_result(const canonical::part& result);
    bool media_part(const canonical::part& one);
    bool media_source(const canonical::part& one);
    bool url_source(const canonical::part& one);
    void file_data(std::string_view uri, std::string_view type);

    [[nodiscard]] bool takes_call_id(canonical::escaped id) const noexcept;
    bool refuse(std::string_view message);

    const canonical::request& from_;
    const canonical::encode_context& to_;
    const model_rules& rules_;
    std::string& out_;
    const bool is_vertex_;
    bool has_contents_ = false;
    bool has_parts_ = false;
    bool owes_instructions_ = false;
    bool is_step_signed_ = false;                  // the turn's first call has its signature
    std::vector<const canonical::part*> calls_;    // of the model's last turn
    std::vector<const canonical::part*> answers_;  // to them, in their order
    problem why_;
    bool has_failed_ = false;
};

}  // namespace spillway::adapters::gemini
