// Every recorded answer of ../shared in every client dialect: what is read back there says what the recording says, and
// what is broken never looks complete.
#define BOOST_TEST_MODULE recorded_answers_in_every_dialect

#include "tests/adapters/recordings/recording.hpp"
#include "tests/adapters/support/event_log.hpp"
#include "tests/adapters/support/files.hpp"
#include "tests/adapters/support/json_tree.hpp"
#include "tests/adapters/support/waist.hpp"

#include <boost/test/unit_test.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <initializer_list>

namespace spillway::testing {

namespace {

using namespace adapters;
using namespace adapters::canonical;

constexpr std::array<protocol, protocol_count> dialects{
    protocol::chat,
    protocol::messages,
    protocol::responses,
    protocol::gemini,
    protocol::converse,
    protocol::cohere,
    protocol::ollama};

bool is_one_of(protocol which, std::initializer_list<protocol> list) {
    return std::ranges::find(list, which) != list.end();
}

// What an answer comes to, of its first choice: the only one that every dialect has.
class gist final : public event_log {
public:
    struct call {
        std::string name;
        std::string arguments;
    };

    void take(const event& one) override {
        event_log::take(one);
        if (one.choice != 0) return;
        switch (one.kind) {
        case event_kind::refusal: has_refused = true; [[fallthrough]];
        case event_kind::text:
            words.append(one.text.raw);
            text_part_ = one.part;
            break;
        case event_kind::audio: has_voice = true; break;
        case event_kind::reasoning: thoughts.append(one.text.raw); break;
        case event_kind::signature:
            signatures.push_back({one.format, std::string{one.text.raw}, one.part == text_part_});
            break;
        case event_kind::tool_start: call_at(one.tool).name = one.name.raw; break;
        case event_kind::tool_arguments: call_at(one.tool).arguments.append(one.text.raw); break;
        case event_kind::finish: why = one.why; break;
        default: break;
        }
    }

    // A call without a name is none.
    [[nodiscard]] std::string calls_said() const {
        std::string all;
        for (const auto& one : calls) {
            if (!one.name.empty()) all += one.name + " " + value_of(one.arguments) + "\n";
        }
        return all;
    }
    [[nodiscard]] bool is_complete() const noexcept { return has_ended && !failed; }

    struct signature {
        reasoning_format format;
        std::string text;
        bool is_of_text;
    };
    bool has_refused = false;
    bool has_voice = false;
    std::string words;
    std::string thoughts;
    std::vector<call> calls;
    std::vector<signature> signatures;
    finish_reason why = finish_reason::stop;

private:
    // The arguments as a value, without white space. Nothing at all is an empty object, and what is no value (a call cut
    // at the limit) stands under _raw where arguments are objects.
    static std::string value_of(const std::string& arguments) {
        const auto inside = parse_json("{\"a\":\"" + arguments + "\"}");
        const auto text = inside ? inside->word("a") : arguments;
        const auto tree = parse_json(text);
        if (text.empty() || text == "null") return "{}";
        if (!tree) return text;
        return tree->find("_raw") != nullptr ? tree->word("_raw") : tree->dump();
    }
    call& call_at(std::uint32_t tool) {
        if (calls.size() <= tool) calls.resize(tool + 1);
        return calls[tool];
    }

    std::uint32_t text_part_ = UINT32_MAX;
};

// Dialects without a word of their own for an end say the nearest one.
finish_reason as_said_in(protocol dialect, const gist& said) {
    using enum protocol;
    const bool is_filtered = said.why == finish_reason::content_filter;
    const bool is_error = said.why == finish_reason::error;
    const bool has_no_word = (is_filtered && is_one_of(dialect, {cohere, ollama})) ||
                             (is_error && is_one_of(dialect, {messages, gemini, ollama}));
    if (has_no_word) return with_calls(finish_reason::stop, !said.calls.empty());
    if (said.has_refused && dialect == messages) return finish_reason::content_filter;
    // Calls speak for themselves.
    const bool has_calls = !said.calls_said().empty();
    if (dialect == gemini && said.why == finish_reason::tool_calls && !has_calls)
        return finish_reason::stop;
    return said.why;
}

// Where a finish may be an error, it is the end of an answer that failed.
bool fails_in(protocol dialect, const gist& said) {
    using enum protocol;
    return said.why == finish_reason::error && is_one_of(dialect, {responses, cohere});
}

struct difference {
    std::string_view what;
    std::string here;
    std::string there;
};

class comparison {
public:
    comparison(const gist& here, const gist& there, protocol dialect)
        : here_{here}
        , there_{there}
        , dialect_{dialect} {}

    [[nodiscard]] std::vector<difference> run() {
        const auto end_of = [](bool is_complete) {
            return is_complete ? "complete" : "broken";
        };
        const bool ends = here_.is_complete() && !fails_in(dialect_, here_);
        differ("end", end_of(ends), end_of(there_.is_complete()));
        if (!ends || !there_.is_complete()) return std::move(found_);
        // A voice has its transcript where there is no place for it.
        if (!here_.has_voice) differ("words", here_.words, there_.words);
        differ("thoughts", here_.thoughts, there_.thoughts);
        differ("calls", here_.calls_said(), there_.calls_said());
        const auto why = as_said_in(dialect_, here_);
        differ("finish", std::string{name_of(why)}, std::string{name_of(there_.why)});
        if (here_.tokens.present) usage_too();
        return std::move(found_);
    }

private:
    void differ(std::string_view what, const std::string& here, const std::string& there) {
        if (here != there) found_.push_back({what, here, there});
    }
    void usage_too() {
        const auto said = [](const usage& one) {
            return fmt::format("{}+{}={}", one.prompt, one.completion, one.total);
        };
        differ("usage", said(here_.tokens), said(there_.tokens));
        using enum protocol;
        if (is_one_of(dialect_, {chat, responses, messages, gemini, converse}))
            differ(
                "cached",
                std::to_string(here_.tokens.cached_read),
                std::to_string(there_.tokens.cached_read)
            );
        if (is_one_of(dialect_, {chat, responses, messages, gemini}))
            differ(
                "reasoning",
                std::to_string(here_.tokens.reasoning),
                std::to_string(there_.tokens.reasoning)
            );
    }

    const gist& here_;
    const gist& there_;
    const protocol dialect_;
    std::vector<difference> found_;
};

outcome translated(const recording& from, protocol to, std::string_view body, ending end) {
    waist_run run;
    run.provider = from.provider;
    run.from = from.speaks;
    run.to = to;
    run.how = from.frames == framing::none ? delivery::whole : delivery::streamed;
    run.frames = from.frames;
    run.end = end;
    return run.over(body);
}

void read_back(gist& into, const recording& from, protocol dialect, std::string_view octets) {
    const auto frames = from.frames == framing::none ? framing::none : codec_of(dialect).streams;
    decode_into(into, dialect, frames, {octets}, "openrouter");
}

struct tally {
    std::size_t bodies = 0;
    std::size_t translations = 0;
    std::size_t complete = 0;
    std::size_t signatures = 0;
};

// A signature means something to its maker alone, and goes where a client brings it back.
bool carries(protocol dialect, const gist::signature& one) {
    using enum protocol;
    if (dialect == gemini) return one.format == reasoning_format::google;
    if (dialect == converse) return one.format == reasoning_format::anthropic;
    if (one.is_of_text) return dialect == chat;
    return is_one_of(dialect, {chat, responses, messages});
}

std::string shortened(const std::string& text) {
    return text.size() < 160 ? text : text.substr(0, 80) + " … " + text.substr(text.size() - 80);
}

void check(
    const recording& one, protocol dialect, const std::string& body, const gist& here, tally& sum
) {
    const auto out = translated(one, dialect, body, ending::complete);
    gist there;
    read_back(there, one, dialect, out.octets);
    const auto label = fmt::format("{} in {}", one.file.string().substr(21), name_of(dialect));
    ++sum.translations;
    BOOST_TEST(out.facts.complete == here.is_complete(), label);
    for (const auto& [what, wanted, got] : comparison{here, there, dialect}.run())
        BOOST_ERROR(
            fmt::format("{}: {}: {} became {}", label, what, shortened(wanted), shortened(got))
        );
    for (const auto& signature : here.signatures) {
        if (!carries(dialect, signature)) continue;
        ++sum.signatures;
        BOOST_TEST(out.octets.contains(signature.text), label << " lost a signature");
    }
    if (one.frames == framing::none) return;
    const std::string_view half = std::string_view{body}.substr(0, body.size() / 2);
    gist heard;
    decode_into(heard, one.speaks, one.frames, {half}, one.provider);
    gist cut;
    read_back(cut, one, dialect, translated(one, dialect, half, ending::cut).octets);
    BOOST_TEST((!cut.is_complete() || heard.is_complete()), label << ", cut in the middle");
}

}  // namespace

BOOST_AUTO_TEST_CASE(every_recorded_answer_says_the_same_in_every_dialect) {
    const auto all = recorded_answers();
    if (all.empty()) {
        std::puts("no ../shared/recordings: no recorded answer was translated");
        return;
    }
    tally sum;
    for (const auto& one : all) {
        const auto body = read_file(one.file);
        gist here;
        decode_into(here, one.speaks, one.frames, {body}, one.provider);
        ++sum.bodies;
        if (here.is_complete()) ++sum.complete;
        for (const auto dialect : dialects)
            check(one, dialect, body, here, sum);
    }
    std::printf(
        "%zu recorded answers (%zu complete) in %zu dialects: %zu translations, %zu signatures\n",
        sum.bodies,
        sum.complete,
        dialects.size(),
        sum.translations,
        sum.signatures
    );
    BOOST_TEST(sum.bodies > 1200U);
    BOOST_TEST(sum.signatures > 100U);
}

}  // namespace spillway::testing
