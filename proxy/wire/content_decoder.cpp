#include "proxy/wire/content_decoder.hpp"

#include "proxy/base/bytes.hpp"

#include <utility>

#include <brotli/decode.h>
#include <zlib.h>
#include <zstd.h>

namespace spillway::wire {

namespace {

// 2^23: what RFC 9659 lets a sender of zstd over HTTP ask for.
constexpr int zstd_window_bits = 23;
// zlib: the largest window, and gzip and zlib told apart by their first octets.
constexpr int gzip_or_zlib = 15 + 32;

using state = content_decoder::state;

class inflating final : public content_decoder {
public:
    ~inflating() override {
        if (is_made_) inflateEnd(&stream_);
    }
    bool make() noexcept { return is_made_ = inflateInit2(&stream_, gzip_or_zlib) == Z_OK; }

    step decode(std::string_view input, std::span<char> room) override {
        // zlib's interface is older than const.
        stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(input.data()));
        stream_.avail_in = static_cast<uInt>(input.size());
        stream_.next_out = reinterpret_cast<Bytef*>(room.data());
        stream_.avail_out = static_cast<uInt>(room.size());
        const state now = run();
        return {now, input.size() - stream_.avail_in, room.size() - stream_.avail_out};
    }

private:
    state run() noexcept {
        for (;;) {
            // A gzip text may be several members, one behind the other.
            if (std::exchange(has_ended_, false) && inflateReset(&stream_) != Z_OK)
                return state::broken;
            const int said = inflate(&stream_, Z_NO_FLUSH);
            if (said == Z_STREAM_END) {
                has_ended_ = true;
                if (stream_.avail_in == 0) return state::ended;
                continue;
            }
            if (said != Z_OK && said != Z_BUF_ERROR) return state::broken;
            if (stream_.avail_out == 0) return state::full;
            if (stream_.avail_in == 0) return state::hungry;
        }
    }

    z_stream stream_{};
    bool is_made_ = false;
    bool has_ended_ = false;
};

class unbrotling final : public content_decoder {
public:
    ~unbrotling() override { BrotliDecoderDestroyInstance(state_); }
    bool make() noexcept {
        state_ = BrotliDecoderCreateInstance(nullptr, nullptr, nullptr);
        return state_ != nullptr;
    }

    step decode(std::string_view input, std::span<char> room) override {
        std::size_t left = input.size();
        const auto* next = reinterpret_cast<const std::uint8_t*>(input.data());
        std::size_t free = room.size();
        auto* out = reinterpret_cast<std::uint8_t*>(room.data());
        const BrotliDecoderResult said =
            BrotliDecoderDecompressStream(state_, &left, &next, &free, &out, nullptr);
        return {state_of(said), input.size() - left, room.size() - free};
    }

private:
    static state state_of(BrotliDecoderResult said) noexcept {
        switch (said) {
        case BROTLI_DECODER_RESULT_SUCCESS: return state::ended;
        case BROTLI_DECODER_RESULT_NEEDS_MORE_INPUT: return state::hungry;
        case BROTLI_DECODER_RESULT_NEEDS_MORE_OUTPUT: return state::full;
        case BROTLI_DECODER_RESULT_ERROR: break;
        }
        return state::broken;
    }

    BrotliDecoderState* state_ = nullptr;
};

class unzstding final : public content_decoder {
public:
    ~unzstding() override { ZSTD_freeDStream(stream_); }
    bool make() noexcept {
        stream_ = ZSTD_createDStream();
        return stream_ != nullptr &&
               !ZSTD_isError(ZSTD_DCtx_setParameter(stream_, ZSTD_d_windowLogMax, zstd_window_bits)
               );
    }

    step decode(std::string_view input, std::span<char> room) override {
        ZSTD_inBuffer in{input.data(), input.size(), 0};
        ZSTD_outBuffer out{room.data(), room.size(), 0};
        state now = state::hungry;
        while (now == state::hungry && (in.pos < in.size || is_holding_)) {
            const std::size_t said = ZSTD_decompressStream(stream_, &out, &in);
            is_holding_ = false;
            if (ZSTD_isError(said) != 0) {
                now = state::broken;
            } else if (out.pos == out.size && said != 0) {
                is_holding_ = true;
                now = state::full;
            } else if (said == 0 && in.pos == in.size) {  // more frames may follow
                now = state::ended;
            }
        }
        return {now, in.pos, out.pos};
    }

private:
    ZSTD_DStream* stream_ = nullptr;
    bool is_holding_ = false;  // output may be left although there is no input
};

template <class Decoder>
std::unique_ptr<content_decoder> made() {
    auto decoder = std::make_unique<Decoder>();
    if (!decoder->make()) return nullptr;
    return decoder;
}

}  // namespace

content_coding coding_of(std::string_view field) noexcept {
    static constexpr std::pair<std::string_view, content_coding> names[]{
        {"", content_coding::identity},
        {"identity", content_coding::identity},
        {"gzip", content_coding::gzip},
        {"x-gzip", content_coding::gzip},
        {"deflate", content_coding::deflate},
        {"br", content_coding::brotli},
        {"zstd", content_coding::zstd},
    };
    for (const auto& [name, coding] : names) {
        if (base::equals_ignoring_case(field, name)) return coding;
    }
    return content_coding::unknown;
}

std::unique_ptr<content_decoder> make_content_decoder(content_coding coding) {
    switch (coding) {
    case content_coding::gzip:
    case content_coding::deflate: return made<inflating>();
    case content_coding::brotli: return made<unbrotling>();
    case content_coding::zstd: return made<unzstding>();
    case content_coding::identity:
    case content_coding::unknown: break;
    }
    return nullptr;
}

}  // namespace spillway::wire
