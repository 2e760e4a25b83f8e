// Idle upstream connections of one worker, grouped by origin. Owned by the worker; touched only on its thread.
#pragma once

#include "proxy/upstream/connection.hpp"

#include <memory>
#include <vector>

namespace spillway::upstream {

class pool {
public:
    pool(net::timer_wheel& wheel, pool_limits limits) noexcept : wheel_{wheel}, limits_{limits} {}
    pool(const pool&) = delete;
    pool& operator=(const pool&) = delete;
    ~pool() { clear(); }

    // The warmest parked connection, or null.
    std::unique_ptr<connection> take(origin_id where);
    // Keeps the connection for the next request, or closes it. REQUIRES: its last exchange is complete.
    void give_back(std::unique_ptr<connection> idle);
    void clear() noexcept;

    std::size_t parked() const noexcept;

private:
    friend class connection;
    using group = std::vector<std::unique_ptr<connection>>;

    void drop(connection& dead);

    net::timer_wheel& wheel_;
    pool_limits limits_;
    std::vector<group> groups_;  // by origin_id
};

// A connection in use. Closed when it goes, unless it was given back.
class lease {
public:
    lease() noexcept = default;
    lease(pool& home, std::unique_ptr<connection> what) noexcept
        : home_{&home}
        , what_{std::move(what)} {}

    explicit operator bool() const noexcept { return what_ != nullptr; }
    connection& operator*() const noexcept { return *what_; }
    connection* operator->() const noexcept { return what_.get(); }

    void give_back() { home_->give_back(std::move(what_)); }
    void close() noexcept { what_.reset(); }

private:
    pool* home_ = nullptr;
    std::unique_ptr<connection> what_;
};

}  // namespace spillway::upstream
