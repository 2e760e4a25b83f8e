#include "proxy/net/lookup_pool.hpp"

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>
#include <unordered_map>
#include <vector>

#include <netdb.h>
#include <sys/socket.h>

namespace spillway::net {

struct lookup_pool::shared {
    lookup_function lookup;
    std::size_t most_threads;

    std::mutex mutex;
    std::condition_variable wanted;
    std::deque<std::string> queue;
    std::unordered_map<std::string, std::vector<asker*>> asked;  // queued or under way
    std::size_t threads = 0;
    std::size_t idle = 0;
    bool stopped = false;

    void answer_until_stopped();
};

void lookup_pool::shared::answer_until_stopped() {
    std::unique_lock lock{mutex};
    for (;;) {
        ++idle;
        wanted.wait(lock, [this] { return stopped || !queue.empty(); });
        --idle;
        if (stopped) return;
        const std::string host = std::move(queue.front());
        queue.pop_front();
        lock.unlock();
        const lookup_answer answer = lookup(host);
        lock.lock();
        const auto waiting = asked.extract(host);
        for (asker* who : waiting.mapped())
            who->answered(host, answer);
    }
}

lookup_pool::lookup_pool(lookup_function lookup, std::size_t threads)
    : shared_{std::make_shared<shared>()} {
    shared_->lookup = std::move(lookup);
    shared_->most_threads = threads;
}

lookup_pool::~lookup_pool() {
    const std::lock_guard lock{shared_->mutex};
    shared_->stopped = true;
    for (auto& [host, askers] : shared_->asked)
        askers.clear();
    shared_->wanted.notify_all();
}

void lookup_pool::ask(const std::string& host, asker& who) {
    const std::lock_guard lock{shared_->mutex};
    const auto [entry, is_new] = shared_->asked.try_emplace(host);
    entry->second.push_back(&who);
    if (!is_new) return;
    shared_->queue.push_back(host);
    if (shared_->idle < shared_->queue.size() && shared_->threads < shared_->most_threads) {
        ++shared_->threads;
        std::thread{[mine = shared_] {
            mine->answer_until_stopped();
        }}.detach();
    }
    shared_->wanted.notify_one();
}

void lookup_pool::forget(asker& who) {
    const std::lock_guard lock{shared_->mutex};
    for (auto& [host, askers] : shared_->asked)
        std::erase(askers, &who);
}

lookup_answer look_up_by_system(const std::string& host) {
    using outcome = lookup_answer::outcome;
    addrinfo wanted{};
    wanted.ai_socktype = SOCK_STREAM;
    addrinfo* found = nullptr;
    const int error = ::getaddrinfo(host.c_str(), nullptr, &wanted, &found);
    lookup_answer answer;
    if (error != 0) {
        const bool authoritative = error == EAI_NONAME || error == EAI_NODATA;
        answer.what = authoritative ? outcome::no_such_name : outcome::failed;
        return answer;
    }
    for (const addrinfo* one = found; one != nullptr; one = one->ai_next) {
        const address at{one->ai_addr, one->ai_addrlen};
        if (at.which() != address::family::none && !answer.addresses.contains(at))
            answer.addresses.add(at);
    }
    ::freeaddrinfo(found);
    answer.what = answer.addresses.empty() ? outcome::no_such_name : outcome::found;
    return answer;
}

}  // namespace spillway::net
