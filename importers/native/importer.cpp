// SPDX-License-Identifier: GPL-3.0-or-later
//
// The native trace (docs/formats/alens.md): where the blocks lie is read first, then several threads unpack them. Text
// is held against its checksums and unpacked only when it is shown. A block that cannot be read leaves a hole of as
// many lines, so that all others keep their numbers.
#include "importers/importer.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <utility>

#include "importers/assembly.h"
#include "importers/beginnings.h"
#include "importers/native/block.h"
#include "importers/native/block_decoder.h"
#include "importers/native/layout.h"
#include "importers/native/native_text.h"

namespace alloclens {
namespace native {
namespace {

constexpr std::string_view kFormatName = "alens";

Sniff sniff(const Input& input) {
    return looksNative(input.head(kFileHeaderBytes + kBlockHeaderBytes)) ? Sniff::Marked : Sniff::No;
}

/// Blocks of the layout that belong together: an events block and the text blocks before it.
struct Stretch {
    std::size_t firstText = 0;
    std::size_t events = 0;
};

struct StretchPart {
    TracePart trace;
    BlockText text;
    std::vector<TextSpan> spans;  ///< the stored text, from 0; empty where there is none or it is damaged
    std::string damage;           ///< of the events block
    std::vector<std::pair<std::size_t, std::string>> textDamage;  ///< by number of the block

    void clear() {
        trace.clear();
        text = {};
        spans.clear();
        damage.clear();
        textDamage.clear();
    }
};

struct StretchBuffers {
    PayloadBuffers payload;
    EventColumns events;
};

/// The stretches of a layout. Shared by all readers.
class NativeStretches {
public:
    using Part = StretchPart;
    using Buffers = StretchBuffers;

    NativeStretches(const Input& input, const ReadBytes& read, const Layout& layout)
        : m_input(input), m_read(read), m_layout(layout) {
        std::size_t firstText = 0;
        for (std::size_t i = 0; i < layout.blocks.size(); ++i) {
            if (!layout.blocks[i].is(BlockType::Events)) continue;
            m_stretches.push_back({firstText, i});
            firstText = i + 1;
        }
    }

    [[nodiscard]] Result<bool> read(std::uint64_t number, Buffers& buffers, Part& part) const {
        if (number >= m_stretches.size()) return false;
        const Stretch& stretch = m_stretches[static_cast<std::size_t>(number)];
        const BlockPlace& place = m_layout.blocks[stretch.events];
        auto payload = readPayload(m_read, place, buffers.payload);
        if (!payload) return payload.error();
        part.damage = std::move(payload->damage);
        if (part.damage.empty()) part.damage = decode(payload->bytes, place.header, buffers.events, part);
        if (const auto checked = checkText(stretch, buffers.payload, part); !checked) return checked.error();
        return true;
    }
    [[nodiscard]] const std::string& path() const { return m_input.path(); }
    [[nodiscard]] std::size_t count() const { return m_stretches.size(); }
    [[nodiscard]] std::size_t blockOf(std::uint64_t stretch) const {
        return m_stretches[static_cast<std::size_t>(stretch)].events;
    }

private:
    [[nodiscard]] static std::string decode(std::string_view payload, const BlockHeader& header, EventColumns& events,
                                            Part& part) {
        const auto columns = ColumnReader::open(payload);
        std::string damage = columns ? readEvents(*columns, header, events) : "makes no sense";
        if (damage.empty()) damage = readExtras(*columns, header, part.trace, part.text);
        if (damage.empty()) addEvents(events, part.trace);
        return damage;
    }

    // The text blocks have to be all there, or lines would have the text of others.
    [[nodiscard]] Result<void> checkText(const Stretch& stretch, PayloadBuffers& buffers, Part& part) const {
        std::uint64_t end = part.text.before;
        for (std::size_t i = stretch.firstText; i < stretch.events; ++i) {
            const BlockPlace& place = m_layout.blocks[i];
            if (!place.is(BlockType::Text)) continue;
            const auto checked = checkPayload(m_read, place, buffers);
            if (!checked) return checked.error();
            if (!checked->damage.empty()) {
                part.textDamage.emplace_back(i, checked->damage);
                continue;
            }
            if (place.header.first != end || place.header.rawBytes == 0) continue;  // of a block that was not written
            part.spans.push_back({end - part.text.before, place.header.rawBytes, TextSpan::Kind::Stored, place});
            end += place.header.rawBytes;
        }
        if (part.damage.empty() && end - part.text.before == part.text.bytes) return {};
        part.spans.clear();
        if (part.damage.empty() && part.textDamage.empty()) {
            part.textDamage.emplace_back(stretch.events, "lacks its text, or a part of it");
        }
        return {};
    }

    const Input& m_input;
    const ReadBytes& m_read;
    const Layout& m_layout;
    std::vector<Stretch> m_stretches;
};

/// Puts the stretches together.
class NativeReader {
public:
    NativeReader(Input&& input, const ReadOptions& options, const TaskContext& task)
        : m_input(std::move(input)),
          m_options(options),
          m_task(task),
          m_read([this](std::uint64_t offset, char* buffer, std::size_t size) {
              return m_input.readAt(offset, buffer, size);
          }),
          m_forecast(options.memory),
          m_beginnings(options, kFirstShownEvents) {}

    [[nodiscard]] Result<Trace> run() {
        auto layout = readLayout(m_read, m_input.size(), m_input.path());
        if (!layout) return layout.error();
        m_layout = std::move(*layout);
        if (const auto read = readDescription(); !read) return read.error();
        m_expectedEvents = std::accumulate(m_layout.blocks.begin(), m_layout.blocks.end(), std::uint64_t{0},
                                           [](std::uint64_t sum, const BlockPlace& block) {
                                               return sum + (block.is(BlockType::Events) ? block.header.events : 0);
                                           });
        if (const auto fits = forecast(); !fits) return fits.error();
        m_builder.reserve(static_cast<std::size_t>(m_expectedEvents));
        const NativeStretches stretches(m_input, m_read, m_layout);
        Assembly assembly(stretches, readerThreads(m_options.threads), m_task);
        const auto done = assembly.run(
            [&](std::uint64_t number, StretchPart& part) { return take(stretches, number, part); });
        if (!done) return located(done.error());
        noteDamage();
        describe(m_builder.draft());
        const std::uint64_t fileBytes = m_input.size();
        return m_builder.finish(
            std::string(kFormatName), m_input.path(),
            std::make_unique<NativeText>(m_input.releaseFile(), std::move(m_spans), m_description.addressForm),
            m_textEnd, fileBytes);
    }

private:
    static constexpr std::uint64_t kFirstShownEvents = std::uint64_t{1} << 19;
    // What is lost is one text, and needs few places in it.
    static constexpr std::uint32_t kLinesPerMarkOfLost = 65'536;
    static constexpr std::uint32_t kLinesPerMarkOfMade = 1024;

    // Headers tell how many events there are, of facts only their blocks do.
    [[nodiscard]] Result<void> forecast() const {
        constexpr double kEventsAFact = 2;  // in memory
        return m_forecast.check(static_cast<double>(m_expectedEvents) + kEventsAFact * static_cast<double>(m_facts), 0,
                                m_input.path());
    }

    [[nodiscard]] Error located(Error error) const {
        if (error.where.empty() && error.kind != ErrorKind::Cancelled) error.where = m_input.path();
        return error;
    }

    [[nodiscard]] static std::string nameOf(std::size_t number, const BlockPlace& place) {
        return fmt::format("block {} at byte {}", formatCount(number + 1), formatCount(place.offset));
    }

    void diagnoseBlock(std::size_t number, std::string_view what, std::uint32_t line) {
        m_builder.draft().diagnostics.add(
            {DiagnosticCode::DamagedBlock, line, fmt::format("{} {}", nameOf(number, m_layout.blocks[number]), what)});
    }

    // Rules and form come before the first event; notes may come anywhere.
    [[nodiscard]] Result<void> readDescription() {
        PayloadBuffers buffers;
        bool isDescribed = false;
        for (std::size_t i = 0; i < m_layout.blocks.size(); ++i) {
            const BlockPlace& place = m_layout.blocks[i];
            if (!place.is(BlockType::Description) && !place.is(BlockType::Note)) continue;
            const auto payload = readPayload(m_read, place, buffers);
            if (!payload) return payload.error();
            std::string_view what = payload->damage;
            if (what.empty() && place.is(BlockType::Note)) {
                m_notes.emplace_back(payload->bytes);
            } else if (what.empty() && !isDescribed) {
                isDescribed = native::readDescription(payload->bytes, m_description);
                if (!isDescribed) what = "makes no sense";
            }
            if (!what.empty()) diagnoseBlock(i, what, 0);
        }
        TracePart form;
        form.hexadecimalIds = m_description.addressForm == AddressForm::Hexadecimal ? 1 : 0;
        return m_builder.append(std::move(form));
    }

    [[nodiscard]] Result<void> take(const NativeStretches& stretches, std::uint64_t number, StretchPart& part) {
        const std::size_t block = stretches.blockOf(number);
        const BlockPlace& place = m_layout.blocks[block];
        if (place.header.line > m_builder.lines()) {
            if (m_layout.damage.empty()) {
                diagnoseBlock(block, "does not follow what is before it: a block is missing", m_builder.lines() + 1);
            }
            if (auto fits = appendLost(place.header.line - m_builder.lines()); !fits) return fits;
        }
        const std::uint32_t line = m_builder.lines() + std::min<std::uint32_t>(place.header.lines, 1);
        for (const auto& [text, what] : part.textDamage) diagnoseBlock(text, what, line);
        if (!part.damage.empty()) {
            diagnoseBlock(block, fmt::format("{}; its {} lost", part.damage, eventsAre(place.header.events)), line);
            if (auto fits = appendLost(place.header.lines); !fits) return fits;
        } else {
            layText(place, part);
            m_facts += part.trace.facts.size();
            if (auto fits = forecast(); !fits) return fits;
            if (auto fits = m_builder.append(std::move(part.trace)); !fits) return fits;
        }
        m_task.report("reading", static_cast<double>(number + 1) / static_cast<double>(stretches.count()));
        m_beginnings.show(m_builder, m_builder.events(),
                          [this](TraceBuilder&& builder) { return beginning(std::move(builder)); });
        return {};
    }

    [[nodiscard]] static std::string eventsAre(std::uint32_t events) {
        return events == 1 ? "event is" : formatCount(events) + " events are";
    }

    void addSpan(std::uint64_t bytes, TextSpan::Kind kind, const BlockPlace& place = {}) {
        if (bytes == 0) return;
        m_spans.push_back({m_textEnd, bytes, kind, place});
        m_textEnd += bytes;
    }

    // Places the text of a stretch behind what is there, and the marks in the part.
    void layText(const BlockPlace& place, StretchPart& part) {
        if (std::exchange(m_endsInLine, false)) addSpan(1, TextSpan::Kind::LineEnd);
        const std::uint64_t begin = m_textEnd;
        if (part.spans.empty()) {
            layMadeLines(part.trace, kLinesPerMarkOfMade);
            addSpan(part.trace.lines * kMadeLineBytes, TextSpan::Kind::Made, place);
            return;
        }
        m_endsInLine = part.text.endsInLine;
        for (std::size_t i = 0; i < part.text.marks.size(); ++i) {
            part.trace.marks.push_back({static_cast<std::uint32_t>(i * kLinesPerMark), begin + part.text.marks[i]});
        }
        for (const TextSpan& span : part.spans) addSpan(span.bytes, span.kind, span.place);
    }

    void layMadeLines(TracePart& part, std::uint32_t step) const {
        for (std::uint64_t line = 0; line < part.lines; line += step) {
            part.marks.push_back({static_cast<std::uint32_t>(line), m_textEnd + line * kMadeLineBytes});
        }
    }

    [[nodiscard]] Result<void> appendLost(std::uint32_t lines) {
        if (std::exchange(m_endsInLine, false)) addSpan(1, TextSpan::Kind::LineEnd);
        TracePart lost;
        lost.lines = lines;
        layMadeLines(lost, kLinesPerMarkOfLost);
        addSpan(lines * kMadeLineBytes, TextSpan::Kind::Lost);
        lost.lineCounts.damaged = lines;
        return m_builder.append(std::move(lost));
    }

    void describe(Trace& draft) const {
        draft.rules = m_description.rules;
        draft.origin = {m_description.format, m_description.path, m_description.json, m_notes};
    }

    [[nodiscard]] std::shared_ptr<const Trace> beginning(TraceBuilder&& builder) const {
        auto file = m_input.duplicateFile();
        if (!file.isOpen()) return nullptr;  // too many open files: the whole will come all the same
        describe(builder.draft());
        return std::make_shared<const Trace>(
            builder.finish(std::string(kFormatName), m_input.path(),
                           std::make_unique<NativeText>(std::move(file), m_spans, m_description.addressForm), m_textEnd,
                           m_input.size()));
    }

    void noteDamage() {
        Diagnostics& diagnostics = m_builder.draft().diagnostics;
        for (const DamagedRange& range : m_layout.damage) {
            diagnostics.add({DiagnosticCode::DamagedBlock, 0,
                             fmt::format("{} (byte {}, {})", range.what, formatCount(range.offset),
                                         formatQuantity(range.bytes, "byte"))});
        }
        if (!m_layout.isFinished) {
            std::string detail = "was not finished: its recorder was killed or is still at work";
            if (m_layout.bytesBehind > 0) {
                detail += fmt::format("; {} behind the last whole block ignored",
                                      formatQuantity(m_layout.bytesBehind, "byte"));
            }
            diagnostics.add({DiagnosticCode::UnfinishedTrace, m_builder.lines(), std::move(detail)});
        }
        if (m_input.isCutShort()) diagnostics.add({DiagnosticCode::CompressedTail, m_builder.lines(), {}});
    }

    Input m_input;
    const ReadOptions& m_options;
    const TaskContext& m_task;
    ReadBytes m_read;
    MemoryForecast m_forecast;
    std::uint64_t m_expectedEvents = 0;
    std::uint64_t m_facts = 0;
    Beginnings m_beginnings;
    Layout m_layout;
    Description m_description;
    std::vector<std::string> m_notes;
    TraceBuilder m_builder;
    std::vector<TextSpan> m_spans;
    std::uint64_t m_textEnd = 0;
    bool m_endsInLine = false;
};

Result<Trace> read(Input&& input, const ReadOptions& options, const TaskContext& task) {
    return NativeReader(std::move(input), options, task).run();
}

}  // namespace
}  // namespace native

const Importer& native_importer() {
    static constexpr Importer kImporter = {native::kFormatName, "AllocLens trace",
                                           "the program's own: recorded, or made by 'convert'", native::sniff,
                                           native::read};
    return kImporter;
}

}  // namespace alloclens
