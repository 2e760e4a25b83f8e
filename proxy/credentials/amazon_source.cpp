#include "proxy/credentials/amazon_source.hpp"

#include "adapters/json/document.hpp"
#include "proxy/credentials/answer_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

namespace spillway::credentials {

namespace {

constexpr std::string_view roles = "/latest/meta-data/iam/security-credentials/";
constexpr std::string_view session_ttl = "X-aws-ec2-metadata-token-ttl-seconds: 600\r\n";
// Where none is said: what a role's keys hold at least.
constexpr std::chrono::seconds usual_life{900};
constexpr std::chrono::seconds shortest_life{1};

constexpr failure no_role{
    fault::bad_body, side::upstream, again::other_target, "the instance has no role"};

granted read_answer(const http_answer& answer, std::chrono::sys_seconds now) {
    const adapters::padded_text text{answer.body};
    adapters::json::document read;
    if (answer.status != 200 || !read.read(text.view()) || !read.root().is_object())
        return setback{fmt::format("the credentials endpoint answered {}", answer.status)};
    grant made;
    made.access_key_id = base::secret{visible_text(read.root()["AccessKeyId"])};
    made.secret_access_key = base::secret{visible_text(read.root()["SecretAccessKey"])};
    made.session_token = base::secret{visible_text(read.root()["Token"])};
    if (made.access_key_id.empty() || made.secret_access_key.empty())
        return setback{"the credentials endpoint's answer holds no keys"};
    const auto end = read_moment(read.root()["Expiration"].string().raw);
    made.life = end ? std::max<std::chrono::seconds>(*end - now, shortest_life) : usual_life;
    return made;
}

}  // namespace

amazon_source::amazon_source(place where, const std::string& url, base::secret authorization)
    : where_{where}
    , to_{upstream::parse_origin(url, {})}
    , path_{path_of(url)}
    , authorization_{std::move(authorization)} {}

http_question amazon_source::question(wire::method how, std::string_view target) const {
    http_question made;
    made.method = how;
    made.to = to_;
    made.target = target;
    return made;
}

net::task<granted> amazon_source::ask(http_client& by, net::activity& self) {
    result<http_answer> answer = no_role;
    if (where_ == place::instance) {
        answer = co_await ask_instance(by, self);
    } else {
        http_question what = question(wire::method::get, path_);
        if (!authorization_.empty())
            what.fields.append("Authorization: ").append(authorization_.reveal()).append("\r\n");
        answer = co_await by.ask(what, self);
    }
    if (!answer) {
        const failure why = answer.error();
        co_return setback{fmt::format(
            "{} could not be asked: {} ({})", to_.authority, why.detail, name_of(why.what)
        )};
    }
    const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
    co_return read_answer(*answer, now);
}

net::task<result<http_answer>> amazon_source::ask_instance(http_client& by, net::activity& self) {
    http_question what = question(wire::method::put, "/latest/api/token");
    what.fields = session_ttl;
    result<http_answer> answer = co_await by.ask(what, self);
    if (!answer || answer->status != 200 || !is_visible(answer->body)) co_return answer;
    const std::string session = "X-aws-ec2-metadata-token: " + answer->body + "\r\n";
    what = question(wire::method::get, roles);
    what.fields = session;
    answer = co_await by.ask(what, self);
    if (!answer || answer->status != 200) co_return answer;
    const std::string role = answer->body.substr(0, answer->body.find('\n'));
    if (!is_visible(role)) co_return no_role;
    what.target.append(role);
    co_return co_await by.ask(what, self);
}

}  // namespace spillway::credentials
