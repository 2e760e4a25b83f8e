#include "adapters/protocols/gemini/encode_tools.hpp"

#include "adapters/json/document.hpp"
#include "adapters/protocols/gemini/schema.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace spillway::adapters::gemini {

using namespace canonical;

namespace {

constexpr std::size_t most_name = 128;

// Tools the provider runs, by the words other protocols have for them.
struct server_tool_row {
    std::string_view begin;
    std::string_view member;
};
constexpr std::array<server_tool_row, 12> server_tools{{
    {"web_search", "googleSearch"},
    {"openrouter:web_search", "googleSearch"},
    {"google_search", "googleSearch"},
    {"googleSearch", "googleSearch"},
    {"code_execution", "codeExecution"},
    {"code_interpreter", "codeExecution"},
    {"codeExecution", "codeExecution"},
    {"web_fetch", "urlContext"},
    {"url_context", "urlContext"},
    {"urlContext", "urlContext"},
    {"googleMaps", "googleMaps"},
    {"enterpriseWebSearch", "enterpriseWebSearch"},
}};

std::string_view member_of(escaped server_type) noexcept {
    for (const auto& row : server_tools) {
        if (server_type.raw.starts_with(row.begin)) return row.member;
    }
    return {};
}

// A letter or underscore, then letters, digits and _ . : -
bool is_function_name(std::string_view name) noexcept {
    const auto is_letter = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
    };
    const auto is_other = [](char c) {
        return (c >= '0' && c <= '9') || c == '.' || c == ':' || c == '-';
    };
    if (name.empty() || name.size() > most_name || !is_letter(name[0])) return false;
    return std::ranges::all_of(name, [&](char c) { return is_letter(c) || is_other(c); });
}

}  // namespace

tools_encoder::tools_encoder(
    const request& from, const encode_context& to, const model_rules& rules, std::string& out
) noexcept
    : from_{from}
    , to_{to}
    , rules_{rules}
    , out_{out} {}

result<> tools_encoder::check() const {
    for (const canonical::tool& one : from_.tools) {
        if (!one.server.empty()) {
            if (!member_of(one.server_type).empty()) continue;
            return make_problem(
                error_class::bad_request,
                fmt::format(
                    "{} cannot run the tool {}.", to_.row.display_name, one.server_type.raw
                ),
                "tools"
            );
        }
        if (is_function_name(one.name.raw)) continue;
        return make_problem(
            error_class::bad_request,
            fmt::format(
                "{} takes no function of the name \"{}\": it must begin with a letter or an "
                "underscore and hold letters, digits and _ . : - only.",
                to_.row.display_name,
                one.name.raw
            ),
            "tools"
        );
    }
    return {};
}

bool tools_encoder::is_offered(const canonical::tool& one) const noexcept {
    const auto& allowed = from_.tool_choice.allowed;
    const bool is_filtered = !allowed.empty() && !rules_.mixes_tools;
    return one.server.empty() &&
           (!is_filtered || std::ranges::find(allowed, one.name) != allowed.end());
}

void tools_encoder::declare() {
    has_functions_ = std::ranges::any_of(from_.tools, [this](const canonical::tool& one) {
        return is_offered(one);
    });
    find_server_tools();
    if (has_functions_ && !asked_.empty() && !rules_.mixes_tools) {
        to_.dropped.add(
            from_.web_search.empty() ? name_of(member::tools) : name_of(member::web_search_options)
        );
        asked_.clear();
    }
    if (!has_functions_ && asked_.empty()) return;
    char before = '[';
    out_.append(",\"tools\":");
    if (has_functions_) {
        out_.append("[{\"functionDeclarations\":[");
        functions();
        out_.append("]}");
        before = ',';
    }
    for (const std::string_view one : asked_) {
        out_.append(1, before).append("{\"").append(one).append("\":{}}");
        before = ',';
    }
    out_.push_back(']');
}

void tools_encoder::find_server_tools() {
    if (!from_.web_search.empty()) asked_.push_back("googleSearch");
    for (const canonical::tool& one : from_.tools) {
        if (one.server.empty()) continue;
        const auto name = member_of(one.server_type);
        if (std::ranges::find(asked_, name) == asked_.end()) asked_.push_back(name);
    }
}

void tools_encoder::functions() {
    bool is_first = true;
    for (const canonical::tool& one : from_.tools) {
        if (!is_offered(one)) continue;
        if (!is_first) out_.push_back(',');
        is_first = false;
        out_.append("{\"name\":\"").append(one.name.raw).push_back('"');
        if (!one.description.empty())
            out_.append(",\"description\":\"").append(one.description.raw).push_back('"');
        parameters(one);
        out_.push_back('}');
    }
}

void tools_encoder::parameters(const canonical::tool& one) {
    if (one.is_free_text) {
        out_.append(R"(,"parameters":{"type":"object","properties":{"input":{"type":"string"}},)"
                    R"("required":["input"]})");
        return;
    }
    const padded_text text{one.parameters.raw};
    json::document read;
    if (one.parameters.empty() || !read.read(text.view())) return;
    if (is_without_properties(read.root())) return;
    if (rules_.has_json_schema) {
        out_.append(",\"parametersJsonSchema\":").append(one.parameters.raw);
    } else {
        out_.append(",\"parameters\":");
        write_open_api(read.root(), out_);
    }
}

bool tools_encoder::is_strict() const noexcept {
    return std::ranges::any_of(from_.tools, [](const canonical::tool& one) {
        return one.strict == tristate::yes;
    });
}

void tools_encoder::configure() {
    const auto& choice = from_.tool_choice;
    if (!has_functions_) return;
    std::string_view mode;
    switch (choice.mode) {
    case choice_mode::unset:
    case choice_mode::automatic:
        if (rules_.mixes_tools && (!choice.allowed.empty() || is_strict())) {
            mode = "VALIDATED";
        } else if (choice.mode == choice_mode::automatic) {
            mode = "AUTO";
        }
        break;
    case choice_mode::none: mode = "NONE"; break;
    case choice_mode::required:
    case choice_mode::named: mode = "ANY"; break;
    }
    const bool is_vertex = to_.row.surface == google_surface::vertex;
    const bool runs_both = !asked_.empty() && !is_vertex;
    if (mode.empty() && !runs_both) return;
    out_.append(",\"toolConfig\":{");
    if (runs_both) out_.append("\"includeServerSideToolInvocations\":true");
    if (runs_both && !mode.empty()) out_.push_back(',');
    if (!mode.empty()) {
        out_.append("\"functionCallingConfig\":{\"mode\":\"").append(mode).push_back('"');
        if (mode != "NONE" && mode != "AUTO") allowed_names();
        out_.push_back('}');
    }
    out_.push_back('}');
}

void tools_encoder::allowed_names() {
    const auto& choice = from_.tool_choice;
    if (choice.mode == choice_mode::named) {
        out_.append(",\"allowedFunctionNames\":[\"").append(choice.name.raw).append("\"]");
    } else if (!choice.allowed.empty() && rules_.mixes_tools) {
        out_.append(",\"allowedFunctionNames\":[");
        for (const escaped one : choice.allowed)
            out_.append("\"").append(one.raw).append("\",");
        out_.back() = ']';
    }
}

}  // namespace spillway::adapters::gemini
