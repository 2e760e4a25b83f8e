#include "adapters/registry.hpp"

#include "adapters/base_url.hpp"
#include "adapters/native_adapter.hpp"
#include "adapters/protocols/chat/chat_adapter.hpp"
#include "adapters/providers/tables.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace spillway::adapters {

namespace {

constexpr std::size_t all_rows = 56;

// The families one behind the other; made at the first call, never changed.
struct all_tables {
    all_tables() {
        auto next = rows.begin();
        for (auto family : {openai_family_rows(), open_host_rows(), native_rows(), local_rows()}) {
            next = std::copy(family.begin(), family.end(), next);
        }
    }
    std::array<provider_row, all_rows> rows;
};

bool same_name(std::string_view a, std::string_view b) noexcept {
    auto lower = [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    };
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [&](char x, char y) {
        return lower(x) == lower(y);
    });
}

bool is_field_text(std::string_view text) noexcept {
    return std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c != 0x7f; });
}

// Puts the label in place of every mark. False: there is a mark, and the text is no label of a host's name.
bool fill_in(std::string& url, std::string_view mark, std::string_view text) {
    const bool is_label = !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
    });
    for (auto at = url.find(mark); at != url.npos; at = url.find(mark)) {
        if (!is_label) return false;
        url.replace(at, mark.size(), text);
    }
    return true;
}

problem wrong(const provider_row& row, std::string_view what) {
    return make_problem(error_class::bad_request, fmt::format("provider {}: {}", row.name, what));
}

}  // namespace

std::span<const provider_row> rows() noexcept {
    static const all_tables tables;
    return tables.rows;
}

const provider_row* find_row(std::string_view name) noexcept {
    for (const auto& row : rows()) {
        if (same_name(row.name, name) || same_name(row.display_name, name)) return &row;
    }
    return nullptr;
}

provider_row generic_row(protocol speaks) noexcept {
    provider_row row;
    row.speaks = speaks;
    switch (speaks) {
    case protocol::chat:
    case protocol::responses:
    case protocol::cohere: break;
    case protocol::messages: row.auth = auth_style::x_api_key; break;
    case protocol::gemini:
        row.auth = auth_style::x_goog_api_key;
        row.url = url_style::gemini;
        break;
    case protocol::converse:
        row.auth = auth_style::aws;
        row.url = url_style::bedrock;
        break;
    case protocol::ollama: row.auth = auth_style::none; break;
    }
    return row;
}

result<std::unique_ptr<adapter>>
make_adapter(const provider_row& row, const account_settings& settings) {
    std::string address = settings.base_url;
    if (address.empty()) {
        address = row.base_url;
        const bool is_whole = fill_in(address, "{region}", settings.region) &&
                              fill_in(address, "{project}", settings.project);
        if (!is_whole) return wrong(row, "a region and a project are small letters, digits and -.");
    }
    if (address.empty()) return wrong(row, "a base URL is needed.");
    auto base = parse_base_url(regional_host(std::move(address)));
    if (!base) return wrong(row, base.error().message);
    auto version_is_plain = [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || c == '-';
    };
    const auto& version = settings.api_version;
    if (!std::all_of(version.begin(), version.end(), version_is_plain)) {
        return wrong(row, "the api-version is digits, small letters and dashes.");
    }
    if (!is_field_text(settings.access_key_id) || !is_field_text(settings.session_token)) {
        return wrong(row, "the access key and the session token must be printable.");
    }
    if (!is_field_text(settings.organization) || !is_field_text(settings.project)) {
        return wrong(row, "organization and project must be printable.");
    }
    for (const auto& field : settings.extra_fields) {
        if (field.name.empty() || !is_field_text(field.name) || !is_field_text(field.value)) {
            return wrong(row, "a head field is not printable.");
        }
    }
    if (row.speaks == protocol::chat) {
        return std::unique_ptr<adapter>{
            std::make_unique<chat::chat_adapter>(row, settings, std::move(*base))};
    }
    return std::unique_ptr<adapter>{
        std::make_unique<native_adapter>(row, settings, std::move(*base))};
}

}  // namespace spillway::adapters
