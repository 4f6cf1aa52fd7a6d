// SPDX-License-Identifier: GPL-3.0-or-later
#include <zstd.h>
#include <zstd_errors.h>

#include <vector>

#include "importers/decompressors.h"

namespace alloclens {
namespace {

class Unzstd final : public Decompressor {
public:
    Unzstd() {
        // Accepts the largest window of the format. The library allocates memory as it fills.
        if (m_stream)
            ZSTD_DCtx_setParameter(m_stream.get(), ZSTD_d_windowLogMax,
                                   ZSTD_dParam_getBounds(ZSTD_d_windowLogMax).upperBound);
    }

    [[nodiscard]] bool isReady() const { return m_stream != nullptr; }

    [[nodiscard]] Result<State> take(std::string_view bytes, const WriteFunction& write) override {
        ZSTD_inBuffer source{bytes.data(), bytes.size(), 0};
        bool outputFull = false;
        while (source.pos < source.size || outputFull) {
            ZSTD_outBuffer target{m_out.data(), m_out.size(), 0};
            const std::size_t status = ZSTD_decompressStream(m_stream.get(), &target, &source);
            if (const auto written = write(m_out.data(), target.pos); !written) return written.error();
            if (ZSTD_isError(status)) {
                if (ZSTD_getErrorCode(status) == ZSTD_error_memory_allocation) return noMemoryToUnpack();
                return State::Damaged;
            }
            m_isInside = status != 0;
            outputFull = target.pos == target.size && m_isInside;
        }
        return State::Running;
    }

    [[nodiscard]] bool isInside() const override { return m_isInside; }

private:
    std::unique_ptr<ZSTD_DStream, decltype(&ZSTD_freeDStream)> m_stream{ZSTD_createDStream(), ZSTD_freeDStream};
    std::vector<char> m_out = std::vector<char>(kUnpackedChunk);
    bool m_isInside = false;
};

}  // namespace

std::unique_ptr<Decompressor> makeUnzstd() {
    auto made = std::make_unique<Unzstd>();
    if (!made->isReady()) return nullptr;
    return made;
}

}  // namespace alloclens
