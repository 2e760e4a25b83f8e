#include "adapters/protocols/converse/encode_tools.hpp"

#include "adapters/json/document.hpp"
#include "adapters/protocols/messages/tool_names.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

namespace spillway::adapters::converse {

using namespace canonical;

namespace {

constexpr std::string_view no_parameters = R"({"type":"object","properties":{}})";
constexpr std::string_view one_text =
    R"({"type":"object","properties":{"input":{"type":"string"}},"required":["input"]})";
constexpr std::string_view answer_description = "Gives the answer in the form that was asked for.";
constexpr std::size_t most_name = 64;

bool is_search(escaped type) noexcept {
    return type.raw.contains("web_search");
}

// Its root must say that it is an object.
std::string_view schema_of(const tool& from, arena& made) {
    if (from.is_free_text) return one_text;
    const std::string_view schema = from.parameters.raw;
    if (!schema.starts_with('{')) return no_parameters;
    const padded_text padded{schema};
    json::document read;
    if (!read.read(padded.view()) || read.root().is_empty()) return no_parameters;
    if (read.root()["type"].equals("object")) return schema;
    std::string text{R"({"type":"object",)"};
    for (const auto [name, value] : read.root().members()) {
        if (name != "type")
            text.append("\"").append(name).append("\":").append(value.raw()).append(",");
    }
    text.back() = '}';
    return made.keep(std::move(text));
}

class tools_writer {
public:
    tools_writer(
        const request& from,
        const encode_context& to,
        const plan& decided,
        cache_points& caches,
        std::string& out
    ) noexcept
        : from_{from}
        , to_{to}
        , plan_{decided}
        , caches_{caches}
        , out_{out} {}

    result<> run() {
        const std::size_t begin = out_.size();
        out_.append("\"toolConfig\":{\"tools\":[");
        const std::size_t first = out_.size();
        if (plan_.has_own_tools) {
            if (auto written = own_tools(); !written) return written;
        }
        if (out_.size() == first && plan_.has_history_tools) history_tools();
        if (plan_.answer == answer_form::tool) {
            spec(messages::answer_tool, answer_description, from_.format.schema.raw);
            out_.append("}},");
        }
        if (out_.size() == first) {
            out_.resize(begin);
            return {};
        }
        out_.back() = ']';
        choice();
        out_.append("},");
        return {};
    }

private:
    [[nodiscard]] bool is_offered(const tool& one) const noexcept {
        const auto& allowed = from_.tool_choice.allowed;
        return allowed.empty() || std::ranges::find(allowed, one.name) != allowed.end();
    }

    result<> own_tools() {
        for (const tool& one : from_.tools) {
            if (!one.server.empty()) {
                if (auto written = server_tool(one); !written) return written;
                continue;
            }
            const escaped name = messages::allowed_name(one.name, from_.made);
            if (name.empty() || name.raw.size() > most_name) {
                return make_problem(
                    error_class::bad_request,
                    fmt::format(
                        "{} takes names of tools up to {} characters.",
                        to_.row.display_name,
                        most_name
                    ),
                    "tools"
                );
            }
            if (is_offered(one)) own_tool(one, name);
        }
        return {};
    }

    // What another provider's own tool does cannot be imitated; a search is left out and reported.
    result<> server_tool(const tool& one) {
        if (one.server.raw.contains("\"systemTool\"")) {
            out_.append(one.server.raw).push_back(',');
            return {};
        }
        if (!is_search(one.server_type)) {
            return make_problem(
                error_class::bad_request,
                fmt::format(
                    "{} cannot run the tool {}.", to_.row.display_name, one.server_type.raw
                ),
                "tools"
            );
        }
        to_.dropped.add(member::web_search_options);
        return {};
    }

    void own_tool(const tool& one, escaped name) {
        spec(
            name.raw,
            one.description.empty() ? name.raw : one.description.raw,
            schema_of(one, from_.made)
        );
        const bool is_strict = one.strict == tristate::yes;
        if (is_strict && plan_.model.structured == feature::present) {
            out_.append(",\"strict\":true");
        } else if (is_strict) {
            to_.dropped.add("strict");
        }
        out_.append("}},");
        caches_.behind_tool(one.cache, out_);
    }

    void spec(std::string_view name, std::string_view description, std::string_view schema) {
        out_.append(R"({"toolSpec":{"name":")").append(name).append("\",\"description\":\"");
        out_.append(description)
            .append(R"(","inputSchema":{"json":)")
            .append(schema)
            .push_back('}');
    }

    // Calls in the history are refused without a declaration of what was called.
    void history_tools() {
        std::vector<escaped> known;
        for (const part& one : from_.parts) {
            if (one.kind != part_kind::tool_call) continue;
            const escaped name = messages::allowed_name(one.name, from_.made);
            if (name.empty() || std::ranges::find(known, name) != known.end()) continue;
            known.push_back(name);
            spec(name.raw, name.raw, no_parameters);
            out_.append("}},");
        }
    }

    void choice() {
        switch (plan_.calls) {
        case call_form::automatic: return;
        case call_form::any: out_.append(R"(,"toolChoice":{"any":{}})"); return;
        case call_form::named: break;
        }
        const bool is_answer = plan_.answer == answer_form::tool && !plan_.has_own_tools;
        const escaped name = is_answer ? escaped{messages::answer_tool}
                                       : messages::allowed_name(from_.tool_choice.name, from_.made);
        out_.append(R"(,"toolChoice":{"tool":{"name":")").append(name.raw).append("\"}}");
    }

    const request& from_;
    const encode_context& to_;
    const plan& plan_;
    cache_points& caches_;
    std::string& out_;
};

}  // namespace

result<> encode_tools(
    const request& from,
    const encode_context& to,
    const plan& decided,
    cache_points& caches,
    std::string& out
) {
    return tools_writer{from, to, decided, caches, out}.run();
}

}  // namespace spillway::adapters::converse
