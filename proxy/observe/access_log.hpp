// One JSON line a request. Each worker formats into a ring of its own; one thread writes all rings to the file in
// batches. A full ring or a full disk costs lines, which are counted, and never a request's time.
#pragma once

#include "proxy/base/ring.hpp"
#include "proxy/observe/counters.hpp"
#include "proxy/observe/request_record.hpp"

#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace spillway::observe {

class access_log {
public:
    // One worker's end. Used on its thread.
    class lane {
    public:
        lane(access_log& home, counters& count) : home_{home}, count_{count}, ring_{1U << 18} {}
        void write(const request_record& record);

    private:
        friend class access_log;
        void stamp();

        access_log& home_;
        counters& count_;
        base::ring ring_;
        std::string line_;
        std::int64_t second_ = -1;
        std::array<char, 24> date_{};
    };

    // Takes the descriptor over. `lanes` workers will write.
    access_log(int file, std::vector<counters*> lanes);
    access_log(const access_log&) = delete;
    access_log& operator=(const access_log&) = delete;
    ~access_log();  // writes what is left

    // From any thread: lines go to this descriptor, which is taken over, from the next batch on.
    void replace_file(int file) noexcept;

    lane& of_worker(std::size_t index) noexcept { return *lanes_[index]; }

private:
    void run();
    void wake() noexcept;
    void take_next_file() noexcept;
    bool write_all();

    int file_;
    std::atomic<int> next_file_{-1};
    std::vector<std::unique_ptr<lane>> lanes_;
    std::atomic<bool> asleep_{false};
    std::mutex guard_;
    std::condition_variable changed_;
    bool stopping_ = false;
    std::thread thread_;
};

// The line itself, newline included, and the room it may need at most; for tests, too. `date` has 24 octets.
std::size_t line_room(const request_record& record) noexcept;
std::size_t write_line(char* room, std::string_view date, const request_record& record) noexcept;

}  // namespace spillway::observe
