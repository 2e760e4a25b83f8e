// AWS Signature Version 4: the head fields that prove who sends a request. Pure: the time comes in, and the caller
// keeps the signing key, which is good for one day, region and service. What is signed must be sent as it is:
// the target octet for octet, each field with its value.
#pragma once

#include "adapters/adapter.hpp"

#include <array>
#include <chrono>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace spillway::adapters::converse {

struct aws_credentials {
    std::string_view access_key;
    std::string_view secret_key;
    std::string_view session_token;  // of temporary credentials; empty: none
};

struct signing_scope {
    std::string_view region;
    std::string_view service;  // "bedrock"
};

// "20150830T123600Z" and, in front, the day.
class amz_time {
public:
    // Years 0 to 9999.
    explicit amz_time(std::chrono::system_clock::time_point when);

    [[nodiscard]] std::string_view text() const noexcept { return {text_.data(), text_.size()}; }
    [[nodiscard]] std::string_view day() const noexcept { return text().substr(0, 8); }

private:
    std::array<char, 16> text_{};
};

// Derived from the secret, and as secret as that.
class signing_key {
public:
    signing_key(std::string_view secret_key, std::string_view day, const signing_scope& scope);

    [[nodiscard]] bool is_for(std::string_view day) const noexcept;
    [[nodiscard]] std::string_view octets() const noexcept;

private:
    std::array<char, 8> day_{};
    std::array<unsigned char, 32> octets_{};
};

// Hexadecimal SHA-256 of a body in pieces.
[[nodiscard]] std::string payload_hash(std::span<const std::string_view> pieces);

struct request_to_sign {
    std::string_view method;
    std::string_view
        target;  // path and query as they are sent: what is encoded there is encoded once more
    // To be signed beside the date and the token: `host` as it is sent, content-type if there is one, x-amz-*.
    std::span<const head_field_view> fields;
    std::string_view payload_hash;
};

// Shown to a user whose signature is refused, and to tests.
[[nodiscard]] std::string
canonical_request(const request_to_sign& what, const aws_credentials& who, const amz_time& when);
[[nodiscard]] std::string string_to_sign(
    std::string_view canonical_request, const signing_scope& scope, const amz_time& when
);

// x-amz-date, x-amz-security-token if there is one, authorization. REQUIRES: the key is for the day of `when`.
[[nodiscard]] std::vector<head_field> sign(
    const request_to_sign& what,
    const aws_credentials& who,
    const signing_key& key,
    const signing_scope& scope,
    const amz_time& when
);

}  // namespace spillway::adapters::converse
