#include "proxy/observe/access_log.hpp"

#include "proxy/base/pen.hpp"

#include <cerrno>
#include <ctime>

#include <unistd.h>

namespace spillway::observe {

namespace {

// ,"name":"value"; nothing for an empty value. `lead` is the part before the value.
template <std::size_t Size>
void member(base::pen& line, const char (&lead)[Size], std::string_view value) noexcept {
    if (value.empty()) return;
    line.word(lead);
    line.text(value);
    line.word("\"");
}

// Date, id, names, braces and numbers of a line; the other texts come on top.
constexpr std::size_t fixed_octets = 704;

constexpr std::chrono::milliseconds batch_time{100};

}  // namespace

std::size_t line_room(const request_record& record) noexcept {
    return fixed_octets + record.key.size() + record.operation.size() + record.face.size() +
           record.asked_model.size() + record.model.size() + record.provider.size() +
           record.fault.size();
}

// Every text that gets here is made of letters that need no escape: names checked by the parsers of flags and
// requests, and words of ours.
std::size_t write_line(char* room, std::string_view date, const request_record& record) noexcept {
    base::pen line{room};
    line.word("{\"time\":\"");
    line.text(date);
    member(line, "\",\"id\":\"", record.id_text());
    member(line, ",\"key\":\"", record.key);
    member(line, ",\"operation\":\"", record.operation);
    member(line, ",\"face\":\"", record.face);
    member(line, ",\"asked_model\":\"", record.asked_model);
    member(line, ",\"model\":\"", record.model);
    member(line, ",\"provider\":\"", record.provider);
    line.word(",\"status\":");
    line.number(record.status);
    line.word(",\"attempts\":");
    line.number(record.attempts);
    line.word(",\"stream\":");
    record.streamed ? line.word("true") : line.word("false");
    line.word(",\"prompt_tokens\":");
    line.number(record.prompt_tokens);
    line.word(",\"completion_tokens\":");
    line.number(record.completion_tokens);
    if (record.cached_tokens != 0)
        line.word(",\"cached_tokens\":"), line.number(record.cached_tokens);
    if (record.reasoning_tokens != 0)
        line.word(",\"reasoning_tokens\":"), line.number(record.reasoning_tokens);
    if (record.usage_estimated) line.word(",\"usage_estimated\":true");
    if (record.cost_nanos) line.word(",\"cost_nano_usd\":"), line.number(*record.cost_nanos);
    line.word(",\"octets\":");
    line.number(record.octets_sent);
    line.word(",\"first_octet_us\":");
    line.number(record.first_octet.count());
    line.word(",\"duration_us\":");
    line.number(record.duration.count());
    member(line, ",\"fault\":\"", record.fault);
    line.word("}\n");
    return static_cast<std::size_t>(line.at() - room);
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
    const std::string_view date{date_.data(), date_.size()};
    const std::size_t most = line_room(record);
    if (char* const room = ring_.claim(most)) [[likely]] {
        ring_.publish(write_line(room, date, record));
    } else {
        line_.resize(most);
        line_.resize(write_line(line_.data(), date, record));
        if (!ring_.push(line_)) count_.add(counter::log_lines_dropped);
    }
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

void access_log::replace_file(int file) noexcept {
    const int never_used = next_file_.exchange(file);
    if (never_used >= 0) close(never_used);
}

void access_log::take_next_file() noexcept {
    const int next = next_file_.exchange(-1);
    if (next < 0) return;
    if (file_ > STDERR_FILENO) close(file_);
    file_ = next;
}

void access_log::wake() noexcept {
    if (!asleep_.exchange(false)) return;
    const std::lock_guard lock{guard_};
    changed_.notify_one();
}

// True while there is something to do. Losing a wake-up is harmless: the wait ends by itself within a second.
// Lines go to the file from where they lie: copying them first would cost as much as writing them did.
bool access_log::write_all() {
    take_next_file();
    bool wrote = false;
    const auto write_out = [&](std::string_view left) {
        wrote = true;
        while (!left.empty()) {
            const ssize_t written = ::write(file_, left.data(), left.size());
            if (written < 0 && errno == EINTR) continue;
            if (written <= 0) break;  // a full disk: these lines are gone, traffic is not
            left.remove_prefix(static_cast<std::size_t>(written));
        }
    };
    for (const std::unique_ptr<lane>& one : lanes_)
        one->ring_.drain(write_out);
    return wrote;
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
