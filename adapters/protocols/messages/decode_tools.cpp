#include "adapters/protocols/messages/decode_tools.hpp"

#include "adapters/canonical/refusal.hpp"
#include "adapters/protocols/messages/decode_messages.hpp"

#include <fmt/format.h>

#include <array>

namespace spillway::adapters::messages {

using namespace canonical;

namespace {

struct learnt_tool {
    std::string_view head;  // of the type, the date follows
    std::string_view description;
    std::string_view schema;
};
constexpr std::array<learnt_tool, 4> learnt_tools{{
    {"bash_2",
     "Runs a command in a bash session that stays open between calls.",
     R"({"type":"object","properties":{"command":{"type":"string","description":"The command to run."},)"
     R"("restart":{"type":"boolean","description":"True starts the session anew."}}})"},
    {"text_editor_2",
     "Views, creates and edits text files.",
     R"({"type":"object","properties":{"command":{"type":"string","enum":["view","create",)"
     R"("str_replace","insert","undo_edit"]},"path":{"type":"string","description":"Absolute path."},)"
     R"("file_text":{"type":"string","description":"create: what the file is to hold."},)"
     R"("old_str":{"type":"string","description":"str_replace: the text to replace, which stands there once."},)"
     R"("new_str":{"type":"string","description":"str_replace, insert: the new text."},)"
     R"("insert_line":{"type":"integer","description":"insert: the line behind which to insert."},)"
     R"("insert_text":{"type":"string","description":"insert: the new text."},)"
     R"("view_range":{"type":"array","items":{"type":"integer"},)"
     R"("description":"view: first and last line; -1 is the end."}},"required":["command","path"]})"},
    {"memory_2",
     "Keeps notes in files under /memories that outlast the conversation.",
     R"({"type":"object","properties":{"command":{"type":"string","enum":["view","create",)"
     R"("str_replace","insert","delete","rename"]},"path":{"type":"string"},)"
     R"("view_range":{"type":"array","items":{"type":"integer"}},"file_text":{"type":"string"},)"
     R"("old_str":{"type":"string"},"new_str":{"type":"string"},"insert_line":{"type":"integer"},)"
     R"("insert_text":{"type":"string"},"old_path":{"type":"string"},"new_path":{"type":"string"}},)"
     R"("required":["command"]})"},
    {"computer_2",
     "Operates a screen, a mouse and a keyboard.",
     R"({"type":"object","properties":{"action":{"type":"string","enum":["key","type","mouse_move",)"
     R"("left_click","left_click_drag","right_click","middle_click","double_click","triple_click",)"
     R"("left_mouse_down","left_mouse_up","scroll","hold_key","wait","screenshot","cursor_position",)"
     R"("zoom"]},"coordinate":{"type":"array","items":{"type":"integer"}},)"
     R"("start_coordinate":{"type":"array","items":{"type":"integer"}},"text":{"type":"string"},)"
     R"("scroll_direction":{"type":"string","enum":["up","down","left","right"]},)"
     R"("scroll_amount":{"type":"integer"},"duration":{"type":"number"},)"
     R"("region":{"type":"array","items":{"type":"integer"}}},"required":["action"]})"},
}};

tristate flag_of(json::value from) noexcept {
    if (from.is_true()) return tristate::yes;
    return from.is_false() ? tristate::no : tristate::unset;
}

result<> custom_tool(json::value one, std::size_t index, request& into) {
    if (!one["name"].is_string())
        return refusal(fmt::format("tools[{}].name", index), "must be a string.");
    const auto schema = one["input_schema"];
    if (schema && !schema.is_object())
        return refusal(fmt::format("tools[{}].input_schema", index), "must be an object.");
    tool& made = into.tools.emplace_back();
    made.name = one["name"].string();
    made.description = one["description"].string();
    made.parameters = schema.text();
    made.strict = flag_of(one["strict"]);
    made.cache = mark_of(one);
    return {};
}

void typed_tool(json::value one, request& into) {
    const auto type = one["type"].string();
    if (type.raw.starts_with("web_search_2")) {
        into.web_search = one.text();
        return;
    }
    tool& made = into.tools.emplace_back();
    made.cache = mark_of(one);
    for (const learnt_tool& row : learnt_tools) {
        if (!type.raw.starts_with(row.head)) continue;
        made.name = one["name"].string();
        made.description = {row.description};
        made.parameters = {row.schema};
        return;
    }
    made.server = one.text();
    made.server_type = type;
}

}  // namespace

result<> decode_tools(json::value list, request& into) {
    if (!list) return {};
    if (!list.is_array()) return refusal("tools", "must be an array of objects.");
    std::size_t index = 0;
    for (const auto one : list.elements()) {
        if (!one.is_object()) return refusal("tools", "must be an array of objects.");
        const auto type = one["type"];
        if (!type || type.equals("custom")) {
            if (auto read = custom_tool(one, index, into); !read) return read;
        } else if (!type.is_string()) {
            return refusal(fmt::format("tools[{}].type", index), "must be a string.");
        } else {
            typed_tool(one, into);
        }
        ++index;
    }
    return {};
}

result<> decode_tool_choice(json::value choice, request& into) {
    if (!choice) return {};
    const auto type = choice["type"];
    auto& made = into.tool_choice;
    if (type.equals("auto")) {
        made.mode = choice_mode::automatic;
    } else if (type.equals("any")) {
        made.mode = choice_mode::required;
    } else if (type.equals("none")) {
        made.mode = choice_mode::none;
    } else if (type.equals("tool")) {
        if (!choice["name"].is_string()) return refusal("tool_choice.name", "must be a string.");
        made.mode = choice_mode::named;
        made.name = choice["name"].string();
    } else {
        return refusal("tool_choice.type", "must be auto, any, tool or none.");
    }
    if (choice["disable_parallel_tool_use"].is_true()) made.parallel = tristate::no;
    return {};
}

}  // namespace spillway::adapters::messages
