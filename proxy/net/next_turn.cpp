#include "proxy/net/next_turn.hpp"

#include <boost/asio/post.hpp>

#include <memory>
#include <utility>

namespace spillway::net {

next_turn::~next_turn() {
    if (owed_ != nullptr) owed_->owner = nullptr;
}

activity::awaiter next_turn::begin(activity& self) {
    if (owed_ == nullptr) {
        auto one = std::make_unique<ticket>(this);
        owed_ = one.get();
        boost::asio::post(loop_, [mine = std::move(one)] {
            next_turn* const owner = mine->owner;
            if (owner == nullptr) return;
            owner->owed_ = nullptr;
            owner->wake_waiter();
        });
    }
    return self.wait_for(*this);
}

}  // namespace spillway::net
