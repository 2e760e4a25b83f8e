#include "proxy/flow/request_text.hpp"

#include "proxy/base/pen.hpp"

namespace spillway::flow {

request_text::request_text(
    const provider_account& account,
    const client_request& request,
    const adapters::call& what,
    std::string_view upstream_model,
    const adapters::edit_list& edits
) {
    const std::string& ready = account.ready_head(what);
    if (ready.empty()) head_ = account.request_head(what, upstream_model);
    pieces_.push(ready.empty() ? std::string_view{head_} : ready);
    pieces_.push(request.forwarded);
    const adapters::provider_row& row = account.adapter->row();
    if (row.takes_openrouter_members) pieces_.push(request.attribution);
    if (row.speaks == request.asked.dialect) pieces_.push(request.betas);
    base::pen line{length_.data()};
    line.word("Content-Length: ");
    line.number(edits.size());
    line.word("\r\n\r\n");
    pieces_.push({length_.data(), static_cast<std::size_t>(line.at() - length_.data())});
    edits.pieces(pieces_);
}

}  // namespace spillway::flow
