#include "routing/table_builder.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <map>
#include <set>
#include <stdexcept>
#include <utility>

namespace spillway::routing {

namespace {

std::string quoted(std::string_view name) {
    return "'" + std::string{name} + "'";
}

std::string_view provider_of(std::string_view account) {
    return account.substr(0, account.find('/'));
}

// `openai` or `openai/backup`: what may stand in a flag, a header and a metric label.
bool is_account_name(std::string_view name) {
    const auto slash = name.find('/');
    const auto is_part = [](std::string_view part) {
        return !part.empty() &&
               part.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789._-") == part.npos;
    };
    if (slash == name.npos) return is_part(name);
    return is_part(name.substr(0, slash)) && is_part(name.substr(slash + 1));
}

bool is_model_name(std::string_view name) {
    return !name.empty() && name.size() <= 256 &&
           std::ranges::all_of(name, [](char c) { return c > ' ' && c < '\x7f'; });
}

bool has_negative(const price_list& prices) {
    const std::array all{
        prices.prompt,
        prices.completion,
        prices.cache_read,
        prices.cache_write,
        prices.reasoning,
        prices.request,
        prices.image,
    };
    return std::ranges::any_of(all, [](const auto& price) { return price && *price < 0; });
}

}  // namespace

void throw_exception_from_error(const complaints& why, const boost::source_location&) {
    throw std::logic_error{
        "a refused routing table was used: " + (why.texts.empty() ? "" : why.texts.front())};
}

// Checks while it builds; whatever is wrong is noted and skipped, so that one run finds all faults.
class table_builder {
public:
    table_builder(const description& plain, state_registry& states)
        : plain_{plain}
        , states_{states}
        , made_{new table} {}

    built_table build() {
        add_limits();
        add_lists();
        add_accounts();
        collect_names();
        add_models();
        add_unnamed();
        add_names();
        add_keys();
        check_default();
        if (!wrong_.texts.empty()) return std::move(wrong_);
        return std::shared_ptr<const table>{std::move(made_)};
    }

private:
    void complain(std::string text) { wrong_.texts.push_back(std::move(text)); }

    std::vector<glob> globs(const std::vector<std::string>& patterns, const std::string& where) {
        std::vector<glob> parsed;
        for (const auto& pattern : patterns) {
            if (auto one = glob::parse(pattern))
                parsed.push_back(std::move(*one));
            else
                complain(where + ": " + quoted(pattern) + " is not a name pattern");
        }
        return parsed;
    }

    void add_limits() {
        if (plain_.max_attempts == 0) complain("the number of attempts must be at least 1");
        if (plain_.retry_percent > 100)
            complain("the retry budget must be between 0 and 100 percent");
        made_->max_attempts_ = plain_.max_attempts;
        made_->retry_percent_ = plain_.retry_percent;
        made_->data_ = plain_.data;
    }

    void add_lists() {
        made_->allow_models_ = globs(plain_.allow_models, "allowed models");
        made_->deny_models_ = globs(plain_.deny_models, "denied models");
        allow_providers_ = globs(plain_.allow_providers, "allowed providers");
        deny_providers_ = globs(plain_.deny_providers, "denied providers");
    }

    list_verdict
    organisation_verdict_on(std::string_view account, std::string_view provider) const {
        const auto listed = [&](const std::vector<glob>& list) {
            return matches_any(list, account) || matches_any(list, provider);
        };
        const bool may = allow_providers_.empty() || listed(allow_providers_);
        return may && !listed(deny_providers_) ? list_verdict::allowed : list_verdict::denied;
    }

    void add_accounts() {
        std::set<std::string_view> seen;
        for (const auto& one : plain_.accounts) {
            const auto where = "provider " + quoted(one.name);
            if (!is_account_name(one.name)) {
                complain(
                    where +
                    ": a name is NAME or NAME/ACCOUNT in lower-case letters, digits and . _ -"
                );
                continue;
            }
            if (!seen.insert(one.name).second) {
                complain(where + " is configured twice");
                continue;
            }
            if (one.weight == 0) complain(where + ": the weight must be at least 1");
            const std::string provider{provider_of(one.name)};
            made_->accounts_.push_back({
                .id = account_id{static_cast<std::uint32_t>(made_->accounts_.size())},
                .name = one.name,
                .provider = provider,
                .display_name = one.display_name.empty() ? provider : one.display_name,
                .weight = one.weight,
                .priority = one.priority,
                .concurrency_limit = one.concurrency_limit,
                .data = one.data,
                .by_organisation = organisation_verdict_on(one.name, provider),
                .state = &states_.account(one.name),
            });
        }
        for (const auto& one : made_->accounts_)
            by_provider_[one.provider].push_back(&one);
        for (auto& [provider, accounts] : by_provider_) {
            std::ranges::stable_sort(accounts, {}, &account::priority);
        }
    }

    // Accounts that a name in an endpoint stands for: a provider means each of its accounts.
    std::vector<const account*> accounts_named(std::string_view name) const {
        if (const auto provider = by_provider_.find(name); provider != by_provider_.end()) {
            return provider->second;
        }
        for (const auto& one : made_->accounts_) {
            if (one.name == name) return {&one};
        }
        return {};
    }

    void collect_names() {
        for (const auto& one : plain_.models) {
            if (!is_model_name(one.id))
                complain("model " + quoted(one.id) + " is not a usable name");
            else if (!models_.emplace(one.id, one).second) {
                complain("model " + quoted(one.id) + " is configured twice");
            }
        }
        for (const auto& one : plain_.aliases) {
            const auto where = "alias " + quoted(one.name);
            if (!is_model_name(one.name))
                complain(where + " is not a usable name");
            else if (models_.contains(one.name))
                complain(where + " is also the name of a model");
            else if (!aliases_.emplace(one.name, &one).second)
                complain(where + " is configured twice");
            if (one.models.empty()) complain(where + " names no model");
        }
        for (const auto& [name, alias] : aliases_) {
            for (const auto& wanted : alias->models)
                admit_alias_target(name, wanted);
        }
    }

    // An alias may name a model that no list knows, at a provider that is known: it becomes a model.
    void admit_alias_target(std::string_view alias, const std::string& wanted) {
        if (models_.contains(wanted) || aliases_.contains(wanted)) return;
        const auto provider = provider_of(wanted);
        if (!is_model_name(wanted) || provider.size() + 1 >= wanted.size() ||
            !by_provider_.contains(provider)) {
            complain("alias " + quoted(alias) + ": there is no model " + quoted(wanted));
            return;
        }
        model_description made{.id = wanted, .display_name = {}, .created = 0, .endpoints = {}};
        made.endpoints.emplace_back().account = provider;
        made.endpoints.back().upstream_model = wanted.substr(provider.size() + 1);
        models_.emplace(wanted, std::move(made));
    }

    void add_models() {
        std::vector<std::size_t> counts;
        for (const auto& [id, one] : models_) {
            const auto before = made_->endpoints_.size();
            for (const auto& each : one.endpoints)
                add_endpoints(one, each, before);
            const auto begin = made_->endpoints_.begin() + static_cast<std::ptrdiff_t>(before);
            std::stable_sort(
                begin,
                made_->endpoints_.end(),
                [](const endpoint& a, const endpoint& b) { return a.at->priority < b.at->priority; }
            );
            counts.push_back(made_->endpoints_.size() - before);
        }
        for (const auto& [id, one] : models_) {
            made_->models_.push_back({
                .id = model_id{static_cast<std::uint32_t>(made_->models_.size())},
                .slug = id,
                .display_name = one.display_name.empty() ? id : one.display_name,
                .created = one.created,
                .by_organisation = made_->organisation_verdict_on_model(id),
                .endpoints = {},
            });
        }
        endpoint_counts_ = std::move(counts);
    }

    void add_endpoints(
        const model_description& owner, const endpoint_description& one, std::size_t first_of_model
    ) {
        const auto where = "model " + quoted(owner.id) + ", endpoint at " + quoted(one.account);
        const auto accounts = accounts_named(one.account);
        if (accounts.empty()) complain(where + ": there is no such provider");
        if (!is_model_name(one.upstream_model))
            complain(where + ": the upstream's model name is missing or unusable");
        if (one.weight == 0) complain(where + ": the weight must be at least 1");
        if (has_negative(one.price)) complain(where + ": a price is negative");
        for (const auto* at : accounts) {
            const auto is_same = [&](const endpoint& known) {
                return known.at == at && known.upstream_model == one.upstream_model;
            };
            const auto begin =
                made_->endpoints_.begin() + static_cast<std::ptrdiff_t>(first_of_model);
            if (std::any_of(begin, made_->endpoints_.end(), is_same)) {
                complain(
                    where + ": " + quoted(one.upstream_model) + " at " + quoted(at->name) +
                    " is listed twice"
                );
                continue;
            }
            made_->endpoints_.push_back({
                .id = {},
                .at = at,
                .upstream_model = one.upstream_model,
                .price = one.price,
                .context = one.context,
                .max_output = one.max_output,
                .weight = one.weight,
                .state = &states_.target(at->name, one.upstream_model),
            });
        }
    }

    // One endpoint an account for models that nobody listed; then ids and spans, since nothing moves any more.
    void add_unnamed() {
        for (const auto& [provider, accounts] : by_provider_) {
            for (const auto* at : accounts)
                made_->endpoints_.emplace_back().at = at;
        }
        auto& all = made_->endpoints_;
        for (std::size_t i = 0; i < all.size(); ++i)
            all[i].id = target_id{static_cast<std::uint32_t>(i)};
        std::size_t next = 0;
        for (std::size_t i = 0; i < made_->models_.size(); ++i) {
            made_->models_[i].endpoints = {all.data() + next, endpoint_counts_[i]};
            next += endpoint_counts_[i];
        }
        for (const auto& [provider, accounts] : by_provider_) {
            made_->prefixes_[std::string{provider}] = {all.data() + next, accounts.size()};
            next += accounts.size();
        }
    }

    void add_names() {
        for (const auto& one : made_->models_)
            made_->names_[one.slug] = {&one};
        for (const auto& [name, alias] : aliases_) {
            std::vector<const model*> chain;
            std::vector<std::string_view> path;
            if (follow(name, path, chain)) made_->names_[std::string{name}] = std::move(chain);
        }
        add_short_names();
    }

    // Depth first; `path` holds the aliases that are being followed, so meeting one again is a loop.
    bool follow(
        std::string_view name, std::vector<std::string_view>& path, std::vector<const model*>& chain
    ) {
        const auto alias = aliases_.find(name);
        if (alias == aliases_.end()) {
            const auto at = std::ranges::lower_bound(made_->models_, name, {}, &model::slug);
            if (at == made_->models_.end() || at->slug != name) return true;  // complained already
            if (std::ranges::find(chain, &*at) == chain.end()) chain.push_back(&*at);
            return true;
        }
        if (std::ranges::find(path, name) != path.end()) {
            complain("alias " + quoted(path.front()) + " leads back to " + quoted(name));
            return false;
        }
        path.push_back(name);
        for (const auto& wanted : alias->second->models) {
            if (!follow(wanted, path, chain)) return false;
        }
        path.pop_back();
        return true;
    }

    // `gpt-4o-mini` for `openai/gpt-4o-mini`, as clients of one provider spell it, where nothing else could be meant.
    void add_short_names() {
        std::map<std::string_view, std::vector<const model*>> owners;
        for (const auto& one : made_->models_) {
            const auto slash = one.slug.find('/');
            if (slash == std::string::npos) continue;
            owners[std::string_view{one.slug}.substr(slash + 1)].push_back(&one);
        }
        for (auto& [name, models] : owners) {
            if (models.size() == 1) made_->names_.try_emplace(std::string{name}, std::move(models));
        }
    }

    void add_keys() {
        std::set<std::string_view> names;
        std::set<key_digest> digests;
        std::vector<key_ring::entry> entries;
        for (const auto& one : plain_.keys) {
            const auto where = "key " + quoted(one.name);
            if (one.name.empty()) complain("a key has no name");
            if (!names.insert(one.name).second) complain(where + " is configured twice");
            if (!digests.insert(one.digest).second)
                complain(where + " has the same secret as another key");
            client_key made;
            made.name = one.name;
            made.organisation = one.organisation;
            made.models = globs(one.models, where);
            made.providers = globs(one.providers, where);
            made.expires = one.expires;
            entries.push_back({one.digest, std::move(made)});
        }
        made_->keys_ = key_ring{std::move(entries)};
    }

    void check_default() {
        made_->default_model_ = plain_.default_model;
        if (plain_.default_model.empty() || aliases_.contains(plain_.default_model)) return;
        if (!made_->find(plain_.default_model).is_known()) {
            complain("the default model " + quoted(plain_.default_model) + " is not known");
        }
    }

    const description& plain_;
    state_registry& states_;
    std::unique_ptr<table> made_;
    complaints wrong_;
    std::vector<glob> allow_providers_;
    std::vector<glob> deny_providers_;
    std::map<std::string_view, std::vector<const account*>> by_provider_;
    std::map<std::string, model_description, std::less<>> models_;
    std::map<std::string_view, const alias_description*> aliases_;
    std::vector<std::size_t> endpoint_counts_;
};

built_table build_table(const description& plain, state_registry& states) {
    return table_builder{plain, states}.build();
}

}  // namespace spillway::routing
