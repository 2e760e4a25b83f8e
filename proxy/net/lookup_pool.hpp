// The few threads that ask the system for names, because getaddrinfo blocks. One a process, shared by all
// workers; its lock is taken only when a name is really looked up, never for a cached one. A name is under
// way once, however many ask. Threads start when they are needed.
//
// The threads are not joined: one that is stuck in the system's resolver must not hold up the end of the
// process. What they touch is shared with them and outlives the pool.
#pragma once

#include "proxy/net/address.hpp"

#include <functional>
#include <memory>
#include <string>

namespace spillway::net {

struct lookup_answer {
    enum class outcome : std::uint8_t {
        found,
        no_such_name,  // the name does not exist or has no address: an answer with authority
        failed,        // the resolver did not answer, or refused to
    };
    outcome what = outcome::failed;
    address_list addresses{};  // port 0
};

// Blocking. Called on a thread of the pool, several calls at a time.
using lookup_function = std::function<lookup_answer(const std::string& host)>;

lookup_answer look_up_by_system(const std::string& host);

class lookup_pool {
public:
    // Who wants an answer. Called on a thread of the pool, with the pool's lock held: post and return.
    class asker {
    public:
        virtual void answered(const std::string& host, const lookup_answer& answer) = 0;

    protected:
        ~asker() = default;
    };

    explicit lookup_pool(lookup_function lookup = look_up_by_system, std::size_t threads = 2);
    lookup_pool(const lookup_pool&) = delete;
    lookup_pool& operator=(const lookup_pool&) = delete;
    ~lookup_pool();

    void ask(const std::string& host, asker& who);
    // Nothing is answered to `who` once this has returned.
    void forget(asker& who);

private:
    struct shared;
    std::shared_ptr<shared> shared_;
};

}  // namespace spillway::net
