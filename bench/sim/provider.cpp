#include "bench/sim/provider.hpp"

#include "bench/sim/dialects/cohere_dialect.hpp"
#include "bench/sim/dialects/converse_dialect.hpp"
#include "bench/sim/dialects/gemini_dialect.hpp"
#include "bench/sim/dialects/json_view.hpp"
#include "bench/sim/dialects/messages_dialect.hpp"
#include "bench/sim/dialects/ollama_dialect.hpp"
#include "bench/sim/dialects/openai_dialect.hpp"
#include "bench/sim/dialects/responses_dialect.hpp"
#include "bench/sim/dialects/steering.hpp"
#include "proxy/base/bytes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace spillway::bench::sim {
namespace {

bool contains(const std::vector<std::string>& list, std::string_view text) {
    return std::find(list.begin(), list.end(), text) != list.end();
}

// "/fault-stall-mid=3/v1/messages" names its fault and the path "/v1/messages".
std::string without_faults(std::string_view path) {
    std::string plain{path};
    for (auto at = plain.find("/fault-"); at != std::string::npos; at = plain.find("/fault-")) {
        const auto next = plain.find('/', at + 1);
        plain.erase(at, next == std::string::npos ? next : next - at);
    }
    return plain;
}

bool includes_usage(const json::object& request) {
    const auto* chosen = object_at(request, "stream_options");
    return chosen != nullptr && is_true(*chosen, "include_usage");
}

std::string_view text_behind_colon(std::string_view rest) {
    const auto colon = rest.find_first_not_of(" \t\r\n");
    if (colon == std::string_view::npos || rest[colon] != ':') return {};
    const auto value = rest.find_first_not_of(" \t\r\n", colon + 1);
    return value == std::string_view::npos ? std::string_view{} : rest.substr(value);
}

}  // namespace

std::string_view scan_model(std::string_view body) {
    constexpr std::string_view name = "\"model\"";
    for (auto at = base::find(body, name); at != base::not_found;) {
        body.remove_prefix(at + name.size());
        const auto value = text_behind_colon(body);
        if (!value.empty() && value[0] == '"') return value.substr(1, value.find('"', 1) - 1);
        at = base::find(body, name);
    }
    return {};
}

bool scan_true(std::string_view body, std::string_view quoted_name) {
    const auto at = base::find(body, quoted_name);
    if (at == base::not_found) return false;
    return text_behind_colon(body.substr(at + quoted_name.size())).starts_with("true");
}

provider::provider(const options& chosen) : options_(chosen), keys_(chosen) {
    const auto add = [&](std::unique_ptr<dialect> one) {
        if (chosen.dialects.empty() || contains(chosen.dialects, one->name()))
            dialects_.push_back(std::move(one));
    };
    add(std::make_unique<messages_dialect>());
    add(std::make_unique<gemini_dialect>(google_surface::studio));
    add(std::make_unique<gemini_dialect>(google_surface::vertex));
    add(std::make_unique<converse_dialect>());
    add(std::make_unique<cohere_dialect>());
    add(std::make_unique<ollama_dialect>());
    add(std::make_unique<responses_dialect>());
    add(std::make_unique<openai_dialect>());
}

bool provider::is_client_model(std::string_view model) const {
    return contains(options_.client_models, model);
}

std::optional<api_error> provider::check_model(std::string_view model) const {
    if (options_.strict && is_client_model(model)) {
        return api_error{
            400, "strict: the model name was not replaced", "strict", "model", "strict_model", ""};
    }
    const auto& known = options_.models;
    if (known.empty() || contains(known, model) || contains(known, read_steering(model).base))
        return std::nullopt;
    return error_of(
        404,
        fmt::format("The model `{}` does not exist or you do not have access to it.", model),
        "model_not_found"
    );
}

route provider::find_route(const http_head& head, std::string_view path) const {
    for (const auto& one : dialects_)
        if (const auto found = one->find(head, path)) return *found;
    route none;
    none.voice = dialects_.back().get();
    return none;
}

const dialect& provider::voice_for(const http_head& head) const {
    return *find_route(head, without_faults(head.path)).voice;
}

answered provider::respond(
    const http_head& head, std::string_view body, const std::string& id, std::int64_t created
) const {
    const question asked{head, without_faults(head.path), body, id, created};
    const auto where = find_route(head, asked.path);
    const auto& voice = *where.voice;
    answered made;
    made.account = voice.credential(head);
    if (asked.path == "/healthz") {
        made.answer.content_type = "text/plain";
        made.answer.body = "ok\n";
    } else if (where.what == endpoint::token && head.method == "POST") {
        made.answer = keys_.google().exchange(body, created);
    } else if (const auto wrong = voice.check_access(where, asked, keys_)) {
        made.answer = voice.refuse(*wrong, id);
    } else if (where.what == endpoint::unknown) {
        const auto message = fmt::format("Invalid URL ({} {})", head.method, head.path);
        made.answer = voice.refuse(error_of(404, message), id);
    } else if (head.method != where.method) {
        const auto message = fmt::format("Only {} requests are accepted.", where.method);
        made.answer = voice.refuse(error_of(405, message, "method_not_supported"), id);
    } else if (where.method == "GET") {
        made.answer = look_up(where, asked);
    } else {
        made.answer = respond_post(where, asked, made.model);
    }
    made.answer.voice = &voice;
    return made;
}

reply provider::look_up(const route& where, const question& asked) const {
    auto names = options_.models;
    if (names.empty()) names = {"sim-echo", "sim-embedding", "bench-json", "bench-sse"};
    reply made;
    made.body = where.voice->look_up(where, names);
    if (!made.body.empty()) return made;
    return where.voice->refuse(
        {404,
         fmt::format("The model '{}' does not exist", where.model),
         "invalid_request_error",
         "model",
         "model_not_found",
         ""},
        asked.id
    );
}

reply provider::respond_post(const route& where, const question& asked, std::string& model) const {
    json::error_code error;
    auto parsed = json::parse(json::string_view{asked.body.data(), asked.body.size()}, error);
    if (error || !parsed.is_object()) {
        return where.voice->refuse(
            error_of(400, "We could not parse the JSON body of your request."), asked.id
        );
    }
    auto& request = parsed.get_object();
    model = where.model.empty() ? std::string{text_at(request, "model")} : where.model;
    if (!model.empty()) {
        if (const auto wrong = check_model(model)) return where.voice->refuse(*wrong, asked.id);
    }
    if (where.what == endpoint::generate && where.voice->name() == "openai" &&
        is_bench_model(model)) {
        const bench_page page{model, pace_of_model(model, options_.speed)};
        return page.as_reply(is_true(request, "stream"), includes_usage(request));
    }
    return where.voice->answer(where, request, asked, frame_for(asked, model));
}

answer_frame provider::frame_for(const question& asked, std::string_view model) const {
    const auto settings = pace_of_model(read_steering(model).base, options_.speed);
    const bool sized = has_settings(model) && settings.answer_bytes != options_.speed.answer_bytes;
    answer_frame frame;
    frame.id = asked.id;
    frame.created = asked.created;
    frame.least_bytes = sized ? settings.answer_bytes : options_.least_bytes;
    if (!is_bench_model(model)) return frame;
    frame.bench_events = settings.events;
    frame.bench_event_bytes = settings.event_bytes;
    return frame;
}

}  // namespace spillway::bench::sim
