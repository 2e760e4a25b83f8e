// Keeps the credentials of accounts fresh, off every request's path: a thread of its own that asks their sources long before
// what was issued ends, and again, ever more patiently, where that fails; what is still valid stays in use meanwhile. Owned by
// the deployment builder, since it outlives reloads. There is no thread, and no loop, until an account needs them.
#pragma once

#include "proxy/credentials/lender.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace spillway::credentials {

// How asking went, for the operator. Called on the keeper's thread.
enum class news : std::uint8_t { good, bad };
using teller = std::function<void(news what, const std::string& text)>;

class keeper {
public:
    keeper();
    keeper(const keeper&) = delete;
    keeper& operator=(const keeper&) = delete;
    ~keeper();

    // Main thread. Whoever was handed over before is asked for now, later ones at once.
    void start(teller tell);
    // Main thread. Ends the thread: no ticket is called any more.
    void stop();
    // Main thread. The keeper lets go of the account once nobody else holds it.
    void look_after(const std::shared_ptr<lender>& whom);

    // Any thread; see lender::ask_for_newer(). REQUIRES: start() was called.
    void
    obtain(std::uint64_t id, std::uint64_t number, net::loop& on, std::shared_ptr<ticket> waiting);

private:
    class shop;

    void open();

    teller tell_;
    std::vector<std::weak_ptr<lender>> early_;  // handed over before start()
    std::uint64_t last_id_ = 0;
    bool is_started_ = false;
    std::unique_ptr<shop> shop_;  // made before the first account that needs it is published
    std::thread thread_;
};

}  // namespace spillway::credentials
