#include "proxy/wire/head_parser.hpp"

#include "proxy/base/bytes.hpp"
#include "proxy/wire/authority.hpp"
#include "proxy/wire/octets.hpp"

#include <algorithm>

namespace spillway::wire {
namespace {

// RFC 9112 2.2 asks to skip at least one; more than a few is somebody keeping us busy.
constexpr std::uint8_t max_blank_lines = 4;

// Longer than every registered method; what is longer still is answered 501 without a closer look.
constexpr std::size_t max_method_size = 32;

std::string_view between(const char* begin, const char* end) noexcept {
    return {begin, static_cast<std::size_t>(end - begin)};
}

method method_of(std::string_view text) noexcept {
    switch (text.size()) {
    case 3:
        if (text == "GET") return method::get;
        return text == "PUT" ? method::put : method::other;
    case 4:
        if (text == "POST") return method::post;
        return text == "HEAD" ? method::head : method::other;
    case 5:
        if (text == "PATCH") return method::patch;
        return text == "TRACE" ? method::trace : method::other;
    case 6: return text == "DELETE" ? method::delete_ : method::other;
    case 7:
        if (text == "OPTIONS") return method::options;
        return text == "CONNECT" ? method::connect : method::other;
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

// What requests and responses have in common: lines, limits, field lines. `Kind` adds its first line and its last
// checks. Every step returns false when it has refused; the reason is in verdict_ then.
template <class Kind>
class head_reader {
public:
    head_reader(const head_reader&) = delete;
    head_reader& operator=(const head_reader&) = delete;

    // Sixty-four octets a step become two words of bits, and the lines are taken from these: no octet of a line is
    // looked at on its own unless its meaning asks for it.
    head_verdict run() noexcept {
        const char* at = begin_ + out_.scanned_;
        const char* start = begin_ + out_.line_begin_;
        const char* colon = out_.colon_ != 0 ? begin_ + out_.colon_ : nullptr;
        while (at != end_) {
            octets::line_bits bits = classify(at);
            while (bits.control != 0) {
                const auto index = std::countr_zero(bits.control);
                const char* stop = at + index;
                if (colon == nullptr) colon = first_colon(at, bits.colon);
                if (!is_line_end(stop)) return stopped_at(stop, start, colon);
                if (!take_line({start, stop}, colon < stop ? colon : nullptr)) return verdict_;
                start = stop + 2;
                colon = nullptr;
                bits.colon &= ~std::uint64_t{0} << index;
                // CR and LF; LF may lie behind the block.
                bits.control &= bits.control - 1;
                bits.control &= bits.control - 1;
            }
            if (colon == nullptr) colon = first_colon(at, bits.colon);
            at = end_ - at > 64 ? at + 64 : end_;
            if (start > at) at = start;
        }
        return stopped_at(end_, start, colon);
    }

protected:
    struct line {
        const char* begin;
        const char* end;  // at CR

        bool is_empty() const noexcept { return begin == end; }
        std::size_t size() const noexcept { return static_cast<std::size_t>(end - begin); }
    };
    // The status codes in which the two directions differ.
    struct statuses {
        std::uint16_t malformed;
        std::uint16_t line_too_long;
        std::uint16_t head_too_long;
    };

    head_reader(std::string_view text, head& out, const head_limits& limits) noexcept
        : begin_{text.data()}
        , end_{text.data() + text.size()}
        , out_{out}
        , limits_{limits}
        , fields_{std::min(limits.fields, out.room_)} {
        out_.text_ = begin_;
    }
    ~head_reader() = default;

    bool refuse(std::uint16_t status, std::string_view reason) noexcept {
        verdict_ = {head_state::refused, status, 0, reason};
        return false;
    }

    bool set_version(const char* digit) noexcept {
        if (!octets::is(*digit, octets::digit))
            return refuse(Kind::codes.malformed, "malformed version");
        out_.minor_ = static_cast<std::uint8_t>(*digit - '0');
        return true;
    }

    // RFC 9112 9.3. HTTP/1.0 is never kept open: what its keep-alive means depends on who is in between.
    void decide_keep_alive() noexcept {
        out_.keep_alive_ = out_.minor_ != 0 && !out_.connection_names("close");
    }

    bool may_skip_blank_line() noexcept { return ++out_.blank_lines_ <= max_blank_lines; }

    std::uint16_t offset(const char* at) const noexcept {
        return static_cast<std::uint16_t>(at - begin_);
    }

    const char* begin_;
    const char* end_;

private:
    octets::line_bits classify(const char* at) const noexcept {
        if (end_ - at >= 64) return octets::bits_of_64(at);
        char block[64] = {};
        const auto size = static_cast<std::size_t>(end_ - at);
        std::memcpy(block, at, size);
        octets::line_bits bits = octets::bits_of_64(block);
        bits.control &= (std::uint64_t{1} << size) - 1;
        return bits;
    }

    static const char* first_colon(const char* at, std::uint64_t bits) noexcept {
        return bits != 0 ? at + std::countr_zero(bits) : nullptr;
    }

    bool is_line_end(const char* at) const noexcept {
        return *at == '\r' && at + 1 != end_ && at[1] == '\n';
    }

    // At the end of the text, or at a control character that ends no line.
    head_verdict stopped_at(const char* stop, const char* start, const char* colon) noexcept {
        out_.scanned_ = static_cast<std::uint32_t>(stop - begin_);
        out_.line_begin_ = static_cast<std::uint32_t>(start - begin_);
        out_.colon_ =
            colon != nullptr && colon < stop ? static_cast<std::uint32_t>(colon - begin_) : 0;
        if (stop == end_ || (*stop == '\r' && stop + 1 == end_)) {
            fits({start, stop});
        } else if (*stop == '\n') {
            refuse(Kind::codes.malformed, "bare LF in the head");
        } else if (*stop == '\r') {
            refuse(Kind::codes.malformed, "bare CR in the head");
        } else {
            refuse(Kind::codes.malformed, "control character in the head");
        }
        return verdict_;
    }

    bool fits(const line& current) noexcept {
        if (!out_.has_first_line_) {
            if (current.size() <= limits_.first_line) return true;
            return refuse(Kind::codes.line_too_long, "first line too long");
        }
        if (current.size() > limits_.field) {
            return refuse(Kind::codes.head_too_long, "field too long");
        }
        // What lies behind the end of this line is counted when the next one is read; the last adds its CR LF.
        if (current.end - begin_ > limits_.head - 2) {
            return refuse(Kind::codes.head_too_long, "head too long");
        }
        return true;
    }

    // False when there is nothing more to read: refused or complete.
    [[gnu::always_inline]] bool take_line(const line& current, const char* colon) noexcept {
        if (!fits(current)) return false;
        if (out_.has_first_line_ && !current.is_empty()) return add_field(current, colon);
        Kind& kind = static_cast<Kind&>(*this);
        if (!current.is_empty()) {
            out_.has_first_line_ = true;
            return kind.first_line(current);
        }
        if (!out_.has_first_line_) return kind.blank_line();
        if (kind.finish()) {
            decide_keep_alive();
            const auto size = static_cast<std::uint32_t>(current.end + 2 - begin_);
            verdict_ = {head_state::complete, 0, size, {}};
        }
        return false;
    }

    // RFC 9112 5: a token, at once a colon, the value between optional white space; no folding.
    [[gnu::always_inline]] bool add_field(const line& current, const char* colon) noexcept {
        if (out_.count_ == fields_) {
            return refuse(Kind::codes.head_too_long, "too many fields");
        }
        if (colon == nullptr) return refuse_line(current, "field line without a colon");
        const std::string_view name = between(current.begin, colon);
        const field id = lookup(name);
        // An interned name is a token; only the others are looked at.
        if (id == field::unknown && !is_token(name)) {
            return refuse_line(current, "field name is not a token");
        }
        // One space in front and none behind is what everybody sends.
        const char* value = colon + 1;
        const char* stop = current.end;
        if (*value == ' ') ++value;
        while (value != stop && octets::is_blank(*value)) {
            ++value;
        }
        while (value != stop && octets::is_blank(stop[-1])) {
            --stop;
        }
        append(id, name, between(value, stop));
        return true;
    }

    bool is_token(std::string_view name) const noexcept {
        const char* const end = name.data() + name.size();
        return !name.empty() &&
               octets::find_outside<octets::token>(name.data(), end, begin_) == end;
    }

    bool refuse_line(const line& current, std::string_view reason) noexcept {
        if (octets::is_blank(*current.begin)) reason = "folded field line";
        return refuse(Kind::codes.malformed, reason);
    }

    void append(field id, std::string_view name, std::string_view value) noexcept {
        const std::size_t index = out_.count_;
        out_.ids_[index] = id;
        out_.spans_[index] = {
            offset(name.data()),
            offset(value.data()),
            static_cast<std::uint16_t>(name.size()),
            static_cast<std::uint16_t>(value.size())};
        const std::uint64_t mark = head::bit(id);
        const std::size_t word = head::word(id);
        if ((out_.present_[word] & mark) != 0) {
            out_.repeated_[word] |= mark;
        } else {
            out_.present_[word] |= mark;
            out_.first_[static_cast<std::size_t>(id)] = static_cast<std::uint8_t>(index);
        }
        ++out_.count_;
    }

    head& out_;
    const head_limits limits_;
    const std::uint16_t fields_;  // how many there may be
    head_verdict verdict_{};
};

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
        constexpr std::string_view prefix = " HTTP/";
        const char* major = at + prefix.size();
        if (between(at, major) != prefix || !octets::is(*major, octets::digit) || major[1] != '.') {
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
        if (!is_authority(authority)) return refuse(400, "malformed authority");
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
        if (!is_authority(host)) return refuse(400, "invalid Host field");
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
        if (current.size() < shortest || between(at, at + prefix.size()) != prefix) {
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
