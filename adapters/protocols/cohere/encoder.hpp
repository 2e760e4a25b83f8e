// Writes answers for clients of Cohere's dialect, whole and streamed. One object an answer.
#pragma once

#include "adapters/canonical/codec.hpp"
#include "adapters/json/writer.hpp"

#include <string>
#include <vector>

namespace spillway::adapters::cohere {

class encoder final : public canonical::answer_encoder {
public:
    explicit encoder(const answer_context& context) : context_{context} {}

    void take(const canonical::event& one) override;

private:
    enum class channel : std::uint8_t { none, text, thought };

    struct call {
        std::uint32_t tool = 0;
        std::string id;
        std::string name;
        std::string arguments;  // of a whole answer
        bool has_arguments = false;
        bool is_over = false;
    };

    void begin();
    void say(channel what, canonical::escaped text);
    void close_content();
    void tool_start(const canonical::event& one);
    void tool_arguments(const canonical::event& one);
    void tool_end(call& one);
    void citation(const canonical::event& one);
    void end();
    void write_whole();
    void write_end_of_stream();
    void write_usage();
    [[nodiscard]] call* find(std::uint32_t tool) noexcept;
    [[nodiscard]] std::size_t number_of(const call& one) const noexcept;
    [[nodiscard]] std::string_view finish_word() const noexcept;
    // Begins an event up to its delta.
    void event_head(std::string_view type, std::size_t index);
    [[nodiscard]] bool is_whole() const noexcept { return context_.how == delivery::whole; }

    const answer_context context_;
    std::string content_;    // of a whole answer
    std::string citations_;  // the same
    std::size_t citation_count_ = 0;
    std::vector<call> calls_;
    channel open_ = channel::none;
    std::size_t index_ = 0;  // of the open content
    bool has_begun_ = false;
    canonical::finish_reason why_ = canonical::finish_reason::stop;
    bool met_stop_ = false;
    usage tokens_;
};

}  // namespace spillway::adapters::cohere
