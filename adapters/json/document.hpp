// A JSON text read once, strictly, into a flat list of nodes that view into it: for translators, which need most of
// what is there, in any order, with every text in the spelling it came in. Read again and again by one owner so
// that the list's memory is reused. Values are handles into their document and die with its next read().
#pragma once

#include "adapters/json/padded.hpp"
#include "adapters/json/spelled.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

namespace spillway::adapters::json {

enum class kind : std::uint8_t { absent, null, boolean, number, string, array, object };

struct node {
    const char* begin;
    std::uint32_t size;
    std::uint32_t
        behind;  // number of the node behind this one and all it contains; while it is open: of the one around it
    json::kind kind;
};

class elements_view;
class members_view;

class value {
public:
    constexpr value() noexcept = default;

    [[nodiscard]] json::kind kind() const noexcept { return at_ ? at_->kind : kind::absent; }
    [[nodiscard]] bool is(json::kind what) const noexcept { return kind() == what; }
    // Present and not null.
    [[nodiscard]] explicit operator bool() const noexcept { return at_ && at_->kind != kind::null; }
    [[nodiscard]] bool is_true() const noexcept { return is(kind::boolean) && at_->size == 4; }
    [[nodiscard]] bool is_false() const noexcept { return is(kind::boolean) && at_->size == 5; }
    [[nodiscard]] bool is_string() const noexcept { return is(kind::string); }
    [[nodiscard]] bool is_object() const noexcept { return is(kind::object); }
    [[nodiscard]] bool is_array() const noexcept { return is(kind::array); }
    [[nodiscard]] bool is_number() const noexcept { return is(kind::number); }

    // As it stands; empty if absent.
    [[nodiscard]] std::string_view raw() const noexcept {
        return at_ ? std::string_view{at_->begin, at_->size} : std::string_view{};
    }
    // As it stands; empty if absent or null.
    [[nodiscard]] raw_value text() const noexcept { return *this ? raw_value{raw()} : raw_value{}; }
    // The inside of a string; empty for anything else.
    [[nodiscard]] escaped string() const noexcept {
        if (!is_string()) return {};
        return {{at_->begin + 1, at_->size - 2U}};
    }
    // A string that reads exactly so.
    [[nodiscard]] bool equals(std::string_view word) const noexcept {
        return is_string() && string().raw == word;
    }
    template <std::size_t Size>
    [[nodiscard]] bool equals(const char (&word)[Size]) const noexcept {
        return is_string() && reads(word);
    }
    // A non-negative whole number (1.0 and 1e2 are none).
    [[nodiscard]] std::optional<std::uint64_t> count() const noexcept;

    // The first member of that name; absent for none, and if this is no object. Names are compared as they are
    // spelled: an escaped spelling of an ASCII name is not found.
    [[nodiscard]] value operator[](std::string_view name) const noexcept;
    // The same for a name known when we compile: no call for each comparison.
    template <std::size_t Size>
    [[nodiscard]] value operator[](const char (&name)[Size]) const noexcept;
    [[nodiscard]] elements_view elements() const noexcept;  // of an array; empty for anything else
    [[nodiscard]] members_view members() const noexcept;    // of an object; empty for anything else
    [[nodiscard]] bool is_empty() const noexcept;           // no elements or members

private:
    friend class document;
    friend class elements_view;
    friend class members_view;
    constexpr value(const node* all, const node* at) noexcept : all_{all}, at_{at} {}

    // Between its quotes. REQUIRES: a string.
    template <std::size_t Size>
    [[nodiscard]] bool reads(const char (&word)[Size]) const noexcept {
        constexpr std::size_t quotes = 2;
        return at_->size == Size - 1 + quotes &&
               __builtin_memcmp(at_->begin + 1, word, Size - 1) == 0;
    }

    const node* all_ = nullptr;
    const node* at_ = nullptr;
};

template <std::size_t Size>
value value::operator[](const char (&name)[Size]) const noexcept {
    if (!is_object()) return {};
    const node* const end = all_ + at_->behind;
    for (value one{all_, at_ + 1}; one.at_ != end; one.at_ = all_ + one.at_[1].behind) {
        if (one.reads(name)) return {all_, one.at_ + 1};
    }
    return {};
}

class elements_view {
public:
    class iterator {
    public:
        iterator(const node* all, const node* at) noexcept : all_{all}, at_{at} {}
        [[nodiscard]] value operator*() const noexcept { return {all_, at_}; }
        iterator& operator++() noexcept {
            at_ = all_ + at_->behind;
            return *this;
        }
        [[nodiscard]] bool operator==(const iterator& other) const noexcept {
            return at_ == other.at_;
        }

    private:
        const node* all_;
        const node* at_;
    };

    [[nodiscard]] iterator begin() const noexcept { return {all_, first_}; }
    [[nodiscard]] iterator end() const noexcept { return {all_, last_}; }

private:
    friend class value;
    elements_view(const node* all, const node* first, const node* last) noexcept
        : all_{all}
        , first_{first}
        , last_{last} {}

    const node* all_;
    const node* first_;
    const node* last_;
};

struct member_value {
    std::string_view name;  // as spelled, without quotes
    json::value value;
};

class members_view {
public:
    class iterator {
    public:
        iterator(const node* all, const node* at) noexcept : all_{all}, at_{at} {}
        [[nodiscard]] member_value operator*() const noexcept {
            return {{at_->begin + 1, at_->size - 2U}, value{all_, at_ + 1}};
        }
        iterator& operator++() noexcept {
            at_ = all_ + at_[1].behind;
            return *this;
        }
        [[nodiscard]] bool operator==(const iterator& other) const noexcept {
            return at_ == other.at_;
        }

    private:
        const node* all_;
        const node* at_;
    };

    [[nodiscard]] iterator begin() const noexcept { return {all_, first_}; }
    [[nodiscard]] iterator end() const noexcept { return {all_, last_}; }

private:
    friend class value;
    members_view(const node* all, const node* first, const node* last) noexcept
        : all_{all}
        , first_{first}
        , last_{last} {}

    const node* all_;
    const node* first_;
    const node* last_;
};

inline elements_view value::elements() const noexcept {
    if (!is_array()) return {nullptr, nullptr, nullptr};
    return {all_, at_ + 1, all_ + at_->behind};
}

inline members_view value::members() const noexcept {
    if (!is_object()) return {nullptr, nullptr, nullptr};
    return {all_, at_ + 1, all_ + at_->behind};
}

class document {
public:
    // False: the text is not one valid JSON value (RFC 8259, UTF-8, depth up to 512). Values of an earlier text end.
    [[nodiscard]] bool read(padded_view text);
    [[nodiscard]] value root() const noexcept {
        return count_ == 0 ? value{} : value{nodes_.get(), nodes_.get()};
    }

private:
    [[nodiscard]] bool read_nodes(class walker& walk);
    void grow(std::uint32_t count);

    std::unique_ptr<node[]> nodes_;  // [0, count_); a member's name comes before its value
    std::uint32_t count_ = 0;
    std::uint32_t room_ = 0;
};

}  // namespace spillway::adapters::json
