#include "bench/sim/dialects/aws_signature.hpp"

#include "bench/sim/dialects/key_ring.hpp"
#include "proxy/base/bytes.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/sha.h>

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <ctime>
#include <vector>

namespace spillway::bench::sim {
namespace {

constexpr std::string_view algorithm = "AWS4-HMAC-SHA256";
constexpr std::int64_t most_skew = 300;

const unsigned char* octets(std::string_view text) {
    return reinterpret_cast<const unsigned char*>(text.data());
}

std::string to_hex(std::string_view bytes) {
    std::string hex;
    for (const char c : bytes)
        hex += fmt::format("{:02x}", static_cast<unsigned char>(c));
    return hex;
}

std::string sha256_hex(std::string_view text) {
    unsigned char digest[SHA256_DIGEST_LENGTH];
    SHA256(octets(text), text.size(), digest);
    return to_hex({reinterpret_cast<const char*>(digest), sizeof digest});
}

std::string hmac(std::string_view key, std::string_view text) {
    unsigned char digest[SHA256_DIGEST_LENGTH];
    unsigned int size = 0;
    HMAC(
        EVP_sha256(),
        key.data(),
        static_cast<int>(key.size()),
        octets(text),
        text.size(),
        digest,
        &size
    );
    return {reinterpret_cast<const char*>(digest), size};
}

// One member of "Credential=…, SignedHeaders=…, Signature=…".
std::string_view member_of(std::string_view authorization, std::string_view name) {
    const auto at = authorization.find(name);
    if (at == std::string_view::npos) return {};
    const auto rest = authorization.substr(at + name.size());
    return base::trim(rest.substr(0, rest.find(',')));
}

std::vector<std::string_view> split(std::string_view text, char border) {
    std::vector<std::string_view> parts;
    for (;;) {
        const auto end = text.find(border);
        parts.push_back(text.substr(0, end));
        if (end == std::string_view::npos) return parts;
        text.remove_prefix(end + 1);
    }
}

// The path as it was sent, encoded once more.
std::string encode_path(std::string_view path) {
    std::string encoded;
    for (const char c : path) {
        const bool plain = std::isalnum(static_cast<unsigned char>(c)) != 0 ||
                           std::string_view{"-_.~/"}.contains(c);
        encoded +=
            plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
    return encoded;
}

std::string sort_query(std::string_view query) {
    if (query.empty()) return {};
    std::vector<std::string> pairs;
    for (const auto one : split(query, '&'))
        pairs.push_back(one.contains('=') ? std::string{one} : std::string{one} + "=");
    std::sort(pairs.begin(), pairs.end());
    return fmt::format("{}", fmt::join(pairs, "&"));
}

// All values of a field, runs of spaces folded.
std::string field_values(const http_head& head, std::string_view wanted) {
    std::string values;
    bool found = false;
    for (auto rest = head.fields; !rest.empty();) {
        const auto end = rest.find("\r\n");
        const auto line = rest.substr(0, end);
        rest.remove_prefix(end + 2);
        const auto colon = line.find(':');
        if (!base::equals_ignoring_case(line.substr(0, colon), wanted)) continue;
        if (std::exchange(found, true)) values += ',';
        for (const char c : base::trim(line.substr(colon + 1)))
            if (c != ' ' || values.empty() || values.back() != ' ') values += c;
    }
    return values;
}

struct signed_request {
    std::string_view key_id, date, region, service, headers, signature, time;
};

std::optional<signed_request> read_signature(const http_head& head) {
    const auto authorization = find_field(head, "authorization");
    if (!authorization.starts_with(algorithm)) return std::nullopt;
    const auto scope = split(member_of(authorization, "Credential="), '/');
    if (scope.size() != 5 || scope[4] != "aws4_request") return std::nullopt;
    return signed_request{
        scope[0],
        scope[1],
        scope[2],
        scope[3],
        member_of(authorization, "SignedHeaders="),
        member_of(authorization, "Signature="),
        find_field(head, "x-amz-date")};
}

std::string canonical_request(const question& asked, const signed_request& claim) {
    std::string fields;
    for (const auto name : split(claim.headers, ';'))
        fields += fmt::format("{}:{}\n", name, field_values(asked.head, name));
    return fmt::format(
        "{}\n{}\n{}\n{}\n{}\n{}",
        asked.head.method,
        encode_path(asked.head.path),
        sort_query(asked.head.query),
        fields,
        claim.headers,
        sha256_hex(asked.body)
    );
}

std::string
sign(const signed_request& claim, std::string_view secret, const std::string& canonical) {
    const auto scope =
        fmt::format("{}/{}/{}/aws4_request", claim.date, claim.region, claim.service);
    const auto text =
        fmt::format("{}\n{}\n{}\n{}", algorithm, claim.time, scope, sha256_hex(canonical));
    auto key = hmac(fmt::format("AWS4{}", secret), claim.date);
    key = hmac(key, claim.region);
    key = hmac(key, claim.service);
    return to_hex(hmac(hmac(key, "aws4_request"), text));
}

api_error forbidden(std::string name, std::string message) {
    return error_of(403, std::move(message), std::move(name));
}

// "20260102T030405Z"; zero for anything else.
std::int64_t read_time(std::string_view text) {
    std::tm parts{};
    const std::string owned{text};
    const char* end = ::strptime(owned.c_str(), "%Y%m%dT%H%M%SZ", &parts);
    return end != nullptr && *end == '\0' ? static_cast<std::int64_t>(::timegm(&parts)) : 0;
}

std::optional<api_error> check_claim(const signed_request& claim, std::int64_t now) {
    constexpr const char* name = "InvalidSignatureException";
    if (claim.service != "bedrock")
        return forbidden(name, "Credential should be scoped to correct service: 'bedrock'.");
    const auto headers = split(claim.headers, ';');
    for (const std::string_view needed : {"host", "x-amz-date"}) {
        if (std::find(headers.begin(), headers.end(), needed) == headers.end())
            return forbidden(name, fmt::format("'{}' must be a signed header.", needed));
    }
    if (!claim.time.starts_with(claim.date) || std::abs(read_time(claim.time) - now) > most_skew) {
        return forbidden(
            name,
            fmt::format(
                "Signature expired: {} is now too far from the service's clock.", claim.time
            )
        );
    }
    return std::nullopt;
}

}  // namespace

std::string_view aws_key_id(const http_head& head) {
    const auto claim = read_signature(head);
    return claim ? claim->key_id : std::string_view{};
}

std::optional<api_error> check_aws_signature(const question& asked, const key_ring& keys) {
    const auto claim = read_signature(asked.head);
    if (!claim)
        return forbidden("IncompleteSignatureException", "Authorization header is incomplete.");
    if (auto wrong = check_claim(*claim, asked.created)) return wrong;
    const auto* key = keys.find_aws_key(claim->key_id);
    if (key == nullptr) {
        if (keys.is_open()) return std::nullopt;
        return forbidden(
            "UnrecognizedClientException", "The security token included in the request is invalid."
        );
    }
    if (find_field(asked.head, "x-amz-security-token") != key->token) {
        return forbidden(
            "ExpiredTokenException", "The security token included in the request is expired"
        );
    }
    const auto canonical = canonical_request(asked, *claim);
    const auto payload = find_field(asked.head, "x-amz-content-sha256");
    const bool is_same_body = payload.empty() || payload == sha256_hex(asked.body);
    if (is_same_body && sign(*claim, key->secret, canonical) == claim->signature)
        return std::nullopt;
    return forbidden(
        "InvalidSignatureException",
        fmt::format(
            "The request signature we calculated does not match the signature you provided. Check "
            "your AWS Secret Access Key and signing method. Consult the service documentation for "
            "details.\n\nThe Canonical String for this request should have been\n'{}'\n",
            canonical
        )
    );
}

}  // namespace spillway::bench::sim
