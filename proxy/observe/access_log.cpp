#include "proxy/observe/access_log.hpp"

#include <cerrno>
#include <charconv>
#include <concepts>
#include <ctime>

#include <unistd.h>

namespace spillway::observe {

namespace {

template <std::integral Number>
void put(std::string& to, std::string_view name, Number value) {
    std::array<char, 24> digits;
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
    to.append(",\"").append(name).append("\":");
    to.append(digits.data(), static_cast<std::size_t>(end - digits.data()));
}

// Every text that gets here is made of letters that need no escape: names checked by the parsers of flags and
// requests, and words of ours.
void put(std::string& to, std::string_view name, std::string_view value) {
    if (value.empty()) return;
    to.append(",\"").append(name).append("\":\"").append(value).push_back('"');
}

constexpr std::chrono::milliseconds batch_time{100};

}  // namespace

void append_line(std::string& to, std::string_view date, const request_record& record) {
    to.append("{\"time\":\"").append(date).push_back('"');
    put(to, "id", record.id_text());
    put(to, "key", record.key);
    put(to, "operation", record.operation);
    put(to, "face", record.face);
    put(to, "asked_model", std::string_view{record.asked_model});
    put(to, "model", record.model);
    put(to, "provider", record.provider);
    put(to, "status", record.status);
    put(to, "attempts", record.attempts);
    to.append(record.streamed ? ",\"stream\":true" : ",\"stream\":false");
    put(to, "prompt_tokens", record.prompt_tokens);
    put(to, "completion_tokens", record.completion_tokens);
    if (record.cached_tokens != 0) put(to, "cached_tokens", record.cached_tokens);
    if (record.reasoning_tokens != 0) put(to, "reasoning_tokens", record.reasoning_tokens);
    if (record.usage_estimated) to.append(",\"usage_estimated\":true");
    if (record.cost_nanos) put(to, "cost_nano_usd", *record.cost_nanos);
    put(to, "octets", record.octets_sent);
    put(to, "first_octet_us", record.first_octet.count());
    put(to, "duration_us", record.duration.count());
    put(to, "fault", record.fault);
    to.append("}\n");
}

void access_log::lane::stamp() {
    timespec now{};
    clock_gettime(CLOCK_REALTIME_COARSE, &now);
    if (now.tv_sec != second_) {
        second_ = now.tv_sec;
        std::tm parts{};
        gmtime_r(&now.tv_sec, &parts);
        std::strftime(date_.data(), date_.size(), "%Y-%m-%dT%H:%M:%S.000", &parts);
        date_[23] = 'Z';
    }
    const long milliseconds = now.tv_nsec / 1'000'000;
    date_[20] = static_cast<char>('0' + milliseconds / 100);
    date_[21] = static_cast<char>('0' + milliseconds / 10 % 10);
    date_[22] = static_cast<char>('0' + milliseconds % 10);
}

void access_log::lane::write(const request_record& record) {
    stamp();
    line_.clear();
    append_line(line_, {date_.data(), date_.size()}, record);
    if (!ring_.push(line_)) count_.add(counter::log_lines_dropped);
    if (home_.asleep_.load(std::memory_order_relaxed)) home_.wake();
}

access_log::access_log(int file, std::vector<counters*> lanes) : file_{file} {
    for (counters* count : lanes)
        lanes_.push_back(std::make_unique<lane>(*this, *count));
    thread_ = std::thread{[this] {
        run();
    }};
}

access_log::~access_log() {
    {
        const std::lock_guard lock{guard_};
        stopping_ = true;
    }
    changed_.notify_one();
    thread_.join();
    if (file_ > STDERR_FILENO) close(file_);
}

void access_log::wake() noexcept {
    if (!asleep_.exchange(false)) return;
    const std::lock_guard lock{guard_};
    changed_.notify_one();
}

// True while there is something to do. Losing a wake-up is harmless: the wait ends by itself within a second.
bool access_log::write_all() {
    batch_.clear();
    for (const std::unique_ptr<lane>& one : lanes_)
        one->ring_.drain(batch_);
    std::string_view left = batch_;
    while (!left.empty()) {
        const ssize_t written = ::write(file_, left.data(), left.size());
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) break;  // a full disk: these lines are gone, traffic is not
        left.remove_prefix(static_cast<std::size_t>(written));
    }
    return !batch_.empty();
}

void access_log::run() {
    for (;;) {
        const bool busy = write_all();
        std::unique_lock lock{guard_};
        if (stopping_) break;
        if (busy) {
            changed_.wait_for(lock, batch_time, [this] { return stopping_; });
            continue;
        }
        asleep_.store(true);
        changed_.wait_for(lock, std::chrono::seconds{1}, [this] {
            return stopping_ || !asleep_.load();
        });
        asleep_.store(false);
    }
    write_all();
}

}  // namespace spillway::observe
