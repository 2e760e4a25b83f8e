// A parsed message head: one block of text, owned by the caller, and a fixed table of offsets into it. Filled by
// head_parser, read by everybody after it. Nothing is copied or allocated. A head is used again for the next
// message after reset(). Invariant: every view handed out points into the text last given to the parser or to
// rebase(); whoever moves that text calls rebase() before anybody looks again.
#pragma once

#include "proxy/wire/field.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace spillway::wire {

enum class method : std::uint8_t {
    get,
    head,
    post,
    put,
    patch,
    delete_,
    options,
    connect,
    trace,
    other
};

// What the client asked for with Expect. HTTP/1.0 has no expectations (RFC 9110 10.1.1).
enum class expectation : std::uint8_t { none, continue_, unknown };

struct field_view {
    field id;
    std::string_view name;  // as it was spelled
    std::string_view value;
};

// Sixteen bits an offset: a head is at most 65,535 octets long.
struct field_span {
    std::uint16_t name;
    std::uint16_t value;
    std::uint16_t name_size;
    std::uint16_t value_size;
};

class head {
public:
    head(const head&) = delete;
    head& operator=(const head&) = delete;

    std::size_t size() const noexcept { return count_; }
    field_view operator[](std::size_t index) const noexcept;

    bool has(field id) const noexcept { return (present_[word(id)] & bit(id)) != 0; }
    template <std::size_t Size>
    bool has_any_of(const field_set<Size>& some) const noexcept {
        return ((present_[0] & some.bits[0]) | (present_[1] & some.bits[1])) != 0;
    }
    bool is_repeated(field id) const noexcept { return (repeated_[word(id)] & bit(id)) != 0; }

    // Value of the first field of that id; empty if there is none. REQUIRES: id is not unknown.
    std::string_view value(field id) const noexcept {
        if (!has(id)) return {};
        const field_span& at = spans_[first_of(id)];
        return piece(at.value, at.value_size);
    }
    // The same for any name, by comparing all of them. For names that are not interned.
    std::string_view value(std::string_view name) const noexcept;

    // True if a Connection field names `name`: such a field ends here (RFC 9110 7.6.1).
    bool connection_names(std::string_view name) const noexcept;

    unsigned version_minor() const noexcept { return minor_; }
    // HTTP/1.1 without "close"; always false for HTTP/1.0.
    bool keep_alive() const noexcept { return keep_alive_; }

    // The text has moved; it starts at `text` now.
    void rebase(const char* text) noexcept { text_ = text; }

protected:
    head(field_span* spans, field* ids, std::size_t room) noexcept
        : spans_{spans}
        , ids_{ids}
        , room_{static_cast<std::uint16_t>(room)} {}
    ~head() = default;

    void reset_fields() noexcept;
    std::string_view piece(std::size_t offset, std::size_t size) const noexcept {
        return {text_ + offset, size};
    }

private:
    template <class>
    friend class head_reader;

    static constexpr std::size_t word(field id) noexcept {
        return static_cast<std::size_t>(id) / 64;
    }
    static constexpr std::uint64_t bit(field id) noexcept {
        return std::uint64_t{1} << (static_cast<std::size_t>(id) % 64);
    }

    std::size_t first_of(field id) const noexcept {
        return static_cast<std::size_t>(first_[static_cast<std::size_t>(id)]);
    }

    static_assert(field_count <= 128);

    const char* text_ = nullptr;
    field_span* spans_;
    field* ids_;
    std::array<std::uint64_t, 2> present_{};
    std::array<std::uint64_t, 2> repeated_{};
    std::uint32_t scanned_ = 0;     // everything before it has been looked at
    std::uint32_t line_begin_ = 0;  // where the line being read starts
    std::uint32_t colon_ = 0;       // the first one in that line; 0 if not seen yet
    std::uint16_t room_;
    std::uint16_t count_ = 0;
    std::uint8_t blank_lines_ = 0;  // before the first line
    bool has_first_line_ = false;
    bool keep_alive_ = false;
    std::uint8_t minor_ = 0;
    // No type that may alias every other: the parser writes one a field.
    enum class place : std::uint8_t {};
    std::array<place, field_count> first_;  // index of the first field of an id, valid if present
};

template <std::size_t Room>
struct field_storage {
    std::array<field_span, Room> spans;
    std::array<field, Room> ids;
};

inline constexpr std::size_t max_request_fields = 100;
inline constexpr std::size_t max_response_fields = 256;

class request_head : private field_storage<max_request_fields>, public head {
public:
    request_head() noexcept : head{spans.data(), ids.data(), max_request_fields} {}
    void reset() noexcept;

    wire::method method() const noexcept { return method_; }
    std::string_view method_text() const noexcept { return piece(method_at_, method_size_); }
    // Path and query as sent; of an absolute-form target without scheme and authority, so possibly empty.
    std::string_view target() const noexcept { return piece(target_at_, target_size_); }
    // Host, or the authority of an absolute-form target: the parser has made sure that they agree.
    std::string_view authority() const noexcept { return piece(authority_at_, authority_size_); }
    wire::expectation expectation() const noexcept { return expectation_; }

private:
    friend class request_reader;

    std::uint16_t method_at_ = 0;
    std::uint16_t method_size_ = 0;
    std::uint16_t target_at_ = 0;
    std::uint16_t target_size_ = 0;
    std::uint16_t authority_at_ = 0;
    std::uint16_t authority_size_ = 0;
    wire::method method_ = method::other;
    wire::expectation expectation_ = expectation::none;
    bool absolute_ = false;
};

class response_head : private field_storage<max_response_fields>, public head {
public:
    response_head() noexcept : head{spans.data(), ids.data(), max_response_fields} {}
    void reset() noexcept;

    unsigned status() const noexcept { return status_; }
    bool is_interim() const noexcept { return status_ < 200; }
    std::string_view reason() const noexcept { return piece(reason_at_, reason_size_); }

private:
    friend class response_reader;

    std::uint16_t status_ = 0;
    std::uint16_t reason_at_ = 0;
    std::uint16_t reason_size_ = 0;
};

}  // namespace spillway::wire
