// Writes Ollama's answers, whole or a line a piece; of /api/generate where the client asked that. A call leaves when it
// is whole; the last line says done, why, and what was counted. One an answer.
#pragma once

#include "adapters/canonical/codec.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace spillway::adapters::ollama {

class encoder final : public canonical::answer_encoder {
public:
    explicit encoder(const answer_context& context);

    void take(const canonical::event& one) override;

private:
    struct open_call {
        std::uint32_t tool = 0;
        std::string id;
        std::string name;
        std::string arguments;
    };

    void say(const canonical::event& one, std::string_view member);
    void show(const canonical::event& one);
    void end_call(open_call& call);
    void end_calls();
    void end();

    [[nodiscard]] open_call* call_of(std::uint32_t tool) noexcept;
    [[nodiscard]] bool is_whole() const noexcept { return context_.how == delivery::whole; }
    [[nodiscard]] bool generates() const noexcept {
        return context_.what == operation::completions;
    }
    // {"model":…,"created_at":…,"message":{…
    void open_line(std::string_view content);
    void close_line();
    void append_counts();

    const answer_context context_;
    std::string front_;  // what each line begins with
    std::string content_;
    std::string thinking_;
    std::string images_;
    std::string call_list_;
    std::string probabilities_;
    std::vector<open_call> calls_;
    canonical::finish_reason why_ = canonical::finish_reason::stop;
    usage tokens_;
    canonical::arena made_;
};

}  // namespace spillway::adapters::ollama
