#include "adapters/operations/count_tokens.hpp"

#include "adapters/base64.hpp"
#include "adapters/canonical/codec.hpp"
#include "adapters/json/document.hpp"
#include "adapters/json/writer.hpp"
#include "adapters/operations/image_size.hpp"

#include <algorithm>
#include <array>

namespace spillway::adapters::operations {

using namespace canonical;

namespace {

// Hundredths of a token, fitted to recorded requests and the counts that came with them.
constexpr std::uint64_t a_token = 100;
constexpr std::uint64_t a_request = 4 * a_token;
constexpr std::uint64_t a_message = 4 * a_token;
constexpr std::uint64_t a_call = 12 * a_token;
constexpr std::uint64_t thinking = 28 * a_token;
// Documented: what the mere presence of tools costs, by the way they are chosen.
constexpr std::uint64_t tools_free = 346 * a_token;
constexpr std::uint64_t tools_forced = 313 * a_token;
// Documented: a picture costs its pixels by 750, after it was scaled to the most a model looks at.
constexpr std::uint64_t pixels_a_token = 750;
constexpr std::uint64_t most_a_picture = 1'600;
constexpr std::size_t picture_head = 96 * 1024;  // octets of base64 in which its size must stand
// A page of a document has its text and its picture; how many there are is guessed by the size of the file.
constexpr std::uint64_t a_page = 2'000 * a_token;
constexpr std::uint64_t octets_a_page = 80 * 1024;
constexpr std::uint64_t octets_a_token = 4;

enum letter_class : std::uint8_t { letter, blank, digit, sign, accented, ideograph, emoji, inside };
constexpr std::array<std::uint8_t, 8> weights{24, 4, 45, 45, 55, 110, 250, 0};

constexpr std::array<letter_class, 256> make_classes() {
    std::array<letter_class, 256> classes{};
    for (std::size_t c = 0; c < classes.size(); ++c) {
        const bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        if (is_letter)
            classes[c] = letter;
        else if (c == ' ')
            classes[c] = blank;
        else if (c >= '0' && c <= '9')
            classes[c] = digit;
        else if (c < 0x80)
            classes[c] = sign;
        else if (c < 0xc0)
            classes[c] = inside;
        else if (c < 0xe0)
            classes[c] = accented;
        else if (c < 0xf0)
            classes[c] = ideograph;
        else
            classes[c] = emoji;
    }
    return classes;
}
constexpr std::array<letter_class, 256> classes = make_classes();

std::uint64_t weight_of(std::string_view text) noexcept {
    std::uint64_t sum = 0;
    for (const char c : text)
        sum += weights[classes[static_cast<unsigned char>(c)]];
    return sum;
}

std::uint64_t picture(const media_source& source) {
    if (source.kind != source_kind::base64) return most_a_picture * a_token;
    std::string head;
    const auto text = source.data.raw.substr(0, picture_head / 4 * 4);
    if (!append_from_base64(head, text)) return most_a_picture * a_token;
    const auto size = image_size_of(head);
    if (!size) return most_a_picture * a_token;
    const auto tokens = std::uint64_t{size->width} * size->height / pixels_a_token;
    return std::clamp<std::uint64_t>(tokens, 1, most_a_picture) * a_token;
}

class estimate {
public:
    explicit estimate(const request& asked) noexcept : asked_{asked} {}

    std::uint64_t run() {
        sum_ = a_request + asked_.messages.size() * a_message;
        for (const part& one : asked_.parts)
            add(one);
        for (const part& one : asked_.nested)
            add(one);
        tools();
        if (asked_.reasoning.is_set() && !asked_.reasoning.is_off()) sum_ += thinking;
        text({asked_.format.schema.raw});
        return (sum_ + a_token - 1) / a_token;
    }

private:
    // Escapes are told apart from what they stand for only where there are any.
    void text(escaped what) { sum_ += weight_of(asked_.made.plain(what)); }

    void add(const part& one) {
        switch (one.kind) {
        case part_kind::text:
        case part_kind::refusal:
        case part_kind::reasoning: return text(one.text);
        case part_kind::image: sum_ += picture(one.source); return;
        case part_kind::file: return file(one.source);
        case part_kind::audio:
        case part_kind::video: sum_ += a_page; return;
        case part_kind::tool_call:
            sum_ += a_call;
            text(one.name);
            text(one.arguments);
            sum_ += weight_of(one.object.raw);
            return;
        case part_kind::tool_result: sum_ += a_call; return;
        }
    }

    void file(const media_source& source) {
        if (source.kind == source_kind::text) return text(source.data);
        const auto octets = source.kind == source_kind::base64 ? source.data.raw.size() : 0;
        sum_ += (octets / octets_a_page + 1) * a_page;
    }

    void tools() {
        if (asked_.tools.empty()) return;
        const auto mode = asked_.tool_choice.mode;
        const bool is_forced = mode == choice_mode::required || mode == choice_mode::named;
        sum_ += is_forced ? tools_forced : tools_free;
        for (const tool& one : asked_.tools) {
            text(one.name);
            text(one.description);
            sum_ += weight_of(one.parameters.raw) + weight_of(one.server.raw);
        }
    }

    const request& asked_;
    std::uint64_t sum_ = 0;
};

}  // namespace

std::uint64_t estimate_tokens(const request& asked) {
    return estimate{asked}.run();
}

std::uint64_t estimate_tokens(const request_facts& facts) {
    const auto body = facts.body();
    arena made;
    request asked{made};
    if (codec_of(facts.dialect).decode_request({body.data(), body.size()}, facts, asked))
        return estimate_tokens(asked);
    return (body.size() + octets_a_token - 1) / octets_a_token;
}

std::string render_count(std::uint64_t tokens, protocol dialect) {
    if (dialect != protocol::gemini) return render_count(tokens);
    return "{\"totalTokens\":" + std::to_string(tokens) + '}';
}

std::string render_count(std::uint64_t tokens) {
    std::string text;
    json::writer{text}.open().member("input_tokens", static_cast<std::int64_t>(tokens)).close();
    return text;
}

std::optional<std::uint64_t> read_count(padded_view body) {
    json::document read;
    if (!read.read(body)) return std::nullopt;
    return read.root()["input_tokens"].count();
}

}  // namespace spillway::adapters::operations
