// The output items of a response: reasoning, one message for neighbouring texts, function calls.
#pragma once

#include "bench/sim/dialects/answer.hpp"

#include <boost/json/object.hpp>

#include <string>
#include <vector>

namespace spillway::bench::sim {

enum class item_kind { reasoning, message, call, image };
enum class item_state { opened, complete };

// What becomes one item. The parts are those of the answer and live as long as it.
struct response_item {
    item_kind kind{};
    std::string id;
    const part* source = nullptr;
    bool is_cut = false;  // the limit was met here
};

std::vector<response_item> list_items(const said& choice, const answer_frame& frame);

// `with_secret`: reasoning carries its encrypted content.
enum class secret_wish { left_out, included };
boost::json::object print_item(const response_item& one, item_state state, secret_wish secret);

// The one part of a message: text or refusal.
boost::json::object print_message_part(const part& source, item_state state);
boost::json::object print_annotation(const part& source, const citation& cited);

}  // namespace spillway::bench::sim
