// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/server_log/reassembly.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "importers/server_log/foreign_digits.h"
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
enum class Rank { None, WeakLoose, WeakExact, Strong, StrongLoose, StrongExact };

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
    /// A reading that does not fit. The log may lack another event that would make it fit, so what nothing confirms is
    /// not taken only for want of this one.
    void doubt(Rank rank) { m_doubt = std::max(m_doubt, rank); }
    [[nodiscard]] bool isClear() const {
        return m_readings.size() == 1 && (m_rank >= Rank::Strong || m_doubt < m_rank);
    }
    [[nodiscard]] bool isConfirmed() const { return m_rank >= Rank::Strong; }
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
    Rank m_doubt = Rank::None;
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
        if (auto done = readAllHeads(); !done) return done;
        if (auto done = placeRefusals(); !done) return done;
        (void)correctNumbers();
        if (auto done = readAllHeads(); !done) return done;
        if (auto done = readTogether(); !done) return done;
        if (auto done = readAllHeads(); !done) return done;
        if (correctNumbers()) {
            if (auto done = readAllHeads(); !done) return done;
        }
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
        collectPids();
        // A device that next to nothing was allocated on may be two numbers that stand side by side.
        std::unordered_map<std::int32_t, std::size_t> keysOf;
        for (const AddressKey& key : m_builder.keys()) ++keysOf[key.device];
        for (const auto& [device, keys] : keysOf) {
            if (device != kNoDevice && (keys >= kFewest || keys * kOneIn >= m_builder.keys().size()))
                m_devices.insert(device);
        }
        m_hasStrangers = m_devices.size() < keysOf.size() || m_pids.size() < m_draft.processes.size();
        m_any.hasPid = [this](std::int32_t pid) { return m_pids.count(pid) > 0; };
        m_any.hasDevice = [this](std::int32_t device) { return m_devices.count(device) > 0; };
        m_clean = m_any;
        m_clean.canBeLeft = [this](std::string_view before, std::string_view behind) {
            m_left.assign(before).append(behind);
            return likenessOfLines(m_left, m_damage.shapes) != ForeignShapes::Likeness::None;
        };
        m_cutting = m_clean;
        m_cutting.cutsWholeNumbers = true;
    }

    void collectPids() {
        const EventTable& events = m_draft.events;
        std::vector<std::size_t> eventsOf(m_draft.processes.size());
        for (std::size_t i = 0; i < events.count(); ++i) {
            if (const ProcessId process = events.process[i]; process.isValid()) ++eventsOf[process.index()];
        }
        for (std::size_t i = 0; i < eventsOf.size(); ++i) {
            if (eventsOf[i] >= kFewest || eventsOf[i] * kOneIn >= events.count()) m_pids.insert(m_draft.processes[i]);
        }
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
            const Match kind = matchEvent(text.substr(0, m_window.endOfLine(0)), at, match);
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
        if (m_hasStrangers) findStrangers();
        const auto& lines = m_draft.events.line;
        for (const DamagedLine& damaged : m_damage.lines) {
            wantNeighbours(damaged.line);
            if (auto done = m_window.moveTo(damaged.offset); !done) return done;
            const std::vector<Extent> found = extents();
            for (std::size_t i = 0; i < found.size(); ++i) {
                const auto first = static_cast<std::size_t>(std::lower_bound(lines.begin(), lines.end(), damaged.line)
                                                            - lines.begin());
                const EventPlace place = EventPlace::before(first + found[i].eventsBefore,
                                                            static_cast<std::uint32_t>(m_heads.size()));
                m_heads.push_back({damaged, i, place, false});
                for (const ReadingFilter* filter : {&m_cutting, &m_any}) {
                    (void)forEachReading(
                        m_window.text(), found[i].head, found[i].end, *filter, m_budget,
                        [this](const TornReading& reading) { m_history.want(reading.match.event.key); });
                }
            }
        }
        return {};
    }

    // What one event is found to be may decide another of the same address.
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
            if (m_budget == 0) break;
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

    [[nodiscard]] std::optional<TornReading> read(const TornHead& head, const Extent& extent) {
        // Where no reading leaves text like other lines, one that the log confirms may do all the same.
        Best best;
        for (const ReadingFilter* filter : {&m_clean, &m_cutting, &m_any}) {
            const bool isLast = filter == &m_any;
            if (isLast && !best.readings().empty()) break;
            best = {};
            const bool isComplete = forEachReading(
                m_window.text(), extent.head, extent.end, *filter, m_budget, [&](const TornReading& reading) {
                    const Fit fit = m_history.fit(reading.match.event, head.place);
                    if (!best.canTake(fit)) return;
                    if (fit == Fit::No) return best.doubt(isLast ? Rank::None : rankOf(reading, Fit::Weak, extent));
                    best.offer(isLast && fit == Fit::Strong ? Rank::Strong : rankOf(reading, fit, extent), reading);
                });
            if (!isComplete) return std::nullopt;
            if (best.isConfirmed()) break;
        }
        if (best.readings().empty()) return std::nullopt;
        if (best.isClear()) return best.readings().front();
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
            for (const auto& [head, reading] : readings) (void)m_history.remove(key, m_heads[head].place);
            if (!isSound) continue;
            for (const auto& [head, reading] : readings) {
                if (auto done = m_window.moveTo(m_heads[head].where.offset); !done) return done;
                accept(m_heads[head], extents()[m_heads[head].ordinal], reading);
            }
        }
        return {};
    }

    // A refusal may be cut right behind its id, where it reads like one of the oldest servers', which named no device.
    [[nodiscard]] Result<void> placeRefusals() {
        const auto& lines = m_draft.events.line;
        for (const DamagedLine& damaged : m_damage.lines) {
            if (damaged.code != DiagnosticCode::MissingDevice) continue;
            if (auto done = m_window.moveTo(damaged.offset); !done) return done;
            TracePart::Event rest;
            if (m_window.lineCount() < 2 || !matchRestOfRefusal(m_window.line(1), rest.key.device)) continue;
            if (m_devices.count(rest.key.device) == 0) continue;
            auto at = static_cast<std::size_t>(std::lower_bound(lines.begin(), lines.end(), damaged.line)
                                               - lines.begin());
            for (; at < lines.size() && lines[at] == damaged.line; ++at) {
                auto event = eventAt(at);
                if (!event || event->kind != EventKind::RefusedFree || event->key.device != kNoDevice) continue;
                (void)m_history.remove(event->key, EventPlace::of(at));
                event->key.device = rest.key.device;
                m_history.insert(*event, EventPlace::of(at));
                m_builder.replace(at, *event);
                EventMatch match;
                match.event = *event;
                heal(damaged.line + 1, m_window.line(1));
                m_draft.diagnostics.add({DiagnosticCode::Reassembled, damaged.line,
                                         fmt::format("to line {}: {}", damaged.line + 1, wholeText(match))});
            }
        }
        return {};
    }

    // The whole events close to a damaged line, [first, last).
    [[nodiscard]] std::pair<std::size_t, std::size_t> neighbours(std::uint32_t line) const {
        constexpr std::uint32_t kNear = 3;
        const auto& lines = m_draft.events.line;
        const auto first = std::lower_bound(lines.begin(), lines.end(), line - std::min(line, kNear));
        const auto last = std::upper_bound(first, lines.end(), line + kNear);
        return {static_cast<std::size_t>(first - lines.begin()), static_cast<std::size_t>(last - lines.begin())};
    }

    [[nodiscard]] std::optional<TracePart::Event> eventAt(std::size_t i) const {
        const EventTable& events = m_draft.events;
        if (!events.address[i].isValid()) return std::nullopt;
        TracePart::Event event;
        event.kind = events.kind[i];
        event.memory = events.memory[i];
        event.key = m_builder.keys()[events.address[i].index()];
        event.pid = m_draft.pid(events.process[i]);
        event.size = m_builder.sizeOf(i);
        event.refCount = events.refCount[i];
        event.line = events.line[i];
        return event;
    }

    // Whole events of a process or device that hardly occurs, wherever they stand.
    void findStrangers() {
        constexpr std::size_t kMost = 10'000;
        const EventTable& events = m_draft.events;
        for (std::size_t i = 0; i < events.count() && m_strangers.size() < kMost; ++i) {
            const auto isKnown = [&] {
                return m_pids.count(m_draft.pid(events.process[i])) > 0
                       && m_devices.count(m_builder.keys()[events.address[i].index()].device) > 0;
            };
            if (!events.address[i].isValid() || isKnown()) continue;
            m_strangers.push_back(i);
            wantOthers(i);
        }
    }

    void wantNeighbours(std::uint32_t line) {
        const auto [first, last] = neighbours(line);
        for (std::size_t i = std::max(first, m_wantedTo); i < last; ++i) wantOthers(i);
        m_wantedTo = std::max(m_wantedTo, last);
    }

    void wantOthers(std::size_t i) {
        const auto event = eventAt(i);
        if (!event) return;
        m_history.want(event->key);
        forEachOther(*event, [this](const TracePart::Event& other) { m_history.want(other.key); });
    }

    // Whole events close to damaged lines whose numbers have another writer's digits at an end. True if there was any.
    [[nodiscard]] bool correctNumbers() {
        bool isAny = false;
        for (const std::size_t i : m_strangers) {
            if (const auto event = eventAt(i)) isAny |= correct(i, *event);
        }
        std::size_t from = 0;
        for (const DamagedLine& damaged : m_damage.lines) {
            const auto [first, last] = neighbours(damaged.line);
            for (std::size_t i = std::max(first, from); i < last; ++i) {
                if (const auto event = eventAt(i)) isAny |= correct(i, *event);
            }
            from = std::max(from, last);
        }
        return isAny;
    }

    void forEachOther(const TracePart::Event& event, const std::function<void(const TracePart::Event&)>& visit) const {
        forEachCut(event, m_builder.isHexadecimal(), visit);
        if (m_devices.count(event.key.device) > 0) return;
        // A 0 before other digits is not among the digits of their number.
        TracePart::Event other = event;
        other.key.device = 0;
        visit(other);
    }

    // The other event must be confirmed by another line, and set right what this one makes wrong.
    [[nodiscard]] bool correct(std::size_t i, const TracePart::Event& event) {
        if (event.key.device == kNoDevice) return false;
        const EventPlace place = EventPlace::of(i);
        const std::size_t wrongBefore = m_history.contradictions(event.key);
        if (!m_history.remove(event.key, place)) return false;
        std::optional<TracePart::Event> found;
        bool isUnique = true;
        if (m_history.fit(event, place) != Fit::Strong) {
            forEachOther(event, [&](const TracePart::Event& other) {
                if (m_pids.count(other.pid) == 0 || m_devices.count(other.key.device) == 0
                    || m_history.fit(other, place) != Fit::Strong)
                    return;
                const bool isElsewhere = other.key != event.key;
                const std::size_t wrong = wrongBefore + (isElsewhere ? m_history.contradictions(other.key) : 0);
                m_history.insert(other, place);
                const std::size_t left = m_history.contradictions(event.key)
                                         + (isElsewhere ? m_history.contradictions(other.key) : 0);
                (void)m_history.remove(other.key, place);
                if (left >= wrong) return;
                // A number may lose the same digits at either end.
                const bool isSame = found && found->key == other.key && found->size == other.size
                                    && found->pid == other.pid && found->refCount == other.refCount;
                isUnique &= !found || isSame;
                found = other;
            });
        }
        const bool isCorrected = found && isUnique;
        m_history.insert(isCorrected ? *found : event, place);
        if (!isCorrected) return false;
        m_builder.replace(i, *found);
        EventMatch match;
        match.event = *found;
        match.isHexadecimal = m_builder.isHexadecimal();
        m_draft.diagnostics.add(
            {DiagnosticCode::Reassembled, event.line, "without another writer's digits: " + wholeText(match)});
        return true;
    }

    [[nodiscard]] std::optional<TornReading> readByText(const Extent& extent) {
        Best best;
        const bool isComplete = forEachReading(m_window.text(), extent.head, extent.end, m_clean, m_budget,
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
        return residue.likeness != Likeness::None ? Rank::WeakLoose : Rank::None;
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
            if (damaged.code == DiagnosticCode::MissingDevice) continue;  // read, and reported where it stays so
            if (m_healed.count(damaged.line) > 0 && torn.count(damaged.line) == 0) continue;
            if (auto done = m_window.moveTo(damaged.offset); !done) return done;
            m_draft.diagnostics.add({damaged.code, damaged.line, excerptOf(m_window.line(0))});
        }
        return {};
    }

    // A number that names a process or device stands in so many events, or in a small log in one of so many.
    static constexpr std::size_t kFewest = 3;
    static constexpr std::size_t kOneIn = 20;

    /// Steps of searching for the whole log, some seconds: a file of nothing but damage has to end as well.
    static constexpr std::size_t kMostSteps = 100'000'000;

    LogWindow m_window;
    std::size_t m_budget = kMostSteps;
    const Damage& m_damage;
    Generation& m_generation;
    TraceBuilder& m_builder;
    Trace& m_draft;
    KeyHistory m_history;
    ReadingFilter m_clean;    ///< lets pass what leaves text that looks like other lines
    ReadingFilter m_cutting;  ///< the same, and takes digits from whole numbers
    ReadingFilter m_any;
    std::string m_left;
    std::unordered_set<std::int32_t> m_pids;
    std::unordered_set<std::int32_t> m_devices;
    std::vector<TornHead> m_heads;
    bool m_hasStrangers = false;
    std::vector<std::size_t> m_strangers;
    std::size_t m_wantedTo = 0;  ///< events before this one were looked at
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
