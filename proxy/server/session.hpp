// One client connection: heads, bodies, keep-alive, in order, one request at a time. Owned by its own coroutine
// frame; touched on the worker's thread; ends itself when the client goes, a limit is hit, or the worker drains.
#pragma once

#include "proxy/flow/admission.hpp"
#include "proxy/flow/reply.hpp"
#include "proxy/flow/request_flow.hpp"
#include "proxy/server/request_body.hpp"
#include "proxy/server/router.hpp"
#include "proxy/server/session_context.hpp"
#include "proxy/wire/content_decoder.hpp"

#include <memory>
#include <string>

namespace spillway::server {

class session {
public:
    session(session_context& home, net::stream client) noexcept;
    session(const session&) = delete;
    session& operator=(const session&) = delete;

    // Until the connection is over. With `tls` the handshake comes first.
    net::task<> run(std::unique_ptr<net::tls_session> tls);

    // The worker drains: a connection between requests ends now, one with a request after its answer.
    void drain() noexcept;
    // Ends whatever is under way.
    void cut() { self_.interrupt(net::wake::draining); }

    session_limits limits;

private:
    enum class head_end : std::uint8_t { complete, incomplete, refused, over };
    // What the head says, kept where it does not survive a wait.
    struct intake {
        explicit intake(flow::deployment_pin pin_) noexcept : pin{std::move(pin_)} {}

        flow::deployment_pin pin;
        server::route route;
        std::string model;  // that the path names
        wire::body_framing framing;
        wire::expectation expects = wire::expectation::none;
        wire::content_coding coding = wire::content_coding::identity;  // of the body
        std::unique_ptr<adapters::problem> problem;
        const routing::client_key* who = nullptr;
        flow::asked_limits limits;
        std::string asked_headers;  // of a CORS preflight
        flow::request_buffer buffer;
    };

    head_end begin_head(net::io_step& step);
    head_end look_for_head(net::io_step& step);
    head_end waited_in_vain(net::wake why) noexcept;
    head_end take_octets(std::string_view octets);
    head_end parse(std::string_view text, wire::request_head& head);

    static std::unique_ptr<adapters::problem>
    problem_of(adapters::error_class what, std::string text, unsigned status = 0);

    // Looks at a whole head (session_intake.cpp).
    intake take_in();
    void look_at_head(intake& about);
    void look_at_route(const wire::request_head& head, intake& about);
    void check_credentials(const wire::request_head& head, intake& about);
    void check_content(const wire::request_head& head, intake& about);
    void keep_fields(const wire::request_head& head, intake& about);
    void keep_surplus();
    net::task<> take_request();
    net::task<> answer_without_asking(intake& about);
    net::task<> read_body(request_body& body, intake& about);
    std::unique_ptr<adapters::problem> expand_body(intake& about);
    net::task<> answer_count(const adapters::question& asked, adapters::padded_view text);
    std::unique_ptr<adapters::problem> no_memory();
    net::task<> refuse_body(const request_body& body, const adapters::question& asked);
    net::task<> answer_page(const intake& about);
    net::task<> answer(unsigned status, std::string_view type, std::string body);
    net::task<> answer_preflight(const intake& about);
    net::task<> tell(
        const adapters::problem& why, const adapters::question& asked, std::string_view allowed = {}
    );
    net::task<> finish_sending();
    void settle();
    net::task<> say_goodbye();
    bool is_draining() const noexcept {
        return home_.life.load(std::memory_order_relaxed) == phase::draining;
    }

    session_context& home_;
    net::stream client_;
    net::activity self_;
    flow::reply reply_;
    flow::admission admission_;
    std::string inbox_;                              // octets that came and were not used yet
    std::unique_ptr<wire::request_head> slow_head_;  // of a head that comes in several reads
    const wire::request_head* head_ = nullptr;       // the complete one; until the next wait
    std::string_view rest_;                          // what came behind it; until the next wait
    unsigned refused_with_ = 0;                      // status of a refused head
    std::string_view refused_for_;
    std::uint32_t served_ = 0;
    bool between_requests_ = true;
    std::unique_ptr<flow::request_flow>
        work_;  // while an answer streams; refers to much of the above
};

}  // namespace spillway::server
