#include "proxy/options/flags.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace spillway::settings {

namespace {

using values_out = std::vector<std::string>&;
using maybe_problem = std::optional<problem>;

// The keys of a model need nothing but their text.
struct model_reading {};
using model_key = object_key<model, model_reading>;

maybe_problem read_price(std::optional<nano_usd>& target, const std::string& value) {
    const parsed<std::int64_t> nano = parse_decimal(value, 9);
    if (!nano) return nano.error();
    target = nano_usd{*nano};
    return std::nullopt;
}

void print_price(const std::optional<nano_usd>& price, values_out out) {
    if (price) out.push_back(decimal_text(price->count, 9));
}

void print_count(const std::optional<std::uint32_t>& count, values_out out) {
    if (count) out.push_back(std::to_string(*count));
}

maybe_problem read_tokens(std::optional<std::uint32_t>& target, const std::string& value) {
    return store(target, parse_count(value, 1, 1'000'000'000));
}

// Parts of lower case letters, digits, '_' and '-', as OpenRouter's lists have them.
parsed<std::vector<std::string>> parse_word_list(std::string_view text) {
    const parsed<std::vector<std::string>> parts = parse_list(text);
    if (!parts) return parts.error();
    for (const std::string& part : *parts) {
        const bool is_word = std::all_of(part.begin(), part.end(), [](char c) {
            return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
        });
        if (!is_word) {
            return problem{
                fmt::format("'{}' is not a lower case word", shown(part)),
                "write words joined by plus signs: a+b"};
        }
    }
    return *parts;
}

maybe_problem read_modalities(model& m, const std::string& value) {
    const std::size_t arrow = value.find('>');
    if (arrow == std::string::npos) {
        return problem{"the modalities have no '>'", "write input>output, such as text+image>text"};
    }
    maybe_problem trouble =
        store(m.input_modalities, parse_word_list(std::string_view{value}.substr(0, arrow)));
    if (trouble) return trouble;
    return store(m.output_modalities, parse_word_list(std::string_view{value}.substr(arrow + 1)));
}

maybe_problem read_quality(model& m, const std::string& value) {
    const parsed<std::int64_t> millionths = parse_decimal(value, 6);
    if (!millionths) return millionths.error();
    if (*millionths > 1'000'000) {
        return problem{"the quality is above 1", "write a number from 0 to 1, such as 0.85"};
    }
    m.quality_millionths = static_cast<std::uint32_t>(*millionths);
    return std::nullopt;
}

constexpr model_key model_keys[] = {
    {"in",
     "USD",
     "price of a million input tokens",
     key_use::once,
     [](model& m, const std::string& value, model_reading&) {
         return read_price(m.prices.input, value);
     },
     [](const model& m, values_out out) {
         print_price(m.prices.input, out);
     }},
    {"out",
     "USD",
     "price of a million output tokens",
     key_use::once,
     [](model& m, const std::string& value, model_reading&) {
         return read_price(m.prices.output, value);
     },
     [](const model& m, values_out out) {
         print_price(m.prices.output, out);
     }},
    {"cache-read",
     "USD",
     "price of a million input tokens read from the provider's cache",
     key_use::once,
     [](model& m, const std::string& value, model_reading&) {
         return read_price(m.prices.cache_read, value);
     },
     [](const model& m, values_out out) {
         print_price(m.prices.cache_read, out);
     }},
    {"cache-write",
     "USD",
     "price of a million input tokens written to the provider's cache",
     key_use::once,
     [](model& m, const std::string& value, model_reading&) {
         return read_price(m.prices.cache_write, value);
     },
     [](const model& m, values_out out) {
         print_price(m.prices.cache_write, out);
     }},
    {"reasoning",
     "USD",
     "price of a million reasoning tokens, where they differ from output",
     key_use::once,
     [](model& m, const std::string& value, model_reading&) {
         return read_price(m.prices.reasoning, value);
     },
     [](const model& m, values_out out) {
         print_price(m.prices.reasoning, out);
     }},
    {"request",
     "USD",
     "price of a request",
     key_use::once,
     [](model& m, const std::string& value, model_reading&) {
         return read_price(m.prices.request, value);
     },
     [](const model& m, values_out out) {
         print_price(m.prices.request, out);
     }},
    {"image",
     "USD",
     "price of an input image",
     key_use::once,
     [](model& m, const std::string& value, model_reading&) {
         return read_price(m.prices.image, value);
     },
     [](const model& m, values_out out) {
         print_price(m.prices.image, out);
     }},
    {"context",
     "TOKENS",
     "size of the context window",
     key_use::once,
     [](model& m, const std::string& value, model_reading&) {
         return read_tokens(m.context, value);
     },
     [](const model& m, values_out out) {
         print_count(m.context, out);
     }},
    {"max-output",
     "TOKENS",
     "most output tokens",
     key_use::once,
     [](model& m, const std::string& value, model_reading&) {
         return read_tokens(m.max_output, value);
     },
     [](const model& m, values_out out) {
         print_count(m.max_output, out);
     }},
    {"modalities",
     "IN>OUT",
     "what goes in and comes out, such as text+image>text",
     key_use::once,
     [](model& m, const std::string& value, model_reading&) { return read_modalities(m, value); },
     [](const model& m, values_out out) {
         if (m.input_modalities.empty()) return;
         out.push_back(
             list_text(m.input_modalities, '+') + '>' + list_text(m.output_modalities, '+')
         );
     }},
    {"params",
     "A+B",
     "request parameters it supports, such as tools+response_format",
     key_use::once,
     [](model& m, const std::string& value, model_reading&) {
         return store(m.params, parse_word_list(value));
     },
     [](const model& m, values_out out) {
         if (!m.params.empty()) out.push_back(list_text(m.params, '+'));
     }},
    {"quality",
     "0..1",
     "how good its answers are, to choose among models",
     key_use::once,
     [](model& m, const std::string& value, model_reading&) { return read_quality(m, value); },
     [](const model& m, values_out out) {
         if (m.quality_millionths) out.push_back(decimal_text(*m.quality_millionths, 6));
     }},
    {"weight",
     "N",
     "share of the requests among equals (the provider's weight)",
     key_use::once,
     [](model& m, const std::string& value, model_reading&) -> maybe_problem {
         return store(m.weight, parse_count(value, 1, 1'000'000));
     },
     [](const model& m, values_out out) {
         print_count(m.weight, out);
     }},
};

// "PROVIDER:UPSTREAM_ID"
maybe_problem read_place(model& m, std::string_view text) {
    const std::size_t colon = text.find(':');
    if (colon == std::string_view::npos) {
        return problem{"the endpoint has no provider", "write --model ID=PROVIDER:UPSTREAM_ID"};
    }
    maybe_problem trouble = store(m.provider, parse_provider_reference(text.substr(0, colon)));
    if (trouble) return trouble;
    return store(m.upstream_id, parse_upstream_name(text.substr(colon + 1)));
}

void read_model(draft& d, const setting& s) {
    const parsed<std::vector<object_part>> parts = split_object(s.text);
    if (!parts) return d.complain(s, parts.error());
    const object_part& head = parts->front();
    if (!head.value) {
        return d.complain(
            s,
            {"the text does not start with ID=PROVIDER:UPSTREAM_ID",
             "write --model openai/gpt-4o-mini=openai:gpt-4o-mini"}
        );
    }
    model one;
    if (const maybe_problem trouble = store(one.id, parse_model_name(head.name)))
        return d.complain(s, *trouble);
    if (const maybe_problem trouble = read_place(one, *head.value)) {
        return d.complain(s, {one.id + ": " + trouble->what, trouble->advice});
    }
    model_reading nothing;
    for (const problem& why : read_keys(model_keys, parts_after_head(*parts), one, nothing)) {
        d.complain(s, {one.id + ": " + why.what, why.advice});
    }
    d.value().models.push_back(std::move(one));
    d.models_at.push_back(s.where);
}

std::string model_text(const model& m) {
    return fmt::format(
        "{}={}{}", m.id, object_value(m.provider + ':' + m.upstream_id), print_keys(model_keys, m)
    );
}

void read_alias(draft& d, const setting& s) {
    const parsed<std::vector<object_part>> parts = split_object(s.text);
    if (!parts) return d.complain(s, parts.error());
    const object_part& head = parts->front();
    const problem form{
        "the text does not have the form NAME=MODEL", "write --alias fast=openai/gpt-4o-mini"};
    if (!head.value) return d.complain(s, form);
    alias one;
    if (const maybe_problem trouble = store(one.name, parse_model_name(head.name)))
        return d.complain(s, *trouble);
    for (const object_part& part : *parts) {
        const bool is_head = &part == &head;
        if (part.value && !is_head) return d.complain(s, form);
        const parsed<std::string> name = parse_model_name(is_head ? *part.value : part.name);
        if (!name) return d.complain(s, name.error());
        one.models.push_back(*name);
    }
    d.value().aliases.push_back(std::move(one));
    d.aliases_at.push_back(s.where);
}

constexpr flag rows[] = {
    {.name = "model",
     .argument = "ID=PROVIDER:UPSTREAM_ID[,key=value...]",
     .default_text = "",
     .group = flag_group::models,
     .use = flag_use::repeatable,
     .brief = "An endpoint: this model at that provider",
     .details = "ID is what clients ask for, UPSTREAM_ID what the provider calls it. Several with "
                "one ID are "
                "alternatives. Money is decimal and kept exactly; a price that is not given is "
                "unknown, not zero.",
     .read = read_model,
     .print =
         [](const options& o, values_out out) {
             for (const model& one : o.models)
                 out.push_back(model_text(one));
         },
     .keys =
         [] {
             return key_texts(model_keys);
         }},
    {.name = "catalog",
     .argument = "FILE",
     .default_text = "",
     .group = flag_group::models,
     .use = flag_use::repeatable,
     .brief = "JSON file of models and endpoints; a --model stands above it",
     .details =
         "{\"models\":[{\"id\":...,\"endpoints\":[{\"provider\":...,\"model\":...,\"pricing\":{...}"
         "}]}]} with "
         "names and units as in OpenRouter's model and endpoint objects. Read again at SIGHUP.",
     .read = [](draft& d, const setting& s
             ) { d.append(s, d.value().catalog_files, d.catalogs_at, parse_path(s.text)); },
     .print = [](const options& o, values_out out
              ) { out.insert(out.end(), o.catalog_files.begin(), o.catalog_files.end()); },
     .keys = nullptr},
    {.name = "alias",
     .argument = "NAME=MODEL[,MODEL...]",
     .default_text = "",
     .group = flag_group::models,
     .use = flag_use::repeatable,
     .brief = "A further name for a model, or for a chain of fallbacks",
     .details =
         "fast=openai/gpt-4o-mini,groq/llama-3.3-70b tries the second model when the first fails.",
     .read = read_alias,
     .print =
         [](const options& o, values_out out) {
             for (const alias& one : o.aliases)
                 out.push_back(one.name + '=' + list_text(one.models, ','));
         },
     .keys = nullptr},
    {.name = "default-model",
     .argument = "MODEL",
     .default_text = "",
     .group = flag_group::models,
     .use = flag_use::once,
     .brief = "The model, or alias, of a request that names none",
     .details = "Without it such a request is refused.",
     .read = [](draft& d, const setting& s
             ) { d.store(s, d.value().default_model, parse_model_name(s.text)); },
     .print =
         [](const options& o, values_out out) {
             if (!o.default_model.empty()) out.push_back(o.default_model);
         },
     .keys = nullptr},
};

}  // namespace

std::span<const flag> model_flags() {
    return rows;
}

}  // namespace spillway::settings
