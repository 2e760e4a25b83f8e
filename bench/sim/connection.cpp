#include "bench/sim/connection.hpp"

#include "bench/sim/dialects/steering.hpp"

#include <boost/asio/post.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <ctime>
#include <utility>

namespace spillway::bench::sim {
namespace {

using namespace std::chrono_literals;

// Events sent in a row before other connections of the thread get their turn.
constexpr std::size_t burst = 16;

// A TLS record: fatal alert 40.
constexpr std::string_view handshake_failure{"\x15\x03\x03\x00\x02\x02\x28", 7};

// Counts a request as in flight as long as it lives.
class in_flight {
public:
    explicit in_flight(counters& counts) : counts_(counts) {
        counts_.in_flight.fetch_add(1, std::memory_order_relaxed);
    }
    ~in_flight() { counts_.in_flight.fetch_sub(1, std::memory_order_relaxed); }

    in_flight(const in_flight&) = delete;
    in_flight& operator=(const in_flight&) = delete;

private:
    counters& counts_;
};

}  // namespace

connection::connection(service& shared, socket accepted)
    : shared_(shared)
    , transport_(std::move(accepted))
    , player_(transport_, shared.counts().events)
    , request_(transport_) {
    auto& counts = shared_.counts();
    const auto number = counts.connections.fetch_add(1, std::memory_order_relaxed);
    counts.open_connections.fetch_add(1, std::memory_order_relaxed);
    random_.seed(static_cast<std::uint32_t>(shared_.settings().seed * 7919 + number + 1));
}

connection::~connection() {
    shared_.counts().open_connections.fetch_sub(1, std::memory_order_relaxed);
}

task<void> connection::run() {
    if (shared_.tls() != nullptr) {
        const bool ready = co_await shake_hands();
        if (!ready) co_return;
    }
    for (;;) {
        const bool complete = co_await read_request();
        if (!complete) co_return;
        const auto next = co_await answer();
        if (next == next_step::done) co_return;
        ++requests_served_;
        request_.drop();
    }
}

task<bool> connection::shake_hands() {
    switch (shared_.settings().broken_tls) {
    case tls_fault::none: break;
    case tls_fault::hang: co_await player_.drain(duration::max()); co_return false;
    case tls_fault::alert:
        co_await request_.read_anything();
        co_await player_.send(handshake_failure);
        co_return false;
    case tls_fault::plain:
        co_await request_.read_anything();
        co_await player_.send(
            "HTTP/1.1 400 Bad Request\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"
        );
        co_return false;
    }
    const bool ready = co_await transport_.start_tls(*shared_.tls());
    if (!ready) shared_.counts().failed_handshakes.fetch_add(1, std::memory_order_relaxed);
    co_return ready;
}

task<bool> connection::read_request() {
    const bool begun = co_await request_.read_head();
    if (!begun) co_return false;
    const auto& head = request_.head();
    auto wrong = find_fault_in_path(head.path);
    if (!wrong || wrong->kind != fault_kind::early_answer) wrong = shared_.faults().pick_early();
    if (wrong) {
        co_await answer_early(*wrong);
        co_return false;
    }
    if (head.expects_continue) {
        const bool sent = co_await player_.send("HTTP/1.1 100 Continue\r\n\r\n");
        if (!sent) co_return false;
    }
    const bool complete = co_await request_.read_body();
    co_return complete;
}

account& connection::account_of(std::string_view key) {
    if (account_ == nullptr || known_key_ != key) {
        account_ = &shared_.keys().of(key);
        known_key_ = key;
    }
    return *account_;
}

task<next_step> connection::answer() {
    const in_flight counted{shared_.counts()};
    if (request_.head().path.starts_with("/sim/")) {
        delivery how;
        how.keep_alive = request_.head().keep_alive;
        auto made =
            write_script(shared_.control(request_.head().path, request_.body()), how, nullptr);
        progress sent;
        const auto next = co_await player_.play(std::move(made), sent);
        co_return next;
    }
    if (shared_.is_refusing()) {
        transport_.reset();
        co_return next_step::done;
    }
    const auto model = scan_model(request_.body());
    if (is_short_cut(model)) {
        const auto next = co_await answer_bench(model);
        co_return next;
    }
    const auto next = co_await answer_fully();
    co_return next;
}

std::optional<fault> connection::fault_for(std::string_view model) {
    auto wrong = find_fault_in_path(request_.head().path);
    if (!wrong) wrong = find_fault_in_model(model);
    if (!wrong) wrong = shared_.faults().pick(model);
    if (wrong) shared_.counts().faults.fetch_add(1, std::memory_order_relaxed);
    return wrong;
}

task<next_step> connection::answer_fully() {
    const auto number = shared_.next_number();
    const auto id = shared_.request_id(number);
    shared_.record_body(id, request_.body());
    auto said = shared_.model().respond(request_.head(), request_.body(), id, std::time(nullptr));
    auto& who = account_of(said.account);
    const auto wrong = fault_for(said.model);
    delivery how = delivery_for(said, id);
    admit(who, said, how);
    if (wrong && wrong->kind == fault_kind::refuse) shared_.refuse_for(wrong->time_or(2s));
    auto made = write_script(said.answer, how, wrong ? &*wrong : nullptr);
    if (wrong && wrong->kind == fault_kind::reset_on_reuse && requests_served_ > 0) {
        made = script{{}, ending::reset, 0};
    }
    if (made.status != 200) said.answer.prompt_tokens = said.answer.completion_tokens = 0;
    who.prompt_tokens.fetch_add(said.answer.prompt_tokens, std::memory_order_relaxed);
    who.completion_tokens.fetch_add(said.answer.completion_tokens, std::memory_order_relaxed);
    truth entry;
    entry.key_hash = who.key_hash;
    entry.model = said.model;
    entry.path = request_.head().path;
    entry.client_request_id = request_.head().client_request_id;
    entry.request_id = "req_" + id;
    entry.status = made.status;
    entry.is_stream = said.answer.is_stream;
    entry.request_bytes = request_.size();
    entry.prompt_tokens = said.answer.prompt_tokens;
    entry.completion_tokens = said.answer.completion_tokens;
    const auto fault_name = wrong ? wrong->name() : std::string{};
    entry.fault = fault_name;
    progress sent;
    const auto next = co_await player_.play(std::move(made), sent);
    if (sent.aborted) shared_.counts().aborted.fetch_add(1, std::memory_order_relaxed);
    entry.aborted = sent.aborted;
    entry.bytes_sent = sent.bytes;
    entry.events_sent = sent.events;
    shared_.log().write(entry);
    co_return next;
}

delivery connection::delivery_for(const answered& said, const std::string& id) {
    const auto settings = pace_of_model(read_steering(said.model).base, shared_.settings().speed);
    delivery how;
    how.id = id;
    how.keep_alive = request_.head().keep_alive;
    if (said.answer.status == 200 && !said.model.empty()) {
        how.first = draw_first(settings.first);
        how.gap = settings.gap;
    }
    how.fields = "server: spillway-sim\r\n" +
                 said.answer.voice->fields(
                     id, std::chrono::duration_cast<std::chrono::milliseconds>(how.first)
                 );
    return how;
}

void connection::admit(account& who, answered& said, delivery& how) {
    who.requests.fetch_add(1, std::memory_order_relaxed);
    if (said.model.empty() || said.answer.status != 200 || !shared_.keys().has_limits()) return;
    const auto tokens = said.answer.prompt_tokens + said.answer.completion_tokens;
    const auto verdict = who.admit(static_cast<double>(tokens), clock::now());
    const auto& voice = *said.answer.voice;
    how.fields += voice.limit_fields(verdict);
    if (verdict.allowed) return;
    who.refused.fetch_add(1, std::memory_order_relaxed);
    auto words = voice.words_for(429);
    words.message = fmt::format("Rate limit reached for {} in organization org-sim.", said.model);
    words.type = verdict.refused_kind;
    words.pause = fmt::format("{:.3f}", std::chrono::duration<double>(verdict.pause).count());
    said.answer = voice.refuse(words, how.id);
    if (!voice.asks_for_a_pause_in_fields()) return;
    how.fields += fmt::format(
        "retry-after: {}\r\nretry-after-ms: {}\r\n",
        std::chrono::ceil<std::chrono::seconds>(verdict.pause).count(),
        std::chrono::ceil<std::chrono::milliseconds>(verdict.pause).count()
    );
}

task<void> connection::answer_early(fault wrong) {
    const in_flight counted{shared_.counts()};
    shared_.counts().faults.fetch_add(1, std::memory_order_relaxed);
    const auto id = shared_.request_id(shared_.next_number());
    reply unsaid;
    unsaid.voice = &shared_.model().voice_for(request_.head());
    delivery how;
    how.id = id;
    how.fields = unsaid.voice->fields(id, std::chrono::milliseconds{0});
    auto made = write_script(unsaid, how, &wrong);
    truth entry;
    entry.key_hash = account_of(request_.head().bearer).key_hash;
    entry.path = request_.head().path;
    entry.request_id = "req_" + id;
    entry.status = made.status;
    const auto fault_name = wrong.name();
    entry.fault = fault_name;
    progress sent;
    co_await player_.play(std::move(made), sent);
    entry.bytes_sent = sent.bytes;
    shared_.log().write(entry);
}

bool connection::is_short_cut(std::string_view model) const {
    return is_bench_model(model) && !shared_.keys().has_limits() && !shared_.faults().is_active() &&
           shared_.settings().models.empty() && shared_.settings().body_directory.empty() &&
           request_.head().keep_alive && request_.head().method == "POST" &&
           request_.head().path.ends_with("/chat/completions") &&
           !request_.head().path.contains("fault-") && !model.contains("fault-") &&
           shared_.model().is_known_key(request_.head().bearer) &&
           !shared_.model().is_client_model(model);
}

task<next_step> connection::answer_bench(std::string_view model) {
    if (!page_.is_for(model))
        page_ = bench_page{model, pace_of_model(model, shared_.settings().speed)};
    const auto number = shared_.next_number();
    auto& who = account_of(request_.head().bearer);
    who.requests.fetch_add(1, std::memory_order_relaxed);
    who.prompt_tokens.fetch_add(page_.prompt_tokens(), std::memory_order_relaxed);
    const auto first = draw_first(page_.settings().first);
    const bool is_stream = scan_true(request_.body(), "\"stream\"");
    progress sent;
    bool there = true;
    if (first > 0ns) there = co_await player_.pause_until(clock::now() + first);
    if (!there) {
        sent.aborted = true;
    } else if (is_stream) {
        there =
            co_await stream_bench(number, scan_true(request_.body(), "\"include_usage\""), sent);
        sent.aborted = !there;
    } else {
        const auto response = page_.whole(number);
        who.completion_tokens.fetch_add(page_.completion_tokens(), std::memory_order_relaxed);
        there = co_await player_.send(response);
        sent.aborted = !there;
        sent.bytes = response.size();
    }
    if (sent.aborted) shared_.counts().aborted.fetch_add(1, std::memory_order_relaxed);
    if (shared_.log().is_on()) log_bench(who, number, is_stream, sent);
    co_return there ? next_step::another_request : next_step::done;
}

void connection::log_bench(
    const account& who, std::uint64_t number, bool is_stream, const progress& sent
) {
    truth entry;
    entry.key_hash = who.key_hash;
    entry.model = page_.model();
    entry.path = request_.head().path;
    entry.client_request_id = request_.head().client_request_id;
    entry.request_id = fmt::format("req_{:032x}", number);
    entry.status = 200;
    entry.is_stream = is_stream;
    entry.request_bytes = request_.size();
    entry.prompt_tokens = page_.prompt_tokens();
    entry.completion_tokens = is_stream ? page_.settings().events : page_.completion_tokens();
    entry.aborted = sent.aborted;
    entry.bytes_sent = sent.bytes;
    entry.events_sent = sent.events;
    shared_.log().write(entry);
}

task<bool> connection::stream_bench(std::uint64_t number, bool with_usage, progress& sent) {
    const auto& settings = page_.settings();
    auto& events = shared_.counts().events;
    auto bytes = page_.stream_head(number);
    bool there = co_await player_.send(bytes);
    sent.bytes += bytes.size();
    auto due = clock::now();
    for (std::size_t i = 0; i < settings.events && there; ++i) {
        if (settings.gap > 0ns) {
            due += settings.gap;
            there = co_await player_.pause_until(due);
            if (!there) break;
        } else if (i % burst == burst - 1) {
            co_await asio::post(transport_.raw().get_executor(), token);
        }
        bytes = page_.event(stamp_now());
        bool broken = false;
        const auto taken = transport_.write_now(bytes, broken);
        there = !broken;
        if (there && taken < bytes.size()) there = co_await transport_.write(bytes.substr(taken));
        if (!there) break;
        ++sent.events;
        sent.bytes += bytes.size();
        events.fetch_add(1, std::memory_order_relaxed);
    }
    account_->completion_tokens.fetch_add(sent.events, std::memory_order_relaxed);
    if (!there) co_return false;
    bytes = page_.stream_end(with_usage);
    there = co_await player_.send(bytes);
    sent.bytes += bytes.size();
    co_return there;
}

duration connection::draw_first(const spread_duration& spread) {
    const auto mean = static_cast<double>(spread.mean.count());
    double drawn = mean;
    if (spread.form == spread_duration::shape::normal) {
        drawn = std::normal_distribution<double>{mean, mean * spread.relative_spread}(random_);
    } else if (spread.form == spread_duration::shape::lognormal) {
        const double sigma = std::sqrt(std::log1p(spread.relative_spread * spread.relative_spread));
        drawn =
            mean * std::exp(std::normal_distribution<double>{-sigma * sigma / 2, sigma}(random_));
    }
    return duration{static_cast<duration::rep>(std::max(0.0, drawn))};
}

}  // namespace spillway::bench::sim
