#include "adapters/protocols/messages/hosted.hpp"

#include "adapters/json/walker.hpp"
#include "adapters/json/writer.hpp"
#include "adapters/member_eraser.hpp"
#include "adapters/protocols/messages/model_rules.hpp"

#include <algorithm>
#include <array>

namespace spillway::adapters::messages {

namespace {

// Betas by the beginning of their names: dates move, features stay. Google's hosts take what its documentation of partner
// models lists, Amazon's what the models' parameters do.
constexpr std::array<std::string_view, 8> vertex_betas{
    "computer-use-",
    "token-efficient-tools-",
    "output-128k-",
    "interleaved-thinking-",
    "context-1m-",
    "context-management-",
    "fine-grained-tool-streaming-",
    "web-search-",
};
constexpr std::array<std::string_view, 10> bedrock_betas{
    "computer-use-",
    "token-efficient-tools-",
    "output-128k-",
    "interleaved-thinking-",
    "dev-full-thinking-",
    "context-1m-",
    "context-management-",
    "fine-grained-tool-streaming-",
    "effort-",
    "tool-search-tool-",
};

enum class fate : std::uint8_t {
    stays,
    gateways,  // only the gateway reads it
    hosts,     // what is said to a host in its own way
    sampling,  // some models refuse it
    metadata,  // of which only user_id is known
    model,
    stream,
    caching,     // automatic caching, and scopes of marks
    management,  // known with its beta only
    first_partys,
};

struct known_member {
    std::string_view name;
    fate what;
};
constexpr std::array<known_member, 19> known_members{{
    {"model", fate::model},
    {"stream", fate::stream},
    {"temperature", fate::sampling},
    {"top_p", fate::sampling},
    {"top_k", fate::sampling},
    {"metadata", fate::metadata},
    {"cache_control", fate::caching},
    {"context_management", fate::management},
    {"container", fate::first_partys},
    {"mcp_servers", fate::first_partys},
    {"inference_geo", fate::first_partys},
    {"speed", fate::first_partys},
    {"service_tier", fate::first_partys},
    {"fallbacks", fate::first_partys},
    {"fallback_credit_token", fate::first_partys},
    {"diagnostics", fate::first_partys},
    {"anthropic_version", fate::hosts},
    {"anthropic_beta", fate::hosts},
    {"betas", fate::hosts},
}};

fate fate_of(std::string_view name) noexcept {
    const auto* const found = std::ranges::find(known_members, name, &known_member::name);
    if (found != known_members.end()) return found->what;
    return is_the_gateways(name) ? fate::gateways : fate::stays;
}

std::string_view constant_name(std::string_view name) noexcept {
    return std::ranges::find(known_members, name, &known_member::name)->name;
}

bool is_known(hosting where, std::string_view beta) noexcept {
    const auto begins = [&](std::string_view known) {
        return beta.starts_with(known);
    };
    return where == hosting::vertex ? std::ranges::any_of(vertex_betas, begins)
                                    : std::ranges::any_of(bedrock_betas, begins);
}

class adaptation {
public:
    adaptation(
        const provider_row& row,
        const request_facts& facts,
        std::string_view upstream_model,
        edit_list& edits,
        dropped_names& dropped
    )
        : where_{hosting_of(row)}
        , facts_{facts}
        , model_{upstream_model}
        , edits_{edits}
        , dropped_{dropped}
        , eraser_{facts, edits}
        , betas_{where_ == hosting::first_party ? "" : known_betas(where_, facts.betas)} {
        has_temperature_ = facts.has(member::temperature);
    }

    void run() {
        if (is_hosted()) {
            every_member();
        } else {
            // All that matters is among those that inspection has found.
            for (const member_span& where : facts_.members())
                one(name_of(where.which), where);
        }
        eraser_.put_in_front(front());
    }

private:
    void every_member() {
        const std::string_view body = facts_.body();
        json::walker walk{padded_view{body.data(), body.size()}};
        std::uint16_t ordinal = 0;
        const auto on_member = [&](json::raw_string name, const char* value) {
            const char* const end = walk.any(value, 1);
            if (end == nullptr) return end;
            member_span where{};
            where.begin = offset(name.text.data()) - 1;
            where.value = offset(value);
            where.end = offset(end);
            where.ordinal = ordinal++;
            one(name.text, where);
            return end;
        };
        static_cast<void>(walk.members(body.data() + facts_.open_brace(), on_member));
    }

    [[nodiscard]] std::uint32_t offset(const char* at) const noexcept {
        return static_cast<std::uint32_t>(at - facts_.body().data());
    }
    [[nodiscard]] bool is_hosted() const noexcept { return where_ != hosting::first_party; }
    [[nodiscard]] bool names_model() const noexcept {
        const bool counts = facts_.what == operation::count_tokens;
        return !is_hosted() || (where_ == hosting::vertex && counts);
    }

    void drop(std::string_view name, const member_span& where) {
        dropped_.add(constant_name(name));
        eraser_.erase(where);
    }

    void one(std::string_view name, const member_span& where) {
        switch (fate_of(name)) {
        case fate::stays: return is_hosted() ? strip_scopes(where) : void();
        case fate::gateways: return eraser_.erase(where);
        case fate::hosts: return is_hosted() ? eraser_.erase(where) : void();
        case fate::sampling: return refuses(name) ? drop(name, where) : void();
        case fate::metadata: return is_hosted() ? metadata(where) : void();
        case fate::model: return model(where);
        case fate::stream: return where_ == hosting::bedrock ? eraser_.erase(where) : void();
        case fate::management:
            return is_hosted() && !betas_.contains("context-management-") ? drop(name, where)
                                                                          : void();
        case fate::caching:
        case fate::first_partys: return is_hosted() ? drop(name, where) : void();
        }
    }

    // The newest models take none of the three, those before them temperature or top_p.
    [[nodiscard]] bool refuses(std::string_view name) const noexcept {
        const sampling_rule rule = rules_of(model_).sampling;
        if (rule == sampling_rule::refused) return true;
        return rule == sampling_rule::one_of_two && name == "top_p" && has_temperature_;
    }

    void model(const member_span& where) {
        if (!names_model()) return eraser_.erase(where);
        std::string quoted;
        json::append_string(quoted, model_);
        edits_.replace(where.value, where.end - where.value, quoted);
    }

    void metadata(const member_span& where) {
        const std::string_view text = facts_.body().substr(where.value, where.end - where.value);
        std::string_view user;
        bool has_others = false;
        json::walker walk{padded_view{text.data(), text.size()}};
        static_cast<void>(walk.members(text.data(), [&](json::raw_string name, const char* value) {
            const char* const end = walk.any(value, 1);
            if (end == nullptr) return end;
            if (name.text == "user_id") {
                user = {value, static_cast<std::size_t>(end - value)};
            } else {
                has_others = true;
            }
            return end;
        }));
        if (!has_others) return;
        std::string kept{"{"};
        if (!user.empty()) kept.append("\"user_id\":").append(user);
        edits_.replace(where.value, text.size(), kept.append("}"));
    }

    // Claude Code's marks have a scope that only Anthropic itself knows. A member of that name is found by its text: inside
    // a string its quotes would be escaped.
    void strip_scopes(const member_span& where) {
        constexpr std::string_view mark = "\"cache_control\"";
        const std::string_view body = facts_.body().substr(0, where.end);
        for (std::size_t at = body.find(mark, where.value); at != body.npos;
             at = body.find(mark, at + mark.size())) {
            const std::size_t open = body.find_first_not_of(" \t\r\n:", at + mark.size());
            if (open != body.npos && body[open] == '{') strip_scope(open);
        }
    }

    void strip_scope(std::size_t open) {
        const std::string_view rest = facts_.body().substr(open);
        std::string kept;
        bool has_scope = false;
        bool is_mark = false;
        json::walker walk{padded_view{rest.data(), rest.size()}};
        const char* const end =
            walk.members(rest.data(), [&](json::raw_string name, const char* value) {
                const char* const behind = walk.any(value, 1);
                if (behind == nullptr) return behind;
                const std::string_view raw{value, static_cast<std::size_t>(behind - value)};
                is_mark = is_mark || (name.text == "type" && raw == "\"ephemeral\"");
                if (name.text == "scope") {
                    has_scope = true;
                } else {
                    kept.append(kept.empty() ? "{\"" : ",\"").append(name.text);
                    kept.append("\":").append(raw);
                }
                return behind;
            });
        if (end == nullptr || !has_scope || !is_mark) return;
        edits_.replace(open, static_cast<std::size_t>(end - rest.data()), kept.append("}"));
    }

    [[nodiscard]] std::string front() const {
        switch (where_) {
        case hosting::first_party: return {};
        case hosting::vertex: return "\"anthropic_version\":\"vertex-2023-10-16\",";
        case hosting::bedrock: break;
        }
        std::string text{"\"anthropic_version\":\"bedrock-2023-05-31\","};
        if (betas_.empty()) return text;
        text.append("\"anthropic_beta\":[\"");
        for (const char c : betas_)
            c == ',' ? text.append("\",\"") : text.append(1, c);
        return text.append("\"],");
    }

    const hosting where_;
    const request_facts& facts_;
    const std::string_view model_;
    edit_list& edits_;
    dropped_names& dropped_;
    member_eraser eraser_;
    const std::string betas_;
    bool has_temperature_ = false;
};

}  // namespace

std::string known_betas(hosting where, std::string_view field_lines) {
    std::string list;
    while (!field_lines.empty()) {
        const std::size_t end = std::min(field_lines.find('\n'), field_lines.size());
        std::string_view line = field_lines.substr(0, end);
        field_lines.remove_prefix(std::min(end + 1, field_lines.size()));
        line.remove_prefix(std::min(line.find(':') + 1, line.size()));
        while (!line.empty()) {
            const std::size_t comma = std::min(line.find(','), line.size());
            std::string_view name = line.substr(0, comma);
            line.remove_prefix(std::min(comma + 1, line.size()));
            const auto is_part = [](char c) {
                return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
            };
            name.remove_prefix(std::min(name.find_first_not_of(" \t"), name.size()));
            while (name.ends_with(' ') || name.ends_with('\t') || name.ends_with('\r'))
                name.remove_suffix(1);
            if (!std::ranges::all_of(name, is_part) || !is_known(where, name)) continue;
            if (!list.empty()) list.push_back(',');
            list.append(name);
        }
    }
    return list;
}

void adapt_body(
    const provider_row& row,
    const request_facts& facts,
    std::string_view upstream_model,
    edit_list& edits,
    dropped_names& dropped
) {
    adaptation{row, facts, upstream_model, edits, dropped}.run();
}

}  // namespace spillway::adapters::messages
