// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/native/growing_trace.h"

#include <algorithm>
#include <array>
#include <memory>
#include <optional>
#include <utility>

#include "importers/memory_forecast.h"
#include "importers/native/layout.h"
#include "importers/native/layout_walk.h"
#include "importers/native/parts.h"
#include "importers/native/stretch.h"
#include "importers/native/trace_assembly.h"

namespace alloclens::native {
namespace {

using HeaderBytes = std::array<char, kBlockHeaderBytes>;

std::optional<HeaderBytes> headerAt(const Input& input, std::uint64_t offset) {
    HeaderBytes bytes{};
    const auto got = input.readAt(offset, bytes.data(), bytes.size());
    if (!got || *got < bytes.size()) return std::nullopt;
    return bytes;
}

bool haveSamePlaces(const std::vector<BlockPlace>& a, const std::vector<BlockPlace>& b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [](const BlockPlace& x, const BlockPlace& y) { return x.offset == y.offset; });
}

/// How far a file was read: of a trace, or of one part of a recording.
struct Reading {
    std::unique_ptr<PartInput> own;  ///< null for the first file, which is the caller's
    LayoutWalk walk;
    HeaderBytes lastHeader{};     ///< of the last block that was found
    std::uint64_t seenBytes = 0;  ///< of the file when it was looked at last
    std::size_t next = 0;         ///< block that was not taken yet
    std::size_t firstText = 0;    ///< block behind the last events block
    bool hasBegun = false;
    bool hasNext = false;      ///< the next part is there
    bool isConfirmed = false;  ///< the file is finished, and the blocks are those of its index
};

class GrowingTrace final : public GrowingSource {
public:
    explicit GrowingTrace(std::uint64_t memory) : m_forecast(memory) {}

    [[nodiscard]] Result<bool> readOn(const Input& first, const TaskContext& task) override {
        while (true) {
            const Input& input = m_at.own ? m_at.own->input : first;
            const ReadBytes read = [&input](std::uint64_t offset, char* buffer, std::size_t size) {
                return input.readAt(offset, buffer, size);
            };
            if (!m_at.hasBegun) {
                if (auto begun = begin(read, input); !begun || !*begun) return begun;
            }
            if (const auto looked = lookForBlocks(read, input); !looked) return looked.error();
            if (!m_at.hasBegun) continue;  // all is read once more
            if (auto taken = takeBlocks(read, task); !taken || *taken) return taken;
            if (const auto gone = goOnInNextPart(first.path(), task); !gone || !*gone) return gone;
        }
    }

    [[nodiscard]] Result<Trace> trace(const Input& input, bool isEnd) const override {
        TraceAssembly trace = m_trace.copy();
        trace.noteDamage(m_at.walk.layout(), isEnd);
        if (isEnd) {
            noteParts(trace, input.path(), m_part, {});
            noteEnd(trace, m_at.walk.layout());
        }
        Trace read = trace.finish(input.path(), m_bytesBefore + m_at.seenBytes);
        read.isGrowing = !m_at.walk.layout().isFinished;
        return read;
    }

    [[nodiscard]] std::size_t events() const override { return m_trace.events(); }

    // A finished file that is appended to loses its end, and a full disk the block that did not fit. What was read is
    // still there where its last block is.
    [[nodiscard]] bool isIntact(const Input& first, Input::Change change) override {
        if (m_at.own && change == Input::Change::Shrunk) return false;
        if (m_at.own) (void)m_at.own->input.look();
        const Input& input = m_at.own ? m_at.own->input : first;
        const auto& blocks = m_at.walk.layout().blocks;
        if (blocks.empty()) return !m_at.hasBegun || input.size() >= m_at.seenBytes;
        if (input.size() < blocks.back().end()) return false;
        const auto header = headerAt(input, blocks.back().offset);
        return header && *header == m_at.lastHeader;
    }

private:
    /// False while there is not even the file's header.
    [[nodiscard]] Result<bool> begin(const ReadBytes& read, const Input& input) {
        // Of a damaged beginning the first block tells what it is.
        if (input.size() < kFileHeaderBytes + kBlockHeaderBytes) return false;
        Layout layout;
        if (const auto header = readFileHeader(read, input.size(), input.path(), layout); !header) {
            return header.error();
        }
        if (const auto begun = m_trace.beginFile(input); !begun) return begun.error();
        m_at.walk = LayoutWalk(std::move(layout));
        m_at.hasBegun = true;
        return true;
    }

    [[nodiscard]] Result<void> lookForBlocks(const ReadBytes& read, const Input& input) {
        const std::uint64_t bytes = input.size();
        if (std::exchange(m_at.seenBytes, bytes) == bytes) return {};
        if (auto walked = m_at.walk.goOn(read, bytes); !walked) return walked;
        if (m_at.walk.layout().isFinished && !m_at.isConfirmed) {
            if (auto confirmed = confirm(read, input); !confirmed || !m_at.hasBegun) return confirmed;
        }
        m_at.isConfirmed = m_at.walk.layout().isFinished;
        keepLastHeader(input);
        return {};
    }

    void keepLastHeader(const Input& input) {
        const auto& blocks = m_at.walk.layout().blocks;
        if (blocks.empty()) return;
        if (const auto header = headerAt(input, blocks.back().offset)) m_at.lastHeader = *header;
    }

    // The index of a finished file knows of blocks whose headers are damaged. Where it does, all is read once more.
    [[nodiscard]] Result<void> confirm(const ReadBytes& read, const Input& input) {
        auto whole = readLayout(read, input.size(), input.path());
        if (!whole) return whole.error();
        if (m_at.next > 0 && !haveSamePlaces(m_at.walk.layout().blocks, whole->blocks)) {
            m_at = {};
            m_part = 1;
            m_bytesBefore = 0;
            m_trace = {};
            return {};
        }
        m_at.walk = LayoutWalk(std::move(*whole));
        return {};
    }

    [[nodiscard]] Result<bool> takeBlocks(const ReadBytes& read, const TaskContext& task) {
        constexpr std::uint64_t kAtOnce = std::uint64_t{32} << 20;
        const auto& blocks = m_at.walk.layout().blocks;
        std::uint64_t taken = 0;
        const std::size_t first = m_at.next;
        for (; m_at.next < blocks.size() && taken < kAtOnce; ++m_at.next) {
            if (task.isCancelled()) return TaskContext::cancelled();
            const BlockPlace& block = blocks[m_at.next];
            taken += block.header.storedBytes;
            if (block.is(BlockType::Events)) {
                const Stretch stretch{std::exchange(m_at.firstText, m_at.next + 1), m_at.next};
                m_buffer.clear();
                if (const auto done = readStretch(read, blocks, stretch, m_buffers, m_buffer); !done) {
                    return done.error();
                }
                if (const auto fits = m_trace.take(blocks, !m_at.walk.layout().damage.empty(), stretch, m_buffer);
                    !fits)
                    return fits.error();
                if (const auto fits = m_forecast.check(m_trace.builder(), 1, {}); !fits) return fits.error();
            } else if (const auto described = m_trace.describe(read, blocks, m_at.next); !described) {
                return described.error();
            }
        }
        return m_at.next > first;
    }

    // The recorder completes a file before it begins the next one. One whose end is missing may have got more before
    // the next was there, so it is looked at once more.
    [[nodiscard]] Result<bool> goOnInNextPart(const std::string& path, const TaskContext& task) {
        auto part = runPartOf(m_trace.description());
        if (!part || part->part != 1) return false;
        part->part = m_part + 1;
        auto file = openPart(path, *part, task);
        if (!file) return false;  // not there yet, or another's
        if (!m_at.isConfirmed && !std::exchange(m_at.hasNext, true)) return false;
        m_trace.noteDamage(m_at.walk.layout(), true);
        if (const auto begun = m_trace.beginFile((*file)->input); !begun) return begun.error();
        ++m_part;
        m_bytesBefore += m_at.seenBytes;
        m_at = {};
        m_at.own = std::move(*file);
        m_at.seenBytes = m_at.own->input.size();
        m_at.isConfirmed = m_at.own->layout.isFinished;
        m_at.walk = LayoutWalk(std::move(m_at.own->layout));
        m_at.hasBegun = true;
        keepLastHeader(m_at.own->input);
        return true;
    }

    Reading m_at;
    unsigned m_part = 1;              ///< of the recording, which is being read
    std::uint64_t m_bytesBefore = 0;  ///< of the parts before it
    MemoryForecast m_forecast;
    TraceAssembly m_trace;
    StretchBuffers m_buffers;
    StretchPart m_buffer;
};

}  // namespace

std::unique_ptr<GrowingSource> growingTrace(const ReadOptions& options) {
    return std::make_unique<GrowingTrace>(options.memory);
}

}  // namespace alloclens::native
