// The form `name,key=value,…` in which one flag describes one thing, and the tables of keys that such
// objects have. A table row is the only place that knows a key: reading, printing and help all walk it.
#pragma once

#include "proxy/options/value.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace spillway::settings {

// "name=value", or a lone "name".
struct object_part {
    std::string name;
    std::optional<std::string> value;
    bool operator==(const object_part&) const = default;
};

// Splits at commas outside quotes. A value, or a whole lone part, that starts with '"' runs to the next '"';
// inside, \" and \\ stand for themselves. Never empty.
parsed<std::vector<object_part>> split_object(std::string_view text);

// Text between quotes, with escapes, as split_object() and flag files read it.
std::string quoted(std::string_view text);
// A value as it may follow "key=": quoted when it must be.
std::string object_value(std::string_view value);

// If `text` is one quoted string from end to end, what it stands for.
std::optional<std::string> unquoted(std::string_view text);

enum class key_use : std::uint8_t { once, repeatable };

// `Context` is what reading a value may need beside the text: the environment, files, a place for warnings.
template <class Thing, class Context>
struct object_key {
    std::string_view name;
    std::string_view argument;
    std::string_view brief;
    key_use use;
    std::optional<problem> (*read)(Thing&, const std::string& value, Context&);
    void (*print)(const Thing&, std::vector<std::string>& values);
};

// A key as help shows it.
struct key_text {
    std::string_view name;
    std::string_view argument;
    std::string_view brief;
};

template <class Thing, class Context, std::size_t N>
std::vector<key_text> key_texts(const object_key<Thing, Context> (&keys)[N]) {
    std::vector<key_text> texts;
    for (const object_key<Thing, Context>& key : keys)
        texts.push_back({key.name, key.argument, key.brief});
    return texts;
}

inline std::span<const object_part> parts_after_head(const std::vector<object_part>& parts) {
    return std::span{parts}.subspan(1);
}

std::string known_keys_advice(std::string_view written, std::span<const std::string_view> names);
// Names the key only when it cannot be a piece of a secret.
problem unknown_key(const object_part& part, std::span<const std::string_view> names);

// Stores in `target` or hands back the problem: the body of nearly every `read`.
template <class Target, class Value>
std::optional<problem> store(Target& target, const parsed<Value>& value) {
    if (!value) return value.error();
    target = *value;
    return std::nullopt;
}

// Reads the parts behind the head into `thing`; one problem a faulty part.
template <class Thing, class Context, std::size_t N>
std::vector<problem> read_keys(
    const object_key<Thing, Context> (&keys)[N],
    std::span<const object_part> parts,
    Thing& thing,
    Context& context
) {
    std::string_view names[N];
    bool is_given[N] = {};
    for (std::size_t i = 0; i < N; ++i)
        names[i] = keys[i].name;
    std::vector<problem> problems;
    for (const object_part& part : parts) {
        std::size_t row = 0;
        while (row < N && names[row] != part.name)
            ++row;
        if (row == N) {
            problems.push_back(unknown_key(part, names));
        } else if (!part.value) {
            problems.push_back(
                {part.name + " has no value", part.name + '=' + std::string{keys[row].argument}}
            );
        } else if (is_given[row] && keys[row].use == key_use::once) {
            problems.push_back({part.name + " is given twice", "keep one of them"});
        } else {
            is_given[row] = true;
            std::optional<problem> trouble = keys[row].read(thing, *part.value, context);
            if (trouble) problems.push_back({part.name + ": " + trouble->what, trouble->advice});
        }
    }
    return problems;
}

// ",key=value" for everything that is set, in the order of the table.
template <class Thing, class Context, std::size_t N>
std::string print_keys(const object_key<Thing, Context> (&keys)[N], const Thing& thing) {
    std::string text;
    for (const object_key<Thing, Context>& key : keys) {
        std::vector<std::string> values;
        key.print(thing, values);
        for (const std::string& value : values) {
            text.append(1, ',').append(key.name).append(1, '=').append(object_value(value));
        }
    }
    return text;
}

}  // namespace spillway::settings
