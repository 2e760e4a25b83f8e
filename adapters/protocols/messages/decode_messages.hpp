// Reads system and messages of a client's request into the waist. One object a request.
#pragma once

#include "adapters/canonical/request.hpp"
#include "adapters/json/document.hpp"

#include <string>
#include <string_view>

namespace spillway::adapters::messages {

[[nodiscard]] canonical::cache_mark mark_of(json::value carrier) noexcept;

class message_decoder {
public:
    explicit message_decoder(canonical::request& into) noexcept : into_{into} {}

    result<> system(json::value value);
    result<> take(json::value list);

private:
    enum class place : bool { message, tool_result };

    bool refuse(std::string_view member, std::string_view message);
    bool message(json::value one);
    bool user(json::value content);
    bool assistant(json::value content);
    bool text_only(json::value content, canonical::role as);
    bool block(json::value one, place where);
    bool text(json::value one, place where);
    bool image(json::value one, place where);
    bool document(json::value one, place where);
    bool source(json::value from, canonical::media_source& into);
    bool search_result(json::value one, place where);
    bool thinking(json::value one);
    bool redacted(json::value one);
    bool tool_use(json::value one);
    bool tool_result(json::value one);
    void elsewhere(json::value one, std::string_view type);
    canonical::part& add(canonical::part_kind kind, place where);
    void add_text(canonical::escaped text, json::value carrier, place where);

    canonical::request& into_;
    std::size_t index_ = 0;  // of the message
    problem why_;
};

}  // namespace spillway::adapters::messages
