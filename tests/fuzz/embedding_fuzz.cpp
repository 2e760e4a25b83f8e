// Operations beside chat. Requests for embeddings: what is read is written as valid JSON for every kind of endpoint.
// Answers, of embeddings and of reranks: what leaves does not depend on the cut, is valid JSON, and nothing leaves of an
// answer that was cut. Vectors: base64 and back gives the same floats. The first octet chooses, the second cuts.
#include "adapters/inspect.hpp"
#include "adapters/json/document.hpp"
#include "adapters/operations/embeddings/numbers.hpp"
#include "adapters/registry.hpp"
#include "tests/fuzz/fuzz_check.hpp"

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace {

using namespace spillway::adapters;

bool is_json(std::string_view text) {
    const padded_text padded{text};
    json::document read;
    return read.read(padded.view());
}

struct endpoint {
    std::string_view provider;
    std::string_view model;
};
constexpr std::array<endpoint, 9> endpoints{{
    {"openai", "text-embedding-3-small"},
    {"mistral", "mistral-embed"},
    {"google-ai-studio", "gemini-embedding-001"},
    {"google-vertex", "text-embedding-005"},
    {"google-vertex", "gemini-embedding-2"},
    {"cohere", "embed-v4.0"},
    {"amazon-bedrock", "amazon.titan-embed-text-v2:0"},
    {"amazon-bedrock", "cohere.embed-v4:0"},
    {"ollama-native", "m"},
}};
constexpr std::array dialects{protocol::chat, protocol::gemini, protocol::cohere, protocol::ollama};
constexpr std::array operations{
    operation::embeddings, operation::embed_one, operation::rerank, operation::embeddings};

std::unique_ptr<adapter> adapter_of(const endpoint& one) {
    account_settings settings;
    settings.base_url = "https://h.test/v1";
    return *make_adapter(*find_row(one.provider), settings);
}

question question_of(std::uint8_t choice) {
    question asked{operations[choice / 4 % 4], face::openai, dialects[choice % 4]};
    if (choice % 32 >= 16) asked.side = face::openrouter;
    if (asked.dialect == protocol::gemini) asked.model = "m";
    return asked;
}

void check_request(const question& asked, std::string_view text) {
    const padded_text body{text};
    const auto facts = inspect(asked, body.view());
    if (!facts) return;
    for (const endpoint& one : endpoints) {
        edit_list edits{facts->body()};
        answer_wishes wishes;
        if (adapter_of(one)->prepare(*facts, one.model, edits, wishes))
            FUZZ_CHECK(is_json(edits.text()));
    }
}

struct outcome {
    std::string octets;
    bool complete = false;
    bool failed = false;
    usage tokens;
    bool operator==(const outcome&) const = default;
};

outcome answer(
    const endpoint& whose,
    const answer_context& context,
    std::string_view text,
    std::size_t cut,
    ending end
) {
    const auto speaker = adapter_of(whose);
    const auto translator = speaker->make_answer(context);
    outcome out;
    piece_list pieces;
    for (const auto part : {text.substr(0, cut), text.substr(cut)}) {
        const std::unique_ptr<char[]> exact{new char[part.size()]};  // for the sanitizer
        part.copy(exact.get(), part.size());
        pieces.clear();
        translator->feed({exact.get(), part.size()}, pieces);
        out.octets += pieces.joined();
    }
    pieces.clear();
    translator->finish({}, end, pieces);
    out.octets += pieces.joined();
    out.complete = translator->facts().complete;
    out.failed = translator->failure() != nullptr;
    out.tokens = translator->facts().tokens;
    return out;
}

void check_answer(const question& asked, std::string_view text, std::size_t cut) {
    // Two inputs in every dialect's words, or one.
    const padded_text request{
        asked.what == operation::embed_one
            ? std::
                  string_view{R"({"model":"m","prompt":"a","content":"a","input":"a","texts":["a"]})"}
            : std::string_view{
                  R"({"model":"m","input":["a","b"],"texts":["a","b"],"embedding_types":["float","base64"],)"
                  R"("requests":[{"content":"a"},{"content":"b"}],"query":"q","documents":["a","b"]})"}};
    const auto facts = inspect(asked, request.view());
    FUZZ_CHECK(facts.has_value());
    answer_context context;
    context.what = asked.what;
    context.side = asked.side;
    context.dialect = asked.dialect;
    context.generation_id = "gen-1";
    context.model = "m";
    context.provider = "P";
    context.asked = &*facts;
    for (const endpoint& one : {endpoints[2], endpoints[5], endpoints[8]}) {
        const auto whole = answer(one, context, text, text.size(), ending::complete);
        FUZZ_CHECK(whole == answer(one, context, text, cut, ending::complete));
        if (whole.complete) FUZZ_CHECK(is_json(whole.octets));
        if (whole.failed) FUZZ_CHECK(whole.octets.empty());
        const auto broken = answer(one, context, text, cut, ending::cut);
        FUZZ_CHECK(broken.octets.empty() && !broken.complete);
    }
}

void check_numbers(std::string_view base64) {
    std::string list;
    if (!embeddings::append_list_of(list, base64)) return;
    FUZZ_CHECK(is_json(list));
    std::string once;
    FUZZ_CHECK(embeddings::append_base64_of(once, list));
    std::string again;
    FUZZ_CHECK(embeddings::append_list_of(again, once));
    FUZZ_CHECK(again == list);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size < 2) return 0;
    const std::string_view text{reinterpret_cast<const char*>(data) + 2, size - 2};
    const auto asked = question_of(data[0]);
    check_request(asked, text);
    check_answer(asked, text, data[1] * text.size() / 255);
    check_numbers(text);
    return 0;
}
