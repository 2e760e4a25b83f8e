// Images, documents, videos and sounds as Converse's blocks. Nothing is fetched: what stands at an address other than
// s3:// cannot be asked. Remembers the names of documents, which must differ. One a request.
#pragma once

#include "adapters/canonical/codec.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace spillway::adapters::converse {

class media_writer {
public:
    media_writer(
        const canonical::request& from, const canonical::encode_context& to, std::string& out
    ) noexcept
        : from_{from}
        , to_{to}
        , out_{out} {}

    // Appends the block and a comma. REQUIRES: the part is a medium.
    result<> write(const canonical::part& one);
    // The same of an image whose format is known.
    void image(std::string_view format, const canonical::media_source& source);

private:
    result<> document(const canonical::media_source& source);
    void
    block(std::string_view label, std::string_view format, const canonical::media_source& source);
    void append_name(const canonical::media_source& source);
    void append_source(const canonical::media_source& source);
    [[nodiscard]] problem refuse(std::string_view what) const;

    const canonical::request& from_;
    const canonical::encode_context& to_;
    std::string& out_;
    std::vector<std::string> names_;  // of documents
};

}  // namespace spillway::adapters::converse
