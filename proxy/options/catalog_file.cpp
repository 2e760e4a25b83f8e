#include "proxy/options/catalog_file.hpp"

#include <boost/json.hpp>
#include <fmt/format.h>

#include <algorithm>

namespace spillway::settings {

namespace {

namespace json = boost::json;

constexpr std::string_view model_fields[] = {
    "id",
    "name",
    "context_length",
    "architecture",
    "supported_parameters",
    "pricing",
    "top_provider",
    "endpoints"};
constexpr std::string_view endpoint_fields[] = {
    "provider",
    "model",
    "pricing",
    "context_length",
    "max_completion_tokens",
    "supported_parameters"};

// A price's field, where it goes, and how many decimal places its unit is away from nano-dollars.
struct price_field {
    std::string_view name;
    std::optional<nano_usd> price_list::*target;
    int digits;
};

// USD per token is a million times finer than USD per million tokens.
constexpr int per_token = 15;
constexpr int per_piece = 9;
constexpr price_field price_fields[] = {
    {"prompt", &price_list::input, per_token},
    {"completion", &price_list::output, per_token},
    {"input_cache_read", &price_list::cache_read, per_token},
    {"input_cache_write", &price_list::cache_write, per_token},
    {"internal_reasoning", &price_list::reasoning, per_token},
    {"request", &price_list::request, per_piece},
    {"image", &price_list::image, per_piece}};

std::string_view view(const json::string& text) {
    return {text.data(), text.size()};
}
std::string_view view(json::string_view text) {
    return {text.data(), text.size()};
}

class catalog_reader {
public:
    explicit catalog_reader(catalog_content& out) : out_{out} {}

    void read(const json::value& root) {
        const json::array* models =
            root.is_object() ? array_of(root.get_object(), "models", "") : nullptr;
        if (models == nullptr) {
            if (out_.problems.empty()) {
                complain(
                    "",
                    "is not a catalogue",
                    "write {\"models\":[{\"id\":...,\"endpoints\":[...]}]}"
                );
            }
            return;
        }
        for (std::size_t i = 0; i < models->size(); ++i)
            read_model((*models)[i], fmt::format("models[{}]", i));
    }

private:
    void complain(std::string_view place, std::string_view what, std::string_view advice) {
        out_.problems.push_back(
            {fmt::format("{}{}{}", place, place.empty() ? "" : ": ", what), std::string{advice}}
        );
    }

    // A field of another type is a problem; an absent one, or null, is not.
    const json::value* field(
        const json::object& object, std::string_view name, json::kind kind, std::string_view place
    ) {
        const json::value* value = object.if_contains(json::string_view{name.data(), name.size()});
        if (value == nullptr || value->is_null()) return nullptr;
        if (value->kind() == kind) return value;
        complain(
            fmt::format("{}{}{}", place, place.empty() ? "" : ".", name),
            fmt::format(
                "is not {}",
                kind == json::kind::string  ? "a string"
                : kind == json::kind::array ? "an array"
                                            : "an object"
            ),
            "see OpenRouter's model and endpoint objects"
        );
        return nullptr;
    }

    const json::array*
    array_of(const json::object& object, std::string_view name, std::string_view place) {
        const json::value* value = field(object, name, json::kind::array, place);
        return value == nullptr ? nullptr : &value->get_array();
    }

    const json::object*
    object_of(const json::object& object, std::string_view name, std::string_view place) {
        const json::value* value = field(object, name, json::kind::object, place);
        return value == nullptr ? nullptr : &value->get_object();
    }

    void read_text(
        const json::object& object,
        std::string_view name,
        std::string_view place,
        std::string& target
    ) {
        const json::value* value = field(object, name, json::kind::string, place);
        if (value != nullptr) target = view(value->get_string());
    }

    // A text that must be there and pass `parse`.
    bool read_name(
        const json::object& object,
        std::string_view name,
        std::string_view place,
        parsed<std::string> (*parse)(std::string_view),
        std::string& target
    ) {
        const std::size_t before = out_.problems.size();
        read_text(object, name, place, target);
        if (out_.problems.size() != before) return false;
        const parsed<std::string> checked = parse(target);
        if (checked) return true;
        complain(
            fmt::format("{}.{}", place, name),
            target.empty() ? "is missing" : checked.error().what,
            checked.error().advice
        );
        return false;
    }

    void read_words(
        const json::object& object,
        std::string_view name,
        std::string_view place,
        std::vector<std::string>& target
    ) {
        const json::array* array = array_of(object, name, place);
        if (array == nullptr) return;
        target.clear();
        for (const json::value& one : *array) {
            if (!one.is_string() || one.get_string().empty()) {
                return complain(
                    fmt::format("{}.{}", place, name),
                    "holds something that is not a word",
                    "write an array of strings"
                );
            }
            target.emplace_back(view(one.get_string()));
        }
    }

    void read_tokens(
        const json::object& object,
        std::string_view name,
        std::string_view place,
        std::optional<std::uint32_t>& target
    ) {
        const json::value* value = object.if_contains(json::string_view{name.data(), name.size()});
        if (value == nullptr || value->is_null()) return;
        const std::int64_t* count = value->if_int64();
        if (count == nullptr || *count < 1 || *count > 1'000'000'000) {
            return complain(
                fmt::format("{}.{}", place, name),
                "is not a count of tokens",
                "write a whole number from 1 to 1000000000"
            );
        }
        target = static_cast<std::uint32_t>(*count);
    }

    void read_price(
        const json::value& value, const price_field& row, std::string_view place, price_list& prices
    ) {
        if (value.is_null()) return;
        std::string text;
        if (value.is_string()) {
            text = view(value.get_string());
        } else if (const std::int64_t* whole = value.if_int64()) {
            text = std::to_string(*whole);
        } else {
            // A number with a fraction has already lost its exact digits.
            return complain(
                fmt::format("{}.pricing.{}", place, row.name),
                "is not a string",
                "write the price in quotes, such as \"0.00000015\" (USD)"
            );
        }
        const parsed<std::int64_t> nano = parse_decimal(text, row.digits);
        if (!nano)
            return complain(
                fmt::format("{}.pricing.{}", place, row.name),
                nano.error().what,
                nano.error().advice
            );
        prices.*row.target = nano_usd{*nano};
    }

    void read_prices(const json::object& object, std::string_view place, price_list& prices) {
        const json::object* pricing = object_of(object, "pricing", place);
        if (pricing == nullptr) return;
        for (const json::key_value_pair& entry : *pricing) {
            const std::string_view key = view(entry.key());
            const json::value& value = entry.value();
            const auto row = std::find_if(
                std::begin(price_fields),
                std::end(price_fields),
                [&](const price_field& one) { return one.name == key; }
            );
            if (row != std::end(price_fields)) {
                read_price(value, *row, place, prices);
            } else if (!value.is_string() || value.get_string() != "0") {
                out_.doubts.push_back(
                    {fmt::format("{}.pricing.{}: this price is not charged", place, shown(key)),
                     "prices that count: prompt, completion, input_cache_read, input_cache_write, "
                     "internal_reasoning, request, image"}
                );
            }
        }
    }

    // Fields of OpenRouter's that mean nothing here are fine; those that look like a slip are not.
    void look_for_slips(
        const json::object& object, std::span<const std::string_view> fields, std::string_view place
    ) {
        for (const auto& [key, value] : object) {
            if (std::find(fields.begin(), fields.end(), view(key)) != fields.end()) continue;
            const std::string_view near = nearest(view(key), fields);
            if (near.empty()) continue;
            out_.doubts.push_back(
                {fmt::format("{}.{}: the field is passed over", place, shown(view(key))),
                 fmt::format("did you mean {}?", near)}
            );
        }
    }

    void read_model(const json::value& value, const std::string& place) {
        if (!value.is_object())
            return complain(place, "is not an object", "write {\"id\":...,\"endpoints\":[...]}");
        const json::object& object = value.get_object();
        look_for_slips(object, model_fields, place);
        model base;
        if (!read_name(object, "id", place, parse_model_name, base.id)) return;
        read_text(object, "name", place, base.name);
        read_tokens(object, "context_length", place, base.context);
        read_words(object, "supported_parameters", place, base.params);
        read_prices(object, place, base.prices);
        if (const json::object* architecture = object_of(object, "architecture", place)) {
            read_words(
                *architecture, "input_modalities", place + ".architecture", base.input_modalities
            );
            read_words(
                *architecture, "output_modalities", place + ".architecture", base.output_modalities
            );
        }
        if (const json::object* top = object_of(object, "top_provider", place)) {
            read_tokens(*top, "max_completion_tokens", place + ".top_provider", base.max_output);
        }
        const json::array* endpoints = array_of(object, "endpoints", place);
        if (endpoints == nullptr || endpoints->empty()) {
            return complain(
                place,
                fmt::format("{} has no endpoints", base.id),
                "add \"endpoints\":[{\"provider\":...,\"model\":...}]"
            );
        }
        for (std::size_t i = 0; i < endpoints->size(); ++i) {
            read_endpoint((*endpoints)[i], fmt::format("{}.endpoints[{}]", place, i), base);
        }
    }

    // What the endpoint does not say itself is as the model says.
    void read_endpoint(const json::value& value, const std::string& place, const model& base) {
        if (!value.is_object())
            return complain(place, "is not an object", "write {\"provider\":...,\"model\":...}");
        const json::object& object = value.get_object();
        look_for_slips(object, endpoint_fields, place);
        model one = base;
        const bool has_provider =
            read_name(object, "provider", place, parse_provider_reference, one.provider);
        const bool has_model =
            read_name(object, "model", place, parse_upstream_name, one.upstream_id);
        read_tokens(object, "context_length", place, one.context);
        read_tokens(object, "max_completion_tokens", place, one.max_output);
        read_words(object, "supported_parameters", place, one.params);
        read_prices(object, place, one.prices);
        if (has_provider && has_model) out_.models.push_back(std::move(one));
    }

    catalog_content& out_;
};

}  // namespace

catalog_content read_catalog(std::string_view text) {
    catalog_content content;
    if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
    json::parse_options rules;
    rules.max_depth = 64;
    json::stream_parser parser{json::storage_ptr{}, rules};
    json::error_code ec;
    const std::size_t read = parser.write_some(text.data(), text.size(), ec);
    if (!ec && read == text.size()) parser.finish(ec);
    if (ec || read != text.size()) {
        const std::size_t at = std::min(read, text.size());
        const auto line =
            1 + std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(at), '\n');
        content.problems.push_back(
            {fmt::format("line {} is not valid JSON", line), "check the file with a JSON tool"}
        );
        return content;
    }
    catalog_reader{content}.read(parser.release());
    return content;
}

}  // namespace spillway::settings
