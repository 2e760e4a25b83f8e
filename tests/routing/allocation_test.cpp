// The request path of routing allocates nothing. An executable of its own, because it counts every operator new.
#define BOOST_TEST_MODULE routing_allocation
#include "routing/failover.hpp"
#include "routing/snapshot.hpp"
#include "tests/routing/small_world.hpp"

#include <boost/test/unit_test.hpp>

#include <cstdlib>
#include <new>

namespace {

std::size_t allocations = 0;

}  // namespace

// Not inlined: GCC 12 would otherwise see a bare free() for a block of new and warn.
[[gnu::noinline]] void* operator new(std::size_t size) {
    ++allocations;
    if (void* block = std::malloc(size)) return block;
    throw std::bad_alloc{};
}
[[gnu::noinline]] void operator delete(void* block) noexcept {
    std::free(block);
}
[[gnu::noinline]] void operator delete(void* block, std::size_t) noexcept {
    std::free(block);
}

using namespace spillway::routing;
using namespace spillway::routing::test;

namespace {

// Two models, four accounts, one of them ejected, a key with lists, a request with wishes: every branch of a good plan.
struct busy_world {
    busy_world() : w{plain()} {
        w.eject(w.target("b", "one-at-b"), at(0s));
        w.who.models = {*glob::parse("m/*"), *glob::parse("a/*")};
        w.who.providers = {*glob::parse("*")};
        asked.model = "m/one";
        asked.models = chain;
        asked.provider.order = order;
    }

    static description plain() {
        auto made = everybody_serves({"a", "b", "c", "a/two"});
        made.models.push_back(
            model_named("m/two", {endpoint_at("a", "two"), endpoint_at("c", "two")})
        );
        made.aliases = {{"fast", {"m/two"}}};
        return made;
    }

    std::string_view chain[2]{"fast", "a/unheard-of"};
    std::string_view order[1]{"C"};
    request_facts asked;
    world w;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(routing_allocation)

BOOST_AUTO_TEST_CASE(a_good_request_with_a_retry_allocates_nothing) {
    busy_world busy;
    snapshot_publisher<table> publisher{1, busy.w.routes};
    retry_budget budget;
    const auto before = allocations;
    const auto pin = publisher.reader(0).current();
    const auto made = make_plan(*pin, busy.asked, busy.w.who, at(1s), 5);
    const auto candidates = made ? made->size() : 0;
    failover machine{*made, {}, budget, 5};
    auto said = machine.first(at(1s));
    for (const auto kind : {outcome_kind::server_fault, outcome_kind::answered}) {
        record(*said.target->state, *said.target->at->state, said.with, ended(kind), at(1s));
        said = machine.next(ended(kind), at(1s));
    }
    const auto after = allocations;
    BOOST_TEST(after == before);
    BOOST_TEST(candidates >= 6U);
    BOOST_TEST((said.what == action::accept));
}

BOOST_AUTO_TEST_CASE(finding_a_key_allocates_nothing) {
    key_ring::entry entry{{1, 2, 3}, {}};
    const key_ring ring{{entry}};
    const auto before = allocations;
    const auto* found = ring.find(entry.digest);
    const auto after = allocations;
    BOOST_TEST(after == before);
    BOOST_TEST(found != nullptr);
}

BOOST_AUTO_TEST_SUITE_END()
