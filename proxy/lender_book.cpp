#include "proxy/lender_book.hpp"

#include "proxy/credentials/amazon_source.hpp"
#include "proxy/credentials/google_source.hpp"
#include "proxy/options/value.hpp"

namespace spillway {

std::shared_ptr<credentials::lender> lender_book::lender_of(
    const settings::provider& one,
    const adapters::account_settings& said,
    std::size_t workers,
    std::vector<std::string>& complaints
) {
    if (!one.credentials && !one.keys_from) return nullptr;
    std::weak_ptr<credentials::lender>& known = known_[identity_of(one)];
    if (std::shared_ptr<credentials::lender> same = known.lock()) return same;
    made_source made = one.credentials ? google(one, complaints) : amazon(one, said);
    if (!made.from) return nullptr;
    auto lender = std::make_shared<credentials::lender>(
        one.full_name(), std::move(made.from), std::move(made.make_signer), workers, keeper_
    );
    keeper_.look_after(lender);
    known = lender;
    return lender;
}

// Everything that makes the lent ones what they are; secrets as digests.
std::string lender_book::identity_of(const settings::provider& one) const {
    std::string text = one.full_name() + '\n' + one.token_url + '\n' + one.ca_file + '\n';
    text.append(one.region).append("\n").append(one.url).append("\n");
    const auto add = [&](const std::optional<settings::secret_value>& secret) {
        if (!secret) return;
        const net::digest digest = net::hmac_sha256(digest_key_, secret->value.reveal());
        text.append(reinterpret_cast<const char*>(digest.data()), digest.size());
    };
    add(one.credentials);
    if (one.keys_from) {
        text.append(one.keys_from->url);
        add(one.keys_from->authorization);
    }
    return text;
}

lender_book::made_source
lender_book::google(const settings::provider& one, std::vector<std::string>& complaints) const {
    const auto refuse = [&](const std::string& why) {
        complaints.push_back("provider " + one.full_name() + ": credentials: " + why);
        return made_source{};
    };
    std::string why_not;
    std::optional<credentials::service_account> account =
        credentials::parse_service_account(one.credentials->value.reveal(), why_not);
    if (!account) return refuse(why_not);
    const std::string url = one.token_url.empty() ? account->token_url : one.token_url;
    const settings::parsed<std::string> good_url = settings::parse_url(url);
    if (!good_url) return refuse("its token_uri: " + good_url.error().what);
    // The account's own endpoint is Google's, whoever vouches for the provider.
    const std::string ca_file = one.token_url.empty() ? std::string{} : one.ca_file;
    made_source made;
    made.from = credentials::google_source::make(std::move(*account), *good_url, ca_file);
    if (!made.from) return refuse("its private_key is no RSA key of at least 2048 bits");
    return made;
}

// Signs by an adapter that differs from the account's own in its keys alone. REQUIRES: the provider is a known one, whose
// row lasts.
lender_book::made_source
lender_book::amazon(const settings::provider& one, const adapters::account_settings& said) const {
    using credentials::amazon_source;
    const settings::key_place& from = *one.keys_from;
    const auto where = from.what == settings::key_place::kind::container
                           ? amazon_source::place::container
                           : amazon_source::place::instance;
    made_source made;
    made.from = std::make_unique<amazon_source>(
        where, from.url, from.authorization ? from.authorization->value : base::secret{}
    );
    const adapters::provider_row& row = *adapters::find_row(one.name);
    made.make_signer = [&row, said](const credentials::grant& lent) {
        adapters::account_settings with = said;
        with.access_key_id = lent.access_key_id.reveal();
        with.secret_access_key = lent.secret_access_key.reveal();
        with.session_token = lent.session_token.reveal();
        auto signer = adapters::make_adapter(row, with);
        return std::shared_ptr<const adapters::adapter>{signer ? std::move(*signer) : nullptr};
    };
    return made;
}

}  // namespace spillway
