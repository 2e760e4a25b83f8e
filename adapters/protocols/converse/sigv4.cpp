#include "adapters/protocols/converse/sigv4.hpp"

#include <fmt/format.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <memory>

namespace spillway::adapters::converse {

namespace {

using digest = std::array<unsigned char, 32>;

constexpr std::string_view algorithm = "AWS4-HMAC-SHA256";
constexpr std::string_view terminator = "aws4_request";

std::string_view view_of(const digest& octets) noexcept {
    return {reinterpret_cast<const char*>(octets.data()), octets.size()};
}

std::string hexadecimal(std::string_view octets) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string text;
    text.reserve(octets.size() * 2);
    for (const char octet : octets) {
        const auto value = static_cast<unsigned char>(octet);
        text.push_back(digits[value >> 4]);
        text.push_back(digits[value & 0xfU]);
    }
    return text;
}

// Of memory it can have, OpenSSL's SHA-256 does not fail.
digest sha256(std::span<const std::string_view> pieces) {
    struct closer {
        void operator()(EVP_MD_CTX* of) const noexcept { EVP_MD_CTX_free(of); }
    };
    const std::unique_ptr<EVP_MD_CTX, closer> context{EVP_MD_CTX_new()};
    digest sum{};
    EVP_DigestInit_ex(context.get(), EVP_sha256(), nullptr);
    for (const std::string_view piece : pieces)
        EVP_DigestUpdate(context.get(), piece.data(), piece.size());
    EVP_DigestFinal_ex(context.get(), sum.data(), nullptr);
    return sum;
}

digest hmac(std::string_view key, std::string_view text) {
    digest sum{};
    HMAC(
        EVP_sha256(),
        key.data(),
        static_cast<int>(key.size()),
        reinterpret_cast<const unsigned char*>(text.data()),
        text.size(),
        sum.data(),
        nullptr
    );
    return sum;
}

bool is_unreserved(char c) noexcept {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == '.' || c == '~';
}

void append_encoded(std::string& out, std::string_view text) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    for (const char c : text) {
        if (is_unreserved(c)) {
            out.push_back(c);
            continue;
        }
        const auto value = static_cast<unsigned char>(c);
        out.push_back('%');
        out.push_back(digits[value >> 4]);
        out.push_back(digits[value & 0xfU]);
    }
}

// Dot segments and empty ones go; each other segment is encoded as it stands.
std::string canonical_path(std::string_view path) {
    std::vector<std::string_view> kept;
    const bool ends_open = path.ends_with('/') || path.ends_with("/.") || path.ends_with("/..");
    while (!path.empty()) {
        const std::size_t end = std::min(path.find('/'), path.size());
        const std::string_view segment = path.substr(0, end);
        path.remove_prefix(std::min(end + 1, path.size()));
        if (segment == "..") {
            if (!kept.empty()) kept.pop_back();
        } else if (!segment.empty() && segment != ".") {
            kept.push_back(segment);
        }
    }
    std::string made;
    for (const std::string_view segment : kept) {
        made.push_back('/');
        append_encoded(made, segment);
    }
    if (made.empty() || ends_open) made.push_back('/');
    return made;
}

int value_of_digit(char c) noexcept {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

// A query is sent encoded and signed encoded once, unlike the path: one spelling for what may be spelled in several.
std::string encoded_once(std::string_view text) {
    std::string plain;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool has_digits = text[i] == '%' && text.size() - i > 2 &&
                                value_of_digit(text[i + 1]) >= 0 &&
                                value_of_digit(text[i + 2]) >= 0;
        if (!has_digits) {
            plain.push_back(text[i]);
            continue;
        }
        plain.push_back(
            static_cast<char>(value_of_digit(text[i + 1]) << 4 | value_of_digit(text[i + 2]))
        );
        i += 2;
    }
    std::string made;
    append_encoded(made, plain);
    return made;
}

std::string canonical_query(std::string_view query) {
    struct pair {
        std::string name;
        std::string value;
    };
    std::vector<pair> pairs;
    while (!query.empty()) {
        const std::size_t end = std::min(query.find('&'), query.size());
        const std::string_view one = query.substr(0, end);
        query.remove_prefix(std::min(end + 1, query.size()));
        if (one.empty()) continue;
        const std::size_t sign = std::min(one.find('='), one.size());
        pairs.push_back(
            {encoded_once(one.substr(0, sign)),
             encoded_once(one.substr(std::min(sign + 1, one.size())))}
        );
    }
    std::ranges::sort(pairs, [](const pair& a, const pair& b) {
        return a.name != b.name ? a.name < b.name : a.value < b.value;
    });
    std::string made;
    for (const pair& one : pairs) {
        if (!made.empty()) made.push_back('&');
        made.append(one.name).append("=").append(one.value);
    }
    return made;
}

bool is_space(char c) noexcept {
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

// Without the spaces around it, and one for several inside.
std::string folded(std::string_view value) {
    std::string made;
    for (const char c : value) {
        if (!is_space(c)) {
            made.push_back(c);
        } else if (!made.empty() && made.back() != ' ') {
            made.push_back(' ');
        }
    }
    if (made.ends_with(' ')) made.pop_back();
    return made;
}

struct signed_field {
    std::string name;
    std::string value;
};

// In the order they are signed in; values of one name are joined in the order they are sent in.
std::vector<signed_field>
signed_fields(const request_to_sign& what, const aws_credentials& who, const amz_time& when) {
    std::vector<signed_field> all;
    const auto add = [&all](std::string_view name, std::string_view value) {
        std::string small{name};
        for (char& c : small)
            c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
        const auto known = std::ranges::find(all, small, &signed_field::name);
        if (known == all.end()) {
            all.push_back({std::move(small), folded(value)});
        } else {
            known->value.append(",").append(folded(value));
        }
    };
    for (const head_field_view& field : what.fields)
        add(field.name, field.value);
    add("x-amz-date", when.text());
    if (!who.session_token.empty()) add("x-amz-security-token", who.session_token);
    std::ranges::sort(all, {}, &signed_field::name);
    return all;
}

std::string joined_names(const std::vector<signed_field>& fields) {
    std::string names;
    for (const signed_field& one : fields) {
        if (!names.empty()) names.push_back(';');
        names.append(one.name);
    }
    return names;
}

std::string canonical_request_of(
    const request_to_sign& what, const std::vector<signed_field>& fields, std::string_view names
) {
    const std::size_t mark = std::min(what.target.find('?'), what.target.size());
    const std::string_view query = what.target.substr(std::min(mark + 1, what.target.size()));
    std::string text = fmt::format(
        "{}\n{}\n{}\n",
        what.method,
        canonical_path(what.target.substr(0, mark)),
        canonical_query(query)
    );
    for (const signed_field& one : fields)
        fmt::format_to(std::back_inserter(text), "{}:{}\n", one.name, one.value);
    return fmt::format("{}\n{}\n{}", text, names, what.payload_hash);
}

std::string scope_text(const signing_scope& scope, const amz_time& when) {
    return fmt::format("{}/{}/{}/{}", when.day(), scope.region, scope.service, terminator);
}

}  // namespace

amz_time::amz_time(std::chrono::system_clock::time_point when) {
    const auto second = std::chrono::floor<std::chrono::seconds>(when);
    const auto day = std::chrono::floor<std::chrono::days>(second);
    const std::chrono::year_month_day date{day};
    const std::chrono::hh_mm_ss time{second - day};
    fmt::format_to_n(
        text_.data(),
        text_.size(),
        "{:04}{:02}{:02}T{:02}{:02}{:02}Z",
        static_cast<int>(date.year()),
        static_cast<unsigned>(date.month()),
        static_cast<unsigned>(date.day()),
        time.hours().count(),
        time.minutes().count(),
        time.seconds().count()
    );
}

signing_key::signing_key(
    std::string_view secret_key, std::string_view day, const signing_scope& scope
) {
    day.copy(day_.data(), day_.size());
    const digest of_day = hmac(fmt::format("AWS4{}", secret_key), day);
    const digest of_region = hmac(view_of(of_day), scope.region);
    octets_ = hmac(view_of(hmac(view_of(of_region), scope.service)), terminator);
}

bool signing_key::is_for(std::string_view day) const noexcept {
    return day == std::string_view{day_.data(), day_.size()};
}

std::string_view signing_key::octets() const noexcept {
    return view_of(octets_);
}

std::string payload_hash(std::span<const std::string_view> pieces) {
    return hexadecimal(view_of(sha256(pieces)));
}

std::string
canonical_request(const request_to_sign& what, const aws_credentials& who, const amz_time& when) {
    const std::vector<signed_field> fields = signed_fields(what, who, when);
    return canonical_request_of(what, fields, joined_names(fields));
}

std::string string_to_sign(
    std::string_view canonical_request, const signing_scope& scope, const amz_time& when
) {
    return fmt::format(
        "{}\n{}\n{}\n{}",
        algorithm,
        when.text(),
        scope_text(scope, when),
        payload_hash(std::span{&canonical_request, 1})
    );
}

std::vector<head_field> sign(
    const request_to_sign& what,
    const aws_credentials& who,
    const signing_key& key,
    const signing_scope& scope,
    const amz_time& when
) {
    const std::vector<signed_field> fields = signed_fields(what, who, when);
    const std::string names = joined_names(fields);
    const std::string text = string_to_sign(canonical_request_of(what, fields, names), scope, when);
    std::vector<head_field> made;
    made.push_back({"x-amz-date", std::string{when.text()}});
    if (!who.session_token.empty())
        made.push_back({"x-amz-security-token", std::string{who.session_token}});
    made.push_back(
        {"authorization",
         fmt::format(
             "{} Credential={}/{}, SignedHeaders={}, Signature={}",
             algorithm,
             who.access_key,
             scope_text(scope, when),
             names,
             hexadecimal(view_of(hmac(key.octets(), text)))
         )}
    );
    return made;
}

}  // namespace spillway::adapters::converse
