// Amazon's temporary keys from where a program runs: a container's credentials endpoint, or the metadata service of an
// instance (its second version: a session's token first).
#pragma once

#include "proxy/credentials/source.hpp"

#include <string>
#include <string_view>

namespace spillway::credentials {

class amazon_source final : public source {
public:
    enum class place : std::uint8_t { container, instance };

    // A container's endpoint has a path, and may want a word of authorization; an instance's has neither.
    amazon_source(place where, const std::string& url, base::secret authorization);

    net::task<granted> ask(http_client& by, net::activity& self) override;

private:
    net::task<result<http_answer>> ask_instance(http_client& by, net::activity& self);
    http_question question(wire::method how, std::string_view target) const;

    place where_;
    upstream::origin to_;
    std::string path_;
    base::secret authorization_;
};

}  // namespace spillway::credentials
