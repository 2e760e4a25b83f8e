#include "proxy/credentials/keeper.hpp"

#include "proxy/credentials/shop.hpp"
#include "proxy/net/digest.hpp"

#include <stdexcept>

namespace spillway::credentials {

void throw_exception_from_error(const setback& why, const boost::source_location&) {
    throw std::logic_error{"credentials were taken from a setback: " + why.why};
}

keeper::keeper() = default;

keeper::~keeper() {
    stop();
}

void keeper::start(teller tell) {
    tell_ = std::move(tell);
    is_started_ = true;
    for (const std::weak_ptr<lender>& one : early_) {
        if (const std::shared_ptr<lender> whom = one.lock()) look_after(whom);
    }
    early_.clear();
}

void keeper::stop() {
    if (!thread_.joinable()) return;
    shop_->loop().send([this] { shop_->close(); });
    thread_.join();
}

void keeper::open() {
    std::uint64_t seed = 0;
    net::fill_randomly({reinterpret_cast<std::uint8_t*>(&seed), sizeof seed});
    shop_ = std::make_unique<shop>(tell_, seed);
    thread_ = std::thread{[this] {
        shop_->loop().run();
    }};
}

void keeper::look_after(const std::shared_ptr<lender>& whom) {
    if (!is_started_) return early_.push_back(whom);
    if (!shop_) open();
    const std::uint64_t id = whom->id_ = ++last_id_;
    auto admit = [this, id, who = std::weak_ptr{whom}] {
        shop_->admit(id, who);
    };
    shop_->loop().send(std::move(admit));
}

void keeper::obtain(
    std::uint64_t id, std::uint64_t number, net::loop& on, std::shared_ptr<ticket> waiting
) {
    auto ask = [this, id, number, &on, waiting = std::move(waiting)]() mutable {
        shop_->obtain(id, number, on, std::move(waiting));
    };
    shop_->loop().send(std::move(ask));
}

}  // namespace spillway::credentials
