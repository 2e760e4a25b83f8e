#include "adapters/protocols/gemini/logprobs.hpp"

namespace spillway::adapters::gemini {

namespace {

void append_openai(json::value one, std::string& out) {
    const auto chance = one["logProbability"];
    out.append("{\"token\":\"").append(one["token"].string().raw).append("\",\"logprob\":");
    out.append(chance.is_number() ? chance.raw() : "0").append(",\"bytes\":null");
}

void append_google(json::value one, std::string& out) {
    const auto chance = one["logprob"];
    out.append("{\"token\":\"").append(one["token"].string().raw).append("\",\"logProbability\":");
    out.append(chance.is_number() ? chance.raw() : "0").append("}");
}

}  // namespace

void append_openai_logprobs(json::value result, std::string& out) {
    const auto tops = result["topCandidates"].elements();
    auto top = tops.begin();
    for (const auto chosen : result["chosenCandidates"].elements()) {
        if (!out.empty()) out.push_back(',');
        append_openai(chosen, out);
        out.append(",\"top_logprobs\":[");
        bool is_first = true;
        if (!(top == tops.end())) {
            for (const auto one : (*top)["candidates"].elements()) {
                if (!is_first) out.push_back(',');
                is_first = false;
                append_openai(one, out);
                out.push_back('}');
            }
            ++top;
        }
        out.append("]}");
    }
}

void append_google_logprobs(json::value content, std::string& out) {
    out.append("{\"chosenCandidates\":[");
    bool is_first = true;
    for (const auto one : content.elements()) {
        if (!is_first) out.push_back(',');
        is_first = false;
        append_google(one, out);
    }
    out.append("],\"topCandidates\":[");
    is_first = true;
    for (const auto one : content.elements()) {
        out.append(is_first ? "{\"candidates\":[" : ",{\"candidates\":[");
        is_first = false;
        bool is_first_top = true;
        for (const auto top : one["top_logprobs"].elements()) {
            if (!is_first_top) out.push_back(',');
            is_first_top = false;
            append_google(top, out);
        }
        out.append("]}");
    }
    out.append("]}");
}

}  // namespace spillway::adapters::gemini
