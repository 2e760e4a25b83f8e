#include "proxy/wire/head.hpp"

#include "proxy/base/bytes.hpp"
#include "proxy/wire/token_list.hpp"

namespace spillway::wire {

field_view head::operator[](std::size_t index) const noexcept {
    const field_span& at = spans_[index];
    return {ids_[index], piece(at.name, at.name_size), piece(at.value, at.value_size)};
}

std::string_view head::value(std::string_view name) const noexcept {
    for (std::size_t i = 0; i < count_; ++i) {
        const field_span& at = spans_[i];
        if (at.name_size != name.size()) continue;
        if (base::equals_ignoring_case(piece(at.name, at.name_size), name)) {
            return piece(at.value, at.value_size);
        }
    }
    return {};
}

bool head::connection_names(std::string_view name) const noexcept {
    if (!has(field::connection)) return false;
    for (std::size_t i = first_of(field::connection); i < count_; ++i) {
        if (ids_[i] != field::connection) continue;
        if (list_has_token(piece(spans_[i].value, spans_[i].value_size), name)) return true;
    }
    return false;
}

void head::reset_fields() noexcept {
    text_ = nullptr;
    present_ = {};
    repeated_ = {};
    scanned_ = 0;
    line_begin_ = 0;
    colon_ = 0;
    count_ = 0;
    blank_lines_ = 0;
    has_first_line_ = false;
    keep_alive_ = false;
    minor_ = 0;
}

void request_head::reset() noexcept {
    reset_fields();
    method_at_ = method_size_ = 0;
    target_at_ = target_size_ = 0;
    authority_at_ = authority_size_ = 0;
    method_ = method::other;
    expectation_ = expectation::none;
    absolute_ = false;
}

void response_head::reset() noexcept {
    reset_fields();
    status_ = 0;
    reason_at_ = reason_size_ = 0;
}

}  // namespace spillway::wire
