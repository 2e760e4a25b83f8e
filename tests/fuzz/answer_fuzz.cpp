// Answers: what leaves does not depend on how the octets were cut, on any face; a cut answer never gets a [DONE] that
// the provider did not send. The first octet chooses the cut.
#include "adapters/registry.hpp"
#include "tests/fuzz/fuzz_check.hpp"

#include <cstdint>
#include <memory>
#include <string>

namespace {

using namespace spillway::adapters;

enum class last_part { fed, with_the_end };

struct outcome {
    std::string octets;
    bool complete = false;
    bool failed = false;
    usage tokens;
    bool operator==(const outcome&) const = default;
};

outcome
run(const adapter& provider,
    const answer_context& context,
    std::string_view text,
    std::size_t cut,
    last_part last,
    ending end) {
    auto translator = provider.make_answer(context);
    outcome out;
    piece_list pieces;
    for (auto part : {text.substr(0, cut), text.substr(cut)}) {
        std::unique_ptr<char[]> exact{new char[part.size()]};  // for the sanitizer
        part.copy(exact.get(), part.size());
        pieces.clear();
        std::string_view octets{exact.get(), part.size()};
        bool ends = part.data() + part.size() == text.data() + text.size();
        if (ends && last == last_part::with_the_end) {
            translator->finish(octets, end, pieces);
            out.octets += pieces.joined();
            break;
        }
        translator->feed(octets, pieces);
        out.octets += pieces.joined();
    }
    if (last == last_part::fed) {
        pieces.clear();
        translator->finish({}, end, pieces);
        out.octets += pieces.joined();
    }
    out.complete = translator->facts().complete;
    out.failed = translator->failure() != nullptr;
    out.tokens = translator->facts().tokens;
    return out;
}

// A failing event that is spread over reads may have left in part before it was known to fail: what cannot be taken
// back is all that may come on top.
bool is_same(const outcome& whole, const outcome& cut, const answer_context& context) {
    const bool passes_parts = context.how == delivery::streamed && context.side == face::openai;
    if (!passes_parts || !whole.failed || !cut.failed) return cut == whole;
    return cut.octets.starts_with(whole.octets) && cut.tokens == whole.tokens;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    std::string_view text{reinterpret_cast<const char*>(data) + 1, size - 1};
    auto cut = text.empty() ? 0 : data[0] * text.size() / 255;
    auto provider = make_adapter(*find_row("openai"), {});
    for (auto how : {delivery::streamed, delivery::whole}) {
        for (auto side : {face::openai, face::openrouter}) {
            for (auto asked : {usage_request::asked, usage_request::not_asked}) {
                answer_context context;
                context.how = how;
                context.side = side;
                context.usage_asked = asked;
                auto at_once = [&](last_part last) {
                    return run(**provider, context, text, text.size(), last, ending::complete);
                };
                auto cut_once = [&](last_part last, ending end) {
                    return run(**provider, context, text, cut, last, end);
                };
                auto whole = at_once(last_part::with_the_end);
                FUZZ_CHECK(whole == at_once(last_part::fed));
                FUZZ_CHECK(is_same(whole, cut_once(last_part::fed, ending::complete), context));
                FUZZ_CHECK(
                    is_same(whole, cut_once(last_part::with_the_end, ending::complete), context)
                );
                auto broken = cut_once(last_part::with_the_end, ending::cut);
                FUZZ_CHECK(broken == cut_once(last_part::fed, ending::cut));
                if (!broken.complete && text.find("[DONE]") == text.npos) {
                    FUZZ_CHECK(broken.octets.find("data: [DONE]") == std::string::npos);
                }
            }
        }
    }
    return 0;
}
