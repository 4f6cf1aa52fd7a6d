// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/server_log/reassembly.h"

#include <algorithm>
#include <map>
#include <unordered_set>
#include <vector>

#include "importers/server_log/drafted_events.h"
#include "importers/server_log/event_correction.h"
#include "importers/server_log/key_history.h"
#include "importers/server_log/known_names.h"
#include "importers/server_log/line_class.h"
#include "importers/server_log/log_window.h"
#include "importers/server_log/reassembly_report.h"
#include "importers/server_log/torn_heads.h"
#include "importers/server_log/torn_reader.h"

namespace alloclens::server_log {
namespace {

/// The order in which it is done: what is understood of one torn event may decide another, so heads are read again
/// until nothing more is found.
class Reassembly {
public:
    Reassembly(const Input& input, std::uint64_t end, const Damage& damage, Generation& generation,
               TraceBuilder& builder)
        : m_window(input, end),
          m_damage(damage),
          m_generation(generation),
          m_builder(builder),
          m_draft(builder.draft()),
          m_names(builder, m_draft),
          m_drafted(builder),
          m_history(builder, m_draft, {generation.countsReferences, generation.isEnhanced}),
          m_report(m_draft),
          m_reader(m_window, damage.shapes, m_names, m_drafted, m_history),
          m_correction(damage, m_names, m_drafted, m_history, m_report) {}

    [[nodiscard]] Result<void> run() {
        m_correction.wantKeys();
        if (auto done = findHeads(); !done) return done;
        m_history.collect();
        if (auto done = readAllHeads(); !done) return done;
        if (auto done = m_correction.placeRefusals(m_window); !done) return done;
        (void)m_correction.correctNumbers();
        if (auto done = readAllHeads(); !done) return done;
        if (auto done = readTogether(); !done) return done;
        if (auto done = readAllHeads(); !done) return done;
        if (m_correction.correctNumbers()) {
            if (auto done = readAllHeads(); !done) return done;
        }
        if (auto done = reportTorn(); !done) return done;
        reportUnsearched();
        insertEvents();
        return {};
    }

private:
    [[nodiscard]] Result<void> findHeads() {
        for (const DamagedLine& damaged : m_damage.lines) {
            if (isExhaustedAt(damaged.line)) break;
            m_reader.spend(kStepsAWindow);
            if (auto done = m_window.moveTo(damaged.offset); !done) return done;
            const std::vector<TornExtent> found = tornExtents(m_window);
            for (std::size_t i = 0; i < found.size(); ++i) {
                const EventPlace place = EventPlace::before(m_drafted.firstFrom(damaged.line) + found[i].eventsBefore,
                                                            static_cast<std::uint32_t>(m_heads.size()));
                m_heads.push_back({damaged, i, place, false});
                m_reader.forEachKey(found[i], [this](const AddressKey& key) { m_history.want(key); });
            }
        }
        return {};
    }

    [[nodiscard]] Result<void> readAllHeads() {
        constexpr int kMostRounds = 6;
        for (int round = 0; round < kMostRounds; ++round) {
            const auto found = readHeads();
            if (!found) return found.error();
            if (!*found) break;
        }
        return {};
    }

    // True if any was understood.
    [[nodiscard]] Result<bool> readHeads() {
        bool isAny = false;
        for (TornHead& head : m_heads) {
            if (head.isRead) continue;
            if (isExhaustedAt(head.where.line)) break;
            const auto extent = show(head);
            if (!extent) return extent.error();
            if (!*extent) continue;
            const auto reading = m_reader.read(**extent, head.place);
            if (!reading) continue;
            accept(head, **extent, *reading);
            isAny = true;
        }
        return isAny;
    }

    // The first line that is not looked at is told.
    [[nodiscard]] bool isExhaustedAt(std::uint32_t line) {
        if (!m_reader.isExhausted()) return false;
        if (m_unsearchedFrom == 0) m_unsearchedFrom = line;
        return true;
    }

    // Moves the window to the head's line and finds its text there.
    [[nodiscard]] Result<std::optional<TornExtent>> show(const TornHead& head) {
        m_reader.spend(kStepsAWindow);
        if (auto done = m_window.moveTo(head.where.offset); !done) return done.error();
        const std::vector<TornExtent> found = tornExtents(m_window);
        if (head.ordinal >= found.size()) return std::optional<TornExtent>();
        return std::optional(found[head.ordinal]);
    }

    // Two torn events of one address, such as an allocation and its free, may fit together and neither without the
    // other. Taken are those whose text has but one good reading, if together they contradict nothing.
    [[nodiscard]] Result<void> readTogether() {
        std::map<AddressKey, std::vector<ReadHead>> ofKey;
        for (TornHead& head : m_heads) {
            if (head.isRead) continue;
            if (isExhaustedAt(head.where.line)) break;
            const auto extent = show(head);
            if (!extent) return extent.error();
            if (!*extent) continue;
            if (const auto reading = m_reader.readByText(**extent))
                ofKey[reading->match.event.key].push_back({&head, *reading});
        }
        for (const auto& [key, readings] : ofKey) {
            if (readings.size() < 2 || !isSoundTogether(key, readings)) continue;
            for (const auto& [head, reading] : readings) {
                const auto extent = show(*head);
                if (!extent) return extent.error();
                if (*extent) accept(*head, **extent, reading);
            }
        }
        return {};
    }

    struct ReadHead {
        TornHead* head = nullptr;
        TornReading reading;
    };
    [[nodiscard]] bool isSoundTogether(const AddressKey& key, const std::vector<ReadHead>& readings) {
        for (const auto& [head, reading] : readings) m_history.insert(reading.match.event, head->place);
        const bool isSound = m_history.contradictions(key) == 0;
        for (const auto& [head, reading] : readings) (void)m_history.remove(key, head->place);
        return isSound;
    }

    void accept(TornHead& head, const TornExtent& extent, const TornReading& reading) {
        head.isRead = true;
        EventMatch match = reading.match;
        match.event.line = head.where.line;
        m_history.insert(match.event, head.place);
        m_events.emplace_back(head.place, match.event);
        m_generation |= match.generation;
        if (match.isAlreadyFreed) addCounts(match);
        healLines(head, extent, reading);
        const std::size_t last = m_window.lineAt(reading.end() - 1);
        m_report.addRead(head.where.line, head.where.line + static_cast<std::uint32_t>(last), match);
    }

    // Those that hold a piece of the event; a line between them may be another writer's alone. The head's line was
    // counted by all of it, and the window may show less; the lines behind it are shown whole.
    void healLines(const TornHead& head, const TornExtent& extent, const TornReading& reading) {
        const std::size_t last = m_window.lineAt(reading.end() - 1);
        for (std::size_t line = m_window.lineAt(extent.head); line <= last; ++line) {
            const bool holdsPiece = std::any_of(
                reading.pieces.begin(), reading.pieces.begin() + static_cast<std::ptrdiff_t>(reading.pieceCount),
                [&](const TextSpan& piece) {
                    return m_window.lineAt(piece.begin) <= line && line <= m_window.lineAt(piece.end - 1);
                });
            if (!holdsPiece) continue;
            m_report.heal(head.where.line + static_cast<std::uint32_t>(line),
                          line == 0 ? head.where.lineClass : classOf(m_window.line(line)));
        }
    }

    void addCounts(const EventMatch& match) {
        PrintedFact counts;
        counts.kind = FactKind::AlreadyFreed;
        counts.line = match.event.line;
        counts.device = match.event.key.device;
        counts.address = match.event.key.address;
        counts.count = match.allocations;
        counts.refCount = match.freesReceived;
        m_draft.facts.push_back(counts);
    }

    // What stays as it is.
    [[nodiscard]] Result<void> reportTorn() {
        std::unordered_set<std::uint32_t> torn;
        for (const TornHead& head : m_heads) {
            if (!head.isRead) torn.insert(head.where.line);
        }
        for (const DamagedLine& damaged : m_damage.lines) {
            if (damaged.code == DiagnosticCode::MissingDevice) continue;  // read, and reported where it stays so
            if (m_report.isHealed(damaged.line) && torn.count(damaged.line) == 0) continue;
            if (auto done = m_window.moveTo(damaged.offset); !done) return done;
            m_report.addTorn(damaged, m_window.line(0));
        }
        return {};
    }

    void reportUnsearched() {
        if (m_unsearchedFrom == 0) return;
        m_draft.diagnostics.add({DiagnosticCode::TornUnsearched, m_unsearchedFrom,
                                 "the search stopped here; the torn lines from here on stay torn"});
    }

    void insertEvents() {
        std::sort(m_events.begin(), m_events.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
        std::vector<TraceBuilder::LateEvent> late;
        late.reserve(m_events.size());
        for (const auto& [place, event] : m_events) late.push_back({place.number / 2, event});
        m_builder.insert(late);
        std::stable_sort(m_draft.facts.begin(), m_draft.facts.end(),
                         [](const PrintedFact& a, const PrintedFact& b) { return a.line < b.line; });
    }

    LogWindow m_window;
    const Damage& m_damage;
    Generation& m_generation;
    TraceBuilder& m_builder;
    Trace& m_draft;
    const KnownNames m_names;
    DraftedEvents m_drafted;
    KeyHistory m_history;
    ReassemblyReport m_report;
    TornReader m_reader;
    EventCorrection m_correction;
    static constexpr std::size_t kStepsAWindow = 500;
    std::uint32_t m_unsearchedFrom = 0;  ///< the first line that no steps were left for
    std::vector<TornHead> m_heads;
    std::vector<std::pair<EventPlace, TracePart::Event>> m_events;  ///< what was read of torn heads
};

}  // namespace

Result<void> reassemble(const Input& input, std::uint64_t end, const Damage& damage, Generation& generation,
                        TraceBuilder& builder) {
    if (damage.lines.empty()) return {};
    return Reassembly(input, end, damage, generation, builder).run();
}

}  // namespace alloclens::server_log
