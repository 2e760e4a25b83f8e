// The waist's messages as Chat Completions wants them, in the words one provider understands. One encoder a request.
#pragma once

#include "adapters/canonical/codec.hpp"

#include <span>
#include <string>
#include <string_view>

namespace spillway::adapters::chat {

class message_encoder {
public:
    message_encoder(
        const canonical::request& from, const canonical::encode_context& to, std::string& out
    ) noexcept
        : from_{from}
        , row_{to.row}
        , provider_{to.row.display_name}
        , longs_{to.longs}
        , out_{out} {}

    // Appends the value of `messages`.
    [[nodiscard]] result<> run();

private:
    using parts = std::span<const canonical::part>;

    // False: why_ is set.
    [[nodiscard]] bool message(const canonical::message& one);
    void instructions(const canonical::message& one, parts all);
    [[nodiscard]] bool user(const canonical::message& one, parts all);
    void assistant(const canonical::message& one, parts all);
    [[nodiscard]] bool tool_results(parts all);
    // Pictures in results are no part of the protocol: they follow as a message of the user.
    [[nodiscard]] bool pictures_of_results();

    [[nodiscard]] bool part(const canonical::part& one);
    [[nodiscard]] bool file(const canonical::part& one);
    void text_part(canonical::escaped text, canonical::cache_mark mark);
    void audio(const canonical::part& one);
    void thoughts(parts all);
    void thought_details(parts all);
    void tool_calls(parts all);
    void images(parts all);

    void open(std::string_view role, canonical::escaped name);
    void cache_control(canonical::cache_mark mark);
    bool refuse(std::string_view what);
    [[nodiscard]] bool is_free_text(canonical::escaped tool) const noexcept;

    const canonical::request& from_;
    const provider_row& row_;
    std::string_view provider_;
    json::long_texts& longs_;
    std::string& out_;
    bool has_pictures_ = false;     // in results not yet shown
    std::size_t results_from_ = 0;  // the first message of the open group of results
    std::size_t at_ = 0;
    problem why_;
};

// The call's id as the provider takes it; the same each time.
void append_call_id(std::string& out, canonical::escaped id, call_id_rule rule);

}  // namespace spillway::adapters::chat
