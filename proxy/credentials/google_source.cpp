#include "proxy/credentials/google_source.hpp"

#include "adapters/json/document.hpp"
#include "adapters/json/writer.hpp"
#include "proxy/credentials/answer_text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace spillway::credentials {

namespace {

constexpr std::string_view scope = "https://www.googleapis.com/auth/cloud-platform";
constexpr std::string_view grant_type =
    "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&assertion=";
constexpr std::chrono::seconds usual_life{3600};
constexpr std::chrono::seconds shortest_life{1};

// RFC 4648 5, without padding.
std::string base64url(std::string_view octets) {
    constexpr std::string_view letters =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    std::string text;
    text.reserve((octets.size() * 4 + 2) / 3);
    std::uint32_t bits = 0;
    unsigned held = 0;
    for (const char one : octets) {
        bits = bits << 8 | static_cast<unsigned char>(one);
        for (held += 8; held >= 6; held -= 6)
            text.push_back(letters[bits >> (held - 6) & 63]);
    }
    if (held > 0) text.push_back(letters[bits << (6 - held) & 63]);
    return text;
}

granted read_answer(const http_answer& answer) {
    const adapters::padded_text text{answer.body};
    adapters::json::document read;
    const bool is_object = read.read(text.view()) && read.root().is_object();
    const adapters::json::value root = read.root();
    if (answer.status != 200) {
        // RFC 6749 5.2; both are the endpoint's own words and repeat nothing of the question.
        std::string why = is_object ? text_of(root["error"]) : std::string{};
        const std::string more = is_object ? text_of(root["error_description"]) : std::string{};
        if (!more.empty()) why.append(": ").append(more);
        constexpr std::size_t most = 300;
        if (why.size() > most) why.resize(most);
        return setback{fmt::format("the token endpoint answered {} {}", answer.status, why)};
    }
    std::string token = visible_text(root["access_token"]);
    if (!is_object || token.empty())
        return setback{"the token endpoint's answer holds no access token"};
    grant made;
    made.token = base::secret{std::move(token)};
    const auto life = root["expires_in"].count();
    made.life = life ? std::max(std::chrono::seconds{*life}, shortest_life) : usual_life;
    return made;
}

}  // namespace

std::unique_ptr<google_source>
google_source::make(service_account account, std::string asked_at, std::string ca_file) {
    std::optional<net::rsa_key> key = net::rsa_key::parse(account.private_key.reveal());
    if (!key) return nullptr;
    return std::unique_ptr<google_source>{
        new google_source{std::move(account), std::move(*key), asked_at, std::move(ca_file)}};
}

google_source::google_source(
    service_account account, net::rsa_key key, const std::string& asked_at, std::string ca_file
)
    : account_{std::move(account)}
    , key_{std::move(key)} {
    const std::string& url = asked_at.empty() ? account_.token_url : asked_at;
    question_.method = wire::method::post;
    question_.to = upstream::parse_origin(url, std::move(ca_file));
    question_.target = path_of(url);
    question_.fields = "Content-Type: application/x-www-form-urlencoded\r\n";
}

net::task<granted> google_source::ask(http_client& by, net::activity& self) {
    const std::string signed_grant = assertion(std::chrono::system_clock::now());
    if (signed_grant.empty()) co_return setback{"the grant could not be signed"};
    question_.body = std::string{grant_type}.append(signed_grant);
    const result<http_answer> answer = co_await by.ask(question_, self);
    if (!answer) {
        const failure why = answer.error();
        co_return setback{fmt::format(
            "the token endpoint {} could not be asked: {} ({})",
            question_.to.authority,
            why.detail,
            name_of(why.what)
        )};
    }
    co_return read_answer(*answer);
}

// The whole of it in ASCII, signed over its first two parts (RFC 7515 7.1).
std::string google_source::assertion(std::chrono::system_clock::time_point now) const {
    const auto issued = std::chrono::floor<std::chrono::seconds>(now.time_since_epoch()).count();
    std::string header;
    adapters::json::writer head{header};
    head.open().member("alg", "RS256").member("typ", "JWT");
    if (!account_.key_id.empty()) head.member("kid", account_.key_id);
    head.close();
    std::string claims;
    adapters::json::writer body{claims};
    body.open().member("iss", account_.email).member("scope", scope);
    body.member("aud", account_.token_url).member("iat", issued).member("exp", issued + 3600);
    body.close();
    std::string text = base64url(header) + '.' + base64url(claims);
    const std::string signature = key_.sign(text);
    if (signature.empty()) return {};
    return text.append(1, '.').append(base64url(signature));
}

}  // namespace spillway::credentials
