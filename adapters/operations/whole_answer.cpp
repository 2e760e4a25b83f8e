#include "adapters/operations/whole_answer.hpp"

#include "adapters/canonical/answer_watch.hpp"
#include "adapters/json/document.hpp"
#include "adapters/protocols/chat/errors.hpp"

namespace spillway::adapters::operations {

void whole_answer::feed(std::string_view octets, piece_list&) {
    if (failed_) return;
    if (body_.size() + octets.size() > canonical::most_whole_octets)
        return broken("The provider's answer is larger than the gateway holds.");
    body_.append(octets);
    size_ = body_.size();
}

void whole_answer::finish(std::string_view last_octets, ending how, piece_list& out) {
    feed(last_octets, out);
    if (failed_ || how == ending::cut) return;
    body_.append(padding, '\0');
    translate({body_.data(), size_}, out);
}

void whole_answer::tell(std::string_view text, piece_list& out) {
    out.push(text);
    facts_.events = 1;
    facts_.text_octets = size_;
    facts_.content_started = true;
    facts_.terminal_seen = true;
    facts_.complete = true;
}

void whole_answer::broken(std::string_view message) {
    fail(chat::broken_answer(body(), message, provider_));
}

void whole_answer::no_answer(std::string_view message) {
    const padded_text padded{body()};
    json::document read;
    if (read.read(padded.view()) && read.root()["error"])
        return fail(chat::explain_inside(padded.view().text(), row_, provider_));
    broken(message);
}

}  // namespace spillway::adapters::operations
