#include "adapters/protocols/responses/settings.hpp"

#include <array>
#include <span>
#include <string_view>

namespace spillway::adapters::responses {

namespace {

struct setting {
    std::string_view name;
    std::string_view otherwise;
};
constexpr std::array<setting, 19> settings{{
    {"background", "false"},
    {"frequency_penalty", "0"},
    {"instructions", "null"},
    {"max_output_tokens", "null"},
    {"max_tool_calls", "null"},
    {"metadata", "{}"},
    {"parallel_tool_calls", "true"},
    {"presence_penalty", "0"},
    {"previous_response_id", "null"},
    {"prompt_cache_key", "null"},
    {"safety_identifier", "null"},
    {"service_tier", "\"default\""},
    {"store", "false"},
    {"temperature", "1"},
    {"tool_choice", "\"auto\""},
    {"top_logprobs", "0"},
    {"top_p", "1"},
    {"truncation", "\"disabled\""},
    {"user", "null"},
}};

void append_member(std::string& out, std::string_view name, std::string_view value) {
    out.append(",\"").append(name).append("\":").append(value);
}

// The object with those members that an answer always has and the request left out.
void append_filled(
    std::string& out,
    json::value object,
    std::span<const setting> always,
    std::string_view otherwise
) {
    if (!object.is_object() || object.raw().size() > longest_setting) {
        out.append(otherwise);
        return;
    }
    out.append(object.raw());
    out.pop_back();
    const auto added = out.size();
    for (const auto& [name, value] : always) {
        if (object[name].is(json::kind::absent)) append_member(out, name, value);
    }
    if (object.is_empty()) out.erase(added, 1);
    out.push_back('}');
}

void append_tools(std::string& out, json::value list) {
    constexpr std::array<setting, 2> always{{{"parameters", "null"}, {"strict", "null"}}};
    if (list.raw().size() > longest_setting) return;
    bool is_first = true;
    for (const auto one : list.elements()) {
        if (!is_first) out.push_back(',');
        is_first = false;
        if (one["type"].equals("function")) {
            append_filled(out, one, always, "{}");
        } else {
            out.append(one.raw());
        }
    }
}

}  // namespace

void append_settings(json::value request, std::string& out) {
    for (const auto& [name, otherwise] : settings) {
        const auto asked = request[name];
        const bool is_told = asked && asked.raw().size() <= longest_setting;
        // Asked for as "auto", told as what was used.
        const bool is_open = name == "service_tier" && asked.equals("auto");
        append_member(out, name, is_told && !is_open ? asked.raw() : otherwise);
    }
    constexpr std::array<setting, 2> reasoning{{{"effort", "null"}, {"summary", "null"}}};
    constexpr std::array<setting, 1> text{{{"format", R"({"type":"text"})"}}};
    append_member(out, "reasoning", {});
    append_filled(out, request["reasoning"], reasoning, R"({"effort":null,"summary":null})");
    append_member(out, "text", {});
    append_filled(out, request["text"], text, R"({"format":{"type":"text"}})");
    append_member(out, "tools", "[");
    append_tools(out, request["tools"]);
    out.push_back(']');
}

}  // namespace spillway::adapters::responses
