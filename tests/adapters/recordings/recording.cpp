#include "tests/adapters/recordings/recording.hpp"

#include "adapters/registry.hpp"
#include "tests/adapters/support/files.hpp"
#include "tests/adapters/support/json_tree.hpp"

#include <algorithm>
#include <array>
#include <optional>

namespace spillway::testing {

namespace fs = std::filesystem;
using namespace adapters;

namespace {

using row = std::map<std::string, std::string>;

const fs::path root = "../shared/recordings";

struct native_folder {
    std::string_view name;
    protocol speaks;
    std::string_view provider;
};
constexpr std::array<native_folder, 6> native_folders{{
    {"anthropic", protocol::messages, "anthropic"},
    {"bedrock", protocol::converse, "amazon-bedrock"},
    {"cohere", protocol::cohere, "cohere"},
    {"gemini", protocol::gemini, "google-ai-studio"},
    {"ollama-native", protocol::ollama, "ollama-native"},
    {"vertex", protocol::gemini, "google-vertex"},
}};

std::optional<framing> framing_of_file(std::string_view name) {
    if (name.ends_with(".json") && !name.ends_with(".req.json")) return framing::none;
    if (name.ends_with(".sse")) return framing::events;
    if (name.ends_with(".ndjson")) return framing::lines;
    if (name.ends_with(".bin")) return framing::event_stream;
    return std::nullopt;
}

// By what the body is, not by what the file is called.
bool is_native_answer(protocol speaks, const std::string& name, const std::string& body) {
    if (name.contains("error4") || name.contains("429")) return false;
    const bool is_chat = name.starts_with("chat-") && !name.starts_with("chat-v1");
    const bool is_stream = !name.ends_with(".json");
    const auto read = is_stream ? std::nullopt : parse_json(body);
    const auto has = [&](std::string_view path) {
        return read && read->at(path) != nullptr;
    };
    switch (speaks) {
    case protocol::messages:
        return is_stream ? !name.starts_with("complete") : has("content") && has("stop_reason");
    case protocol::gemini:
        return is_stream ? !name.starts_with("predict")
                         : has("candidates") || has("promptFeedback") || has("0.candidates");
    case protocol::converse:
        return is_stream ? !name.contains("invoke") : has("output.message") && has("stopReason");
    case protocol::cohere:
        return is_stream ? is_chat || name.starts_with("truncated") : has("message");
    case protocol::ollama: return is_stream ? !name.starts_with("generate") : has("message");
    case protocol::chat:
    case protocol::responses: break;
    }
    return false;
}

void add_native(const native_folder& folder, std::vector<recording>& all) {
    if (!fs::exists(root / folder.name)) return;
    for (const auto& entry : fs::directory_iterator{root / folder.name}) {
        const auto name = entry.path().filename().string();
        const auto frames = framing_of_file(name);
        if (!frames || !is_native_answer(folder.speaks, name, read_file(entry.path()))) continue;
        all.push_back({entry.path(), std::string{folder.provider}, folder.speaks, *frames});
    }
}

void add_family(const fs::path& folder, std::vector<recording>& all) {
    const auto provider = folder.filename().string();
    for (auto& one : read_table(folder / "manifest.tsv")) {
        const auto& name = one["file"];
        const auto frames = framing_of_file(name);
        const bool is_responses = name.starts_with("responses-");
        const bool is_answer = is_responses || name.starts_with("chat-");
        if (!frames || !is_answer || !one["status"].starts_with("200")) continue;
        const bool is_known = find_row(provider) != nullptr;
        const auto speaks = is_responses ? protocol::responses : protocol::chat;
        all.push_back({folder / name, is_known ? provider : "custom", speaks, *frames});
    }
}

}  // namespace

std::vector<recording> recorded_answers() {
    std::vector<recording> all;
    if (!fs::exists(root)) return all;
    for (const auto& folder : fs::directory_iterator{root}) {
        const auto name = folder.path().filename().string();
        const auto* const native = std::ranges::find(native_folders, name, &native_folder::name);
        if (native != native_folders.end()) {
            add_native(*native, all);
        } else if (fs::exists(folder.path() / "manifest.tsv")) {
            add_family(folder.path(), all);
        }
    }
    std::ranges::sort(all, {}, &recording::file);
    return all;
}

}  // namespace spillway::testing
