// Hands out the four cache points a request may have. The last ones of the messages are worth most, so the first ones
// of the messages go when there are more; one that lives an hour may not stand behind one that lives five minutes. Asked
// in the order tools, system, messages. One a request.
#pragma once

#include "adapters/canonical/codec.hpp"
#include "adapters/protocols/converse/family.hpp"

#include <string>

namespace spillway::adapters::converse {

class cache_points {
public:
    cache_points(
        const canonical::request& from, const canonical::encode_context& to, const family& model
    );

    void behind_tool(canonical::cache_mark mark, std::string& out);
    void behind_system(canonical::cache_mark mark, std::string& out);
    void behind_block(canonical::cache_mark mark, std::string& out);

private:
    void append(canonical::cache_mark mark, std::string& out);

    const family& model_;
    std::size_t left_ = 4;
    std::size_t passed_over_ = 0;  // of the messages
    bool had_short_one_ = false;
};

}  // namespace spillway::adapters::converse
