// Writes Google's answers, whole, as server-sent events, or as one list that leaves piece by piece. Texts leave as they
// come; a call leaves when it is whole; the reason of the end and the usage stand in the last chunk only. One an answer.
#pragma once

#include "adapters/canonical/codec.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace spillway::adapters::gemini {

class encoder final : public canonical::answer_encoder {
public:
    explicit encoder(const answer_context& context);

    void take(const canonical::event& one) override;

private:
    enum class open_text : std::uint8_t { none, text, thought };

    struct candidate {
        std::uint32_t index = 0;
        open_text open = open_text::none;  // of a whole answer: the last part, not closed yet
        std::string parts;                 // of a whole answer
        std::string logprobs;              // elements, OpenAI's
        canonical::finish_reason why = canonical::finish_reason::stop;
        bool is_finished = false;
        std::string source_list;  // groundingChunks
        std::string stretches;    // groundingSupports
        std::uint32_t sources = 0;
    };
    struct open_call {
        std::uint32_t choice = 0;
        std::uint32_t tool = 0;
        std::uint32_t part = 0;
        std::string id;
        std::string name;
        std::string arguments;
        std::string signature;
    };

    void say(const canonical::event& one, open_text kind);
    void signature(const canonical::event& one);
    void start_call(const canonical::event& one);
    void end_call(open_call& call);
    void end_calls(std::uint32_t choice);
    void media(const canonical::event& one);
    void cite(const canonical::event& one);
    void finish(const canonical::event& one);
    void end();

    [[nodiscard]] candidate& candidate_of(std::uint32_t choice);
    [[nodiscard]] open_call* call_of(std::uint32_t choice, std::uint32_t tool) noexcept;
    [[nodiscard]] bool is_whole() const noexcept { return context_.how == delivery::whole; }
    // Between them the part is written to text_ or kept in the candidate.
    std::string& open_part(std::uint32_t choice);
    void close_part(std::uint32_t choice);
    void close_text(candidate& of, std::string_view signed_by);
    void open_chunk();
    void close_chunk();
    void append_last(candidate& one);

    const answer_context context_;
    std::string names_;  // ,"modelVersion":…,"responseId":…}
    std::vector<candidate> candidates_;
    std::vector<open_call> calls_;
    std::uint32_t thought_part_ = UINT32_MAX;  // the part that thoughts belong to
    usage tokens_;
    bool has_chunks_ = false;
    canonical::arena made_;
};

}  // namespace spillway::adapters::gemini
