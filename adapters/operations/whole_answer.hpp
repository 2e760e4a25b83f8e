// What the translators of operations beside chat have in common: an answer that comes whole is collected to its end, and
// written anew or passed as it is. Lives as long as its answer, on one thread.
#pragma once

#include "adapters/answer.hpp"
#include "adapters/json/padded.hpp"
#include "adapters/registry.hpp"

#include <string>
#include <string_view>

namespace spillway::adapters::operations {

class whole_answer : public answer_translator {
public:
    void feed(std::string_view octets, piece_list& out) final;
    void finish(std::string_view last_octets, ending how, piece_list& out) final;

protected:
    whole_answer(
        const provider_row& row, const answer_context& context, std::string_view provider
    ) noexcept
        : row_{row}
        , context_{context}
        , provider_{provider} {}

    // The body is all there. Ends in tell() or in a failure.
    virtual void translate(padded_view body, piece_list& out) = 0;

    // REQUIRES: `text` lives as long as the translator.
    void tell(std::string_view text, piece_list& out);
    // The provider said what no client can use.
    void broken(std::string_view message);
    // The same, unless it said in a 200 why it cannot answer.
    void no_answer(std::string_view message);
    [[nodiscard]] std::string_view body() const noexcept { return {body_.data(), size_}; }

    const provider_row& row_;
    const answer_context context_;
    std::string_view provider_;

private:
    std::string body_;  // with its padding, once it is whole
    std::size_t size_ = 0;
};

}  // namespace spillway::adapters::operations
