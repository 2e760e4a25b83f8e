// Request bodies: whatever comes in, inspect() stays inside its text; what it accepts it can also prepare for every
// row, and the result is accepted again. Behind the text lies its own beginning, so that a read beyond the end
// finds something plausible.
#include "adapters/inspect.hpp"
#include "adapters/json/document.hpp"
#include "adapters/registry.hpp"
#include "tests/fuzz/fuzz_check.hpp"

#include <cstdint>
#include <string>

namespace {

using namespace spillway::adapters;

void prepare_for_all(const request_facts& facts) {
    for (const auto& row : rows()) {
        account_settings settings;
        settings.base_url = "https://host.test";
        auto adapter = make_adapter(row, settings);
        edit_list edits{facts.body()};
        answer_wishes wishes;
        if (!(*adapter)->prepare(facts, "upstream-model", edits, wishes)) continue;
        auto text = edits.text();
        FUZZ_CHECK(text.size() == edits.size());
        padded_text padded{text};
        // Other protocols have shapes of their own.
        if (row.speaks != protocol::chat) {
            json::document read;
            FUZZ_CHECK(read.read(padded.view()));
            continue;
        }
        auto again = inspect({facts.what, facts.side}, padded.view());
        FUZZ_CHECK(again.has_value());
        FUZZ_CHECK(again->model.ends_with("upstream-model"));
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    std::string text{reinterpret_cast<const char*>(data), size};
    std::string octets = text + text.substr(0, padding);
    octets.append(padding, ' ');
    for (auto what : {operation::chat, operation::embeddings}) {
        auto facts = inspect({what, face::openrouter}, {octets.data(), size});
        if (facts) prepare_for_all(*facts);
    }
    return 0;
}
