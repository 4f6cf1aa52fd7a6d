// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/native/trace_assembly.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "core/base/units.h"

namespace alloclens::native {
namespace {

std::string eventsAre(std::uint32_t events) { return events == 1 ? "event is" : formatCount(events) + " events are"; }

}  // namespace

TraceAssembly::TraceAssembly(const TraceAssembly& other)
    : m_builder(other.m_builder.copy()),
      m_files(other.m_files),
      m_name(other.m_name),
      m_firstLine(other.m_firstLine),
      m_description(other.m_description),
      m_isDescribed(other.m_isDescribed),
      m_notes(other.m_notes),
      m_spans(other.m_spans),
      m_textEnd(other.m_textEnd),
      m_endsInLine(other.m_endsInLine) {}

Result<void> TraceAssembly::beginFile(const Input& input) {
    const std::string& path = input.path();
    auto file = std::make_shared<FileHandle>(input.duplicateFile());
    if (!file->isOpen()) {
        return Error{ErrorKind::Input, "cannot be opened again: too many files are open", path,
                     "Close other programs."};
    }
    if (!m_files.empty()) m_name = path.substr(path.rfind('/') + 1) + ": ";
    m_files.push_back(std::move(file));
    m_firstLine = m_builder.lines();
    return {};
}

void TraceAssembly::diagnose(DiagnosticCode code, std::uint32_t line, std::string detail) {
    m_builder.draft().diagnostics.add({code, line, m_name + detail});
}

void TraceAssembly::diagnoseBlock(const BlockPlace& place, std::size_t number, std::string_view what,
                                  std::uint32_t line) {
    diagnose(DiagnosticCode::DamagedBlock, line,
             fmt::format("block {} at byte {} {}", formatCount(number + 1), formatCount(place.offset), what));
}

Result<void> TraceAssembly::describe(const ReadBytes& read, std::span<const BlockPlace> blocks, std::size_t number) {
    const BlockPlace& place = blocks[number];
    if (!place.is(BlockType::Description) && !place.is(BlockType::Note)) return {};
    PayloadBuffers buffers;
    const auto payload = readPayload(read, place, buffers);
    if (!payload) return payload.error();
    std::string_view what = payload->damage;
    if (what.empty() && place.is(BlockType::Note)) {
        m_notes.emplace_back(payload->bytes);
    } else if (what.empty() && !m_isDescribed) {
        m_isDescribed = readDescription(payload->bytes, m_description);
        if (!m_isDescribed) what = "is invalid";
        TracePart form;
        form.hexadecimalIds = m_description.addressForm == AddressForm::Hexadecimal ? 1 : 0;
        if (auto fits = m_builder.append(std::move(form)); !fits) return fits;
    }
    if (!what.empty()) diagnoseBlock(place, number, what, 0);
    return {};
}

Result<void> TraceAssembly::take(std::span<const BlockPlace> blocks, bool isDamaged, const Stretch& stretch,
                                 StretchPart& part) {
    const BlockPlace& place = blocks[stretch.events];
    const std::uint64_t line = std::uint64_t{m_firstLine} + place.header.line;
    if (line > m_builder.lines()) {
        if (!isDamaged) {
            diagnoseBlock(place, stretch.events, "does not continue the block before it: a block is missing",
                          m_builder.lines() + 1);
        }
        const std::uint64_t lost = line - m_builder.lines();
        const auto most = std::uint64_t{EventId::kNoneValue};  // more than fits, which is said
        if (auto fits = appendLost(static_cast<std::uint32_t>(std::min(lost, most))); !fits) return fits;
    }
    const std::uint32_t first = m_builder.lines() + std::min<std::uint32_t>(place.header.lines, 1);
    for (const auto& [text, what] : part.textDamage) diagnoseBlock(blocks[text], text, what, first);
    if (!part.damage.empty()) {
        diagnoseBlock(place, stretch.events,
                      fmt::format("{}; its {} lost", part.damage, eventsAre(place.header.events)), first);
        return appendLost(place.header.lines);
    }
    layText(place, part);
    return m_builder.append(std::move(part.trace));
}

void TraceAssembly::addSpan(std::uint64_t bytes, TextSpan::Kind kind, const BlockPlace& place) {
    if (bytes == 0) return;
    m_spans.push_back({m_textEnd, bytes, kind, static_cast<std::uint32_t>(m_files.size() - 1), place});
    m_textEnd += bytes;
}

// Places the text of a stretch behind what is there, and the marks in the part.
void TraceAssembly::layText(const BlockPlace& place, StretchPart& part) {
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

void TraceAssembly::layMadeLines(TracePart& part, std::uint32_t step) const {
    for (std::uint64_t line = 0; line < part.lines; line += step) {
        part.marks.push_back({static_cast<std::uint32_t>(line), m_textEnd + line * kMadeLineBytes});
    }
}

Result<void> TraceAssembly::appendLost(std::uint32_t lines) {
    if (std::exchange(m_endsInLine, false)) addSpan(1, TextSpan::Kind::LineEnd);
    TracePart lost;
    lost.lines = lines;
    layMadeLines(lost, kLinesPerMarkOfLost);
    addSpan(lines * kMadeLineBytes, TextSpan::Kind::Lost);
    lost.lineCounts.damaged = lines;
    return m_builder.append(std::move(lost));
}

void TraceAssembly::noteDamage(const Layout& layout, bool isEnd) {
    for (const DamagedRange& range : layout.damage) {
        diagnose(DiagnosticCode::DamagedBlock, 0,
                 fmt::format("{} (byte {}, {})", range.what, formatCount(range.offset),
                             formatQuantity(range.bytes, "byte")));
    }
    if (layout.isFinished || !isEnd) return;
    std::string detail = "was not finished: its recorder was killed or is still running";
    if (layout.bytesBehind > 0) {
        detail += fmt::format("; {} after the last whole block ignored", formatQuantity(layout.bytesBehind, "byte"));
    }
    diagnose(DiagnosticCode::UnfinishedTrace, m_builder.lines(), std::move(detail));
}

Trace TraceAssembly::finish(TraceBuilder& builder, const std::string& path, std::uint64_t fileBytes) const {
    Trace& draft = builder.draft();
    draft.rules = m_description.rules;
    draft.origin = {m_description.format, m_description.path, m_description.json, m_notes};
    return builder.finish("alens", path, std::make_unique<NativeText>(m_files, m_spans, m_description.addressForm),
                          m_textEnd, fileBytes);
}

}  // namespace alloclens::native
