// The names one worker connects to, and their addresses. Owned by the worker, touched on its thread; only the
// pool's answers come from elsewhere and are posted to the loop. A warm name costs one hash lookup and a copy.
//
// A name in use is asked for again before its answer grows old. While the resolver is down the last good
// answer serves on, for five minutes; an answer with authority ("no such name") counts at once.
// REQUIRES: the loop does not run any more once this object is gone, and the pool outlives it.
#pragma once

#include "proxy/base/failure.hpp"
#include "proxy/net/address.hpp"
#include "proxy/net/lookup_pool.hpp"
#include "proxy/net/resolver_entry.hpp"
#include "proxy/net/task.hpp"

#include <memory>
#include <unordered_map>

namespace spillway::net {

class resolver final : private lookup_pool::asker, private resolver_entry::owner {
public:
    resolver(loop& on, timer_wheel& wheel, lookup_pool& pool, resolver_limits limits = {});
    resolver(const resolver&) = delete;
    resolver& operator=(const resolver&) = delete;
    ~resolver();

    // Addresses of `host` with `port` filled in, waiting until the deadline of `self` where nothing is known.
    // Literals and "localhost" are never looked up. REQUIRES: `host` lives until the task has ended.
    task<result<address_list>> resolve(std::string_view host, std::uint16_t port, activity& self);

private:
    struct text_hash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const noexcept {
            return std::hash<std::string_view>{}(text);
        }
    };

    resolver_entry& entry_of(std::string_view host);
    void answered(const std::string& host, const lookup_answer& answer) override;
    void ask(const std::string& host) override { pool_.ask(host, *this); }

    loop& loop_;
    timer_wheel& wheel_;
    lookup_pool& pool_;
    resolver_limits limits_;
    std::unordered_map<std::string, std::unique_ptr<resolver_entry>, text_hash, std::equal_to<>>
        entries_;
};

}  // namespace spillway::net
