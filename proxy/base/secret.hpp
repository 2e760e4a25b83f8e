// A string that is never printed and is wiped when it goes: provider keys, client keys. There is no stream
// operator and no fmt formatter on purpose; reveal() is the one word to search for in a review.
#pragma once

#include <string>
#include <string_view>

namespace spillway::base {

class secret {
public:
    secret() = default;
    explicit secret(std::string text) noexcept : text_{std::move(text)} {}
    secret(const secret&) = default;
    // By way of a copy: assigning to the string would leave the end of a longer text behind a shorter one.
    secret& operator=(const secret& other) { return *this = secret{other}; }
    secret(secret&& other) noexcept : text_{std::move(other.text_)} { other.wipe(); }
    secret& operator=(secret&& other) noexcept {
        if (this != &other) {
            wipe();
            text_ = std::move(other.text_);
            other.wipe();
        }
        return *this;
    }
    ~secret() { wipe(); }

    std::string_view reveal() const noexcept { return text_; }
    bool empty() const noexcept { return text_.empty(); }

private:
    void wipe() noexcept;

    std::string text_;
};

}  // namespace spillway::base
