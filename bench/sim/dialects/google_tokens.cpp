#include "bench/sim/dialects/google_tokens.hpp"

#include "bench/sim/dialects/base64.hpp"
#include "bench/sim/dialects/json_view.hpp"
#include "bench/sim/http_request.hpp"
#include "bench/sim/reply.hpp"

#include <fmt/format.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/pem.h>
#include <openssl/rand.h>

#include <charconv>
#include <fstream>
#include <iterator>
#include <stdexcept>

namespace spillway::bench::sim {
namespace {

constexpr std::string_view grant = "urn:ietf:params:oauth:grant-type:jwt-bearer";
constexpr std::string_view public_audience = "https://oauth2.googleapis.com/token";
constexpr std::string_view token_mark = "ya29.sim-";
constexpr std::int64_t longest_life = 3600;
constexpr std::int64_t clock_skew = 300;

struct key_free {
    void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
};
struct digest_free {
    void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};
using key_pointer = std::unique_ptr<EVP_PKEY, key_free>;

key_pointer read_key(const std::string& pem) {
    BIO* memory = BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()));
    key_pointer key{PEM_read_bio_PrivateKey(memory, nullptr, nullptr, nullptr)};
    BIO_free(memory);
    return key;
}

const unsigned char* octets(std::string_view text) {
    return reinterpret_cast<const unsigned char*>(text.data());
}

bool is_signed_by(EVP_PKEY* key, std::string_view text, std::string_view signature) {
    const std::unique_ptr<EVP_MD_CTX, digest_free> context{EVP_MD_CTX_new()};
    return EVP_DigestVerifyInit(context.get(), nullptr, EVP_sha256(), nullptr, key) == 1 &&
           EVP_DigestVerify(
               context.get(), octets(signature), signature.size(), octets(text), text.size()
           ) == 1;
}

json::object decode_object(std::string_view text) {
    const auto decoded = decode_base64url(text);
    auto value = decoded ? parse_json(*decoded) : json::value(nullptr);
    return value.is_object() ? std::move(value.get_object()) : json::object{};
}

// Form encoding writes spaces as plus signs.
std::string form_value(std::string_view form, std::string_view name) {
    std::string value{find_parameter(form, name)};
    for (auto& c : value)
        if (c == '+') c = ' ';
    return decode_percent(value);
}

reply refuse_grant(std::string_view code, const std::string& why) {
    reply made;
    made.status = 400;
    made.body = json::serialize(json::object{{"error", code}, {"error_description", why}});
    return made;
}

}  // namespace

struct google_tokens::account {
    std::string email;
    std::string audience;
    key_pointer key;
};

google_tokens::google_tokens(const std::vector<std::string>& files, std::chrono::seconds life)
    : life_(life)
    , secret_(32, '\0') {
    RAND_bytes(reinterpret_cast<unsigned char*>(secret_.data()), static_cast<int>(secret_.size()));
    for (const auto& name : files) {
        std::ifstream file{name, std::ios::binary};
        const std::string text{std::istreambuf_iterator<char>{file}, {}};
        const auto value = parse_json(text);
        const auto* object = value.if_object();
        auto one = std::make_unique<account>();
        if (object != nullptr) {
            one->email = text_at(*object, "client_email");
            one->audience = text_at(*object, "token_uri");
            one->key = read_key(std::string{text_at(*object, "private_key")});
        }
        if (one->email.empty() || !one->key)
            throw std::runtime_error("--service-account: no key file: " + name);
        accounts_.push_back(std::move(one));
    }
}

google_tokens::~google_tokens() = default;

const google_tokens::account* google_tokens::find(std::string_view email) const {
    for (const auto& one : accounts_)
        if (one->email == email) return one.get();
    return nullptr;
}

std::optional<std::string>
google_tokens::find_fault(std::string_view assertion, std::int64_t now) const {
    const auto first = assertion.find('.');
    const auto second = assertion.rfind('.');
    if (first == std::string_view::npos || first == second) return "Invalid JWT: not three parts.";
    const auto header = decode_object(assertion.substr(0, first));
    const auto claims = decode_object(assertion.substr(first + 1, second - first - 1));
    const auto signature = decode_base64url(assertion.substr(second + 1));
    if (text_at(header, "alg") != "RS256") return "Invalid JWT: alg must be RS256.";
    const auto* who = find(text_at(claims, "iss"));
    if (who == nullptr) return "Invalid grant: account not found";
    if (!signature || !is_signed_by(who->key.get(), assertion.substr(0, second), *signature))
        return "Invalid JWT Signature.";
    // Google's own client always names the public endpoint, wherever it sends the grant.
    const auto audience = text_at(claims, "aud");
    if (audience != who->audience && audience != public_audience)
        return "Invalid JWT: aud is not the token_uri.";
    if (text_at(claims, "scope").empty()) return "Empty or missing scope not allowed.";
    const auto issued = static_cast<std::int64_t>(number_at(claims, "iat").value_or(0));
    const auto until = static_cast<std::int64_t>(number_at(claims, "exp").value_or(0));
    if (until <= now || issued > now + clock_skew || until - issued > longest_life)
        return "Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable "
               "timeframe. Check your iat and exp values in the JWT claim.";
    return std::nullopt;
}

reply google_tokens::exchange(std::string_view form, std::int64_t now) const {
    if (form_value(form, "grant_type") != grant)
        return refuse_grant("unsupported_grant_type", "Invalid grant_type");
    const auto assertion = form_value(form, "assertion");
    if (const auto wrong = find_fault(assertion, now)) return refuse_grant("invalid_grant", *wrong);
    const auto end = fmt::format("{}", now + life_.count());
    reply made;
    made.body = json::serialize(json::object{
        {"access_token", fmt::format("{}{}-{}", token_mark, end, seal(end))},
        {"expires_in", life_.count()},
        {"token_type", "Bearer"}});
    return made;
}

bool google_tokens::accepts(std::string_view token, std::int64_t now) const {
    if (!token.starts_with(token_mark)) return false;
    token.remove_prefix(token_mark.size());
    const auto end = token.substr(0, token.find('-'));
    std::int64_t until = 0;
    std::from_chars(end.data(), end.data() + end.size(), until);
    return until > now && token == fmt::format("{}-{}", end, seal(end));
}

std::string google_tokens::seal(std::string_view text) const {
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned int size = 0;
    HMAC(
        EVP_sha256(),
        secret_.data(),
        static_cast<int>(secret_.size()),
        octets(text),
        text.size(),
        digest,
        &size
    );
    std::string hex;
    for (unsigned int i = 0; i < 16; ++i)
        hex += fmt::format("{:02x}", digest[i]);
    return hex;
}

}  // namespace spillway::bench::sim
