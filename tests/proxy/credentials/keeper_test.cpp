// The keeper's real thread with a source that says what the test tells it to; the test's loop is the worker.
#include "proxy/credentials/keeper.hpp"
#include "tests/support/loop_runner.hpp"

#include <boost/test/unit_test.hpp>

#include <atomic>
#include <condition_variable>
#include <mutex>

namespace {

using namespace spillway;
using namespace spillway::credentials;

// What the source is to say next, and how often it was asked. Outlives the source.
class script {
public:
    std::atomic<unsigned> asked{0};
    std::atomic<bool> is_gone{false};
    std::atomic<bool> is_good{true};
    std::atomic<long> life{3600};

    void hold() {
        const std::lock_guard lock{guard_};
        is_held_ = true;
    }
    void let_go() {
        const std::lock_guard lock{guard_};
        is_held_ = false;
        changed_.notify_all();
    }
    void wait_while_held() {
        std::unique_lock lock{guard_};
        changed_.wait(lock, [this] { return !is_held_; });
    }

private:
    std::mutex guard_;
    std::condition_variable changed_;
    bool is_held_ = false;
};

class told_source final : public source {
public:
    explicit told_source(script& by) : by_{by} {}
    ~told_source() override { by_.is_gone = true; }

    net::task<granted> ask(http_client&, net::activity&) override {
        const unsigned number = ++by_.asked;
        by_.wait_while_held();
        if (!by_.is_good) co_return setback{"no"};
        grant made;
        made.token = base::secret{"t" + std::to_string(number)};
        made.life = std::chrono::seconds{by_.life};
        co_return std::move(made);
    }

private:
    script& by_;
};

struct world {
    world() {
        book = std::make_shared<lender>(
            "it", std::make_unique<told_source>(says), signer_maker{}, 1, keeper_
        );
        keeper_.look_after(book);
    }
    ~world() { keeper_.stop(); }

    void start() {
        auto note = [this](news what, const std::string&) {
            ++(what == news::good ? good : bad);
        };
        keeper_.start(std::move(note));
    }

    static net::task<> wait_for(ticket& one, net::activity& self, bool& is_done) {
        (void)co_await one.called(self);
        is_done = true;
    }
    // Asks for something newer and waits until it is called.
    void ask(std::uint64_t than) {
        auto one = std::make_shared<ticket>();
        net::activity self{runner.wheel()};
        bool is_done = false;
        book->ask_for_newer(than, runner.loop(), one);
        runner.start(wait_for(*one, self, is_done));
        runner.until([&] { return is_done; });
    }
    std::string line() { return std::string{book->current(0)->line.reveal()}; }

    tests::loop_runner runner;
    script says;
    std::atomic<unsigned> good{0};
    std::atomic<unsigned> bad{0};
    keeper keeper_;
    std::shared_ptr<lender> book;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(keepers)

BOOST_AUTO_TEST_CASE(nothing_is_there_before_the_first_answer_and_whoever_waits_gets_it) {
    world all;
    BOOST_TEST(!all.book->current(0)->is_there());
    all.start();
    all.ask(0);
    BOOST_TEST(all.line() == "Authorization: Bearer t1\r\n");
    BOOST_TEST(all.book->current(0)->key.reveal() == "t1");
    BOOST_TEST(all.good == 1U);
}

BOOST_AUTO_TEST_CASE(many_who_wait_make_one_question) {
    world all;
    all.says.hold();
    all.start();
    std::vector<std::shared_ptr<ticket>> tickets;
    std::vector<std::unique_ptr<net::activity>> selves;
    unsigned done = 0;
    bool flags[5]{};
    for (bool& flag : flags) {
        tickets.push_back(std::make_shared<ticket>());
        selves.push_back(std::make_unique<net::activity>(all.runner.wheel()));
        all.book->ask_for_newer(0, all.runner.loop(), tickets.back());
        all.runner.start(world::wait_for(*tickets.back(), *selves.back(), flag));
    }
    all.says.let_go();
    all.runner.until([&] {
        done = 0;
        for (const bool flag : flags)
            done += flag ? 1 : 0;
        return done == 5;
    });
    BOOST_TEST(all.says.asked == 1U);
}

BOOST_AUTO_TEST_CASE(who_was_refused_with_what_is_old_gets_the_newer_without_a_question) {
    world all;
    all.start();
    all.ask(0);
    all.ask(1);  // refused with the first
    BOOST_TEST(all.line() == "Authorization: Bearer t2\r\n");
    all.ask(1);  // so was another request, a little later
    BOOST_TEST(all.says.asked == 2U);
    all.ask(2);  // refused again, at once: asking would not help
    BOOST_TEST(all.says.asked == 2U);
}

BOOST_AUTO_TEST_CASE(a_failing_source_is_told_of_and_leaves_nothing) {
    world all;
    all.says.is_good = false;
    all.start();
    all.ask(0);
    BOOST_TEST(!all.book->current(0)->is_there());
    BOOST_TEST(all.bad >= 1U);
}

BOOST_AUTO_TEST_CASE(what_is_valid_stays_while_renewals_fail) {
    world all;
    all.start();
    all.ask(0);
    all.says.is_good = false;
    all.ask(1);
    BOOST_TEST(all.line() == "Authorization: Bearer t1\r\n");
}

BOOST_AUTO_TEST_CASE(short_lives_are_renewed_without_anybody_asking) {
    world all;
    all.says.life = 1;
    all.start();
    all.runner.until([&] { return all.says.asked >= 3; });
    BOOST_TEST(all.good == 1U);
}

BOOST_AUTO_TEST_CASE(an_account_nobody_holds_is_let_go) {
    world all;
    all.says.life = 1;
    all.start();
    all.ask(0);
    all.book.reset();
    all.runner.until([&] { return all.says.is_gone.load(); });
}

BOOST_AUTO_TEST_CASE(it_ends_in_the_middle_of_a_question) {
    world all;
    all.says.hold();
    all.start();
    all.runner.until([&] { return all.says.asked == 1; });
    all.says.let_go();
}

BOOST_AUTO_TEST_CASE(it_ends_without_having_begun) {
    world all;
    BOOST_TEST(all.says.asked == 0U);
}

BOOST_AUTO_TEST_SUITE_END()
