// What the adapters cost on the request path: one case, so many times. Prints nanoseconds a turn; under callgrind the
// difference of two counts gives instructions a turn.
//   adapters-bench v1-event 100000
#include "adapters/inspect.hpp"
#include "adapters/registry.hpp"

#include <fmt/format.h>

#include <charconv>
#include <chrono>
#include <cstdlib>
#include <string>
#include <string_view>

namespace {

using namespace spillway::adapters;

class flat_price final : public cost_source {
public:
    std::optional<cost> cost_of(const usage& tokens) const noexcept override {
        const auto nanos = static_cast<std::int64_t>(tokens.total) * 1000;
        return cost{nanos, nanos / 2, nanos - nanos / 2};
    }
};

const flat_price prices;

answer_context context_of(face side, delivery how) {
    answer_context context;
    context.side = side;
    context.how = how;
    context.generation_id = "gen-1700000000-abcdefghijklmnopqrst";
    context.model = "acme/bench-model";
    context.provider = "Acme";
    context.costs = &prices;
    context.prompt_octets = 400;
    context.created = 1700000000;
    return context;
}

std::string event_of(std::string_view delta) {
    return fmt::format(
        "data: "
        "{{\"id\":\"chatcmpl-bench\",\"object\":\"chat.completion.chunk\",\"created\":1700000000,"
        "\"model\":\"bench-model\",\"choices\":[{{\"index\":0,\"delta\":{{{}}},\"finish_reason\":"
        "null}}]}}\n\n",
        delta
    );
}

std::string request_body() {
    return fmt::format(
        "{{\"model\":\"acme/"
        "bench-model\",\"messages\":[{{\"role\":\"system\",\"content\":\"{:a<200}\"}},"
        "{{\"role\":\"user\",\"content\":\"{:b<240}\"}}],\"stream\":false,\"temperature\":0.7,"
        "\"max_tokens\":256,\"user\":\"someone\"}}",
        "",
        ""
    );
}

std::string answer_body() {
    return fmt::format(
        "{{\"id\":\"chatcmpl-bench\",\"object\":\"chat.completion\",\"created\":1700000000,"
        "\"model\":\"bench-model\",\"choices\":[{{\"index\":0,\"message\":{{\"role\":\"assistant\","
        "\"content\":\"{:x<900}\",\"refusal\":null}},\"logprobs\":null,\"finish_reason\":\"stop\"}}"
        "],"
        "\"usage\":{{\"prompt_tokens\":20,\"completion_tokens\":300,\"total_tokens\":320}}}}",
        ""
    );
}

// Each turn returns something that depends on the work.
std::size_t run_events(const adapter& provider, face side, std::size_t turns) {
    const auto translator = provider.make_answer(context_of(side, delivery::streamed));
    piece_list out;
    translator->feed(event_of("\"role\":\"assistant\",\"content\":\"\""), out);
    const std::string events[] = {
        event_of("\"content\":\" a first word\""),
        event_of("\"content\":\" and \\n 1700000000123456789\""),
        event_of("\"content\":\" more\""),
        event_of("\"content\":\"\""),
    };
    std::size_t octets = 0;
    for (std::size_t i = 0; i < turns; ++i) {
        out.clear();
        translator->feed(events[i % std::size(events)], out);
        octets += out.octets();
    }
    return octets;
}

std::string translated(answer_translator& by, std::string_view octets) {
    piece_list out;
    by.feed(octets, out);
    return out.joined();
}

// One event a turn from what speaks `upstream`, for a client of another dialect. The octets of a protocol other than Chat
// Completions are what its clients get.
std::size_t
run_translated(std::string_view upstream, framing frames, protocol client, std::size_t turns) {
    const auto context_for = [](protocol dialect, framing how) {
        answer_context context = context_of(face::openai, delivery::streamed);
        context.dialect = dialect;
        context.frames = how;
        return context;
    };
    const auto chat = make_adapter(*find_row("deepseek"), {});
    account_settings settings;
    settings.region = "eu-west-1";
    const auto other = make_adapter(*find_row(upstream), settings);
    if (!chat || !other) return 0;
    const protocol speaks = (*other)->row().speaks;
    const auto source = (*chat)->make_answer(context_for(speaks, framing::events));
    const auto translator = (*other)->make_answer(context_for(client, frames));
    std::string event;
    for (const std::string_view delta :
         {R"("role":"assistant","content":"")",
          R"("content":" a first word")",
          R"("content":" more")"}) {
        event = event_of(delta);
        if (speaks != protocol::chat) event = translated(*source, event);
        static_cast<void>(translated(*translator, event));
    }
    piece_list out;
    std::size_t octets = 0;
    for (std::size_t i = 0; i < turns; ++i) {
        out.clear();
        translator->feed(event, out);
        octets += out.octets();
    }
    return octets;
}

std::size_t run_answers(const adapter& provider, face side, std::size_t turns) {
    const std::string body = answer_body();
    std::size_t octets = 0;
    for (std::size_t i = 0; i < turns; ++i) {
        const auto translator = provider.make_answer(context_of(side, delivery::whole));
        piece_list out;
        translator->finish(body, ending::complete, out);
        octets += out.octets() + translator->facts().tokens.total;
    }
    return octets;
}

std::size_t run_inspect(std::size_t turns) {
    const padded_text body{request_body()};
    std::size_t members = 0;
    for (std::size_t i = 0; i < turns; ++i) {
        request_facts facts;
        if (!inspect({operation::chat, face::openai}, body.view(), facts))
            members += facts.members().size();
    }
    return members;
}

std::size_t run_prepare(const adapter& provider, face side, std::size_t turns) {
    const padded_text body{request_body()};
    const auto facts = inspect({operation::chat, side}, body.view());
    std::size_t octets = 0;
    for (std::size_t i = 0; i < turns; ++i) {
        edit_list edits{facts->body()};
        answer_wishes wishes;
        if (provider.prepare(*facts, "bench-model", edits, wishes)) octets += edits.size();
    }
    return octets;
}

std::size_t run_case(std::string_view name, const adapter& provider, std::size_t turns) {
    if (name == "v1-event") return run_events(provider, face::openai, turns);
    if (name == "api-event") return run_events(provider, face::openrouter, turns);
    if (name == "v1-json") return run_answers(provider, face::openai, turns);
    if (name == "api-json") return run_answers(provider, face::openrouter, turns);
    if (name == "inspect") return run_inspect(turns);
    if (name == "v1-prepare") return run_prepare(provider, face::openai, turns);
    if (name == "api-prepare") return run_prepare(provider, face::openrouter, turns);
    if (name == "chat-messages-prepare")
        return run_prepare(**make_adapter(*find_row("anthropic"), {}), face::openai, turns);
    if (name == "responses-chat-event")
        return run_translated("openai-responses", framing::events, protocol::chat, turns);
    if (name == "chat-responses-event")
        return run_translated("deepseek", framing::events, protocol::responses, turns);
    if (name == "converse-chat-event")
        return run_translated("amazon-bedrock", framing::event_stream, protocol::chat, turns);
    return 0;
}

}  // namespace

int main(int count, char** words) {
    const std::string_view name = count > 1 ? words[1] : "";
    const std::string_view turns_text = count > 2 ? words[2] : "1000";
    std::size_t turns = 0;
    std::from_chars(turns_text.data(), turns_text.data() + turns_text.size(), turns);
    const auto provider = make_adapter(*find_row("openai"), {});
    if (!provider || turns == 0) return EXIT_FAILURE;
    const auto began = std::chrono::steady_clock::now();
    const std::size_t proof = run_case(name, **provider, turns);
    const std::chrono::duration<double, std::nano> took = std::chrono::steady_clock::now() - began;
    if (proof == 0) {
        fmt::print(stderr, "no such case: {}\n", name);
        return EXIT_FAILURE;
    }
    fmt::print(
        "{}: {:.1f} ns a turn, {} in all\n", name, took.count() / static_cast<double>(turns), proof
    );
    return EXIT_SUCCESS;
}
