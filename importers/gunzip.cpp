// SPDX-License-Identifier: GPL-3.0-or-later
#include <zlib.h>

#include <vector>

#include "importers/decompressors.h"

namespace alloclens {
namespace {

class Gunzip final : public Decompressor {
public:
    Gunzip() {
        constexpr int kGzipWindow = 15 + 16;
        m_isReady = inflateInit2(&m_stream, kGzipWindow) == Z_OK;
    }
    ~Gunzip() override { inflateEnd(&m_stream); }
    Gunzip(const Gunzip&) = delete;
    Gunzip& operator=(const Gunzip&) = delete;

    [[nodiscard]] bool isReady() const { return m_isReady; }

    [[nodiscard]] Result<State> take(std::string_view bytes, const WriteFunction& write) override {
        m_in.assign(bytes.begin(), bytes.end());  // zlib takes no const input
        m_stream.next_in = reinterpret_cast<Bytef*>(m_in.data());
        m_stream.avail_in = static_cast<uInt>(m_in.size());
        do {
            // Another member may follow. Zero padding and other bytes after the last one are ignored, as gzip does.
            if (!m_isInside && *m_stream.next_in != 0x1f) return State::Ended;
            m_stream.next_out = reinterpret_cast<Bytef*>(m_out.data());
            m_stream.avail_out = static_cast<uInt>(m_out.size());
            const int status = inflate(&m_stream, Z_NO_FLUSH);
            if (const auto written = write(m_out.data(), m_out.size() - m_stream.avail_out); !written)
                return written.error();
            m_isInside = status != Z_STREAM_END;
            if (!m_isInside) {
                inflateReset(&m_stream);
            } else if (status == Z_MEM_ERROR) {
                return noMemoryToUnpack();
            } else if (status != Z_OK && status != Z_BUF_ERROR) {
                return State::Damaged;
            }
        } while (m_stream.avail_in > 0 || (m_isInside && m_stream.avail_out == 0));
        return State::Running;
    }

    [[nodiscard]] bool isInside() const override { return m_isInside; }

private:
    z_stream m_stream{};
    std::vector<char> m_in;
    std::vector<char> m_out = std::vector<char>(kUnpackedChunk);
    bool m_isReady = false;
    bool m_isInside = true;
};

}  // namespace

std::unique_ptr<Decompressor> makeGunzip() {
    auto made = std::make_unique<Gunzip>();
    if (!made->isReady()) return nullptr;
    return made;
}

}  // namespace alloclens
