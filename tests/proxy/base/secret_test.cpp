#include "proxy/base/secret.hpp"

#include <boost/test/unit_test.hpp>

#include <ostream>
#include <string>
#include <type_traits>
#include <utility>

namespace {

using namespace spillway;

template <class T>
concept printable = requires(std::ostream& to, const T& what) {
    to << what;
};
static_assert(!printable<base::secret>);
static_assert(!std::is_convertible_v<base::secret, std::string_view>);
static_assert(!std::is_convertible_v<std::string, base::secret>);

const std::string long_key = "sk-" + std::string(60, 'k');

}  // namespace

BOOST_AUTO_TEST_SUITE(secrets)

BOOST_AUTO_TEST_CASE(a_secret_says_what_it_holds_when_asked) {
    const base::secret key{long_key};
    BOOST_TEST(key.reveal() == long_key);
    BOOST_TEST(!key.empty());
    BOOST_TEST(base::secret{}.empty());
    const base::secret copy{key};
    BOOST_TEST(copy.reveal() == long_key);
    BOOST_TEST(key.reveal() == long_key);
}

BOOST_AUTO_TEST_CASE(a_moved_secret_leaves_nothing_behind) {
    for (const std::string& text : {std::string{"short"}, long_key}) {
        base::secret from{text};
        const base::secret to{std::move(from)};
        BOOST_TEST(to.reveal() == text);
        BOOST_TEST(from.empty());
        base::secret again{"other"};
        base::secret source{text};
        again = std::move(source);
        BOOST_TEST(again.reveal() == text);
        BOOST_TEST(source.empty());
    }
}

BOOST_AUTO_TEST_CASE(a_short_secret_wipes_its_place_when_it_moves) {
    base::secret from{"short"};
    const char* const was_at = from.reveal().data();
    const base::secret to{std::move(from)};
    BOOST_TEST((std::string_view{was_at, 5} == std::string_view{"\0\0\0\0\0", 5}));
}

// The place is kept and used again: what stood behind the shorter text must be gone, too.
BOOST_AUTO_TEST_CASE(an_assigned_secret_wipes_what_it_held) {
    base::secret key{long_key};
    const char* const place = key.reveal().data();
    const base::secret other{"sk-1"};
    key = other;
    BOOST_TEST(key.reveal() == "sk-1");
    BOOST_TEST(other.reveal() == "sk-1");
    if (key.reveal().data() == place) {
        const std::string_view rest{place + 5, long_key.size() - 5};
        BOOST_TEST(rest.find('k') == std::string_view::npos);
    }
    const base::secret& itself = key;
    key = itself;
    BOOST_TEST(key.reveal() == "sk-1");
}

BOOST_AUTO_TEST_SUITE_END()
