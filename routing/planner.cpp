#include "routing/planner.hpp"

#include "routing/filter.hpp"
#include "routing/inline_vector.hpp"

#include <algorithm>
#include <cstddef>
#include <string>
#include <utility>

namespace spillway::routing {

namespace {

// SplitMix64: one multiply-and-shift round a number; good enough to draw by weight.
class dice {
public:
    explicit dice(std::uint64_t seed) noexcept : state_{seed} {}

    // Uniform in [0, bound) up to a bias below 2^-32 for the bounds that weights add up to.
    std::uint64_t below(std::uint64_t bound) noexcept {
        state_ += 0x9e3779b97f4a7c15U;
        auto z = state_;
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9U;
        z = (z ^ (z >> 27)) * 0x94d049bb133111ebU;
        return (z ^ (z >> 31)) % bound;
    }

private:
    std::uint64_t state_;
};

// Few and nearly sorted, hence by insertion; stable, and unlike std::stable_sort it never allocates.
template <class T, class Key>
void sort_few(std::span<T> all, Key key) noexcept {
    for (std::size_t i = 1; i < all.size(); ++i) {
        for (std::size_t j = i; j > 0 && key(all[j]) < key(all[j - 1]); --j) {
            std::swap(all[j], all[j - 1]);
        }
    }
}

struct entry {
    candidate who;
    std::size_t wish;  // position in the request's `order`
    std::uint64_t weight;
    place stands;
};

// All that may serve, gathered model by model, then emitted by readiness. Lives on the stack of make_plan().
class gathering {
public:
    gathering(
        const table& routes,
        const request_facts& asked,
        const client_key& who,
        time_point now,
        std::uint64_t random
    ) noexcept
        : routes_{routes}
        , asked_{asked}
        , who_{who}
        , now_{now}
        , dice_{random} {}

    // False when nobody knows the name.
    bool add(std::string_view name) noexcept {
        const auto found = routes_.find(name);
        if (!found.unnamed.empty()) {
            const auto verdict = routes_.organisation_verdict_on_model(name);
            add_model({name, found.upstream_model, verdict, found.unnamed});
        }
        for (const auto* each : found.chain) {
            add_model({each->slug, {}, each->by_organisation, each->endpoints});
        }
        return found.is_known();
    }

    bool is_empty() const noexcept { return entries_.size() == 0; }
    refusal_step emptied_by() const noexcept { return emptied_by_; }

    // The smallest remaining rest when nobody can be asked now; nothing when somebody can.
    std::optional<refusal> blocked() const {
        auto step = refusal_step::resting;
        std::optional<milliseconds> least;
        for (const auto& e : entries_.all()) {
            switch (e.stands.is) {
            case readiness::ready:
            case readiness::ejected: return std::nullopt;
            case readiness::full: step = refusal_step::no_room; break;
            case readiness::resting:
                least = std::min(least.value_or(milliseconds::max()), e.stands.remaining);
                break;
            }
        }
        return refusal{step, {}, {}, least};
    }

    void emit(plan& made) noexcept {
        emit_all(made, readiness::ready);
        if (made.size() == entries_.size()) return;
        emit_all(made, readiness::full);
        sort_few(entries_.all(), [](const entry& e) { return e.stands.remaining; });
        emit_all(made, readiness::ejected);
        emit_all(made, readiness::resting);
    }

private:
    static constexpr std::size_t capacity = 64;  // endpoints looked at for one request
    static constexpr std::size_t longest_chain = 32;

    struct offer {
        std::string_view slug;
        std::string_view unnamed;  // the upstream's name of a model no table names
        list_verdict by_organisation;
        std::span<const endpoint> endpoints;
    };

    void note(refusal_step step) noexcept { emptied_by_ = std::max(emptied_by_, step); }

    void add_model(const offer& model) noexcept {
        if (slugs_.is_full() || is_known(model.slug)) return;
        slugs_.push(model.slug);
        if (const auto no = objection_to_model(model.slug, model.by_organisation, who_)) {
            note(*no);
        } else {
            const auto begin = entries_.size();
            for (const auto& target : model.endpoints)
                add_endpoint(model, target);
            if (entries_.size() - begin > 1) arrange(entries_.all().subspan(begin));
        }
    }

    bool is_known(std::string_view slug) const noexcept {
        return std::ranges::find(slugs_.all(), slug) != slugs_.all().end();
    }

    void add_endpoint(const offer& model, const endpoint& target) noexcept {
        if (const auto no = objection_to(target, routes_, asked_, who_)) return note(*no);
        if (entries_.is_full()) return;
        const bool is_named = target.state != nullptr;
        auto& state = is_named ? *target.state : target.at->state->state_of_unnamed(model.unnamed);
        entries_.push({
            .who =
                {
                    .target = &target,
                    .at = target.at,
                    .state = &state,
                    .upstream_model = is_named ? target.upstream_model : model.unnamed,
                    .model = model.slug,
                    .chain_position = static_cast<std::uint32_t>(slugs_.size() - 1),
                },
            .wish = position_of(*target.at, asked_.provider.order),
            .weight = std::uint64_t{target.at->weight} * target.weight,
            .stands = place_of(*target.at, state, now_),
        });
    }

    // Wishes first, then priority (the table is sorted by it already), then a draw by weight among equals.
    void arrange(std::span<entry> all) noexcept {
        if (!asked_.provider.order.empty()) {
            sort_few(all, [](const entry& e) { return e.wish; });
        }
        const auto is_equal = [](const entry& a, const entry& b) {
            return a.wish == b.wish && a.who.at->priority == b.who.at->priority;
        };
        for (std::size_t begin = 0; begin < all.size();) {
            auto end = begin + 1;
            while (end < all.size() && is_equal(all[begin], all[end]))
                ++end;
            draw(all.subspan(begin, end - begin));
            begin = end;
        }
    }

    // Without putting back: each place goes to one of the rest, by weight. Leaving out those who cannot serve
    // afterwards does not bend the shares of the others.
    void draw(std::span<entry> equals) noexcept {
        std::uint64_t total = 0;
        for (const auto& e : equals)
            total += e.weight;
        for (std::size_t place = 0; place + 1 < equals.size(); ++place) {
            auto left = dice_.below(total);
            auto chosen = place;
            while (left >= equals[chosen].weight)
                left -= equals[chosen++].weight;
            total -= equals[chosen].weight;
            std::swap(equals[place], equals[chosen]);
        }
    }

    void push(plan& made, const entry& e) noexcept {
        if (made.is_full()) return;
        // Without fallbacks and without a list, the first choice of each model is the only one.
        const bool is_single =
            asked_.provider.beyond == fallbacks::forbidden && asked_.provider.order.empty();
        const auto has_one = [&](const candidate& c) {
            return c.chain_position == e.who.chain_position;
        };
        if (is_single && std::ranges::any_of(made.candidates(), has_one)) return;
        made.push(e.who);
    }

    void emit_all(plan& made, readiness which) noexcept {
        for (const auto& e : entries_.all()) {
            if (e.stands.is == which) push(made, e);
        }
    }

    const table& routes_;
    const request_facts& asked_;
    const client_key& who_;
    time_point now_;
    dice dice_;
    refusal_step emptied_by_ = refusal_step::no_endpoints;
    inline_vector<std::string_view, longest_chain> slugs_;
    inline_vector<entry, capacity> entries_;
};

std::vector<std::string>
suggestions_for(const table& routes, std::string_view name, const client_key& who) {
    auto names = routes.near_misses(name);
    std::erase_if(names, [&](const std::string& near) {
        const auto chain = routes.find(near).chain;
        return std::ranges::any_of(chain, [&](const model* one) {
            return objection_to_model(one->slug, one->by_organisation, who).has_value();
        });
    });
    return names;
}

refusal refuse(refusal_step step, std::string_view name) {
    return {step, std::string{name}, {}, std::nullopt};
}

}  // namespace

result<plan> make_plan(
    const table& routes,
    const request_facts& asked,
    const client_key& who,
    time_point now,
    std::uint64_t random
) {
    auto first = asked.model;
    if (first.empty() && asked.models.empty()) first = routes.default_model();
    if (first.empty() && asked.models.empty()) return refuse(refusal_step::no_model, {});
    gathering found{routes, asked, who, now, random};
    const auto unknown = [&](std::string_view name) {
        auto no = refuse(refusal_step::unknown_model, name);
        no.suggestions = suggestions_for(routes, name, who);
        return no;
    };
    if (!first.empty() && !found.add(first)) return unknown(first);
    for (const auto name : asked.models) {
        if (!found.add(name)) return unknown(name);
    }
    if (first.empty()) first = asked.models.front();
    if (found.is_empty()) return refuse(found.emptied_by(), first);
    if (auto no = found.blocked()) {
        no->model = first;
        return *std::move(no);
    }
    result<plan> made{boost::system::in_place_value};
    found.emit(*made);
    return made;
}

}  // namespace spillway::routing
