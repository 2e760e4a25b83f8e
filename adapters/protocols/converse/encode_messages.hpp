// The waist's messages as Converse's: turns that alternate and begin with the user's, every call answered directly
// behind it, nothing blank, names and ids as they are allowed. One a request.
#pragma once

#include "adapters/canonical/codec.hpp"
#include "adapters/protocols/converse/cache_points.hpp"
#include "adapters/protocols/converse/encode_media.hpp"
#include "adapters/protocols/converse/plan.hpp"

#include <string>
#include <vector>

namespace spillway::adapters::converse {

class message_writer {
public:
    message_writer(
        const canonical::request& from,
        const canonical::encode_context& to,
        const plan& decided,
        cache_points& caches,
        std::string& out
    ) noexcept;

    // The member "system" if there is any, with the instructions the plan makes necessary.
    void system();
    // The member "messages".
    result<> messages();

private:
    // Messages [first, last) of one side.
    struct turn {
        bool is_assistant = false;
        std::size_t first = 0;
        std::size_t last = 0;
    };
    struct open_call {
        const canonical::part* call = nullptr;
        canonical::escaped id;  // as it is sent
        const canonical::part* answer = nullptr;
    };

    void instructions();
    void find_turns();
    [[nodiscard]] bool has_calls(const turn& of) const noexcept;
    result<> write_turn(const turn& of);
    result<> user_turn(const turn& of);
    void assistant_turn(const turn& of);
    void results(const turn& of);
    void tool_result(const canonical::part& one, open_call& of);
    void stray_result(const canonical::part& one);
    void stub_results();
    result<> user_part(const canonical::part& one);
    void thoughts(const turn& of);
    void tool_call(const canonical::part& one);
    void text(canonical::escaped words);
    void plain_text(std::string_view words);
    void close_block(const canonical::part& one);
    [[nodiscard]] canonical::escaped call_id(canonical::escaped id);
    [[nodiscard]] bool says_anything(const canonical::message& one) const noexcept;

    const canonical::request& from_;
    const canonical::encode_context& to_;
    const plan& plan_;
    cache_points& caches_;
    std::string& out_;
    media_writer media_;
    std::size_t leading_ = 0;  // system messages in front
    std::vector<turn> turns_;
    std::vector<open_call> calls_;  // of the turn before
    std::uint32_t nameless_calls_ = 0;
    std::size_t blocks_ = 0;  // of the turn
    bool has_text_ = false;
    bool has_document_ = false;
    bool is_last_ = false;
};

}  // namespace spillway::adapters::converse
