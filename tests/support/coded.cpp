#include "tests/support/coded.hpp"

#include <boost/test/unit_test.hpp>

#include <brotli/encode.h>
#include <zlib.h>
#include <zstd.h>

namespace spillway::testing {

namespace {

using wire::content_coding;

std::string deflated(std::string_view plain, int window_bits) {
    z_stream stream{};
    BOOST_TEST_REQUIRE(
        deflateInit2(&stream, 6, Z_DEFLATED, window_bits, 8, Z_DEFAULT_STRATEGY) == Z_OK
    );
    std::string out(deflateBound(&stream, plain.size()), '\0');
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(plain.data()));
    stream.avail_in = static_cast<uInt>(plain.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    BOOST_TEST_REQUIRE(deflate(&stream, Z_FINISH) == Z_STREAM_END);
    out.resize(stream.total_out);
    deflateEnd(&stream);
    return out;
}

std::string brotlied(std::string_view plain) {
    std::size_t size = BrotliEncoderMaxCompressedSize(plain.size()) + 16;
    std::string out(size, '\0');
    const auto done = BrotliEncoderCompress(
        5,
        BROTLI_DEFAULT_WINDOW,
        BROTLI_DEFAULT_MODE,
        plain.size(),
        reinterpret_cast<const std::uint8_t*>(plain.data()),
        &size,
        reinterpret_cast<std::uint8_t*>(out.data())
    );
    BOOST_TEST_REQUIRE(done == BROTLI_TRUE);
    out.resize(size);
    return out;
}

std::string zstandardised(std::string_view plain) {
    std::string out(ZSTD_compressBound(plain.size()), '\0');
    const std::size_t size = ZSTD_compress(out.data(), out.size(), plain.data(), plain.size(), 3);
    BOOST_TEST_REQUIRE(ZSTD_isError(size) == 0u);
    out.resize(size);
    return out;
}

}  // namespace

std::string coded(content_coding coding, std::string_view plain) {
    switch (coding) {
    case content_coding::gzip: return deflated(plain, 15 + 16);
    case content_coding::deflate: return deflated(plain, 15);
    case content_coding::brotli: return brotlied(plain);
    case content_coding::zstd: return zstandardised(plain);
    case content_coding::identity:
    case content_coding::unknown: break;
    }
    return {};
}

}  // namespace spillway::testing
