#include "proxy/flow/request_text.hpp"

#include "proxy/base/pen.hpp"

#include <chrono>

namespace spillway::flow {

request_text::request_text(
    const provider_account& account,
    const client_request& request,
    const adapters::call& what,
    std::string_view upstream_model,
    const adapters::edit_list& edits,
    const credentials::issued* lent
) {
    const adapters::adapter& adapter = *account.adapter;
    const adapters::provider_row& row = adapter.row();
    const adapters::protocol speaks = adapter.speaks_to(what.dialect);
    const std::string& ready = account.ready_head(what);
    const bool is_ready = speaks == row.speaks && !ready.empty();
    if (!is_ready) head_ = account.request_head(what, upstream_model);
    pieces_.push(is_ready ? std::string_view{ready} : head_);
    pieces_.push(request.forwarded);
    if (row.takes_openrouter_members) pieces_.push(request.attribution);
    if (speaks == what.dialect && !request.betas.empty())
        pieces_.push(adapter.betas(request.betas, betas_));
    if (lent != nullptr) pieces_.push(lent->line.reveal());
    const adapters::adapter& signer = lent != nullptr && lent->signer ? *lent->signer : adapter;
    if (signer.signs()) {
        sign(signer, account, adapter.target(what, upstream_model), edits);
        pieces_.push(signature_);
    }
    base::pen line{length_.data()};
    line.word("Content-Length: ");
    line.number(edits.size());
    line.word("\r\n\r\n");
    pieces_.push({length_.data(), static_cast<std::size_t>(line.at() - length_.data())});
    edits.pieces(pieces_);
}

void request_text::sign(
    const adapters::adapter& by,
    const provider_account& account,
    std::string_view target,
    const adapters::edit_list& edits
) {
    adapters::piece_list body;
    edits.pieces(body);
    const adapters::signing_order order{
        target, account.origin.authority, body.pieces(), std::chrono::system_clock::now()};
    for (const adapters::head_field& one : by.sign(order))
        signature_.append(one.name).append(": ").append(one.value).append("\r\n");
}

}  // namespace spillway::flow
