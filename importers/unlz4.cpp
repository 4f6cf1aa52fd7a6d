// SPDX-License-Identifier: GPL-3.0-or-later
//
// lz4's frames, and its legacy frames ("lz4 -l", Linux images). A legacy frame is a signature and then blocks of 8 MiB
// of text, each after its packed size. It ends with the stream, or with another signature instead of a size.
#include <algorithm>
#include <cstdint>
#include <lz4.h>
#include <lz4frame.h>
#include <string>
#include <vector>

#include "importers/decompressors.h"

namespace alloclens {
namespace {

constexpr std::uint32_t kFrame = 0x184D2204;
constexpr std::uint32_t kLegacyFrame = 0x184C2102;
constexpr std::uint32_t kSkippableFrame = 0x184D2A50;
constexpr int kLegacyBlock = 8 << 20;

class Unlz4 final : public Decompressor {
public:
    Unlz4() { m_isReady = LZ4F_isError(LZ4F_createDecompressionContext(&m_context, LZ4F_VERSION)) == 0; }
    ~Unlz4() override { LZ4F_freeDecompressionContext(m_context); }
    Unlz4(const Unlz4&) = delete;
    Unlz4& operator=(const Unlz4&) = delete;

    [[nodiscard]] bool isReady() const { return m_isReady; }

    [[nodiscard]] Result<State> take(std::string_view bytes, const WriteFunction& write) override {
        Result<State> state = State::Running;
        while (!bytes.empty() && state && *state == State::Running) {
            switch (m_at) {
            case At::Word: state = takeWord(bytes, write); break;
            case At::Frame: state = takeFrame(bytes, write); break;
            case At::LegacyBlock: state = takeBlock(bytes, write); break;
            }
        }
        return state;
    }

    [[nodiscard]] bool isInside() const override { return m_at != At::Word || !m_held.empty() || !m_hasBegun; }

private:
    enum class At {
        Word,         ///< a signature, or the size of a legacy block
        Frame,        ///< inside a frame
        LegacyBlock,  ///< inside a block of a legacy frame
    };

    // Collects bytes. Returns true once `wanted` of them are held.
    [[nodiscard]] bool hold(std::string_view& bytes, std::size_t wanted) {
        const std::size_t taken = std::min(bytes.size(), wanted - m_held.size());
        m_held.append(bytes.substr(0, taken));
        bytes.remove_prefix(taken);
        return m_held.size() == wanted;
    }

    [[nodiscard]] Result<State> takeWord(std::string_view& bytes, const WriteFunction& write) {
        if (!hold(bytes, sizeof(std::uint32_t))) return State::Running;
        std::uint32_t word = 0;
        for (std::size_t i = 0; i < m_held.size(); ++i)
            word |= std::uint32_t{static_cast<unsigned char>(m_held[i])} << (8 * i);
        const std::string held = std::exchange(m_held, {});
        if (word == kFrame || (word & ~0xFU) == kSkippableFrame) {
            m_isLegacy = false;
            m_hasBegun = true;
            m_at = At::Frame;
            std::string_view signature = held;
            return takeFrame(signature, write);
        }
        if (word == kLegacyFrame) {
            m_isLegacy = m_hasBegun = true;
        } else if (m_isLegacy && word <= static_cast<std::uint32_t>(LZ4_COMPRESSBOUND(kLegacyBlock))) {
            m_blockBytes = word;
            m_at = At::LegacyBlock;
        } else {
            return m_hasBegun ? State::Ended : State::Damaged;
        }
        return State::Running;
    }

    [[nodiscard]] Result<State> takeFrame(std::string_view& bytes, const WriteFunction& write) {
        std::size_t hint = 1;
        std::size_t unpacked = 0;
        do {
            std::size_t taken = bytes.size();
            unpacked = m_out.size();
            hint = LZ4F_decompress(m_context, m_out.data(), &unpacked, bytes.data(), &taken, nullptr);
            if (LZ4F_isError(hint) != 0) {
                return std::string_view(LZ4F_getErrorName(hint)) == "ERROR_allocation_failed"
                           ? Result<State>(noMemoryToUnpack())
                           : Result<State>(State::Damaged);
            }
            bytes.remove_prefix(taken);
            if (const auto written = write(m_out.data(), unpacked); !written) return written.error();
        } while (hint != 0 && (!bytes.empty() || unpacked == m_out.size()));
        if (hint == 0) m_at = At::Word;
        return State::Running;
    }

    [[nodiscard]] Result<State> takeBlock(std::string_view& bytes, const WriteFunction& write) {
        if (!hold(bytes, m_blockBytes)) return State::Running;
        m_block.resize(kLegacyBlock);
        const int size = LZ4_decompress_safe(m_held.data(), m_block.data(), static_cast<int>(m_held.size()),
                                             kLegacyBlock);
        m_held.clear();
        if (size < 0) return State::Damaged;
        m_at = At::Word;
        if (const auto written = write(m_block.data(), static_cast<std::size_t>(size)); !written)
            return written.error();
        return State::Running;
    }

    LZ4F_dctx* m_context = nullptr;
    std::vector<char> m_out = std::vector<char>(kUnpackedChunk);
    std::vector<char> m_block;
    std::string m_held;  ///< of an incomplete word or legacy block
    std::size_t m_blockBytes = 0;
    At m_at = At::Word;
    bool m_isReady = false;
    bool m_isLegacy = false;
    bool m_hasBegun = false;
};

}  // namespace

std::unique_ptr<Decompressor> makeUnlz4() {
    auto made = std::make_unique<Unlz4>();
    if (!made->isReady()) return nullptr;
    return made;
}

}  // namespace alloclens
