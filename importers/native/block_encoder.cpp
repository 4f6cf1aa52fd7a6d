// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/native/block_encoder.h"

#include <algorithm>
#include <array>
#include <bit>

#include "importers/native/attribute_columns.h"
#include "importers/native/columns.h"

namespace alloclens::native {
namespace {

/// Numbers names in order of first appearance and writes them one a line.
class NameTable {
public:
    [[nodiscard]] std::uint64_t numberOf(std::string_view name) {
        const auto at = std::find(m_names.begin(), m_names.end(), name);
        if (at == m_names.end()) {
            m_names.push_back(name);
            m_text += name;
            m_text += '\n';
            return m_names.size() - 1;
        }
        return static_cast<std::uint64_t>(at - m_names.begin());
    }
    [[nodiscard]] const std::string& text() const { return m_text; }

private:
    std::vector<std::string_view> m_names;
    std::string m_text;
};

void encodeFacts(const PrintedFacts& facts, ColumnWriter& columns) {
    NameTable names;
    for (const PrintedFact& fact : facts) (void)names.numberOf(factKindName(fact.kind));
    columns.text(ColumnId::FactNames, names.text());
    const auto put = [&](ColumnId id, auto valueOf) {
        columns.rows(id, facts.size(), [&](std::size_t i) { return valueOf(facts[i]); });
    };
    put(ColumnId::FactKind, [&](const PrintedFact& fact) { return names.numberOf(factKindName(fact.kind)); });
    put(ColumnId::FactMemory, [](const PrintedFact& fact) { return static_cast<std::uint64_t>(fact.memory); });
    put(ColumnId::FactLine, [](const PrintedFact& fact) { return fact.line; });
    put(ColumnId::FactDevice, [](const PrintedFact& fact) { return std::int64_t{fact.device}; });
    put(ColumnId::FactPid, [](const PrintedFact& fact) { return std::int64_t{fact.pid}; });
    put(ColumnId::FactRefCount, [](const PrintedFact& fact) { return fact.refCount; });
    put(ColumnId::FactCount, [](const PrintedFact& fact) { return fact.count; });
    put(ColumnId::FactAddress, [](const PrintedFact& fact) { return fact.address; });
    put(ColumnId::FactAmount, [](const PrintedFact& fact) { return std::bit_cast<std::uint64_t>(fact.amount); });
    put(ColumnId::FactTotal, [](const PrintedFact& fact) { return std::bit_cast<std::uint64_t>(fact.total); });
}

void encodeDiagnostics(const Diagnostics& diagnostics, ColumnWriter& columns) {
    NameTable names;
    std::vector<std::uint64_t> counts;
    for (int i = 0; i < kDiagnosticCodeCount; ++i) {
        const auto code = static_cast<DiagnosticCode>(i);
        if (diagnostics.count(code) == 0) continue;
        (void)names.numberOf(diagnosticName(code));
        counts.push_back(diagnostics.count(code));
    }
    columns.text(ColumnId::DiagnosticNames, names.text());
    columns.numbers(ColumnId::DiagnosticCounts, counts);
    const auto& kept = diagnostics.kept();
    std::string text;
    for (const Diagnostic& diagnostic : kept) text += diagnostic.detail;
    columns.rows(ColumnId::DiagnosticCode, kept.size(),
                 [&](std::size_t i) { return names.numberOf(diagnosticName(kept[i].code)); });
    columns.rows(ColumnId::DiagnosticLine, kept.size(), [&](std::size_t i) { return kept[i].line; });
    columns.rows(ColumnId::DiagnosticLength, kept.size(), [&](std::size_t i) { return kept[i].detail.size(); });
    columns.text(ColumnId::DiagnosticText, text);
}

void encodeGaps(const std::vector<Block::Gap>& gaps, ColumnWriter& columns) {
    std::string text;
    for (const Block::Gap& gap : gaps) text += gap.why;
    columns.rows(ColumnId::GapTime, gaps.size(), [&](std::size_t i) { return gaps[i].time; });
    columns.rows(ColumnId::GapMessages, gaps.size(), [&](std::size_t i) { return gaps[i].messages; });
    columns.rows(ColumnId::GapLength, gaps.size(), [&](std::size_t i) { return gaps[i].why.size(); });
    columns.text(ColumnId::GapText, text);
}

void encodeText(const BlockText& text, ColumnWriter& columns) {
    if (text.bytes == 0) return;
    const std::array<std::uint64_t, 3> extent = {text.before, text.bytes, text.endsInLine ? 1U : 0U};
    columns.numbers(ColumnId::Text, extent);
    columns.numbers(ColumnId::TextMarks, text.marks);
}

}  // namespace

void BlockEncoder::number(const Block& block) {
    m_keys.clear();
    m_pids.clear();
    m_sizes.clear();
    for (const std::int32_t pid : block.processes) (void)m_pids.intern(pid);
    m_rows.clear();
    m_rows.reserve(block.events.size());
    const auto processOf = [this](std::int32_t pid) { return pid == kNoPid ? 0 : m_pids.intern(pid) + 1; };
    for (const TracePart::Event& event : block.events) {
        const std::uint32_t process = processOf(event.pid);
        const std::uint32_t sender = event.sender == event.pid ? process : processOf(event.sender);
        m_rows.push_back(
            {event.hasKey ? m_keys.intern(event.key) + 1 : 0, process, m_sizes.intern(event.size), sender});
    }
}

void BlockEncoder::encode(const Block& block, const BlockText& text, std::string& payload) {
    number(block);
    payload.clear();
    ColumnWriter columns(payload);
    const LineCounts& lines = block.lineCounts;
    const std::array<std::uint64_t, 4> counts = {lines.events, lines.facts, lines.foreign, lines.damaged};
    columns.numbers(ColumnId::LineCounts, counts);
    encodeText(text, columns);

    const auto table = [&columns](ColumnId id, const auto& values, auto valueOf) {
        columns.rows(id, values.size(), [&](std::size_t i) { return valueOf(values[i]); });
    };
    table(ColumnId::KeyDevice, m_keys.values(), [](const AddressKey& key) { return std::int64_t{key.device}; });
    table(ColumnId::KeyAddress, m_keys.values(), [](const AddressKey& key) { return key.address; });
    table(ColumnId::Process, m_pids.values(), [](std::int32_t pid) { return std::int64_t{pid}; });
    table(ColumnId::Size, m_sizes.values(), [](std::uint64_t size) { return size; });

    const auto& events = block.events;
    const auto column = [&](ColumnId id, auto valueOf) {
        columns.rows(id, events.size(), [&](std::size_t i) { return valueOf(i); });
    };
    column(ColumnId::EventKind, [&](std::size_t i) { return static_cast<std::uint64_t>(events[i].kind); });
    column(ColumnId::EventMemory, [&](std::size_t i) { return static_cast<std::uint64_t>(events[i].memory); });
    column(ColumnId::EventKey, [&](std::size_t i) { return m_rows[i].key; });
    column(ColumnId::EventProcess, [&](std::size_t i) { return m_rows[i].process; });
    column(ColumnId::EventSize, [&](std::size_t i) { return m_rows[i].size; });
    column(ColumnId::EventRefCount, [&](std::size_t i) { return events[i].refCount; });
    column(ColumnId::EventLine, [&](std::size_t i) { return events[i].line; });
    const auto hasAny = [&events](auto is) { return std::any_of(events.begin(), events.end(), is); };
    if (hasAny([](const TracePart::Event& event) { return event.time != kNoTime; })) {
        column(ColumnId::EventTime, [&](std::size_t i) { return events[i].time; });
    }
    if (hasAny([](const TracePart::Event& event) { return event.sender != kNoPid; })) {
        column(ColumnId::EventSender, [&](std::size_t i) { return m_rows[i].sender; });
    }
    encodeFacts(block.facts, columns);
    encodeDiagnostics(block.diagnostics, columns);
    encodeGaps(block.gaps, columns);
    writeAttributes(block, columns);
}

}  // namespace alloclens::native
