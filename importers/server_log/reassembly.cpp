// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/server_log/reassembly.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <unordered_set>
#include <vector>

#include "importers/server_log/key_history.h"
#include "importers/server_log/line_class.h"
#include "importers/server_log/log_window.h"
#include "importers/server_log/plain_text.h"
#include "importers/server_log/residue.h"
#include "importers/server_log/torn_event.h"

namespace alloclens::server_log {
namespace {

/// The beginning of an event that does not go on as one.
struct TornHead {
    DamagedLine where;
    std::size_t ordinal = 0;  ///< among the torn heads of its line
    EventPlace place;
    bool isRead = false;
};

/// How well a reading is founded. Only the best ones count, and they must all say the same.
enum class Rank { None, Bare, WeakLoose, WeakExact, Strong, StrongLoose, StrongExact };

/// The best readings of a torn event so far, of those that say the same the shortest.
class Best {
public:
    void offer(Rank rank, const TornReading& reading) {
        if (rank == Rank::None || rank < m_rank) return;
        if (rank > m_rank) m_readings.clear();
        m_rank = rank;
        for (TornReading& held : m_readings) {
            if (!isSame(held.match, reading.match)) continue;
            if (reading.end() < held.end()) held = reading;
            return;
        }
        if (m_readings.size() < kMost) m_readings.push_back(reading);
    }
    /// Whether a reading that fits so may be among the best.
    [[nodiscard]] bool canTake(Fit fit) const { return fit == Fit::Strong || m_rank < Rank::Strong; }
    [[nodiscard]] const std::vector<TornReading>& readings() const { return m_readings; }

private:
    static constexpr std::size_t kMost = 32;

    [[nodiscard]] static bool isSame(const EventMatch& a, const EventMatch& b) {
        const TracePart::Event& x = a.event;
        const TracePart::Event& y = b.event;
        return x.kind == y.kind && x.memory == y.memory && x.key == y.key && x.pid == y.pid && x.size == y.size
               && x.refCount == y.refCount && a.isAlreadyFreed == b.isAlreadyFreed && a.allocations == b.allocations
               && a.freesReceived == b.freesReceived;
    }

    Rank m_rank = Rank::None;
    std::vector<TornReading> m_readings;
};

std::string idText(const EventMatch& match) {
    return match.isHexadecimal ? fmt::format("0x{:x}", match.event.key.address)
                               : fmt::format("{}", match.event.key.address);
}

/// The line as the server meant it.
std::string wholeText(const EventMatch& match) {
    const TracePart::Event& event = match.event;
    const std::string id = idText(match);
    const auto count = [&event](std::string_view before, std::string_view behind) {
        return event.refCount > 0 ? fmt::format("{}{}{}", before, event.refCount, behind) : std::string();
    };
    switch (event.kind) {
    case EventKind::Allocation:
        return fmt::format("[PID {}] Allocated {} bytes of {} on device {} (buffer_id={}{})", event.pid, event.size,
                           memoryName(event.memory), event.key.device, id, count(", ref_count=", ""));
    case EventKind::RefusedFree:
        return fmt::format("[PID {}] Deallocation for {} buffer {} on device {}", event.pid,
                           match.isAlreadyFreed ? "ALREADY FREED" : "unknown", id, event.key.device);
    default:
        return fmt::format("[PID {}] Freed buffer {} on device {} ({} bytes{})", event.pid, id, event.key.device,
                           event.size,
                           event.kind == EventKind::PartialFree ? count(", ref_count=", " remaining") : ", FINAL");
    }
}

class Reassembly {
public:
    Reassembly(const Input& input, std::uint64_t end, const Damage& damage, Generation& generation,
               TraceBuilder& builder)
        : m_window(input, end),
          m_damage(damage),
          m_generation(generation),
          m_builder(builder),
          m_draft(builder.draft()),
          m_history(builder, m_draft, rules(generation)) {}

    [[nodiscard]] Result<void> run() {
        collectNames();
        if (auto done = findHeads(); !done) return done;
        m_history.collect();
        // What one event is found to be may decide another of the same address.
        constexpr int kMostRounds = 6;
        for (int round = 0; round < kMostRounds; ++round) {
            const auto found = readHeads();
            if (!found) return found.error();
            if (!*found) break;
        }
        if (auto done = readTogether(); !done) return done;
        if (auto done = report(); !done) return done;
        std::sort(m_events.begin(), m_events.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
        std::vector<TraceBuilder::LateEvent> late;
        late.reserve(m_events.size());
        for (const auto& [place, event] : m_events) late.push_back({place.number / 2, event});
        m_builder.insert(late);
        std::stable_sort(m_draft.facts.begin(), m_draft.facts.end(),
                         [](const PrintedFact& a, const PrintedFact& b) { return a.line < b.line; });
        return {};
    }

private:
    [[nodiscard]] static TrackerRules rules(const Generation& generation) {
        return {generation.countsReferences, generation.isEnhanced};
    }

    void collectNames() {
        m_pids.insert(m_draft.processes.begin(), m_draft.processes.end());
        for (const AddressKey& key : m_builder.keys()) m_devices.insert(key.device);
        m_any.hasPid = [this](std::int32_t pid) { return m_pids.count(pid) > 0; };
        m_any.hasDevice = [this](std::int32_t device) { return m_devices.count(device) > 0; };
        m_clean = m_any;
        m_clean.canBeLeft = [this](std::string_view before, std::string_view behind) {
            m_left.assign(before).append(behind);
            return likenessOfLines(m_left, m_damage.shapes) != ForeignShapes::Likeness::None;
        };
    }

    // The torn heads of the window's first line, and where each one's text ends.
    struct Extent {
        std::size_t from = 0;  ///< behind the event before it, or 0
        std::size_t head = 0;
        std::size_t end = 0;
        std::size_t eventsBefore = 0;
    };
    [[nodiscard]] std::vector<Extent> extents() const {
        constexpr std::size_t kMostHeads = 16;
        const std::string_view text = m_window.text();
        std::vector<Extent> found;
        Extent next;
        for (std::size_t at = nextHead(text, 0); at < m_window.endOfLine(0) && found.size() < kMostHeads;) {
            EventMatch match;
            const Match kind = matchEvent(text, at, match);
            if (kind == Match::Event) {
                next.from = match.end;
                ++next.eventsBefore;
                at = nextHead(text, match.end);
                continue;
            }
            if (kind != Match::Other) {
                next.head = at;
                next.end = endOfSearch(text, at);
                found.push_back(next);
            }
            at = nextHead(text, at + 1);
        }
        return found;
    }

    // Events come one after the other: before the next one's head all of this one has been written. A complaint of the
    // server begins with a sign of its own, and may be another thread's.
    [[nodiscard]] static std::size_t endOfSearch(std::string_view text, std::size_t head) {
        for (std::size_t at = nextHead(text, head + 1); at != std::string_view::npos; at = nextHead(text, at + 1)) {
            EventMatch match;
            const Match kind = matchEvent(text, at, match);
            if (kind == Match::Event || kind == Match::Other || !isWarning(text, at)) return beginOfHead(text, at);
        }
        return text.size();
    }

    [[nodiscard]] static bool isWarning(std::string_view text, std::size_t head) {
        return text.substr(0, head).ends_with("\u26a0 ");
    }

    [[nodiscard]] Result<void> findHeads() {
        const auto& lines = m_draft.events.line;
        for (const DamagedLine& damaged : m_damage.lines) {
            if (auto done = m_window.moveTo(damaged.offset); !done) return done;
            const std::vector<Extent> found = extents();
            for (std::size_t i = 0; i < found.size(); ++i) {
                const auto first = static_cast<std::size_t>(std::lower_bound(lines.begin(), lines.end(), damaged.line)
                                                            - lines.begin());
                const EventPlace place = EventPlace::before(first + found[i].eventsBefore,
                                                            static_cast<std::uint32_t>(m_heads.size()));
                m_heads.push_back({damaged, i, place, false});
                for (const ReadingFilter* filter : {&m_clean, &m_any}) {
                    (void)forEachReading(
                        m_window.text(), found[i].head, found[i].end, *filter,
                        [this](const TornReading& reading) { m_history.want(reading.match.event.key); });
                }
            }
        }
        return {};
    }

    // True if any was understood.
    [[nodiscard]] Result<bool> readHeads() {
        bool isAny = false;
        for (TornHead& head : m_heads) {
            if (head.isRead) continue;
            if (auto done = m_window.moveTo(head.where.offset); !done) return done.error();
            const std::vector<Extent> found = extents();
            if (head.ordinal >= found.size()) continue;
            const auto reading = read(head, found[head.ordinal]);
            if (!reading) continue;
            accept(head, found[head.ordinal], *reading);
            isAny = true;
        }
        return isAny;
    }

    [[nodiscard]] std::optional<TornReading> read(const TornHead& head, const Extent& extent) const {
        // Where no reading leaves text like other lines, one that the log confirms may do all the same.
        Best best;
        for (const ReadingFilter* filter : {&m_clean, &m_any}) {
            const bool isLast = filter == &m_any;
            const bool isComplete = forEachReading(
                m_window.text(), extent.head, extent.end, *filter, [&](const TornReading& reading) {
                    const Fit fit = m_history.fit(reading.match.event, head.place);
                    if (fit == Fit::No || !best.canTake(fit)) return;
                    best.offer(isLast && fit == Fit::Strong ? Rank::Strong : rankOf(reading, fit, extent), reading);
                });
            if (!isComplete) return std::nullopt;
            if (!best.readings().empty()) break;
        }
        if (best.readings().empty()) return std::nullopt;
        if (best.readings().size() == 1) return best.readings().front();
        return theOneWithSiblings(best.readings(), head.place);
    }

    // What goes to all devices of a mesh is printed for one after the other. Of several readings that fit alike, that
    // one is true that does on its device what is done on others right before or behind it.
    [[nodiscard]] std::optional<TornReading> theOneWithSiblings(const std::vector<TornReading>& readings,
                                                                EventPlace place) const {
        std::optional<TornReading> found;
        for (const TornReading& reading : readings) {
            if (!hasSibling(reading.match.event, static_cast<std::size_t>(place.number / 2))) continue;
            if (found) return std::nullopt;
            found = reading;
        }
        return found;
    }

    [[nodiscard]] bool hasSibling(const TracePart::Event& event, std::size_t before) const {
        constexpr std::size_t kNear = 4;
        const EventTable& events = m_draft.events;
        const std::size_t end = std::min(before + kNear, events.count());
        for (std::size_t i = before - std::min(before, kNear); i < end; ++i) {
            if (!events.address[i].isValid() || events.kind[i] != event.kind) continue;
            const AddressKey& key = m_builder.keys()[events.address[i].index()];
            if (key.address == event.key.address && key.device != event.key.device && events.memory[i] == event.memory
                && m_builder.sizeOf(i) == event.size && m_draft.pid(events.process[i]) == event.pid) {
                return true;
            }
        }
        return false;
    }

    // Two torn events of one address, such as an allocation and its free, may fit together and neither without the
    // other. Taken are those whose text has but one good reading, if together they contradict nothing.
    [[nodiscard]] Result<void> readTogether() {
        std::map<AddressKey, std::vector<std::pair<std::size_t, TornReading>>> ofKey;
        for (std::size_t i = 0; i < m_heads.size(); ++i) {
            if (m_heads[i].isRead) continue;
            if (auto done = m_window.moveTo(m_heads[i].where.offset); !done) return done;
            const std::vector<Extent> found = extents();
            if (m_heads[i].ordinal >= found.size()) continue;
            if (const auto reading = readByText(found[m_heads[i].ordinal]))
                ofKey[reading->match.event.key].emplace_back(i, *reading);
        }
        for (const auto& [key, readings] : ofKey) {
            if (readings.size() < 2) continue;
            for (const auto& [head, reading] : readings) m_history.insert(reading.match.event, m_heads[head].place);
            const bool isSound = m_history.contradictions(key) == 0;
            for (const auto& [head, reading] : readings) m_history.remove(key, m_heads[head].place);
            if (!isSound) continue;
            for (const auto& [head, reading] : readings) {
                if (auto done = m_window.moveTo(m_heads[head].where.offset); !done) return done;
                accept(m_heads[head], extents()[m_heads[head].ordinal], reading);
            }
        }
        return {};
    }

    [[nodiscard]] std::optional<TornReading> readByText(const Extent& extent) const {
        Best best;
        const bool isComplete = forEachReading(m_window.text(), extent.head, extent.end, m_clean,
                                               [&](const TornReading& reading) {
                                                   const Rank rank = rankOf(reading, Fit::Weak, extent);
                                                   if (rank == Rank::WeakExact) best.offer(rank, reading);
                                               });
        if (!isComplete || best.readings().size() != 1) return std::nullopt;
        return best.readings().front();
    }

    [[nodiscard]] Rank rankOf(const TornReading& reading, Fit fit, const Extent& extent) const {
        const Residue residue = residueOf(m_window.text(), extent.from, reading, m_damage.shapes);
        using Likeness = ForeignShapes::Likeness;
        if (fit == Fit::Strong) {
            if (residue.likeness == Likeness::Exact) return Rank::StrongExact;
            return residue.likeness == Likeness::Loose ? Rank::StrongLoose : Rank::Strong;
        }
        if (residue.likeness == Likeness::Exact && residue.isCutSurely) return Rank::WeakExact;
        if (residue.likeness != Likeness::None) return Rank::WeakLoose;
        return residue.isOneWholePiece ? Rank::Bare : Rank::None;
    }

    void accept(TornHead& head, const Extent& extent, const TornReading& reading) {
        head.isRead = true;
        EventMatch match = reading.match;
        match.event.line = head.where.line;
        m_history.insert(match.event, head.place);
        m_events.emplace_back(head.place, match.event);
        m_generation |= match.generation;
        if (match.isAlreadyFreed) addCounts(match);

        const std::size_t last = m_window.lineAt(reading.end() - 1);
        for (std::size_t line = m_window.lineAt(extent.head); line <= last; ++line) {
            const bool holdsPiece = std::any_of(
                reading.pieces.begin(), reading.pieces.begin() + static_cast<std::ptrdiff_t>(reading.pieceCount),
                [&](const TextSpan& piece) {
                    return m_window.lineAt(piece.begin) <= line && line <= m_window.lineAt(piece.end - 1);
                });
            if (holdsPiece) heal(head.where.line + static_cast<std::uint32_t>(line), m_window.line(line));
        }
        const std::string place = last == 0 ? std::string() : fmt::format("to line {}: ", head.where.line + last);
        m_draft.diagnostics.add({DiagnosticCode::Reassembled, head.where.line, place + wholeText(match)});
    }

    // The line counts as one with an event from now on.
    void heal(std::uint32_t line, std::string_view text) {
        if (!m_healed.insert(line).second) return;
        LineCounts& counts = m_draft.lineCounts;
        switch (classOf(text)) {
        case LineClass::Event: return;
        case LineClass::Damaged: --counts.damaged; break;
        case LineClass::Fact: --counts.facts; break;
        case LineClass::Foreign: --counts.foreign; break;
        }
        ++counts.events;
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
    [[nodiscard]] Result<void> report() {
        std::unordered_set<std::uint32_t> torn;
        for (const TornHead& head : m_heads) {
            if (!head.isRead) torn.insert(head.where.line);
        }
        for (const DamagedLine& damaged : m_damage.lines) {
            if (m_healed.count(damaged.line) > 0 && torn.count(damaged.line) == 0) continue;
            if (auto done = m_window.moveTo(damaged.offset); !done) return done;
            m_draft.diagnostics.add({damaged.code, damaged.line, excerptOf(m_window.line(0))});
        }
        return {};
    }

    LogWindow m_window;
    const Damage& m_damage;
    Generation& m_generation;
    TraceBuilder& m_builder;
    Trace& m_draft;
    KeyHistory m_history;
    ReadingFilter m_clean;  ///< lets pass what leaves text that looks like other lines
    ReadingFilter m_any;
    std::string m_left;
    std::unordered_set<std::int32_t> m_pids;
    std::unordered_set<std::int32_t> m_devices;
    std::vector<TornHead> m_heads;
    std::vector<std::pair<EventPlace, TracePart::Event>> m_events;
    std::unordered_set<std::uint32_t> m_healed;
};

}  // namespace

Result<void> reassemble(const Input& input, std::uint64_t end, const Damage& damage, Generation& generation,
                        TraceBuilder& builder) {
    if (damage.lines.empty()) return {};
    return Reassembly(input, end, damage, generation, builder).run();
}

}  // namespace alloclens::server_log
