// Writes one block of a turn as Anthropic's content block. Lives as long as the request is written.
#pragma once

#include "adapters/canonical/codec.hpp"
#include "adapters/json/writer.hpp"
#include "adapters/protocols/messages/cache_marks.hpp"
#include "adapters/protocols/messages/turns.hpp"

namespace spillway::adapters::messages {

// Anthropic itself reads URLs and file ids; where others host its models, everything stands in the request.
enum class hosting : std::uint8_t { first_party, vertex, bedrock };
[[nodiscard]] hosting hosting_of(const provider_row& row) noexcept;

// The mark a part's block will have.
[[nodiscard]] canonical::cache_mark
mark_of(const canonical::request& from, const canonical::part& one) noexcept;

class block_writer {
public:
    block_writer(
        const canonical::request& from,
        std::string& text,
        cache_marks& marks,
        const canonical::encode_context& to
    )
        : from_{from}
        , out_{text}
        , marks_{marks}
        , to_{to}
        , hosting_{hosting_of(to.row)} {}

    // A problem: the target takes no such content.
    result<> write(const block& one, canonical::cache_mark mark);
    void text(canonical::escaped text, canonical::cache_mark mark);

private:
    result<> part(const canonical::part& one);
    void reasoning(const canonical::part& one);
    void tool_use(const canonical::part& call);
    result<> tool_result(const canonical::part& result);
    void missing_result(const canonical::part& call);
    result<> nested(const canonical::part& one);
    result<> image(const canonical::media_source& source);
    result<> document(const canonical::media_source& source);
    result<> remote(const canonical::media_source& source);
    void plain_document(canonical::escaped text);
    [[nodiscard]] canonical::escaped allowed_id(canonical::escaped id);

    const canonical::request& from_;
    json::writer out_;
    cache_marks& marks_;
    const canonical::encode_context& to_;
    const hosting hosting_;
};

}  // namespace spillway::adapters::messages
