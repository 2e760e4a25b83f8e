// Builds one outgoing head at the end of a string that its user owns and uses again. Everything that could end a
// line or a name early is refused here, once for the whole gateway (S-H8): one bad piece breaks the head, and
// finish() takes back what was written. Used on one thread; lives as long as one head is being built.
#pragma once

#include "proxy/base/failure.hpp"
#include "proxy/base/pen.hpp"
#include "proxy/wire/field.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace spillway::wire {

// The registered reason, or an empty text.
std::string_view reason_of(unsigned status) noexcept;

// A field name that is known when we compile, and checked then.
class fixed_name {
public:
    template <std::size_t Size>
    consteval fixed_name(const char (&name)[Size]) : text_{name, Size - 1} {
        for (const char c : text_) {
            const bool is_plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
            if (!is_plain) throw "a field name is made of small letters, digits and '-'";
        }
    }
    constexpr std::string_view text() const noexcept { return text_; }

private:
    std::string_view text_;
};

// While it is being built, the string is longer than the head: finish() cuts it to what was written.
class head_writer {
public:
    explicit head_writer(std::string& out);
    head_writer(const head_writer&) = delete;
    head_writer& operator=(const head_writer&) = delete;

    void request_line(std::string_view method, std::string_view target);
    void status_line(unsigned status);

    void add(std::string_view name, std::string_view value);
    void add_fixed(fixed_name name, std::string_view value) { put(name.text(), value); }
    void add(field id, std::string_view value);
    void add(field id, std::uint64_t number);

    // Ends the head. ENSURES: on failure the string is as long as it was at the beginning.
    [[nodiscard]] result<> finish();
    // The same, but the head stays open: its user appends lines of its own and the empty one.
    [[nodiscard]] result<> finish_open();

private:
    void put(std::string_view name, std::string_view value);
    // A pen with room for so many octets; what it wrote counts once it is told to wrote_up_to().
    base::pen make_room(std::size_t octets) {
        if (static_cast<std::size_t>(end_ - at_) < octets) [[unlikely]]
            grow(octets);
        return base::pen{at_};
    }
    void wrote_up_to(const base::pen& pen) noexcept { at_ = pen.at(); }
    void grow(std::size_t octets);

    std::string& out_;
    std::size_t start_;
    char* at_ = nullptr;   // next octet to write
    char* end_ = nullptr;  // of the room in `out_`
    bool broken_ = false;
};

}  // namespace spillway::wire
