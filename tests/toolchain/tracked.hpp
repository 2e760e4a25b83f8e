// An object that counts how many of its kind are alive. It owns nothing, so that one destroyed twice is a wrong
// number and not a crash. One thread. Invariant of a correct compiler: `alive()` is what it was before the scope.
#pragma once

namespace spillway::toolchain {

class tracked {
public:
    tracked() noexcept { ++alive_; }
    tracked(const tracked&) noexcept { ++alive_; }
    tracked(tracked&&) noexcept { ++alive_; }
    tracked& operator=(const tracked&) = default;
    tracked& operator=(tracked&&) = default;
    ~tracked() { --alive_; }

    static int alive() noexcept { return alive_; }

private:
    inline static int alive_ = 0;
};

}  // namespace spillway::toolchain
