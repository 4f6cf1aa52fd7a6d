// SPDX-License-Identifier: GPL-3.0-or-later
//
// xz, and the older formats lzma and lzip, which liblzma unpacks too.
#include <limits>
#include <lzma.h>
#include <vector>

#include "importers/decompressors.h"

namespace alloclens {
namespace {

class Unxz final : public Decompressor {
public:
    Unxz() { m_isReady = begin(); }
    ~Unxz() override { lzma_end(&m_stream); }
    Unxz(const Unxz&) = delete;
    Unxz& operator=(const Unxz&) = delete;

    [[nodiscard]] bool isReady() const { return m_isReady; }

    [[nodiscard]] Result<State> take(std::string_view bytes, const WriteFunction& write) override {
        m_stream.next_in = reinterpret_cast<const std::uint8_t*>(bytes.data());
        m_stream.avail_in = bytes.size();
        do {
            if (!m_isInside) {
                // Streams may be padded with zeros. Anything else after them except another stream is ignored.
                while (m_stream.avail_in > 0 && *m_stream.next_in == 0) {
                    ++m_stream.next_in;
                    --m_stream.avail_in;
                }
                if (m_stream.avail_in == 0) return State::Running;
                if (*m_stream.next_in != 0xfd && *m_stream.next_in != 'L') return State::Ended;
                if (!begin()) return noMemoryToUnpack();
                m_isInside = true;
            }
            m_stream.next_out = reinterpret_cast<std::uint8_t*>(m_out.data());
            m_stream.avail_out = m_out.size();
            const lzma_ret status = lzma_code(&m_stream, LZMA_RUN);
            if (const auto written = write(m_out.data(), m_out.size() - m_stream.avail_out); !written)
                return written.error();
            if (status == LZMA_STREAM_END) {
                m_isInside = false;
            } else if (status == LZMA_MEM_ERROR || status == LZMA_MEMLIMIT_ERROR) {
                return noMemoryToUnpack();
            } else if (status != LZMA_OK && status != LZMA_BUF_ERROR) {
                return State::Damaged;
            }
        } while (m_stream.avail_in > 0 || (m_isInside && m_stream.avail_out == 0));
        return State::Running;
    }

    [[nodiscard]] bool isInside() const override { return m_isInside; }

private:
    [[nodiscard]] bool begin() {
        return lzma_auto_decoder(&m_stream, std::numeric_limits<std::uint64_t>::max(), 0) == LZMA_OK;
    }

    lzma_stream m_stream = LZMA_STREAM_INIT;
    std::vector<char> m_out = std::vector<char>(kUnpackedChunk);
    bool m_isReady = false;
    bool m_isInside = true;
};

}  // namespace

std::unique_ptr<Decompressor> makeUnxz() {
    auto made = std::make_unique<Unxz>();
    if (!made->isReady()) return nullptr;
    return made;
}

}  // namespace alloclens
