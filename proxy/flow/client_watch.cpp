#include "proxy/flow/client_watch.hpp"

namespace spillway::flow {

client_watch::client_watch(net::stream& client, reply& answer, net::activity& works_for) noexcept
    : client_{client}
    , answer_{answer}
    , works_for_{works_for} {
    net::descriptor::direction& reading = client_.socket().reading();
    reading.observe(this);
    if (reading.is_ready()) became_ready();
}

client_watch::~client_watch() {
    if (client_.is_open()) client_.socket().reading().observe(nullptr);
}

void client_watch::became_ready() {
    switch (client_.look()) {
    case net::presence::gone: return works_for_.interrupt(net::wake::client_gone);
    case net::presence::talking:
        break;  // the next request is there already; it is read in its turn
    case net::presence::half_closed:
        if (!asked_) answer_.probe();
        asked_ = true;
        break;
    case net::presence::silent: break;
    }
}

}  // namespace spillway::flow
