// SPDX-License-Identifier: GPL-3.0-or-later
//
// The native trace (docs/formats/alens.md): where the blocks lie is read first, then several threads unpack them. Text
// is held against its checksums and unpacked only when it is shown. A block that cannot be read leaves a hole of as
// many lines, so that all others keep their numbers.
#include "importers/importer.h"

#include <bit>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "importers/assembly.h"
#include "importers/beginnings.h"
#include "importers/memory_forecast.h"
#include "importers/native/growing_trace.h"
#include "importers/native/layout.h"
#include "importers/native/parts.h"
#include "importers/native/stretch.h"
#include "importers/native/trace_assembly.h"

namespace alloclens {
namespace native {
namespace {

Sniff sniff(const Input& input) {
    return looksNative(input.head(kFileHeaderBytes + kBlockHeaderBytes)) ? Sniff::Marked : Sniff::No;
}

/// The stretches of a layout. Shared by all readers.
class NativeStretches {
public:
    using Part = StretchPart;
    using Buffers = StretchBuffers;

    explicit NativeStretches(const PartInput& file) : m_file(file), m_stretches(stretchesOf(file.layout.blocks)) {}

    [[nodiscard]] Result<bool> read(std::uint64_t number, Buffers& buffers, Part& part) const {
        if (number >= m_stretches.size()) return false;
        const auto done = readStretch(m_file.read, m_file.layout.blocks, (*this)[number], buffers, part);
        if (!done) return done.error();
        return true;
    }
    [[nodiscard]] const std::string& path() const { return m_file.input.path(); }
    [[nodiscard]] const Stretch& operator[](std::uint64_t number) const {
        return m_stretches[static_cast<std::size_t>(number)];
    }

private:
    const PartInput& m_file;
    std::vector<Stretch> m_stretches;
};

/// Puts the stretches together, of one file or of all parts of a recording.
class NativeReader {
public:
    NativeReader(Input&& input, const ReadOptions& options, const TaskContext& task)
        : m_path(input.path()),
          m_options(options),
          m_task(task),
          m_forecast(options.memory),
          m_beginnings(options, kFirstShownEvents) {
        m_files.push_back(std::make_unique<PartInput>(std::move(input)));
    }

    [[nodiscard]] Result<Trace> run() {
        PartInput& first = *m_files.front();
        auto layout = readLayout(first.read, first.input.size(), m_path);
        if (!layout) return layout.error();
        first.layout = std::move(*layout);
        if (const auto begun = beginFile(first); !begun) return begun.error();
        openOtherParts();
        if (const auto fits = makeRoom(); !fits) return fits.error();
        for (std::size_t i = 0; i < m_files.size(); ++i) {
            if (i > 0) {
                if (const auto begun = beginFile(*m_files[i]); !begun) return begun.error();
            }
            if (const auto done = readFile(*m_files[i]); !done) return located(done.error());
            // The trace has a handle of its own, and a recording may have many parts.
            if (i + 1 < m_files.size()) m_files[i].reset();
        }
        noteParts(m_trace, m_path, static_cast<unsigned>(m_files.size()), m_task);
        noteEnd(m_trace, m_files.back()->layout);
        return m_trace.finish(m_path, m_fileBytes);
    }

private:
    static constexpr std::uint64_t kFirstShownEvents = std::uint64_t{1} << 19;

    [[nodiscard]] Error located(Error error) const {
        if (error.where.empty() && error.kind != ErrorKind::Cancelled) error.where = m_path;
        return error;
    }

    // Rules and form come before the first event; notes may come anywhere.
    [[nodiscard]] Result<void> beginFile(const PartInput& file) {
        if (auto begun = m_trace.beginFile(file.input); !begun) return begun;
        const auto& blocks = file.layout.blocks;
        for (std::size_t i = 0; i < blocks.size(); ++i) {
            if (auto read = m_trace.describe(file.read, blocks, i); !read) return read;
        }
        return {};
    }

    // The first part opens all that follow without a gap.
    void openOtherParts() {
        auto part = runPartOf(m_trace.description());
        if (!part || part->part != 1 || !m_files.front()->input.isPlainFile()) return;
        while (true) {
            ++part->part;
            auto file = openPart(m_path, *part, m_task);
            if (!file) return;
            m_files.push_back(std::move(*file));
        }
    }

    [[nodiscard]] Result<void> makeRoom() {
        for (const auto& file : m_files) {
            m_fileBytes += file->input.size();
            for (const BlockPlace& block : file->layout.blocks) {
                if (!block.is(BlockType::Events)) continue;
                m_events += block.header.events;
                ++m_stretches;
            }
        }
        auto fits = m_forecast.checkEvents(m_events, m_path);
        if (fits) m_trace.builder().reserve(static_cast<std::size_t>(m_events));
        return fits;
    }

    // Headers tell how many events there are; of what kinds they are, and of facts, only their blocks do.
    [[nodiscard]] Result<void> forecast() {
        constexpr std::uint64_t kStretchesToJudgeBy = 8;
        const bool canJudge = m_stretchesRead >= kStretchesToJudgeBy && std::has_single_bit(m_stretchesRead);
        const double fraction = static_cast<double>(m_stretchesRead) / static_cast<double>(m_stretches);
        return m_forecast.check(m_trace.builder(), canJudge ? fraction : 1, m_path);
    }

    [[nodiscard]] Result<void> readFile(const PartInput& file) {
        const NativeStretches stretches(file);
        Assembly assembly(stretches, readerThreads(m_options.threads), m_task);
        auto done = assembly.run([&](std::uint64_t number, StretchPart& part) -> Result<void> {
            if (auto taken = m_trace.take(file.layout.blocks, !file.layout.damage.empty(), stretches[number], part);
                !taken)
                return taken;
            ++m_stretchesRead;
            if (auto fits = forecast(); !fits) return fits;
            showBeginning();
            return {};
        });
        if (!done) return done;
        m_trace.noteDamage(file.layout, true);
        if (file.input.isCutShort()) m_trace.diagnose(DiagnosticCode::CompressedTail, m_trace.lines(), {});
        return {};
    }

    void showBeginning() {
        m_task.report("reading", static_cast<double>(m_stretchesRead) / static_cast<double>(m_stretches));
        m_beginnings.show(m_trace.builder(), m_trace.events(), [this](TraceBuilder&& builder) {
            return std::make_shared<const Trace>(m_trace.finish(builder, m_path, m_fileBytes));
        });
    }

    std::string m_path;
    std::vector<std::unique_ptr<PartInput>> m_files;
    const ReadOptions& m_options;
    const TaskContext& m_task;
    MemoryForecast m_forecast;
    Beginnings m_beginnings;
    std::uint64_t m_fileBytes = 0;
    std::uint64_t m_events = 0;  ///< that the blocks' headers tell of
    std::uint64_t m_stretches = 0;
    std::uint64_t m_stretchesRead = 0;
    TraceAssembly m_trace;
};

Result<Trace> read(Input&& input, const ReadOptions& options, const TaskContext& task) {
    return NativeReader(std::move(input), options, task).run();
}

}  // namespace
}  // namespace native

const Importer& native_importer() {
    static constexpr Importer kImporter = {
        "alens",       "AllocLens trace", "the program's own: recorded, or made by 'convert'",
        native::sniff, native::read,      native::growingTrace};
    return kImporter;
}

}  // namespace alloclens
