// One happy-eyeballs race (RFC 8305): connects to addresses in the given order, the next one 250 ms after the
// last or at once when one fails, and keeps the first that answers. Lives in the frame of connector::connect,
// which waits for it; everything else happens in callbacks on the worker's thread.
#pragma once

#include "proxy/net/address.hpp"
#include "proxy/net/descriptor.hpp"

#include <memory>
#include <vector>

namespace spillway::net {

class connect_race final : public waitable, private wheel_entry {
public:
    connect_race(
        loop& on, timer_wheel& wheel, const address_list& order, base::duration head_start
    );
    ~connect_race();

    // Starts the first attempt. Afterwards wait for this object unless it is decided already.
    void start();
    bool is_decided() const noexcept { return winner_ != nullptr || running_ == 0; }

    // The deadline passed: whoever has not answered is slow.
    void give_up() noexcept;

    // The connected socket; none when every address failed. REQUIRES: is_decided().
    descriptor take_winner();

    // How each address fared, for the memory of bad ones.
    enum class outcome : std::uint8_t { not_tried, under_way, overtaken, failed, connected };
    outcome outcome_of(const address& at) const noexcept;
    // errno of the last failure; 0 when there was none.
    int last_error() const noexcept { return last_error_; }

private:
    class attempt;

    void expired() override;
    void start_next();
    void judge(attempt& one);
    void attempt_failed(attempt& one, int error);

    loop& loop_;
    timer_wheel& wheel_;
    const address_list& order_;
    base::duration head_start_;
    std::vector<std::unique_ptr<attempt>> attempts_;  // in the order of `order_`
    std::size_t running_ = 0;
    attempt* winner_ = nullptr;
    int last_error_ = 0;
};

}  // namespace spillway::net
