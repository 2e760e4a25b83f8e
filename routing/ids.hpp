// The strong ids of the quiet room. An id is an index into one published table and means nothing in another;
// whoever holds an id holds the pin of the table it came from. Names survive a reload, ids do not.
#pragma once

#include <cstdint>

namespace spillway::routing {

enum class target_id : std::uint32_t {};  // one endpoint: (account, upstream model)
enum class account_id : std::uint32_t {
};  // one key or region of a provider: `openai`, `openai/backup`
enum class model_id : std::uint32_t {};       // one public model: `openai/gpt-4o-mini`
enum class client_key_id : std::uint32_t {};  // one static client key

}  // namespace spillway::routing
