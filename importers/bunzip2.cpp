// SPDX-License-Identifier: GPL-3.0-or-later
#include <bzlib.h>
#include <vector>

#include "importers/decompressors.h"

namespace alloclens {
namespace {

class Bunzip2 final : public Decompressor {
public:
    Bunzip2() { m_isReady = begin(); }
    ~Bunzip2() override { BZ2_bzDecompressEnd(&m_stream); }
    Bunzip2(const Bunzip2&) = delete;
    Bunzip2& operator=(const Bunzip2&) = delete;

    [[nodiscard]] bool isReady() const { return m_isReady; }

    [[nodiscard]] Result<State> take(std::string_view bytes, const WriteFunction& write) override {
        m_in.assign(bytes.begin(), bytes.end());  // the library takes no const input
        m_stream.next_in = m_in.data();
        m_stream.avail_in = static_cast<unsigned>(m_in.size());
        do {
            if (!m_isInside) {
                if (*m_stream.next_in != 'B') return State::Ended;
                BZ2_bzDecompressEnd(&m_stream);
                if (!begin()) return noMemoryToUnpack();
                m_isInside = true;
            }
            m_stream.next_out = m_out.data();
            m_stream.avail_out = static_cast<unsigned>(m_out.size());
            const int status = BZ2_bzDecompress(&m_stream);
            if (const auto written = write(m_out.data(), m_out.size() - m_stream.avail_out); !written)
                return written.error();
            if (status == BZ_STREAM_END) {
                m_isInside = false;
            } else if (status == BZ_MEM_ERROR) {
                return noMemoryToUnpack();
            } else if (status != BZ_OK) {
                return State::Damaged;
            }
        } while (m_stream.avail_in > 0 || (m_isInside && m_stream.avail_out == 0));
        return State::Running;
    }

    [[nodiscard]] bool isInside() const override { return m_isInside; }

private:
    // Keeps the position in the input.
    [[nodiscard]] bool begin() { return BZ2_bzDecompressInit(&m_stream, 0, 0) == BZ_OK; }

    bz_stream m_stream{};
    std::vector<char> m_in;
    std::vector<char> m_out = std::vector<char>(kUnpackedChunk);
    bool m_isReady = false;
    bool m_isInside = true;
};

}  // namespace

std::unique_ptr<Decompressor> makeBunzip2() {
    auto made = std::make_unique<Bunzip2>();
    if (!made->isReady()) return nullptr;
    return made;
}

}  // namespace alloclens
