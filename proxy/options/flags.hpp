// The table of flags: the one place that knows a flag's name, form, default, meaning, how its text is read
// and how its value is printed. Help, the README's table, --print-config and the parser all walk it. Rows
// live in flags_*.cpp, one file a group of related flags.
#pragma once

#include "proxy/options/object.hpp"
#include "proxy/options/parser.hpp"

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace spillway::settings {

struct draft;
struct flag;

enum class flag_group : std::uint8_t {
    listeners,
    providers,
    models,
    access,
    limits,
    logging,
    other
};
inline constexpr flag_group all_groups[] = {
    flag_group::listeners,
    flag_group::providers,
    flag_group::models,
    flag_group::access,
    flag_group::limits,
    flag_group::logging,
    flag_group::other};

enum class flag_use : std::uint8_t {
    once,        // of several, the strongest source counts
    repeatable,  // adds up over the sources
    toggle,      // needs no value; on or off
    action,      // says what to do instead of running; command line only
    file,        // names a further source
};

// Where a setting was written; the stronger source first.
enum class source : std::uint8_t { command_line, variable, file };

// One flag with its text, as found in one source.
struct setting {
    const flag* what = nullptr;
    std::string text;
    source from = source::command_line;
    std::string
        where;  // for people: "command line", "variable SPILLWAY_LISTEN", "spillway.flags:12"
};

struct flag {
    std::string_view name;          // without dashes
    std::string_view argument;      // "ADDR:PORT"; empty for a toggle
    std::string_view default_text;  // as help shows it; empty: none
    flag_group group;
    flag_use use;
    std::string_view brief;    // one line, no full stop
    std::string_view details;  // sentences; may be empty
    void (*read)(draft&, const setting&);
    void (*print)(const options&, std::vector<std::string>& values);  // null for actions and files
    std::vector<key_text> (*keys)();  // the keys of an object; null when it has none
};

struct provider_place {
    std::string where;
    bool states_protocol = false;
    bool is_faulty =
        false;  // its keys have complaints already; a second look would only repeat them
};

struct list_entry {
    std::string glob;
    std::string where;
    std::string_view flag_name;
};

// The options while they are being put together, and where each repeatable part was written.
struct draft {
    explicit draft(const parse_input& input_) : input{input_} {}

    const parse_input& input;
    parse_outcome outcome;
    tls_files tls;
    std::vector<std::string> listeners_at;
    std::vector<provider_place> providers_at;
    std::vector<std::string> models_at;
    std::vector<std::string> aliases_at;
    std::vector<std::string> keys_at;
    std::vector<std::string> catalogs_at;
    std::vector<list_entry> list_entries;
    std::map<std::string_view, std::string>
        at;  // flag name → where its value, or its last one, was written

    options& value() noexcept { return outcome.value; }

    void complain(std::string_view where, std::string_view flag_name, const problem& why);
    void complain(const setting& what, const problem& why) {
        complain(what.where, what.what->name, why);
    }
    void warn(std::string_view where, std::string_view flag_name, const problem& why);
    bool has_complaint_about(std::string_view flag_name) const;
    void warn_if_literal(const setting& what, std::string_view owner, const secret_value& secret);

    // Puts a value in its place, or complains.
    template <class Target, class Value>
    void store(const setting& what, Target& target, const parsed<Value>& parsed_value) {
        if (parsed_value) {
            target = *parsed_value;
        } else {
            complain(what, parsed_value.error());
        }
    }

    // Adds a value and remembers where it was written, or complains.
    template <class Value>
    void append(
        const setting& what,
        std::vector<Value>& list,
        std::vector<std::string>& places,
        const parsed<Value>& one
    ) {
        if (!one) return complain(what, one.error());
        list.push_back(*one);
        places.push_back(what.where);
    }
};

std::span<const flag> listener_flags();
std::span<const flag> provider_flags();
std::span<const flag> model_flags();
std::span<const flag> access_flags();
std::span<const flag> limit_flags();
std::span<const flag> logging_flags();
std::span<const flag> other_flags();

std::span<const flag> flags_of(flag_group group);
std::string_view name_of(flag_group group);
std::string_view title_of(flag_group group);

// The row of that name, or null.
const flag* find_flag(std::string_view name);
std::vector<std::string_view> flag_names();
// "SPILLWAY_MAX_BODY" for "max-body".
std::string variable_name(std::string_view flag_name);

}  // namespace spillway::settings
