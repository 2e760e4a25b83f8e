// A fixed set of member names and their numbers, looked up in one probe: perfect hashing over the first eight
// octets and the length, then one comparison. The factor that parts all names is searched at compile time.
#pragma once

#include "adapters/json/vector.hpp"

#include <array>
#include <bit>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace spillway::adapters::json {

template <std::size_t Count, std::size_t Slots = std::bit_ceil(Count* Count / 3)>
class name_table {
    static_assert(Count < 0xff);

public:
    static constexpr std::uint8_t none = 0xff;
    static constexpr std::size_t longest = 32;  // of the names

    constexpr explicit name_table(const std::array<std::string_view, Count>& names) {
        for (std::size_t i = 0; i < Count; ++i) {
            if (names[i].size() > longest) throw "a name is too long";  // stops the compiler
            entries_[i].size = names[i].size();
            entries_[i].word = first_word(names[i]);
            names[i].copy(entries_[i].name.data(), longest);
        }
        while (!place())
            factor_ = factor_ * 0xd134'2543'de82'ef95U + 2;  // stays odd
    }

    // REQUIRES: `longest` octets are readable from name.data().
    [[nodiscard]] std::uint8_t find(std::string_view name) const noexcept {
        const auto word = load_word(name);
        const auto number = slots_[slot_of(word, name.size())];
        if (number == none) return none;
        const auto& found = entries_[number];
        if (found.size != name.size()) return none;
        return are_same<longest>(found.name.data(), name.data(), name.size()) ? number : none;
    }
    // The same for a name in memory of any size.
    [[nodiscard]] std::uint8_t find_copied(std::string_view name) const noexcept {
        if (name.size() > longest) return none;
        std::array<char, longest> room{};
        name.copy(room.data(), name.size());
        return find({room.data(), name.size()});
    }

private:
    struct entry {
        std::array<char, longest> name{};
        std::uint64_t word = 0;
        std::size_t size = 0;
    };

    constexpr bool place() {
        slots_.fill(none);
        for (std::size_t i = 0; i < Count; ++i) {
            auto& slot = slots_[slot_of(entries_[i].word, entries_[i].size)];
            if (slot != none) return false;
            slot = static_cast<std::uint8_t>(i);
        }
        return true;
    }
    static constexpr std::uint64_t first_word(std::string_view name) noexcept {
        std::uint64_t word = 0;
        for (std::size_t i = 0; i < name.size() && i < 8; ++i) {
            word |= std::uint64_t{static_cast<unsigned char>(name[i])} << (8 * i);
        }
        return word;
    }
    static std::uint64_t load_word(std::string_view name) noexcept {
        if constexpr (std::endian::native != std::endian::little) return first_word(name);
        if (name.empty()) return 0;
        std::uint64_t word = 0;
        std::memcpy(&word, name.data(), sizeof word);
        return name.size() >= 8 ? word : word & ~(~std::uint64_t{0} << (8 * name.size()));
    }
    [[nodiscard]] constexpr std::size_t
    slot_of(std::uint64_t word, std::size_t size) const noexcept {
        auto mixed = (word + size * 0x9e37'79b9U) * factor_;
        return static_cast<std::size_t>(mixed >> (64 - std::countr_zero(Slots)));
    }

    std::array<entry, Count> entries_{};
    std::array<std::uint8_t, Slots> slots_{};
    std::uint64_t factor_ = 0x9e37'79b9'7f4a'7c15U;
};

}  // namespace spillway::adapters::json
