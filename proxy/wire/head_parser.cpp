#include "proxy/wire/head_parser.hpp"

#include "proxy/base/bytes.hpp"
#include "proxy/wire/authority.hpp"
#include "proxy/wire/head_reader.hpp"
#include "proxy/wire/octets.hpp"

namespace spillway::wire {
namespace {

// Longer than every registered method; what is longer still is answered 501 without a closer look.
constexpr std::size_t max_method_size = 32;

method method_of(std::string_view text) noexcept {
    switch (text.size()) {
    case 3:
        if (base::is(text, "GET")) return method::get;
        return base::is(text, "PUT") ? method::put : method::other;
    case 4:
        if (base::is(text, "POST")) return method::post;
        return base::is(text, "HEAD") ? method::head : method::other;
    case 5:
        if (base::is(text, "PATCH")) return method::patch;
        return base::is(text, "TRACE") ? method::trace : method::other;
    case 6: return base::is(text, "DELETE") ? method::delete_ : method::other;
    case 7:
        if (base::is(text, "OPTIONS")) return method::options;
        return base::is(text, "CONNECT") ? method::connect : method::other;
    default: return method::other;
    }
}

// Length of "http://" or "https://" at the start of an absolute-form target, 0 for anything else.
std::size_t scheme_size(std::string_view target) noexcept {
    for (std::string_view scheme : {std::string_view{"http://"}, std::string_view{"https://"}}) {
        if (base::equals_ignoring_case(target.substr(0, scheme.size()), scheme)) {
            return scheme.size();
        }
    }
    return 0;
}

}  // namespace

class request_reader : public head_reader<request_reader> {
public:
    static constexpr statuses codes{400, 414, 431};

    request_reader(std::string_view text, request_head& out, const head_limits& limits) noexcept
        : head_reader{text, out, limits}
        , request_{out} {}

private:
    friend class head_reader<request_reader>;

    bool blank_line() noexcept {
        return may_skip_blank_line() || refuse(400, "empty lines instead of a request");
    }

    // RFC 9112 3: method SP target SP version, with exactly these spaces.
    bool first_line(const line& current) noexcept {
        const char* space = octets::find_octet(current.begin, current.end, begin_, ' ');
        const std::string_view method_text = between(current.begin, space);
        request_.method_ = method_of(method_text);
        if (request_.method_ == method::other) {
            if (!octets::are_all(method_text, octets::token)) {
                return refuse(400, "method is not a token");
            }
            if (method_text.size() > max_method_size) return refuse(501, "unknown method");
        }
        request_.method_at_ = offset(current.begin);
        request_.method_size_ = static_cast<std::uint16_t>(method_text.size());

        constexpr std::string_view shape = " HTTP/1.1";
        const auto rest = current.end - space;
        if (rest < static_cast<std::ptrdiff_t>(1 + shape.size())) {
            return refuse(400, "request line without target or version");
        }
        const char* target_end = current.end - shape.size();
        if (!version(target_end)) return false;
        return target(space + 1, target_end);
    }

    bool version(const char* at) noexcept {
        const char* major = at + std::string_view{" HTTP/"}.size();
        if (!base::is(between(at, major), " HTTP/") || !octets::is(*major, octets::digit) ||
            major[1] != '.') {
            return refuse(400, "malformed version");
        }
        if (!set_version(major + 2)) return false;
        if (*major != '1') return refuse(505, "HTTP version not supported");
        return true;
    }

    bool target(const char* at, const char* stop) noexcept {
        if (at == stop) return refuse(400, "empty request target");
        if (octets::find_outside<octets::target>(at, stop, begin_) != stop) {
            return refuse(400, "octet not allowed in a request target");
        }
        // RFC 9110 9.3.6, 9.3.8: no tunnels, and no echo of somebody's credentials.
        if (request_.method_ == method::connect || request_.method_ == method::trace) {
            return refuse(405, "method not allowed");
        }
        const bool asterisk = *at == '*' && stop - at == 1 && request_.method_ == method::options;
        if (*at != '/' && !asterisk) return absolute_target(at, stop);
        set_target(at, stop);
        return true;
    }

    // RFC 9112 3.2.2: only http and https, an authority without user information.
    bool absolute_target(const char* at, const char* stop) noexcept {
        const std::string_view text = between(at, stop);
        const std::size_t scheme = scheme_size(text);
        if (scheme == 0) return refuse(400, "malformed request target");
        const std::string_view rest = text.substr(scheme);
        const std::string_view authority = rest.substr(0, rest.find_first_of("/?"));
        if (!is_authority(authority, begin_)) return refuse(400, "malformed authority");
        request_.absolute_ = true;
        set_authority(authority);
        set_target(authority.data() + authority.size(), stop);
        return true;
    }

    // RFC 9112 3.2: exactly one valid Host, and no second opinion about it in the target.
    bool check_host() noexcept {
        if (!request_.has(field::host)) {
            return request_.version_minor() == 0 || refuse(400, "no Host field");
        }
        if (request_.is_repeated(field::host)) return refuse(400, "more than one Host field");
        const std::string_view host = request_.value(field::host);
        if (!is_authority(host, begin_)) return refuse(400, "invalid Host field");
        if (request_.absolute_ && !base::equals_ignoring_case(host, request_.authority())) {
            return refuse(400, "Host disagrees with the request target");
        }
        set_authority(host);
        return true;
    }

    bool finish() noexcept {
        if (!check_host()) return false;
        if (request_.has(field::expect) && request_.version_minor() != 0) {
            const std::string_view value = request_.value(field::expect);
            const bool known = !request_.is_repeated(field::expect) &&
                               base::equals_ignoring_case(value, "100-continue");
            request_.expectation_ = known ? expectation::continue_ : expectation::unknown;
        }
        return true;
    }

    void set_target(const char* at, const char* stop) noexcept {
        request_.target_at_ = offset(at);
        request_.target_size_ = static_cast<std::uint16_t>(stop - at);
    }

    void set_authority(std::string_view text) noexcept {
        request_.authority_at_ = offset(text.data());
        request_.authority_size_ = static_cast<std::uint16_t>(text.size());
    }

    request_head& request_;
};

class response_reader : public head_reader<response_reader> {
public:
    static constexpr statuses codes{502, 502, 502};

    response_reader(std::string_view text, response_head& out, const head_limits& limits) noexcept
        : head_reader{text, out, limits}
        , response_{out} {}

private:
    friend class head_reader<response_reader>;

    bool blank_line() noexcept { return refuse(502, "empty line instead of an answer"); }
    bool finish() noexcept { return true; }

    // RFC 9112 4: version SP three digits, and a reason after another SP. A missing last SP is common and harmless.
    bool first_line(const line& current) noexcept {
        constexpr std::string_view prefix = "HTTP/1.";
        constexpr std::size_t shortest = std::string_view{"HTTP/1.1 200"}.size();
        const char* at = current.begin;
        if (current.size() < shortest || !base::begins(between(at, current.end), "HTTP/1.")) {
            return refuse(502, "not an HTTP/1 status line");
        }
        at += prefix.size();
        if (!set_version(at)) return false;
        const std::string_view digits = between(at + 2, at + 5);
        if (at[1] != ' ' || !octets::are_all(digits, octets::digit)) {
            return refuse(502, "malformed status code");
        }
        at += 5;
        if (at != current.end && *at != ' ') return refuse(502, "malformed status line");
        const int status = (digits[0] - '0') * 100 + (digits[1] - '0') * 10 + (digits[2] - '0');
        if (status < 100 || status > 599) return refuse(502, "status code out of range");
        if (status == 101) return refuse(502, "switched protocols unasked");
        if (at != current.end) ++at;
        response_.status_ = static_cast<std::uint16_t>(status);
        response_.reason_at_ = offset(at);
        response_.reason_size_ = static_cast<std::uint16_t>(current.end - at);
        return true;
    }

    response_head& response_;
};

head_verdict
parse_request(std::string_view text, request_head& out, const head_limits& limits) noexcept {
    return request_reader{text, out, limits}.run();
}

head_verdict
parse_response(std::string_view text, response_head& out, const head_limits& limits) noexcept {
    return response_reader{text, out, limits}.run();
}

}  // namespace spillway::wire
