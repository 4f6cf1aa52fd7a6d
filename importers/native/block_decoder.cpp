// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/native/block_decoder.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <limits>
#include <optional>

#include "core/base/units.h"

namespace alloclens::native {
namespace {

using Rows = std::vector<std::uint64_t>;

constexpr const char* kNoSense = "has invalid columns";

bool areBelow(const Rows& rows, std::uint64_t limit) {
    std::uint64_t most = 0;
    for (const std::uint64_t row : rows) most = std::max(most, row);
    return rows.empty() || most < limit;
}

bool areSigned32(const Rows& rows) {
    return std::all_of(rows.begin(), rows.end(), [](std::uint64_t row) {
        return static_cast<std::int64_t>(row) == static_cast<std::int32_t>(static_cast<std::int64_t>(row));
    });
}

bool readTables(const ColumnReader& columns, EventColumns& events) {
    const std::size_t keys = columns.count(ColumnId::KeyAddress);
    const std::size_t processes = columns.count(ColumnId::Process);
    const std::size_t sizes = columns.count(ColumnId::Size);
    // The rows of a table differ from each other, so they take a byte each at least.
    if (std::max({keys, processes, sizes}) > std::min<std::size_t>(kMostEvents, columns.bytes())) return false;
    Rows rows;
    if (!columns.numbers(ColumnId::KeyDevice, keys, rows) || !areSigned32(rows)) return false;
    events.keys.resize(keys);
    for (std::size_t i = 0; i < keys; ++i) events.keys[i].device = static_cast<std::int32_t>(rows[i]);
    if (!columns.numbers(ColumnId::KeyAddress, keys, rows)) return false;
    for (std::size_t i = 0; i < keys; ++i) events.keys[i].address = rows[i];
    if (!columns.numbers(ColumnId::Process, processes, rows) || !areSigned32(rows)) return false;
    events.processes.assign(rows.begin(), rows.end());
    return columns.numbers(ColumnId::Size, sizes, events.sizes);
}

// Sweeps and restarts concern no address, all others do.
bool haveKeysWhereTheyShould(const EventColumns& events) {
    for (std::size_t i = 0; i < events.count; ++i) {
        const bool hasKey = events.key[i] != 0;
        if (hasKey != (events.kind[i] < static_cast<std::uint64_t>(EventKind::Sweep))) return false;
    }
    return true;
}

bool areLinesOf(const Rows& rows, std::uint32_t lines) {
    return rows.empty() || (rows.front() >= 1 && rows.back() <= lines && std::is_sorted(rows.begin(), rows.end()));
}

/// The names of a table of the block, none for those that a newer program added.
template <typename FromName>
auto namesOf(std::string_view text, FromName fromName) {
    std::vector<decltype(fromName(text))> names;
    constexpr std::size_t kMostNames = 4096;
    while (!text.empty() && names.size() < kMostNames) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        names.push_back(fromName(text.substr(0, end)));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return names;
}

bool readFacts(const ColumnReader& columns, std::uint32_t lines, PrintedFacts& facts) {
    const std::size_t count = columns.count(ColumnId::FactKind);
    if (count > kMostEvents) return false;
    const auto names = namesOf(columns.text(ColumnId::FactNames), factKindFromName);
    Rows kinds;
    if (!columns.numbers(ColumnId::FactKind, count, kinds) || !areBelow(kinds, names.size())) return false;
    facts.resize(count);
    Rows rows;
    const auto take = [&](ColumnId id, auto set) {
        if (!columns.numbers(id, count, rows)) return false;
        for (std::size_t i = 0; i < count; ++i) set(facts[i], rows[i]);
        return true;
    };
    using Fact = PrintedFact;
    using Row = std::uint64_t;
    const bool isWhole =
        take(ColumnId::FactMemory,
             [](Fact& fact, Row row) { fact.memory = row < kMemoryCount ? static_cast<Memory>(row) : Memory::Unknown; })
        && take(ColumnId::FactLine, [](Fact& fact, Row row) { fact.line = static_cast<std::uint32_t>(row); })
        && areBelow(rows, std::uint64_t{lines} + 1)
        && take(ColumnId::FactDevice, [](Fact& fact, Row row) { fact.device = static_cast<std::int32_t>(row); })
        && take(ColumnId::FactPid, [](Fact& fact, Row row) { fact.pid = static_cast<std::int32_t>(row); })
        && take(ColumnId::FactRefCount, [](Fact& fact, Row row) { fact.refCount = static_cast<std::uint32_t>(row); })
        && take(ColumnId::FactCount, [](Fact& fact, Row row) { fact.count = row; })
        && take(ColumnId::FactAddress, [](Fact& fact, Row row) { fact.address = row; })
        && take(ColumnId::FactAmount, [](Fact& fact, Row row) { fact.amount = std::bit_cast<double>(row); })
        && take(ColumnId::FactTotal, [](Fact& fact, Row row) { fact.total = std::bit_cast<double>(row); });
    if (!isWhole) return false;
    std::size_t kept = 0;
    for (std::size_t i = 0; i < count; ++i) {
        const auto kind = names[static_cast<std::size_t>(kinds[i])];
        if (!kind) continue;
        facts[kept] = facts[i];
        facts[kept++].kind = *kind;
    }
    facts.resize(kept);
    return true;
}

/// Cuts a column of text into pieces of the lengths that another column has.
class TextPieces {
public:
    TextPieces(std::string_view text, Rows lengths) : m_text(text), m_lengths(std::move(lengths)) {}
    /// The i-th, asked for in order; none where the text is too short.
    [[nodiscard]] std::optional<std::string> take(std::size_t i) {
        if (m_lengths[i] > m_text.size()) return std::nullopt;
        std::string piece(m_text.substr(0, static_cast<std::size_t>(m_lengths[i])));
        m_text.remove_prefix(piece.size());
        return piece;
    }

private:
    std::string_view m_text;
    Rows m_lengths;
};

bool readDiagnostics(const ColumnReader& columns, std::uint32_t lines, Diagnostics& diagnostics) {
    const auto names = namesOf(columns.text(ColumnId::DiagnosticNames), diagnosticFromName);
    const std::size_t count = columns.count(ColumnId::DiagnosticCode);
    Rows counts;
    Rows codes;
    Rows at;
    Rows lengths;
    if (count > kMostDiagnostics || !columns.numbers(ColumnId::DiagnosticCounts, names.size(), counts)
        || !columns.numbers(ColumnId::DiagnosticCode, count, codes) || !areBelow(codes, names.size())
        || !columns.numbers(ColumnId::DiagnosticLine, count, at) || !areBelow(at, std::uint64_t{lines} + 1)
        || !columns.numbers(ColumnId::DiagnosticLength, count, lengths)) {
        return false;
    }
    TextPieces pieces(columns.text(ColumnId::DiagnosticText), std::move(lengths));
    for (std::size_t i = 0; i < count; ++i) {
        auto detail = pieces.take(i);
        const auto name = static_cast<std::size_t>(codes[i]);
        if (!detail || counts[name] == 0) return false;
        --counts[name];
        if (names[name]) diagnostics.add({*names[name], static_cast<std::uint32_t>(at[i]), std::move(*detail)});
    }
    for (std::size_t i = 0; i < names.size(); ++i) {
        if (names[i]) diagnostics.addUnkept(*names[i], counts[i]);
    }
    return true;
}

bool readGaps(const ColumnReader& columns, std::uint32_t lines, Diagnostics& diagnostics) {
    const std::size_t count = columns.count(ColumnId::GapMessages);
    Rows times;
    Rows messages;
    Rows lengths;
    if (count > kMostEvents || !columns.numbers(ColumnId::GapTime, count, times)
        || !columns.numbers(ColumnId::GapMessages, count, messages)
        || !columns.numbers(ColumnId::GapLength, count, lengths)) {
        return false;
    }
    TextPieces pieces(columns.text(ColumnId::GapText), std::move(lengths));
    const std::size_t kept = std::min(count, Diagnostics::kKeptPerCode);
    diagnostics.addUnkept(DiagnosticCode::RecordingGap, count - kept);
    for (std::size_t i = 0; i < kept; ++i) {
        const auto why = pieces.take(i);
        if (!why) return false;
        std::string detail = formatQuantity(messages[i], "message") + " lost";
        if (!why->empty()) detail += ": " + *why;
        const auto time = static_cast<std::int64_t>(times[i]);
        if (time != kNoTime) detail += fmt::format(" (at {} ns)", time);
        diagnostics.add({DiagnosticCode::RecordingGap, std::min<std::uint32_t>(lines, 1), std::move(detail)});
    }
    return true;
}

bool readText(const ColumnReader& columns, std::uint32_t lines, BlockText& text) {
    if (!columns.has(ColumnId::Text)) return true;
    Rows extent;
    constexpr std::size_t kExtentRows = 3;
    if (!columns.numbers(ColumnId::Text, kExtentRows, extent)) return false;
    text.before = extent[0];
    text.bytes = extent[1];
    text.endsInLine = extent[2] != 0;
    const std::size_t marks = (std::size_t{lines} + kLinesPerMark - 1) / kLinesPerMark;
    return columns.numbers(ColumnId::TextMarks, marks, text.marks)
           && std::is_sorted(text.marks.begin(), text.marks.end()) && areBelow(text.marks, text.bytes)
           && text.bytes <= std::numeric_limits<std::uint64_t>::max() - text.before;
}

}  // namespace

std::string readEvents(const ColumnReader& columns, const BlockHeader& header, EventColumns& events) {
    events.count = header.events;
    if (!readTables(columns, events)) return kNoSense;
    const auto take = [&](ColumnId id, Rows& rows) { return columns.numbers(id, events.count, rows); };
    const auto takeIfThere = [&](ColumnId id, Rows& rows) {
        rows.clear();
        return !columns.has(id) || take(id, rows);
    };
    constexpr std::uint64_t kMostRefCount = std::numeric_limits<std::uint32_t>::max();
    const bool isWhole = take(ColumnId::EventKind, events.kind) && areBelow(events.kind, kEventKindCount)
                         && take(ColumnId::EventMemory, events.memory) && take(ColumnId::EventKey, events.key)
                         && areBelow(events.key, events.keys.size() + 1) && take(ColumnId::EventProcess, events.process)
                         && areBelow(events.process, events.processes.size() + 1)
                         && take(ColumnId::EventSize, events.size) && areBelow(events.size, events.sizes.size())
                         && take(ColumnId::EventRefCount, events.refCount)
                         && areBelow(events.refCount, kMostRefCount + 1) && take(ColumnId::EventLine, events.line)
                         && areLinesOf(events.line, header.lines) && takeIfThere(ColumnId::EventTime, events.time)
                         && takeIfThere(ColumnId::EventSender, events.sender)
                         && areBelow(events.sender, events.processes.size() + 1) && haveKeysWhereTheyShould(events);
    return isWhole ? std::string() : kNoSense;
}

std::string readExtras(const ColumnReader& columns, const BlockHeader& header, TracePart& part, BlockText& text) {
    Rows counts;
    constexpr std::size_t kLineClasses = 4;
    if (columns.has(ColumnId::LineCounts)) {
        if (!columns.numbers(ColumnId::LineCounts, kLineClasses, counts)) return kNoSense;
        part.lineCounts = {counts[0], counts[1], counts[2], counts[3]};
    }
    part.lines = header.lines;
    const bool isWhole = readText(columns, header.lines, text) && readFacts(columns, header.lines, part.facts)
                         && readDiagnostics(columns, header.lines, part.diagnostics)
                         && readGaps(columns, header.lines, part.diagnostics);
    return isWhole ? std::string() : kNoSense;
}

void addEvents(const EventColumns& events, std::span<const Attributes> attributes, TracePart& part) {
    const auto numbered = [](const auto& values, auto numberOf) {
        std::vector<std::uint32_t> numbers;
        numbers.reserve(values.size() + 1);
        for (const auto& value : values) numbers.push_back(numberOf(value));
        return numbers;
    };
    const auto keys = numbered(events.keys, [&part](const AddressKey& key) { return part.numberOf(key); });
    const auto sizes = numbered(events.sizes, [&part](std::uint64_t size) { return part.numberOfSize(size); });
    const auto processes = numbered(events.processes, [&part](std::int32_t pid) {
        return pid == kNoPid ? ProcessId::kNoneValue : part.numberOfProcess(pid);
    });
    const auto at = [](const std::vector<std::uint32_t>& numbers, std::uint64_t row) {
        return row == 0 ? ProcessId::kNoneValue : numbers[static_cast<std::size_t>(row - 1)];
    };
    static_assert(ProcessId::kNoneValue == AddressId::kNoneValue);
    part.reserve(events.count);
    for (std::size_t i = 0; i < events.count; ++i) {
        TracePart::NumberedEvent event;
        event.kind = static_cast<EventKind>(events.kind[i]);
        event.memory = events.memory[i] < kMemoryCount ? static_cast<Memory>(events.memory[i]) : Memory::Unknown;
        event.key = at(keys, events.key[i]);
        event.process = at(processes, events.process[i]);
        event.size = sizes[static_cast<std::size_t>(events.size[i])];
        event.refCount = static_cast<std::uint32_t>(events.refCount[i]);
        event.line = static_cast<std::uint32_t>(events.line[i]);
        if (!events.time.empty()) event.time = static_cast<std::int64_t>(events.time[i]);
        if (!events.sender.empty()) event.sender = at(processes, events.sender[i]);
        if (!attributes.empty()) event.attributes = attributes[i];
        part.add(event);
    }
}

}  // namespace alloclens::native
