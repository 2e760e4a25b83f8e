// Ollama's errors: {"error":"…"}, as a body or as a line among the answer's; its cloud may answer as OpenAI does.
#include "adapters/json/writer.hpp"
#include "adapters/protocols/ollama/codec.hpp"
#include "adapters/provider_words.hpp"

namespace spillway::adapters::ollama {

namespace {

// The pull of a model nobody asked for would take hours: a missing one is missing.
error_class kind_of(int status, const provider_words& what) noexcept {
    if (what.message.contains("maximum pending requests")) return error_class::overload;
    if (what.message.contains("exceeds maximum context")) return error_class::context_length;
    return adapters::class_of(status, what);
}

std::string render(const problem& why) {
    std::string out{"{\"error\":"};
    json::append_string(out, why.message);
    return out.append("}");
}

}  // namespace

problem explain(
    const answer_head& head, std::string_view body, const provider_row&, std::string_view provider
) {
    auto words = words_of(body);
    const auto kind = kind_of(head.status, words);
    auto out = problem_of(std::move(words), kind, head.status, body, provider);
    out.retry_after = retry_after_of(head);
    return out;
}

// The runner died, or was told to: there is no status to tell.
problem explain_inside(std::string_view object, std::string_view provider) {
    auto words = words_of(object);
    const auto kind = class_of_words(words);
    if (words.message.empty()) words.message = "The provider reported an error.";
    return problem_of(std::move(words), kind, 0, object, provider);
}

std::string render_problem(const problem& why, face, std::string_view) {
    return render(why);
}

std::string render_stream_problem(const problem& why, const answer_context&) {
    return render(why).append("\n");
}

}  // namespace spillway::adapters::ollama
